"""The footprint: which agencies know this person, and whom to ring."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from knownto.access.pages import page
from knownto.disclosure.models import How
from knownto.footprint import acts, open_search
from knownto.footprint.answers import Candidate, Found, Sure
from knownto.footprint.pages.answer import asked
from knownto.footprint.pages.presenter import Shown
from knownto.footprint.pages.search import said_why
from knownto.footprint.routes import Routes
from knownto.policy import Permission


@page(Permission.FOOTPRINT)
def footprint(request: HttpRequest, search: UUID, place: int) -> HttpResponse:
    opened = open_search.own(request.viewer, search, request.now)
    values = shown(request, opened, place, How.VIEW)
    values |= {
        "may_print": request.viewer.may(Permission.PACK),
        "may_refer": request.viewer.may(Permission.REFER),  # where there is a front door to refer to
        "wrong": reverse("footprint:wrong", args=[opened.id, place]),
        "ask": place if request.viewer.may(Permission.ASK) else None,
    }
    return render(request, "footprint/footprint.html", values)


def _candidate(opened: open_search.OpenSearch, place: int) -> Candidate | None:
    """What was said of them in the answer; nothing of those who were reached through a household."""
    if isinstance(opened.answer, Found) and opened.led_to(place):
        return opened.answer.candidates[place - 1]
    return None


def _is_certain(opened: open_search.OpenSearch, place: int) -> bool:
    return isinstance(opened.answer, Found) and opened.answer.sure is Sure.MATCH and place == 1


def shown(request: HttpRequest, opened: open_search.OpenSearch, place: int, how: How) -> dict[str, Any]:
    """Record it, then give what the screen and the paper both show."""
    found = acts.open_footprint(by=request.viewer, search=opened, place=place, how=how, now=request.now)
    again = open_search.own(request.viewer, opened.id, request.now)  # the household may be opened now
    picture = Shown(found, Routes())
    return {
        "heading": "Footprint",
        "back": reverse("footprint:answer", args=[opened.id]),
        "again": reverse("footprint:search"),
        "search": again,
        "place": place,
        "shown": picture,
        "household": picture.living({each.person: again.place_of(each.person) for each in found.household}),
        "why": said_why(opened.why),
        "asked": asked(opened.question),
        "candidate": _candidate(opened, place),
        "certain": _is_certain(opened, place),
        "uncertain": not _is_certain(opened, place),
        "receipt": found.receipt,
        "now": request.now,
    }
