"""Early help, assessment and a child in need plan: begun, planned, reviewed, stepped up and down, closed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts
from knownto.casework.entering import Entered, entering
from knownto.casework.pathway import Move
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.partners.models import Team
from knownto.pathways.frontdoor import deciding, feedback, levels, support
from knownto.pathways.frontdoor.pages import overtaken, standing
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.screen_shown import case_workers, workers_of
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.powers import DECIDES

DONE = "It was recorded."


@dataclass(frozen=True)
class Here:
    """The work, and what can be decided of it. `told`: there is somebody outside who raised it."""

    head: standing.Head
    seen: int
    moves: tuple[Move, ...]
    workers: tuple[tuple[str, str], ...]
    has: str
    told: bool


class Deciding(forms.Form):
    """One decision. `tell` is needed where whoever raised it must be told."""

    say_optional = False

    def __init__(self, *args: Any, move: Move, words: dict[int, levels.Level], told: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if move.levels:
            self.fields["level"] = _levels(move, words)
        self.fields["rationale"] = forms.Words(
            label="Why?", called="why", missing="Enter why", rows=6, max_length=6000,
            hint="What has changed for the child since the last decision, what the family and the child say, what "
            "happens next.",
        )  # fmt: skip
        if told:
            self.fields["tell"] = _tell(move)


class Allocating(forms.Form):
    to = forms.Pick(label="Who has it from now on?", called="who has it", missing="Select who has it from now on")


def _levels(move: Move, words: dict[int, levels.Level]) -> forms.Choice:
    options = [forms.Option(str(n), f"Level {n}: {words[n].name}", words[n].words) for n in move.levels]
    return forms.Choice(label="Level of need", options=options, missing="Select the level of need")


def _tell(move: Move) -> forms.Words:
    must = move.code in support.MUST_TELL
    hint = "They are told of a step up." if must else "Leave it empty to tell them nothing: they need not know of this."
    return forms.Words(
        label="What whoever raised it is told", called="what whoever raised it is told", hint=hint, required=must,
        missing="Enter what whoever raised it is told", rows=3, max_length=4000,
    )  # fmt: skip


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What can be done about support, for whoever has it."""
    work = entered.episode
    if work.pathway != "support" or work.closed_at or not entered.parts & DECIDES:
        return None
    return Panel(
        5, "What to do next", "frontdoor/episode_support.html", {"id": work.id, "moves": _moves(entered, viewer)}
    )


def _moves(entered: Entered, viewer: Viewer) -> tuple[Move, ...]:
    moves = pathway("support").moves_from(entered.episode.state)
    return tuple(move for move in moves if deciding.may(viewer, move))


def _here(request: HttpRequest, episode: UUID) -> Here:
    with entering(request.viewer, episode, Permission.EPISODE, kind="support-prepared", now=request.now) as entered:
        work, viewer = entered.episode, request.viewer
        if work.pathway != "support" or not entered.parts & DECIDES:
            raise NotYours
        moves = () if work.closed_at else _moves(entered, viewer)
        workers = tuple(case_workers(viewer.agency, workers_of(viewer.agency)))
        has = f"{work.team_id}/{work.worker_id or ''}"
        head = standing.head(entered, request.now)
        return Here(head, work.decided, moves, workers, has, support.root_of(work) is not None)


@page(Permission.DECIDE)
def move(request: HttpRequest, episode: UUID, move: str) -> HttpResponse:
    """One decision on support, with its reasons. What comes second is kept."""
    here = _here(request, episode)
    chosen = next((each for each in here.moves if each.code == move), None)
    if chosen is None:
        raise NotYours
    draft = feedback.draft_of("contact", move) if move in support.MUST_TELL else None
    data = request.POST if request.method == "POST" else None
    form = Deciding(
        data, move=chosen, words=levels.current(request.now), told=here.told, initial=_initial(chosen, draft)
    )
    first, problem = None, ""
    if request.method == "POST" and form.is_valid():
        try:
            _decided(request, episode, move, form.cleaned_data)
            messages.success(request, DONE)
            return redirect("frontdoor:episode", episode)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": chosen.name, "form": form, "first": first, "problem": problem, "button": chosen.name}
    return _shown(request, here, values | {"seen": first.number if first else here.seen})


def _initial(move: Move, draft: feedback.Draft | None) -> dict[str, str]:
    level = {"level": str(move.levels[0])} if len(move.levels) == 1 else {}
    return level | ({"tell": draft.words} if draft else {})


def _decided(request: HttpRequest, episode: UUID, code: str, said: dict[str, str]) -> None:
    support.move(
        by=request.viewer,
        episode=episode,
        move=code,
        level=int(said["level"]) if said.get("level") else None,
        rationale=said["rationale"],
        words=said.get("tell", ""),
        seen=seen_by(request),
        now=request.now,
    )


@page(Permission.DECIDE)
def allocate(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Give it to a worker, who is told at once."""
    here = _here(request, episode)
    form = Allocating(request.POST or None, initial={"to": here.has})
    form.fields["to"].offer(here.workers)
    problem = ""
    if request.method == "POST" and form.is_valid():
        team, _, worker = form.cleaned_data["to"].partition("/")
        to, whose = Team.objects.get(pk=int(team)), UUID(worker) if worker else None
        try:
            support.allocate(by=request.viewer, episode=episode, team=to, worker=whose, now=request.now)
            messages.success(request, "It was given to them, and they are told.")
            return redirect("frontdoor:episode", episode)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": "Give it to a worker", "form": form, "problem": problem, "button": "Give it to them"}
    return _shown(request, here, values | {"seen": here.seen})


def _shown(request: HttpRequest, here: Here, values: dict[str, Any]) -> HttpResponse:
    back = reverse("frontdoor:episode", args=[here.head.id])
    common = {"title": "Support", "here": here, "head": here.head, "back": back, "now": request.now}
    return render(request, "frontdoor/support.html", common | values)
