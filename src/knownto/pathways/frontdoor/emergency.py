"""Police protection, emergency protection orders, section 20: used, counted from when they were used, and ended."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import Choice
from knownto.casework.entering import entering
from knownto.casework.models import Episode
from knownto.casework.register import pathway
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.pathways.frontdoor.removal import POWERS, Power
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission


class NotUsedThen(ValueError):
    """A power was used in the future, or of no child, or it ended before it began."""


class NotInForce(NotPossibleNow):
    """That power is not in force for that child, or no longer."""

    def __init__(self) -> None:
        super().__init__("not-in-force", "This is not in force for that child, or has ended in the meantime.")


@dataclass(frozen=True)
class Use:
    """A power is used: which, of which children (participations), since when, why, and what else is recorded."""

    power: str
    children: tuple[UUID, ...]
    since: datetime
    why: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InForce:
    """A power as it stands: of these children, since then. `facts` are what was recorded with it."""

    power: Power
    children: frozenset[UUID]
    since: datetime
    why: str
    facts: Mapping[str, Any]
    worker: UUID | None


def use(*, by: Viewer, episode: UUID, use: Use, seen: int, now: datetime) -> None:
    """Record that the power was used. Its clock counts from then, not from the typing.

    Raises NotUsedThen, Overtaken.
    """
    power = POWERS[use.power]
    if use.since > now or not use.children:
        raise NotUsedThen
    with entering(by, episode, Permission.DECIDE, powers=power.by, kind="power-used", now=now) as entered:
        row = entered.episode
        _must_be_of(row, use.children)
        facts = dict(use.facts) | {"children": [str(each) for each in use.children], "since": use.since.isoformat()}
        held = power_here(entered, by, pathway(row.pathway).move(power.code))
        choice = Choice(power.code, held, use.why, facts=facts, since={power.code: use.since})
        acts.decide(episode=row, choice=choice, by=by.actor, seen=seen, now=now)


def end(
    *, by: Viewer, episode: UUID, power: str, children: Iterable[UUID], at: datetime, why: str, seen: int, now: datetime
) -> None:
    """It has ended for those children. When it has for all of them its clock stops.

    Raises NotInForce, NotUsedThen, Overtaken.
    """
    which, ended = POWERS[power], frozenset(children)
    with entering(by, episode, Permission.DECIDE, powers=which.ends_by, kind="power-ended", now=now) as entered:
        row = entered.episode
        standing = [each for each in in_force(row) if each.power == which]
        left = frozenset().union(*(each.children for each in standing))
        _must_end(standing, left, ended, at, now)
        plain = {"power": power, "children": [str(each) for each in ended], "at": at.isoformat(), "why": why}
        acts.say(episode=row, kind="power-ended", plain=plain, by=by.actor, now=now)
        if left == ended:
            held = power_here(entered, by, pathway(row.pathway).move(which.ends))
            choice = Choice(which.ends, held, why, facts={"at": at.isoformat()})
            acts.decide(episode=row, choice=choice, by=by.actor, seen=seen, now=now)


def _must_be_of(episode: Episode, children: Iterable[UUID]) -> None:
    known = {each.id for each in reads.people([episode]).get(episode.id, [])}
    if not set(children) <= known:
        raise NotUsedThen


def _must_end(
    standing: list[InForce], left: frozenset[UUID], ended: frozenset[UUID], at: datetime, now: datetime
) -> None:
    if not ended or not ended <= left:
        raise NotInForce
    if at > now or any(at < each.since for each in standing if each.children & ended):
        raise NotUsedThen


def in_force(episode: Episode) -> list[InForce]:
    """Every power that keeps a child of this work safe now, the oldest first. Call it inside open rows."""
    ended = _ended(episode)
    found = []
    for used in sorted(_used(episode), key=lambda each: each.since):
        left = used.children - {child for child, at in ended.get(used.power.code, []) if at >= used.since}
        if left:
            found.append(InForce(used.power, left, used.since, used.why, used.facts, used.worker))
    return found


def _used(episode: Episode) -> list[InForce]:
    decided = [(row.kind, plain, row.worker) for row, plain in reads.decisions(episode) if row.kind in POWERS]
    carried = [(plain["power"], plain, row.worker) for row, plain in reads.statements(episode, "power-carried")]
    return [_as_used(kind, plain, worker) for kind, plain, worker in (*carried, *decided)]


def _as_used(kind: str, plain: Mapping[str, Any], worker: UUID | None) -> InForce:
    children = frozenset(UUID(each) for each in plain["children"])
    since = datetime.fromisoformat(plain["since"])
    return InForce(POWERS[kind], children, since, plain.get("rationale", ""), plain, worker)


def _ended(episode: Episode) -> dict[str, list[tuple[UUID, datetime]]]:
    found: dict[str, list[tuple[UUID, datetime]]] = {}
    for _, plain in reads.statements(episode, "power-ended"):
        at = datetime.fromisoformat(plain["at"])
        found.setdefault(plain["power"], []).extend((UUID(child), at) for child in plain["children"])
    return found


def carry_over(parent: Episode, child: Episode, by: Actor, now: datetime) -> None:
    """A power that is in force goes on in the work that follows, with no more time than it had."""
    there, here = _by_evidence(parent), {key: identity for identity, key in _by_evidence(child).items()}
    for used in in_force(parent):
        plain = dict(used.facts) | {
            "power": used.power.code,
            "rationale": used.why,
            "since": used.since.isoformat(),
            "children": [str(here[there[each]]) for each in used.children],
        }
        acts.say(episode=child, kind="power-carried", plain=plain, by=by, now=now)
        acts.run(episode=child, limit=used.power.code, by=by, since=used.since, now=now)


def _by_evidence(episode: Episode) -> dict[UUID, tuple[str, Evidence]]:
    return {each.id: (each.role, each.evidence) for each in reads.people([episode]).get(episode.id, [])}
