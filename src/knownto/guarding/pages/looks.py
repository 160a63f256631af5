"""One look: whom to ring, what may be said, and what was done."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.face import forms, times
from knownto.face.parts import Phone, Row
from knownto.footprint.pages.answer import asked
from knownto.guarding import acts, reads, watching
from knownto.guarding.acts import DONE
from knownto.guarding.reads import Looked
from knownto.policy import Permission


class Say(forms.Form):
    """What the desk did."""

    did = forms.Choice(label="What did you do?", missing="Select what you did", options=list(DONE.items()))
    words = forms.Words(
        label="What was said, and what was agreed?",
        called="what was said",
        missing="Enter what was said",
        hint="Sealed under the guardians' own keys.",
        rows=4,
        max_length=2000,
    )


@page(Permission.GUARD)
def one(request: HttpRequest, alert: UUID) -> HttpResponse:
    found = reads.look(request.viewer, alert, request.now)
    form = Say(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        acts.answer(by=request.viewer, alert=alert, now=request.now, **form.cleaned_data)
        messages.success(request, "Recorded.")
        return redirect("guarding:desk")
    values = {
        "heading": "Somebody looked",
        "rows": rows(found, request),
        "look": found,
        "form": None if found.done else form,
        "now": request.now,
        "back": reverse("guarding:desk"),
    }
    return render(request, "guarding/look.html", values)


def rows(found: Looked, request: HttpRequest) -> list[Row]:
    said = [
        Row("Looked for", found.called),
        Row("Who looked", f"{found.who}, {', '.join(filter(None, (found.team, found.agency)))}"),
        Row("Ring back", Phone(found.phone) if found.phone else "No number is held: ring the agency's front door"),
        Row("When", times.happened(found.at, request.now).said),
        Row("You were told", times.happened(found.told_at, request.now).said),
        Row("Why", found.purpose or "Not said"),
        Row("Piece of work", found.work or "Not said"),
        Row("What they typed", typed(found)),
    ]
    said += [Row("What to do", found.do)] if found.do else []
    if found.done and found.done_at:
        said += [Row("What was done", f"{DONE[found.done]}, {times.happened(found.done_at, request.now).said}")]
        said += [Row("What was said", found.words)]
    return said


def typed(found: Looked) -> str:
    if found.kind == watching.OPENED:
        return "They sent a referral or opened a piece of work about them"
    if found.kind in watching.SHOWS:
        return "Nothing of them that the register knows: they were reached through a household, or by part of a name"
    return asked(found.asked) if found.asked else "Not held any more"
