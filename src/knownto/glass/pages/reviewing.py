"""Every glass that was broken: what was seen, what came of it, was it right?"""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework.pages.asked_for import page_of
from knownto.casework.presenting import pages
from knownto.face import times
from knownto.face.parts import Column, Line, Link, Row, Table, Tag
from knownto.glass import accounting, reviewing
from knownto.glass.pages.forms import Review
from knownto.glass.reviewing import Broken, Owed
from knownto.policy import LIFE_REASONS, Permission

INTRO = (
    "Each time somebody opened a person because a life depended on it. You were told when it happened; what came of it "
    "is owed within two working days, and then you say whether it was right."
)


@page(Permission.GLASS_REVIEW)
@require_safe
def reviews(request: HttpRequest) -> HttpResponse:
    at = page_of(request)
    found, more = reviewing.broken(request.viewer, page=at, now=request.now)
    headings = ("Glass", "Who broke it", "Why", "When", "What came of it", "Was it right?")
    rows = [Line(_line(each, request), mark="late" if each.outcome.late else "") for each in found]
    table = Table("Broken glass", [Column(h) for h in headings], rows, dense=True, hide_caption=True, empty="None yet.")
    values = {"heading": "Broken glass", "intro": INTRO, "table": table, "pages": pages(at, more)}
    return render(request, "glass/reviews.html", values)


def _line(each: Broken, request: HttpRequest) -> list[object]:
    return [
        Link(each.reference, reverse("glass:of", args=[each.episode])),
        f"{each.worker}, {each.agency}",
        LIFE_REASONS[each.reason].name,
        format_html("{}{}", Tag("Open now", "red") if each.open else "", f" {_when(each.at, request)}"),
        _stands(each.outcome, "Given", request),
        format_html("{}{}", _reviewed(each), Tag("May not do it again", "red") if each.suspended else ""),
    ]


def _when(at: Any, request: HttpRequest) -> str:
    moment = times.happened(at, request.now)
    return f"{moment.said}, {moment.distance}"


def _stands(owed: Owed, done: str, request: HttpRequest) -> SafeString:
    if owed.at:
        return Tag(done, "green").__str__()
    due = times.due(owed.due, request.now)
    return format_html("{} due {}, {}", Tag("Overdue", "red") if owed.late else Tag("Awaited"), due.said, due.distance)


def _reviewed(each: Broken) -> SafeString:
    given = sum(owed.at is not None for owed in each.reviews)
    colour = "green" if given == len(each.reviews) else ""
    return format_html("{} ", Tag(f"{given} of {len(each.reviews)} said", colour))


@page(Permission.WORK)
@require_safe
def of(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One glass: for whoever broke it what they owe, for whoever reviews it everything."""
    if mine := accounting.of_own(request.viewer, episode):
        return redirect("glass:outcome", mine)
    return _shown(request, reviewing.one(request.viewer, episode=episode, now=request.now), Review())


def _shown(request: HttpRequest, found: Broken, form: Review) -> HttpResponse:
    mine = next((each for each in found.reviews if each.mine and not each.at), None)
    values = {
        "heading": f"Broken glass {found.reference}",
        "title": "Broken glass",
        "found": found,
        "facts": _facts(found, request),
        "looks": _looks(found, request),
        "given": [each for each in found.reviews if each.at],
        "waits": [each for each in found.reviews if not each.at],
        "form": form if mine else None,
        "action": reverse("glass:review", args=[mine.ask]) if mine else "",
        "back": reverse("glass:reviews"),
    }
    return render(request, "glass/review.html", values)


def _facts(found: Broken, request: HttpRequest) -> list[Row]:
    return [
        Row("Who broke it", f"{found.worker}, {found.agency}"),
        Row("Whom it opened", found.who),
        Row("Why", LIFE_REASONS[found.reason].name),
        *([Row("In their words", found.words)] if found.words else []),
        Row("When", _when(found.at, request)),
        Row(
            "Closed", "Open now" if found.open else _when(found.ended_at, request) if found.ended_at else "By its hour"
        ),
        Row("What came of it", found.outcome.said or _stands(found.outcome, "Given", request)),
    ]


def _looks(found: Broken, request: HttpRequest) -> Table:
    columns = [Column(h) for h in ("When", "Agencies that know them", "Household", "Addresses", "Open work")]
    rows = [
        [_when(each.at, request), ", ".join(each.agencies) or "None", each.household, each.addresses, _refs(each.work)]
        for each in found.looks
    ]
    return Table("What was seen", columns, rows, empty="Nothing was looked at.")


def _refs(references: tuple[str, ...]) -> str:
    return ", ".join(references) or "None"


@page(Permission.GLASS_REVIEW)
@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, ask: UUID) -> HttpResponse:
    """Say whether it was right."""
    episode = reviewing.episode_of(request.viewer, ask)
    form = Review(request.POST if request.method == "POST" else None)
    if request.method == "GET":
        return redirect("glass:of", episode)
    if not form.is_valid():
        return _shown(request, reviewing.one(request.viewer, episode=episode, now=request.now), form)
    try:
        reviewing.review(by=request.viewer, ask=ask, now=request.now, **form.cleaned_data)
        messages.success(request, "Recorded.")
    except NotPossibleNow as refused:
        messages.warning(request, refused.because)
    return redirect("glass:of", episode)


@page(Permission.GLASS_REVIEW)
@require_POST
def lift(request: HttpRequest, episode: UUID) -> HttpResponse:
    """They may do it again."""
    if reviewing.lift(by=request.viewer, episode=episode, now=request.now):
        messages.success(request, "They may break the glass again.")
    return redirect("glass:of", episode)
