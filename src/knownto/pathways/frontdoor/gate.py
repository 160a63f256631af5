"""The gate before partners are asked: on what legal footing the work stands, said by whom and why.

Below section 47 partners are not asked until the family knows or agrees, or somebody of the council has recorded why
they are not told: *AB v Haringey* [2013] EWHC 416 (Admin), where a school and a GP were asked on a decision that was
none. At section 47 no agreement is needed; that there is reasonable cause is then somebody's recorded judgement too.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NoLawfulReason
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Episode, Statement
from knownto.pathways.frontdoor import asked_of
from knownto.pathways.frontdoor.referral import CONSENT

STANDING, CAUSE = "family-standing", "reasonable-cause"
# Who may ask partners, and say how the family stands: the council's, and for an adult adult social care.
ASKS = ("council", "council-manager", "emergency-duty", "adults")
SEES_CAUSE = ("council-manager", "emergency-duty")
AT_SECTION_47 = frozenset({"protection"})  # there, that there is reasonable cause has been decided

SHUT = {
    "not-this-work": "Partners are not asked for that purpose on this kind of work.",
    "no-reasonable-cause": "Section 47 needs reasonable cause to suspect significant harm, and nobody who may has "
    "recorded it for this work. A manager records it, or decides on a strategy discussion.",
    "family-not-told": "Below section 47, partners are not asked until it is recorded that the family knows or "
    "agrees, or why they are not told.",
    "adult-not-asked": "Partners are not asked about an adult until it is recorded that they agree or know, or why "
    "it is done without them.",
    "family-withdrew": "It is recorded that they do not agree. Partners are asked below section 47 only if somebody "
    "decides to go on without that, and records why.",
    "no-reason-to-dispense": "It is recorded that they were not told, and not why. Record the reason.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the family stands, as somebody of the council recorded it. `power`: in which they did."""

    code: str
    who: str
    why: str
    power: str
    worker: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Cause:
    """That there is reasonable cause to suspect significant harm, as a manager recorded it."""

    why: str
    power: str
    worker: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Footing:
    """What is recorded of one piece of work. `referrer` is what whoever raised it said, and `before` how the family
    stood in the work that led here: places to start from, never enough by themselves.
    """

    pathway: str
    standing: Standing | None = None
    cause: Cause | None = None
    referrer: tuple[str, str] = ("", "")
    before: Standing | None = None

    @property
    def said(self) -> str:
        """How the family stands, in words; "" where nobody has said."""
        return asked_of.stands(self.pathway)[self.standing.code].label if self.standing else ""

    @property
    def referrer_said(self) -> str:
        code, why = self.referrer
        return f"{CONSENT[code]}: {why}" if why else CONSENT.get(code, "")


def gate(footing: Footing, purpose: str) -> str:
    """ "" when partners may be asked for that purpose; otherwise the code of SHUT that says why not."""
    if purpose not in asked_of.purposes(footing.pathway):
        return "not-this-work"
    if asked_of.matter(purpose) == "harm":
        there = footing.pathway in AT_SECTION_47 or footing.cause is not None
        return "" if there else "no-reasonable-cause"
    return _below(footing)


def _below(footing: Footing) -> str:
    if footing.standing is None:
        return "adult-not-asked" if footing.pathway == "adult" else "family-not-told"
    how = asked_of.stands(footing.pathway)[footing.standing.code]
    if not how.opens:
        return "family-withdrew"
    return "no-reason-to-dispense" if how.needs_why and not footing.standing.why.strip() else ""


def must_be_open(footing: Footing, purpose: str) -> None:
    """Raises NoLawfulReason, with the sentence that says what is missing."""
    if code := gate(footing, purpose):
        raise NoLawfulReason(code, SHUT[code])


def may_ask_for(footing: Footing) -> tuple[str, ...]:
    """The purposes for which partners may be asked as it stands."""
    return tuple(code for code in asked_of.purposes(footing.pathway) if not gate(footing, code))


def footing(episode: Episode) -> Footing:
    """What is recorded, the latest of each. Call inside rows that are open."""
    came_of = [episode, *([episode.parent] if episode.parent else [])]
    return Footing(
        episode.pathway,
        next(map(_standing, _latest(episode, STANDING)), None),
        next((_cause(row, plain) for row, plain in _latest(episode, CAUSE) if not plain.get("withdrawn")), None),
        next((_referrer(plain) for each in came_of for _, plain in _latest(each, "referral")), ("", "")),
        next((_standing(said) for each in came_of[1:] for said in _latest(each, STANDING)), None),
    )


def _latest(episode: Episode, kind: str) -> Iterable[tuple[Statement, dict[str, Any]]]:
    return reads.statements(episode, kind)[-1:]


def _standing(said: tuple[Statement, dict[str, Any]]) -> Standing:
    row, plain = said
    words = (plain.get(name, "") for name in ("who", "why", "power"))
    return Standing(plain["standing"], *words, row.worker, row.at)


def _cause(row: Statement, plain: dict[str, Any]) -> Cause:
    return Cause(plain["why"], plain.get("power", ""), row.worker, row.at)


def _referrer(plain: dict[str, Any]) -> tuple[str, str]:
    return plain.get("consent", ""), plain.get("consent_why", "")


class NothingSaid(ValueError):
    """Words that the law or the loop needs were left out. `name` is the field's."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


def say_standing(*, by: Viewer, episode: UUID, standing: str, who: str, why: str, now: datetime) -> Statement:
    """Record how the family stands, or that it is decided not to tell them. Raises NothingSaid, KeyError, a Refused."""
    with entering(by, episode, Permission.DECIDE, powers=ASKS, kind=STANDING, now=now) as entered:
        how = asked_of.stands(entered.episode.pathway)[standing]
        if how.needs_why and not why.strip():
            raise NothingSaid("why")
        if not how.needs_why and not who.strip():
            raise NothingSaid("who")
        plain = {"standing": standing, "who": who, "why": why, "power": entered.power(*ASKS)}
        return acts.say(episode=entered.episode, kind=STANDING, plain=plain, by=by.actor, now=now)


def say_cause(*, by: Viewer, episode: UUID, why: str, withdrawn: bool = False, now: datetime) -> Statement:
    """A manager records that there is reasonable cause to suspect significant harm, or that there no longer is."""
    with entering(by, episode, Permission.DECIDE, powers=SEES_CAUSE, kind=CAUSE, now=now) as entered:
        if not why.strip():
            raise NothingSaid("why")
        plain = {"why": why, "withdrawn": withdrawn, "power": entered.power(*SEES_CAUSE)}
        return acts.say(episode=entered.episode, kind=CAUSE, plain=plain, by=by.actor, now=now)
