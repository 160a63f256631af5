"""Disagreeing with a decision: beginning, answering, taking it further, ending it; and the list of all of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import challenging, disagreements
from knownto.pathways.frontdoor.pages import overtaken, standing
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.sent import seen_by

LEVELS = [("", "I do not say"), *((str(level), f"Level {level}") for level in (1, 2, 3, 4))]


@dataclass(frozen=True)
class Step:
    """Something that can be done about a disagreement: what it is called, what is asked, and the act."""

    code: str
    name: str
    asks: str
    hint: str
    act: Callable[..., Any]
    done: str


STEPS: dict[str, Step] = {
    step.code: step
    for step in (
        Step("answer", "Answer it", "What is your answer?", "Say what it rests on, and what you would change.",
             challenging.answer, "Your answer was sent."),
        Step("further", "Take it to the next stage", "Why is the answer not enough?", "Or that none came in time.",
             challenging.take_further, "It went to the next stage."),
        Step("agree", "We agree after all", "What is agreed?", "The decision stays as it was, or as it is agreed here.",
             challenging.agree, "It is over: both sides agree."),
        Step("change", "Change the decision", "What should be decided, and why?",
             "What was decided is decided anew, in work that follows it, and whoever raised it is told again.",
             challenging.change, "The decision is to be made anew."),
        Step("stands", "The chair's view: the decision stands", "What is your view, and why?", "It ends here.",
             challenging.stands, "The chair's view was recorded."),
    )
}  # fmt: skip


class Disagree(forms.Form):
    """Why, and what should be done."""

    why = forms.Words(
        label="Why do you disagree?",
        hint="What was not seen, or not weighed? What could happen to the child or adult?",
        missing="Enter why you disagree",
        max_length=4000,
    )
    wants = forms.Words(
        label="What do you think should be done?",
        missing="Enter what you think should be done",
        max_length=2000,
        rows=3,
    )
    level = forms.Choice(
        label="Which level of need do you think is right?",
        options=LEVELS,
        required=False,
        look=forms.Look(inline=True, small=True),
    )


class Words(forms.Form):
    """One step's words."""

    words = forms.Words(label="", max_length=4000)

    def __init__(self, data: Any = None, *, step: Step) -> None:
        super().__init__(data)
        field = self.fields["words"]
        field.label, field.help_text = step.asks, step.hint
        field.error_messages["required"] = "Enter your reasons" if step.code != "answer" else "Enter your answer"


