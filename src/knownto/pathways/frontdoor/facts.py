"""Orders and other facts about the people of a piece of work, and who may therefore be told of it.

A fact is a statement "fact", sealed: {order, about: [participation], children, audiences, from, until, source, note}.
It is never changed: one that is wrong, or at an end, is followed by another that corrects it. Facts follow the person:
an order that was recorded in another piece of work refuses here as well.
"""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from knownto.access import clock
from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads, words
from knownto.casework.entering import entering
from knownto.casework.models import Episode, Part, Participation, Statement
from knownto.casework.recognising import seen_before
from knownto.partners.models import Agency
from knownto.pathways.frontdoor import protecting
from knownto.pathways.frontdoor.orders import CHILDREN, SOURCES, Fact, Order, Standing, Told, judge, orders
from knownto.worktime import LONDON

COUNCIL = "childrens-social-care"
SOURCE_OF_HARM = "source-of-harm"
COULD_NOT_CHECK = "It could not be checked who may be told, so the answer is no. Try again, or ask the hub's manager."
log = logging.getLogger(__name__)


class NotAFact(ValueError):
    """What was to be recorded says nothing about anybody of this work, or ends before it begins."""


class NoLonger(NotPossibleNow):
    """It was corrected or ended in the meantime."""

    def __init__(self) -> None:
        super().__init__("corrected", "This has been corrected or ended in the meantime.")


@dataclass(frozen=True)
class Recording:
    """What somebody wants to record. `order` is a code of `orders.toml`, `source` of SOURCES."""

    order: str
    about: tuple[UUID, ...]
    source: str
    since: date
    until: date | None = None
    children: tuple[UUID, ...] = ()
    audiences: tuple[str, ...] = ()
    note: str = ""

    def plain(self) -> dict[str, Any]:
        return {
            "order": self.order,
            "about": [str(each) for each in self.about],
            "children": [str(each) for each in self.children],
            "audiences": list(self.audiences),
            "from": self.since.isoformat(),
            "until": self.until.isoformat() if self.until else "",
            "source": self.source,
            "note": self.note,
        }


@dataclass(frozen=True)
class Recorded:
    """A fact as it was written down: by whom, when, and whether it has been ended or put right since."""

    statement: Statement
    plain: Mapping[str, Any]
    ended: bool

    def in_force(self, day: date) -> bool:
        until = self.plain.get("until")
        begun = date.fromisoformat(self.plain["from"]) <= day
        return not self.ended and begun and not (until and date.fromisoformat(until) < day)


def may_be_told(episode: Episode, audience: str, *, now: datetime | None = None) -> Told:
    """May that audience be told anything of this work? Call it inside open rows, before anything leaves.

    `audience`: parent:<participation>, adult:<participation>, referrer, school, gp or agency:<code>. Whatever goes
    wrong while it is found out, the answer is no.
    """
    return may_each_be_told(episode, [audience], now=now or clock.now())[audience]


def may_each_be_told(episode: Episode, audiences: Iterable[str], *, now: datetime) -> dict[str, Told]:
    """The same of several audiences, with one look at everything that decides it."""
    try:
        there = standing(episode, now)
        return {audience: judge(audience, there) for audience in audiences}
    except Exception as error:  # noqa: BLE001 (fail closed: one unreadable fact must not hide the others)
        log.error("Who may be told could not be checked: %s", type(error).__name__)  # noqa: TRY400 (no data in logs)
        return dict.fromkeys(audiences, Told(False, COULD_NOT_CHECK))


@dataclass(frozen=True, slots=True)
class Same:
    """A participation, here or elsewhere, of whoever is, or may be, somebody of this work."""

    participation: UUID
    episode: UUID
    role: str
    here: UUID
    sure: bool = True


def standing(episode: Episode, now: datetime) -> Standing:
    """Everything that decides who may be told of it, today in London."""
    everybody = reads.people([episode]).get(episode.id, [])
    same = list(_same_people(episode, everybody))
    return Standing(
        roles={each.id: each.role for each in everybody},
        facts=tuple(_facts(episode, same, now.astimezone(LONDON).date())),
        suspects=frozenset(each.here for each in same if each.role == SOURCE_OF_HARM),
        referrer=episode.from_agency_id if episode.from_team_id or episode.from_worker else "",
        agencies=frozenset(Agency.objects.values_list("code", flat=True)),
        council=COUNCIL,
    )


def _same_people(episode: Episode, everybody: list[reads.Known]) -> Iterator[Same]:
    """Of those in other work only whom it could change: a source of harm there, or somebody with a fact there."""
    with_facts = Statement.objects.filter(kind="fact").values("episode")
    among = Q(role=SOURCE_OF_HARM) | Q(episode__in=with_facts)
    for each in everybody:
        yield Same(each.id, episode.id, each.role, each.id)
        for seen in seen_before(each.evidence, among=among):
            yield Same(
                seen.participation.pk, seen.participation.episode_id, seen.participation.role, each.id, seen.sure
            )
    yield from _copied(episode, everybody)


def _copied(episode: Episode, everybody: list[reads.Known]) -> Iterator[Same]:
    """Those of the work that this one came of, or led to, who were taken over word for word.

    Somebody without a name or a birthday is recognised by nothing else.
    """
    rows = list(Participation.objects.filter(episode__in=_line(episode), part=Part.ABOUT))
    here = {(each.role, _said(each.evidence.to_json())): each.id for each in everybody}
    for row, plain in zip(rows, words.opened(rows), strict=True):
        if found := here.get((row.role, _said(plain["evidence"]))):
            yield Same(row.pk, row.episode_id, row.role, found)


