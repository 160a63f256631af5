"""Deciding: the only thing that moves an episode. Called inside rows that are open, by acts that policy allowed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from knownto.access.acts import SYSTEM
from knownto.access.refusals import NotPossibleNow
from knownto.casework import clocks, words
from knownto.casework.models import Ask, Clock, Decision, Episode
from knownto.casework.pathway import Move, State, limit_for
from knownto.casework.register import missing, pathway
from knownto.casework.telling import tell
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.partners import offices
from knownto.partners.models import Team, Worker


class Overtaken(NotPossibleNow):
    """Somebody else decided first. `decision` says who, what and when."""

    def __init__(self, decision: Decision) -> None:
        super().__init__("overtaken", "Somebody else has decided this in the meantime. Read their decision first.")
        self.decision = decision


class NotFromHere(NotPossibleNow):
    """The episode does not stand where this decision starts."""

    def __init__(self) -> None:
        super().__init__("not-from-here", "This cannot be decided from where the work stands now.")


class NotYetKnown(NotPossibleNow):
    """Something must be known before this is decided. `sentences` say what."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__("not-yet-known", " ".join(sentences))
        self.sentences = sentences


class NoRationale(ValueError):
    """A decision without its reasons is not one."""


@dataclass(frozen=True)
class Choice:
    """What is decided: the move's code, the power it is made in, why, and what else is recorded with it (sealed).

    `since`: from when a limit that the move starts counts, by its code, where that was before the decision is written
    down (the child was taken into police protection at three, the officer writes at five).
    """

    move: str
    power: str
    rationale: str
    level: int | None = None
    level_before: int | None = None
    override: bool = False
    facts: dict[str, Any] = field(default_factory=dict)
    team: Team | None = None  # to whom it goes, where the next state does not say
    worker: Worker | None = None
    urgency: str = ""
    since: Mapping[str, datetime] = field(default_factory=dict)


def decide(*, episode: Episode, choice: Choice, by: Actor, seen: int, now: datetime) -> Decision:
    """Make the decision, once, and move the episode.

    `seen` is how many decisions whoever decides has seen: the row is locked, and if there are more by now it raises
    Overtaken. Raises NotFromHere, NotYetKnown, NoRationale too. On success `episode` is as it now stands.
    """
    _lock(episode)
    if episode.decided != seen:
        raise Overtaken(Decision.objects.get(episode=episode, number=episode.decided))
    move = _allowed(episode, choice)
    decision = _write(episode, move, choice, by, now)
    _move(episode, move, choice, now)
    ledger.record(
        kind="decision", by=by, about=[f"episode:{episode.id}"], because=f"{move.code}, power {choice.power}", now=now
    )
    return decision


def by_rule(episode: Episode, move: str, why: str, now: datetime) -> Decision | None:
    """Let a named rule decide, where the work stands where that decision starts; None where it does not."""
    if episode.closed_at or episode.state not in pathway(episode.pathway).move(move).sources:
        return None
    return decide(episode=episode, choice=Choice(move, "rule", why), by=SYSTEM, seen=episode.decided, now=now)


def _lock(episode: Episode) -> None:
    """From here until the transaction ends nobody else decides it, and what we know of it is true."""
    episode.refresh_from_db(from_queryset=Episode.objects.select_for_update(no_key=True))


def _allowed(episode: Episode, choice: Choice) -> Move:
    path = pathway(episode.pathway)
    move = path.move(choice.move)
    if episode.closed_at or episode.state not in move.sources:
        raise NotFromHere
    must_be_sound(episode, move, choice)
    return move


def must_be_sound(episode: Episode, move: Move, choice: Choice) -> None:
    """In a power and at a level that the move has, with its reasons, and all known that it rests on.

    Raises NotFromHere, NoRationale, NotYetKnown.
    """
    if choice.power not in move.powers or (move.levels and choice.level not in move.levels):
        raise NotFromHere
    if not choice.rationale.strip():
        raise NoRationale
    if sentences := missing(episode, move.needs):
        raise NotYetKnown(sentences)


def _write(episode: Episode, move: Move, choice: Choice, by: Actor, now: datetime) -> Decision:
    row = Decision(
        episode=episode,
        number=episode.decided + 1,
        kind=move.code,
        source=episode.state,
        to=episode.state if move.to == "same" else move.to,
        power=choice.power,
        worker=by.worker,
        agency=by.agency,
        at=now,
        level=choice.level,
        level_before=choice.level_before,
        override=choice.override,
    )
    return words.sealed(row, {"rationale": choice.rationale} | choice.facts, words.key_of(episode))


def _move(episode: Episode, move: Move, choice: Choice, now: datetime) -> None:
    path = pathway(episode.pathway)
    before = path.state(episode.state)
    state = before if move.to == "same" else path.state(move.to)
    episode.state, episode.decided = state.code, episode.decided + 1
    episode.level = choice.level if choice.level is not None else episode.level
    episode.urgency = choice.urgency or episode.urgency
    clocks.stop(_running(episode).filter(limit__in=move.stops), now)
    if state.closed:
        _close(episode, now)
    else:
        _own(episode, before, state, choice, now)
        for code in move.starts:
            clocks.start(episode, path.limit(code), min(choice.since.get(code, now), now), runs="decision")
        _turn_state_clock(episode, state, goes_on=before.limits == state.limits and not move.renews, now=now)
    clocks.settle(episode)
    episode.save()


def _running(episode: Episode) -> QuerySet[Clock]:
    """What runs of the episode's own; what it asks of others keeps its own time."""
    return Clock.objects.filter(episode=episode, stopped_at=None).exclude(runs="ask")


def _turn_state_clock(episode: Episode, state: State, *, goes_on: bool, now: datetime) -> None:
    """The clock of the state it has come to.

    Neither moving work along within one limit nor rating it anew gives anybody more time: then it counts from where
    it began. And a limit that the opening or a decision set going is the state's too, and is not begun again.
    """
    limit = pathway(episode.pathway).limit(limit_for(state.limits, episode.urgency))
    before = _running(episode).filter(runs="state").first()
    if before and goes_on:
        if before.limit != limit.code:
            clocks.follow(before, limit, now)
        return
    clocks.stop([before] if before else [], now)
    if not _running(episode).filter(limit=limit.code).exists():
        clocks.start(episode, limit, now, runs="state")


def _own(episode: Episode, before: State, state: State, choice: Choice, now: datetime) -> None:
    """Exactly one owner: whoever has it, for as long as the office is the same. A new one is told."""
    stays = state.office in ("same", before.office)
    team = choice.team or (episode.team if stays else offices.team_of(state.office))
    if team != episode.team:
        tell("sent-to-you", episode=episode, team=team, sort=f"sent:{episode.id}:{episode.decided}", now=now)
        episode.worker = None
    episode.team = team
    episode.worker = choice.worker or episode.worker


def _close(episode: Episode, now: datetime) -> None:
    """Closed: nothing of it is owed any more, except what others still owe an answer to, which goes on elsewhere."""
    episode.closed_at = now
    Clock.objects.filter(episode=episode, stopped_at=None).exclude(runs="ask").update(stopped_at=now)


def open_asks(episode: Episode) -> int:
    """How many asks of it still await an answer."""
    return Ask.objects.filter(episode=episode, answered_at=None).count()
