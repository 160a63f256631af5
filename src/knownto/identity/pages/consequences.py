"""Wrong links through which something was shown: who was told, who has said that they know, and saying so."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.casework.acts import AlreadyAnswered
from knownto.casework.pages.asked_for import page_of
from knownto.casework.presenting import pages
from knownto.face import forms, times
from knownto.face.parts import Column, Line, Link, Row, Table, Tag
from knownto.identity import acknowledging
from knownto.identity.acknowledging import DONE, Consequence, Who
from knownto.identity.pages.queue import sections
from knownto.policy import Permission

INTRO = (
    "When two people had been shown as one, everybody who saw it is told and must say that they know. "
    "What is late is told to the lead reviewer."
)


class Know(forms.Form):
    """What was done about it."""

    done = forms.Choice(label="What did you do?", missing="Select what you did", options=list(DONE.items()))
    text = forms.Words(
        label="What, and whom did you tell?", hint="Sealed. Name nobody.", rows=3, max_length=1000, required=False
    )


@page(Permission.REVIEW)
@require_safe
def every(request: HttpRequest) -> HttpResponse:
    at = page_of(request)
    found, more = acknowledging.consequences(request.viewer, page=at, now=request.now)
    headings = ("Wrong link", "Found", "Who know", "Due", "How it stands")
    rows = [Line(_line(each, request), mark="late" if _late(each, request) else "") for each in found]
    values = {
        "heading": "Wrong links that were shown",
        "sections": sections("consequences"),
        "intro": INTRO,
        "table": Table("Wrong links", [Column(h) for h in headings], rows, dense=True, empty="There are none."),
        "pages": pages(at, more),
    }
    return render(request, "identity/list.html", values)


def _late(each: Consequence, request: HttpRequest) -> bool:
    return each.due is not None and each.due < request.now


def _line(each: Consequence, request: HttpRequest) -> list[object]:
    due = times.due(each.due, request.now) if each.due else None
    return [
        Link(each.reference, reverse("identity:consequence", args=[each.episode])),
        times.happened(each.at, request.now).distance,
        f"{each.known} of {each.told}",
        f"{due.said}, {due.distance}" if due else "",
        Tag("Everybody knows", "green") if each.closed_at else Tag("Overdue" if _late(each, request) else "Open"),
    ]


@page(Permission.REVIEW)
@require_safe
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    found = acknowledging.consequence(request.viewer, episode, request.now)
    headings = ("Who", "Team", "Read", "Due", "Said that they know", "What they said")
    rows = [Line(_whose(who, request), mark="late" if who.late else "") for who in found.who]
    people = found.people or ()
    values = {
        "heading": "Who knows of this wrong link",
        "sections": sections("consequences"),
        "intro": f"{found.reference}: {found.known} of {found.told} have said that they know.",
        "table": Table("Who was told", [Column(h) for h in headings], rows, dense=True),
        "people": [reverse("identity:person", args=[each]) for each in people],
    }
    return render(request, "identity/consequence.html", values)


def _whose(who: Who, request: HttpRequest) -> list[object]:
    due = times.due(who.due, request.now)
    known = times.happened(who.answered_at, request.now) if who.answered_at else None
    late = format_html("{} ", Tag("Overdue", "red")) if who.late else ""
    reminded = f". Reminded {who.reminded} time{'s' if who.reminded > 1 else ''}" if who.reminded else ""
    return [
        who.name,
        f"{who.team}, {who.agency}",
        times.happened(who.seen_at, request.now).distance if who.seen_at else "Not yet",
        format_html("{}{}, {}{}", late, due.said, "" if known else due.distance, reminded),
        f"Yes, {known.distance}, {who.by}" if known else "Not yet",
        who.said,
    ]


@page(Permission.ANSWER)
def acknowledge(request: HttpRequest, ask: UUID) -> HttpResponse:
    """What one was shown was of two people: say that one knows."""
    told = acknowledging.told(request.viewer, ask, request.now)
    form = Know(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            said = {"done": form.cleaned_data["done"], "text": form.cleaned_data["text"] or ""}
            acknowledging.acknowledge(by=request.viewer, ask=ask, now=request.now, **said)
            messages.success(request, "Recorded. Thank you: that you know closes this.")
        except AlreadyAnswered as refused:
            messages.warning(request, refused.because)
        return redirect("casework:work")
    saw = [Row(s.where, f"{s.how[0].upper()}{s.how[1:]}, {times.happened(s.at, request.now).said}") for s in told.saw]
    values = {
        "heading": "Something that was shown to you was of two people",
        "told": told,
        "saw": saw,
        "form": None if told.answered_at else form,
        "now": request.now,
        "back": reverse("casework:work"),
    }
    return render(request, "identity/acknowledge.html", values)