def _said(evidence: Mapping[str, Any]) -> str:
    return json.dumps(evidence, sort_keys=True)


def _line(episode: Episode) -> list[UUID]:
    """The work before it, beside it and after it."""
    before: list[UUID] = []
    at: Episode | None = episode
    while at is not None and at.parent_id and at.parent_id not in before:
        before.append(at.parent_id)
        at = at.parent
    family = [*before, episode.id]
    after = Episode.objects.filter(Q(parent__in=family) | Q(joined_to__in=family)).exclude(pk=episode.id)
    return [*before, *after.values_list("pk", flat=True), *filter(None, [episode.joined_to_id])]


def _facts(episode: Episode, same: list[Same], today: date) -> Iterator[Fact]:
    whom: dict[UUID, list[Same]] = {}
    for each in same:
        whom.setdefault(each.participation, []).append(each)
    for fact in recorded({each.episode for each in same} | {episode.id}):
        own = fact.statement.episode_id == episode.id
        about = [each for who in _ids(fact.plain, "about") for each in whom.get(who, ())]
        if fact.in_force(today) and (own or about):
            yield _fact(
                fact.plain, about, [one.here for who in _ids(fact.plain, "children") for one in whom.get(who, ())]
            )


def _fact(plain: Mapping[str, Any], about: list[Same], children: list[UUID]) -> Fact:
    of_others = bool(plain.get("children")) and not children  # of children who are not among ours: it allows nothing
    return Fact(
        order=orders()[plain["order"]].code,
        about=frozenset(each.here for each in about),
        source=plain["source"],
        children=frozenset(children),
        audiences=frozenset(plain.get("audiences", ())),
        note=plain.get("note", ""),
        ours=all(each.sure for each in about) and not of_others,
    )


def _ids(plain: Mapping[str, Any], name: str) -> list[UUID]:
    return [UUID(each) for each in plain.get(name, ())]


def recorded(episodes: Iterable[UUID]) -> list[Recorded]:
    """The facts written down in those pieces of work, oldest first, the ended ones marked."""
    rows = list(Statement.objects.filter(kind="fact", episode__in=list(episodes)).order_by("at", "id"))
    ended = {row.corrects_id for row in rows if row.corrects_id}
    opened = zip(rows, words.opened(rows), strict=True)
    return [Recorded(row, plain, row.pk in ended) for row, plain in opened if "order" in plain]


def about_them(episode: Episode) -> list[Recorded]:
    """Every fact about these people, recorded in this work or another, with the people as they are here."""
    same = list(_same_people(episode, reads.people([episode]).get(episode.id, [])))
    whom = {each.participation: str(each.here) for each in same}
    found = []
    for each in recorded({one.episode for one in same} | {episode.id}):
        here = {name: [whom[who] for who in _ids(each.plain, name) if who in whom] for name in ("about", "children")}
        if each.statement.episode_id == episode.id or here["about"]:
            found.append(Recorded(each.statement, {**each.plain, **here}, each.ended))
    return found


def record(*, by: Viewer, episode: UUID, fact: Recording, corrects: UUID | None = None, now: datetime) -> Statement:
    """Write down a fact; with `corrects`, in place of an earlier one. Raises NotAFact, NoLonger, a Refused."""
    with entering(by, episode, Permission.KNOWN_FACTS, kind="fact-recorded", now=now) as entered:
        _must_say(entered.episode, fact)
        earlier = _still_standing(entered.episode, corrects) if corrects else None
        only = Participation.objects.get(pk=fact.about[0]) if len(fact.about) == 1 else None
        said = acts.say(
            episode=entered.episode, kind="fact", plain=fact.plain(), by=by.actor, about=only, corrects=earlier, now=now
        )
        protecting.follow(episode=entered.episode, statement=said, plain=fact.plain(), by=by.actor, now=now)
        if earlier:
            protecting.ended(statement=earlier, why="It was put right by another.", by=by.actor, now=now)
        return said


def withdraw(*, by: Viewer, episode: UUID, statement: UUID, why: str, now: datetime) -> Statement:
    """Say that a fact is at an end or was wrong, and why. Raises NotAFact, NoLonger, a Refused."""
    if not why.strip():
        raise NotAFact("why")
    with entering(by, episode, Permission.KNOWN_FACTS, kind="fact-withdrawn", now=now) as entered:
        earlier = _still_standing(entered.episode, statement)
        plain = {"withdrawn": True, "why": why}
        protecting.ended(statement=earlier, why=why, by=by.actor, now=now)
        return acts.say(episode=entered.episode, kind="fact", plain=plain, by=by.actor, corrects=earlier, now=now)


def _must_say(episode: Episode, fact: Recording) -> None:
    order = orders().get(fact.order)
    if order is None or fact.source not in SOURCES or (fact.until and fact.until < fact.since):
        raise NotAFact(fact.order)
    here = dict(Participation.objects.filter(episode=episode, part=Part.ABOUT).values_list("pk", "role"))
    if not set(fact.about) | set(fact.children) <= here.keys() or not (fact.about or fact.audiences):
        raise NotAFact("about")
    if order.of != "anybody" and not (fact.about and all(fits(order, here[who]) for who in fact.about)):
        raise NotAFact("about")


def fits(order: Order, role: str) -> bool:
    """Can it be a fact about somebody of that role? An order against a father that is written down of the child would
    keep nothing from the father.
    """
    return order.of == "anybody" or (role in CHILDREN) == (order.of == "child")


def _still_standing(episode: Episode, statement: UUID) -> Statement:
    row = Statement.objects.filter(pk=statement, episode=episode, kind="fact").first()
    if row is None or Statement.objects.filter(corrects=row).exists():
        raise NoLonger
    return row
