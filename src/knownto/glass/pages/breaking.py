"""Breaking the glass: who, why, the password again, one confirmation - and the person is open."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from knownto.access.fresh import fresh, inline, sent
from knownto.access.pages import page
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.answers import Answer, Found, Sure
from knownto.footprint.open_search import OpenSearch
from knownto.glass import breaking
from knownto.glass.breaking import Said
from knownto.glass.limits import limits
from knownto.glass.pages.forms import WhoAndWhy, Why
from knownto.policy import Permission

SAID = "glass_said"  # in the session, which is sealed: while a worker chooses among several
HEADING = "A life depends on it"


@page(Permission.BREAK_GLASS)
@fresh(once=True, when=sent)
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Who, and why. Whoever is found for certain is open with the next page."""
    sent_in = request.POST if request.method == "POST" else None
    form = WhoAndWhy(sent_in, viewer=request.viewer, today=localdate(request.now))
    if request.method == "POST" and form.is_valid():
        return _looked_for(request, form)
    return render(request, "glass/start.html", _values(request, form))


def _values(request: HttpRequest, form: Any) -> dict[str, Any]:
    return {"heading": HEADING, "form": form, "limits": limits()} | inline(request)


def _looked_for(request: HttpRequest, form: WhoAndWhy) -> HttpResponse:
    said = form.said(fresh=True)
    made = breaking.search(by=request.viewer, question=form.question, said=said, now=request.now)
    opened = open_search.own(request.viewer, made.id, request.now)
    if isinstance(opened.answer, Found) and opened.answer.sure is Sure.MATCH:
        return _broken(request, opened, 1, said)
    request.session[SAID] = {"reason": said.reason, "words": said.words}
    return redirect("glass:choose", made.id)


def _broken(request: HttpRequest, search: OpenSearch, place: int, said: Said) -> HttpResponse:
    glass = breaking.break_glass(by=request.viewer, search=search, place=place, said=said, now=request.now)
    request.session.pop(SAID, None)
    return redirect("glass:opened", glass.pk)


@page(Permission.BREAK_GLASS)
@fresh(once=True)
@require_safe
def choose(request: HttpRequest, search: UUID) -> HttpResponse:
    """Nobody, or not one for certain: whom it may be, each to be opened with one press."""
    opened = open_search.own(request.viewer, search, request.now)
    held = request.session.get(SAID) or {}
    said = Said(held.get("reason", ""), held.get("words", ""), sure=True, fresh=True)
    found = breaking.look_at_answer(by=request.viewer, search=opened, said=said, now=request.now)
    values = {
        "heading": "Who is it?",
        "search": opened,
        "candidates": list(enumerate(found.candidates, start=1)) if isinstance(found, Found) else [],
        "said": said,
        "back": reverse("glass:start"),
    }
    return render(request, "glass/choose.html", values)


@page(Permission.BREAK_GLASS)
@fresh(once=True, when=sent)
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, search: UUID, place: int) -> HttpResponse:
    """Somebody whom a search of one's own has found: why, and they are open."""
    opened = open_search.own(request.viewer, search, request.now)
    opened.person_at(place)
    form = Why(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _broken(request, opened, place, form.said(fresh=True))
    found = footprint.look_at_answer(by=request.viewer, search=opened, now=request.now)
    back = reverse("footprint:answer", args=[opened.id])
    return render(request, "glass/one.html", _values(request, form) | {"who": _who(found, place), "back": back})


def _who(found: Answer, place: int) -> str:
    """As the search said it; nobody's name for somebody of a household, whom the answer did not name."""
    if isinstance(found, Found) and place <= len(found.candidates):
        each = found.candidates[place - 1]
        return ", ".join(filter(None, (each.name, each.born, each.district)))
    return "Somebody of the household that you were shown"
