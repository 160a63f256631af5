"""The answer: who it may be and why we think so; or that nobody was found, or that it could not be checked."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.pages import page
from knownto.face.times import long_date
from knownto.footprint import acts, open_search
from knownto.footprint.answers import (
    Answer,
    CouldNotCheck,
    Found,
    Looked,
    NothingKnown,
    SharedAddress,
    Sure,
    TooCommon,
)
from knownto.footprint.pages import looked
from knownto.footprint.pages.search import said_why
from knownto.footprint.question import Question
from knownto.footprint.routes import Routes
from knownto.policy import Permission

TEMPLATES: dict[type, str] = {
    Found: "found",
    NothingKnown: "nothing",
    CouldNotCheck: "could_not_check",
    SharedAddress: "shared_address",
    TooCommon: "too_common",
}
HEADINGS = {
    Sure.MATCH: "One person fits",
    Sure.POSSIBLE: "Nobody fits for certain",
    Sure.SEVERAL: "More than one person fits",
    Sure.HOUSEHOLD: "Held to live at this address",
}


@page(Permission.SEARCH)
def answer(request: HttpRequest, search: UUID) -> HttpResponse:
    opened = open_search.own(request.viewer, search, request.now)
    found = acts.look_at_answer(by=request.viewer, search=opened, now=request.now)
    values = _values(found, opened, request) | {"may_refer": request.viewer.may(Permission.REFER)}
    return render(request, f"footprint/answer_{TEMPLATES[type(found)]}.html", values)


def _values(found: Answer, opened: open_search.OpenSearch, request: HttpRequest) -> dict[str, Any]:
    today = localdate(request.now)
    values = {
        "heading": "Answer",
        "again": reverse("footprint:search"),
        "search": opened,
        "ask": 0 if request.viewer.may(Permission.ASK) else None,
        "asked": asked(opened.question),
        "why": said_why(opened.why),
        "until": opened.until,
        "coverage": found.coverage,
        "searched": looked.table(found.coverage, today),
        "could_not": looked.names(found.coverage.could_not),
        "elsewhere": _elsewhere(found),
    }
    if isinstance(found, Found):
        best = found.sure is Sure.MATCH
        values |= {
            "sure": found.sure,
            "outcome": "found" if found.sure in (Sure.MATCH, Sure.HOUSEHOLD) else "possible",
            "words": HEADINGS[found.sure],
            "first": [(1, found.candidates[0])] if best else list(enumerate(found.candidates, start=1)),
            "others": list(enumerate(found.candidates, start=1))[1:] if best else [],
        }
    return values


def _elsewhere(found: Answer) -> list[tuple[str, Any]]:
    """The agencies that were not looked at, each with whom to ring."""
    routes = Routes()
    unasked = found.coverage.looked(Looked.NOT_CONNECTED, Looked.NOT_SHARED)
    return [(each.name, routes.front_door(each.agency)) for each in (*found.coverage.could_not, *unasked)]


def asked(question: Question) -> str:
    """What was asked, as one line, so that a slip of the keys is seen."""
    parts = [
        f"{question.given} {question.family}".strip(),
        question.other and f"or {question.other}",
        question.born and f"born {long_date(question.born)}",
        question.age is not None and f"about {question.age}",
        {"F": "female", "M": "male"}.get(question.sex),
        ", ".join(filter(None, (question.address, question.postcode))),
        question.nhs_number and f"NHS number {question.nhs_number}",
        question.phone and f"phone {question.phone}",
    ]
    return ", ".join(str(part) for part in parts if part)
