"""Deciding on a contact: what, at which level, in whose power, and why; what follows is opened, the referrer told.

Nobody's decision is ever edited. One that was wrong is followed by another that takes its place (`correct`).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.casework import acts
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Decision, Episode
from knownto.casework.pathway import Move
from knownto.casework.register import missing, pathway
from knownto.casework.superseding import decided_from, supersede
from knownto.partners.models import Team
from knownto.pathways.frontdoor import feedback, strategy, support
from knownto.pathways.frontdoor.departing import NoOverrideReason, departures, level_at_contact
from knownto.pathways.frontdoor.powers import DECIDES, power_of
from knownto.policy import role

# Decided by acts of their own, which need to know more: which contact, which worker.
APART = frozenset({"route", "join"})

# The parts of a rationale, in their order: code, question, hint.
TEMPLATE: tuple[tuple[str, str, str], ...] = (
    ("known", "What do we know?", "The facts, and who says so. What has not been found out."),
    ("analysis", "What does it mean for the child?", "Worries, strengths, history, and what is likely to happen."),
    ("voice", "What does the child say, and how do they live?", "Their words, or why nobody has heard them."),
    (
        "why_level",
        "Why this level of need, and this decision?",
        "Which words of the level fit. What else was considered.",
    ),
    ("next", "What happens next?", "Who does what by when, and what the family is told."),
)


@dataclass(frozen=True)
class Option:
    """A decision that can be made from here. `missing` says what must be known first."""

    move: Move
    missing: tuple[str, ...]


def options(entered: Entered, by: Viewer) -> list[Option]:
    """What this viewer may decide of it now: the decisions of a level of need. Call inside the open rows."""
    path = pathway(entered.episode.pathway)
    if entered.episode.closed_at or not entered.parts & DECIDES:
        return []
    moves = [move for move in path.moves_from(entered.episode.state) if move.levels and may(by, move)]
    return [Option(move, tuple(missing(entered.episode, move.needs))) for move in moves]


def anew(entered: Entered, by: Viewer) -> list[Option]:
    """What a closed contact could be decided as instead: whatever could have been decided where it was closed."""
    if entered.episode.pathway != "contact" or not entered.episode.closed_at or not entered.parts & DECIDES:
        return []
    if entered.episode.state in ("joined", "routed"):  # taken apart, or taken up by whoever has the case
        return []
    source = decided_from(entered.episode)
    moves = [move for move in pathway("contact").moves_from(source) if move.levels and may(by, move)]
    return [Option(move, tuple(missing(entered.episode, move.needs))) for move in moves]


def may(by: Viewer, move: Move) -> bool:
    """Does any role of theirs hold a power in which that is decided?"""
    return not held(by).isdisjoint(move.powers)


def held(by: Viewer) -> frozenset[str]:
    """Every power that the viewer's roles hold."""
    return frozenset(power for code in by.roles for power in role(code).powers)


def rationale_of(template: Mapping[str, str]) -> str:
    """The parts of a rationale as one text, each under its question."""
    said = [(question, template.get(code, "").strip()) for code, question, _ in TEMPLATE]
    return "\n\n".join(f"{question}\n{words}" for question, words in said if words)


def decide(
    *,
    by: Viewer,
    episode: UUID,
    move: str,
    level: int | None = None,
    rationale: str,
    override_why: str = "",
    facts: Mapping[str, Any] | None = None,
    words: str = "",
    team: Team | None = None,
    urgency: str = "",
    seen: int,
    now: datetime,
) -> Decision:
    """Decide, open what follows, and tell the referrer: one transaction, and one winner.

    `words` are for the referrer; "" for the usual ones. `facts` are sealed with the decision. Raises NoOverrideReason
    (`departures` says what it departs from), Overtaken, NotFromHere, NotYetKnown, NoRationale, and a Refused.
    """
    with entering(by, episode, Permission.EPISODE, kind="decision-made", now=now) as entered:
        work = entered.episode
        chosen = _move(work, move)
        choice = acts.Choice(
            move,
            power_of(entered, by, chosen),
            rationale,
            level=level,
            team=team,
            urgency=urgency,
            **_weighed(work, chosen, level, override_why, dict(facts or {}), now),
        )
        decision = acts.decide(episode=work, choice=choice, by=by.actor, seen=seen, now=now)
        _follow_on(entered, by, decision, words, now)
        return decision


def correct(
    *,
    by: Viewer,
    episode: UUID,
    move: str,
    level: int | None = None,
    rationale: str,
    override_why: str = "",
    facts: Mapping[str, Any] | None = None,
    words: str = "",
    seen: int,
    now: datetime,
) -> Decision:
    """Decide a closed contact anew: the earlier decision stays to be read, what follows is opened, the referrer told.

    Work that the earlier one opened is closed by whoever has it, who is told; not from here, for a child may need it
    all the same. Raises what `decide` raises.
    """
    with entering(by, episode, Permission.EPISODE, kind="decision-corrected", now=now) as entered:
        work, before = entered.episode, entered.episode.state
        chosen = _move(work, move)
        weighed = _weighed(work, chosen, level, override_why, dict(facts or {}), now)
        choice = acts.Choice(move, power_of(entered, by, chosen), rationale, level=level, **weighed)
        decision = supersede(episode=work, choice=choice, by=by.actor, seen=seen, now=now)
        if work.state != before:
            _tell_who_has_what_it_opened(work, decision, now)
            _follow_on(entered, by, decision, words, now)
        return decision


def _tell_who_has_what_it_opened(work: Episode, decision: Decision, now: datetime) -> None:
    for opened in work.led_to.filter(closed_at=None).select_related("team"):
        acts.tell("put-right", episode=opened, team=opened.team, sort=f"put-right:{decision.number}", now=now)


def _move(episode: Episode, code: str) -> Move:
    if code in APART or episode.pathway != "contact":
        raise acts.NotFromHere
    return pathway(episode.pathway).move(code)


def _weighed(
    episode: Episode, move: Move, level: int | None, why: str, facts: dict[str, Any], now: datetime
) -> dict[str, Any]:
    """What a choice records of the level at contact, and of departing from it or from guidance."""
    found = departures(episode, move, level, now)
    if found and not why.strip():
        raise NoOverrideReason(found)
    if found:
        facts |= {"departs": found, "override_why": why.strip()}
    return {"level_before": level_at_contact(episode), "override": bool(found), "facts": facts}


def _follow_on(entered: Entered, by: Viewer, decision: Decision, words: str, now: datetime) -> None:
    """What a decision that closes leads to: support or protection work, and the outcome to whoever raised it."""
    work = entered.episode
    if not work.closed_at:
        return
    if decision.to in support.FOLLOWS:
        support.open_support(parent=work, by=by.actor, follows=decision.to, level=decision.level, now=now)
    if decision.to == "strategy":
        strategy.open_protection(parent=work, by=by.actor, now=now)
    entry = entered.granted.entry
    feedback.tell_outcome(episode=work, decision=decision, words=words, by=by.actor, entry=entry, now=now)
