"""Deciding on a contact, or putting a decision right: what can be decided, then one decision with its reasons."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts
from knownto.casework.entering import Entered, entering
from knownto.casework.pathway import Move
from knownto.casework.register import pathway
from knownto.pathways.frontdoor import deciding, departing, feedback, levels
from knownto.pathways.frontdoor.pages import overtaken, standing
from knownto.pathways.frontdoor.pages.decide_form import Deciding
from knownto.pathways.frontdoor.pages.sent import seen_by

DONE = "The decision was recorded, and whoever raised it is told."


@dataclass(frozen=True)
class Here:
    """The contact that is decided on. `departs` is what any decision of it departs from as things stand."""

    head: standing.Head
    seen: int
    options: tuple[deciding.Option, ...]
    level: int | None
    departs: tuple[str, ...] = ()


@page(Permission.DECIDE)
@require_safe
def decide(request: HttpRequest, episode: UUID) -> HttpResponse:
    """What can be decided from here, and what must be known first."""
    here = _here(request, episode)
    values = {"heading": _heading(here), "title": "Decide", "here": here, "head": here.head, "now": request.now}
    return render(request, "frontdoor/decide.html", values)


@page(Permission.DECIDE)
def decide_one(request: HttpRequest, episode: UUID, move: str) -> HttpResponse:
    """One decision: its level, its reasons, what the referrer is told. What comes second is kept."""
    here = _here(request, episode, move)
    chosen = _chosen(here, move)
    form = _form(request, here, chosen)
    first, problem, departs = None, "", here.departs
    if request.method == "POST" and form.is_valid():
        try:
            _decided(request, here, move, form.cleaned_data)
            messages.success(request, DONE)
            return redirect("frontdoor:episode", episode)
        except departing.NoOverrideReason as error:
            departs = tuple(error.departures)
            form.add_error("override_why", "Enter why you decide so: " + " ".join(departs))
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            problem = error.because
    values = {"first": first, "problem": problem, "departs": departs, "seen": first.number if first else here.seen}
    return _shown(request, here, chosen, form, values)


def _here(request: HttpRequest, episode: UUID, move: str = "") -> Here:
    with entering(request.viewer, episode, Permission.EPISODE, kind="decision-prepared", now=request.now) as entered:
        options = _options(entered, request)
        if entered.episode.pathway != "contact":
            raise NotYours
        chosen = next((option.move for option in options if option.move.code == move), None)
        departs = departing.departures(entered.episode, chosen, None, request.now) if chosen else []
        level = departing.level_at_contact(entered.episode)
        return Here(standing.head(entered, request.now), entered.episode.decided, tuple(options), level, tuple(departs))


def _options(entered: Entered, request: HttpRequest) -> list[deciding.Option]:
    closed = entered.episode.closed_at
    options = deciding.anew(entered, request.viewer) if closed else deciding.options(entered, request.viewer)
    if not options and not entered.parts & deciding.DECIDES:
        raise NotYours
    return options


def _chosen(here: Here, code: str) -> Move:
    """That decision, of those that can be made. Raises NotYours for one that is somebody else's, or is none."""
    found = next((option.move for option in here.options if option.move.code == code), None)
    if found is not None:
        return found
    if here.options and code in {move.code for move in pathway("contact").moves}:
        raise NotYours("not-your-power", "This decision is made by somebody else.")
    raise NotYours


def _form(request: HttpRequest, here: Here, move: Move) -> Deciding:
    draft = feedback.draft_of("contact", move.code)
    initial: dict[str, Any] = {"tell": draft.words if draft else ""}
    if len(move.levels) == 1 or here.level in move.levels:
        initial["level"] = str(here.level if here.level in move.levels else move.levels[0])
    data = request.POST if request.method == "POST" else None
    return Deciding(data, move=move, words=levels.current(request.now), initial=initial)


def _decided(request: HttpRequest, here: Here, move: str, said: dict[str, str]) -> None:
    template = {code: said[code] for code, _, _ in deciding.TEMPLATE}
    act = deciding.decide if here.head.open else deciding.correct
    act(
        by=request.viewer,
        episode=here.head.id,
        move=move,
        level=int(said["level"]),
        rationale=deciding.rationale_of(template),
        override_why=said["override_why"],
        facts={"template": template},
        words=said["tell"],
        seen=seen_by(request),
        now=request.now,
    )


def _heading(here: Here) -> str:
    return "Decide on this contact" if here.head.open else "Put a decision right"


def _shown(request: HttpRequest, here: Here, move: Move, form: Deciding, more: dict[str, Any]) -> HttpResponse:
    option = next(each for each in here.options if each.move.code == move.code)
    values = {
        "heading": move.name,
        "title": "Decide",
        "form": form,
        "here": here,
        "head": here.head,
        "option": option,
        "levels": [levels.current(request.now)[level] for level in levels.LEVELS],
        "now": request.now,
    }
    return render(request, "frontdoor/decide_one.html", values | more)