@page(Permission.CHALLENGE)
def new(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Disagree with what was last decided in it."""
    with entering(request.viewer, episode, Permission.CHALLENGE, kind="challenge-prepared", now=request.now) as entered:
        head = standing.head(entered, request.now)
    form, problem = Disagree(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            row = _begun(request, episode, form.cleaned_data)
            messages.success(request, "Your disagreement was sent. Whoever decided must answer it in time.")
            return redirect("frontdoor:challenge", row.id)
        except challenging.OneIsOpen as error:
            messages.info(request, error.because)
            return redirect("frontdoor:challenge", error.challenge.id)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": "Disagree with a decision", "form": form, "head": head, "problem": problem}
    values |= {"button_text": "Send it", "cancel": reverse("frontdoor:outcome", args=[episode])}
    return render(request, "frontdoor/challenge_new.html", values | {"now": request.now})


def _begun(request: HttpRequest, episode: UUID, said: dict[str, str]) -> Episode:
    level = int(said["level"]) if said["level"] else None
    disagreement = challenging.Disagreement(said["why"], said["wants"], level)
    return challenging.challenge(by=request.viewer, episode=episode, disagreement=disagreement, now=request.now)


@page(Permission.CHALLENGE)
@require_safe
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One disagreement: what was said on both sides, where it stands, and what can be done."""
    with entering(request.viewer, episode, Permission.CHALLENGE, kind="challenge-seen", now=request.now) as entered:
        values = _values(entered, request)
    return render(request, "frontdoor/challenge.html", values)


def _values(entered: Entered, request: HttpRequest) -> dict[str, Any]:
    row = entered.episode
    if row.pathway != challenging.CHALLENGE:
        raise NotYours
    said, asks, decisions = reads.statements(row, "disagreement"), reads.asks(row), reads.decisions(row)
    names = reads.names(
        [row.from_worker] + [ask.answered_by for ask, _ in asks] + [decision.worker for decision, _ in decisions]
    )
    open_asks = [ask for ask, _ in asks if ask.answered_at is None]
    return {
        "heading": "Disagreement",
        "title": "Disagreement",
        "head": standing.head(entered, request.now),
        "parent": row.parent,
        "stages": _stages(row, [decision.to for decision, _ in decisions]),
        "about": _names(row),
        "said": said[0][1] if said else {},
        "decided": _decided(row, said[0][1] if said else {}),
        "by": names.get(row.from_worker, ""),
        "agency": partners.agency_names().get(row.from_agency_id, ""),
        "talk": _talk(row, asks, decisions, names),
        "owed": [{"team": ask.to_team.name, "due": ask.clock.due_at} for ask in open_asks],
        "steps": _steps(row, entered, request.viewer, request.now),
        "late": not row.closed_at and row.next_due is not None and row.next_due < request.now,
        "now": request.now,
    }


def _names(row: Episode) -> str:
    known = reads.people([row]).get(row.id, [])
    return ", ".join(each.name for each in known if each.role in ("subject", "adult-at-risk"))


def _decided(row: Episode, said: dict[str, Any]) -> str:
    """What they disagree with, as the pathway calls it."""
    moves = {move.code: move.name for move in pathway(row.parent.pathway).moves} if row.parent else {}
    return moves.get(said.get("decided", ""), said.get("decided", ""))


def _stages(row: Episode, reached: list[str]) -> list[dict[str, Any]]:
    path = pathway(challenging.CHALLENGE)
    been = {"stage-1", *reached}
    return [
        {"name": state.name, "reached": state.code in been, "now": state.code == row.state}
        for state in path.states
        if not state.closed
    ]


def _talk(row: Episode, asks: list, decisions: list, names: dict[UUID, str]) -> list[dict[str, Any]]:
    """What was said since, in its order."""
    path = pathway(challenging.CHALLENGE)
    answers = [
        {"at": ask.answered_at, "who": names.get(ask.answered_by, ""), "what": "Answered", "words": plain["answer"]}
        for ask, plain in asks
        if plain.get("answer")
    ]
    steps = [
        {"at": made.at, "who": names.get(made.worker, ""), "what": path.move(made.kind).name,
         "words": plain["rationale"]}
        for made, plain in decisions
    ]  # fmt: skip
    return sorted([*answers, *steps], key=lambda each: each["at"])


def _steps(row: Episode, entered: Entered, viewer: Viewer, now: datetime) -> list[Step]:
    """What this viewer can do now. The next stage comes first where the time limit has run out."""
    if row.closed_at:
        return []
    team = reads.team_of(viewer)
    powers = {power for power in challenging.CHANGES if challenging.holds(viewer, power)}
    open_to_us = team is not None and any(ask.answered_at is None and ask.to_team == team for ask, _ in reads.asks(row))
    late = row.next_due is not None and row.next_due < now
    wanted = {
        "further": row.state in challenging.NEXT and (late or viewer.agency == row.from_agency_id),
        "answer": open_to_us,
        "agree": viewer.agency == row.from_agency_id,
        "change": bool(powers & set(challenging.CHANGES)) and ("chair" not in powers or row.state == "stage-4"),
        "stands": "chair" in powers and row.state == "stage-4",
    }
    return [STEPS[code] for code, may in wanted.items() if may]


@page(Permission.CHALLENGE)
def step(request: HttpRequest, episode: UUID, step: str) -> HttpResponse:
    """One step. What comes second is told who was first, and keeps its words."""
    chosen = STEPS.get(step)
    if chosen is None:
        raise Http404
    with entering(request.viewer, episode, Permission.CHALLENGE, kind="challenge-step", now=request.now) as entered:
        head, seen = standing.head(entered, request.now), entered.episode.decided
    form, first, problem = Words(request.POST if request.method == "POST" else None, step=chosen), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            _done(request, episode, chosen, form.cleaned_data["words"])
            messages.success(request, chosen.done)
            return redirect("frontdoor:challenge", episode)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": chosen.name, "form": form, "head": head, "first": first, "problem": problem}
    values |= {"seen": first.number if first else seen, "button_text": chosen.name, "now": request.now}
    values |= {"cancel": reverse("frontdoor:challenge", args=[episode])}
    return render(request, "frontdoor/challenge_step.html", values)


def _done(request: HttpRequest, episode: UUID, chosen: Step, words: str) -> None:
    told = {"by": request.viewer, "challenge": episode, "now": request.now}
    if chosen.code == "answer":
        chosen.act(words=words, **told)
    else:
        chosen.act(why=words, seen=seen_by(request), **told)


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """The disagreements with what was decided in it, for those who decide; and the way to begin one."""
    row = entered.episode
    if row.pathway == challenging.CHALLENGE:
        return Panel(5, "Disagreement", "frontdoor/challenge_link.html", {"episode": row.id})
    if row.pathway not in challenging.CAN_BE_CHALLENGED or "decisions" not in entered.sections:
        return None
    found = disagreements.against(row)
    path = pathway(challenging.CHALLENGE)
    lines = [{"id": each.id, "reference": each.reference, "state": path.state(each.state).name} for each in found]
    may = viewer.may(Permission.CHALLENGE) and row.decided > 0
    if not lines and not may:
        return None
    values = {"lines": lines, "may": may, "episode": row.id}
    return Panel(65, "Disagreements", "frontdoor/challenge_panel.html", values)
