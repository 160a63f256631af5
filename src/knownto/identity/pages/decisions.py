"""What one said lately, and taking it back; and undoing a decision that is in force, whoever's it is."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.casework.pages.asked_for import page_of
from knownto.casework.presenting import pages
from knownto.face import forms, times
from knownto.face.parts import Column, Link, Table
from knownto.identity import listing, taking_back
from knownto.identity.listing import Mine
from knownto.identity.pages.queue import STATES, sections
from knownto.policy import Permission

STANDS = {"decided": "In force", "gone": "Nothing was left to decide"}


class Because(forms.Form):
    """Why a decision is undone."""

    because = forms.Words(label="Why was it wrong?", called="why it was wrong", hint="Sealed. Name nobody.", rows=3)


@page(Permission.REVIEW)
@require_safe
def decisions(request: HttpRequest) -> HttpResponse:
    at = page_of(request)
    mine, more = listing.decisions(request.viewer, page=at, now=request.now)
    values = {
        "heading": "What I said",
        "sections": sections("decisions"),
        "intro": "Pairs by their reference. Names are opened one pair at a time.",
        "table": _table(mine, request),
        "pages": pages(at, more),
    }
    return render(request, "identity/list.html", values)


def _table(mine: tuple[Mine, ...], request: HttpRequest) -> Table:
    headings = ("Pair", "What I said", "When", "How it stands", "Undo")
    rows = [_cells(each, request) for each in mine]
    return Table("What I said", [Column(h) for h in headings], rows, dense=True, empty="Nothing yet.")


def _cells(each: Mine, request: HttpRequest) -> list[object]:
    when = times.happened(each.at, request.now)
    undo = Link("Undo", reverse("identity:undo", args=[each.ruling]), about=each.reference) if each.ruling else ""
    stands = "Taken back" if each.taken_back else STANDS.get(each.state) or f"Waits for {STATES[each.state].lower()}"
    if each.state == "decided" and not each.ruling and not each.taken_back:
        stands = "Decided, and not in force any more"
    return [
        Link(each.reference, reverse("identity:pair", args=[each.episode])),
        each.answer,
        format_html("{}, {}", when.said, when.distance),
        stands,
        undo,
    ]


@page(Permission.REVIEW)
def undo(request: HttpRequest, ruling: UUID) -> HttpResponse:
    """Undo one decision, and say why."""
    form = Because(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        waits = taking_back.undo_ruling(by=request.viewer, ruling=ruling, because=because, now=request.now)
        done = "It is undone. Whoever was shown something through it is told."
        messages.success(request, "A second person has been asked to agree." if waits else done)
        return redirect("identity:decisions")
    values = {
        "heading": "Undo a decision",
        "form": form,
        "button_text": "Undo it",
        "cancel": reverse("identity:decisions"),
        "back": reverse("identity:decisions"),
    }
    return render(request, "identity/undo.html", values)
