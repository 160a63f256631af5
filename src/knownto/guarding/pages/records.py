"""Records that a file brought, and that may be of a sealed person: nobody sees them until the desk has said."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.face import forms
from knownto.face.parts import Column, Link, Row, Table
from knownto.face.times import long_date
from knownto.guarding import acts, reads
from knownto.guarding.pages.desk import sections
from knownto.guarding.pages.sealing import who
from knownto.policy import Permission

NONE = "None waits for you. What may be of somebody with two identities waits for those named on the seal."
ANSWERS = (("yes", "It is of them: nobody is to see it"), ("no", "It is of somebody else: let it be found"))


class Whether(forms.Form):
    """Is it of them?"""

    is_them = forms.Choice(
        label="Is the record of the person you guard?", missing="Select whose it is", options=ANSWERS
    )


@page(Permission.GUARD)
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    found = reads.waiting(request.viewer, request.now)
    rows = [
        [Link(each.called, reverse("guarding:record", args=[each.id])), each.agency, long_date(each.as_of)]
        for each in found
    ]
    columns = [Column("May be"), Column("Sent by"), Column("As of")]
    table = Table("Records that wait for your word", columns, rows, dense=True, empty=NONE)
    return render(
        request, "guarding/records.html", {"heading": "Is it of them?", "sections": sections("records"), "table": table}
    )


@page(Permission.GUARD)
def one(request: HttpRequest, kept: UUID) -> HttpResponse:
    found = reads.waiting(request.viewer, request.now, kept)
    if not found:
        raise NotYours
    form = Whether(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        acts.say_whether(by=request.viewer, kept=kept, is_them=form.cleaned_data["is_them"] == "yes", now=request.now)
        messages.success(request, "Recorded.")
        return redirect("guarding:records")
    [each] = found
    rows = [Row("Sent by", each.agency), Row("The record is of", who(each.theirs))]
    rows += [Row("You guard", f"{each.called}: {who(each.ours)}")] if each.ours else []
    back = reverse("guarding:records")
    values = {"heading": "Is this record of them?", "rows": rows, "form": form, "back": back, "cancel": back}
    return render(request, "guarding/record.html", values | {"button_text": "Say so"})
