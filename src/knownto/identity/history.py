"""How somebody came to be who they are taken for: beliefs, decisions, joinings and partings, each with who and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotYours
from knownto.casework import reads as casework
from knownto.identity import queue, reads
from knownto.identity.entering import covered
from knownto.identity.models import Belief, Change, Member, Ruling, RulingKind
from knownto.identity.pathway import PURPOSE
from knownto.identity.side_by_side import in_a_hundred
from knownto.keyring import acts as keyring
from knownto.partners import reads as partners

MOST = 200


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `ruling` is set where it is a decision in force, which can be undone."""

    at: datetime
    what: str
    who: str
    why: str
    ruling: UUID | None = None


@dataclass(frozen=True, slots=True)
class Believed:
    """What the model holds of two of the records, by whose they are."""

    of: tuple[str, str]
    likely: str
    said: str
    model: str
    at: datetime


@dataclass(frozen=True, slots=True)
class History:
    """`records`: whose each is, and since when it has been taken for this person's."""

    person: UUID
    records: tuple[tuple[str, datetime], ...]
    events: tuple[Event, ...]
    believed: tuple[Believed, ...]


SAID = {"auto": "Nobody has said anything", "confirmed": "Somebody confirmed it", "undone": "Somebody said otherwise"}
OUTCOMES = {"match": "One person", "possible": "Not sure", "unlikely": "Two people"}


def history(viewer: Viewer, person: UUID, now: datetime) -> History:
    """A person's, the latest first. Raises NotYours where there is none, or an agency that holds them does not share
    this with the viewer's; and other Refused."""
    with transaction.atomic(), rows_open("system:review", viewer.agency):
        records = reads.records_of(person)
        agencies = queue.agencies_of(records)
    if not records or not set(agencies.values()) <= set(covered(viewer, now)):
        raise NotYours
    about = [str(person), *(f"record:{each}" for each in records)]
    with asking(viewer, Request(Permission.REVIEW, purpose=PURPOSE), kind="review-history", about=about, now=now):
        names = partners.agency_names()
        whose = {record: names.get(code, code) for record, code in agencies.items()}
        since = Member.objects.filter(record__in=records).order_by("since", "record")
        return History(
            person,
            tuple((whose.get(row.record, ""), row.since) for row in since),
            tuple(sorted([*_rulings(records, whose), *_changes(person)], key=lambda each: each.at, reverse=True)),
            tuple(_believed(records, whose)),
        )


def _rulings(records: Iterable[int], whose: dict[int, str]) -> Iterable[Event]:
    mine = Q(lower__in=records) | Q(higher__in=records)
    found = list(Ruling.objects.filter(mine).order_by("-at")[:MOST])
    names = partners.agency_names()
    rest = queue.agencies_of({each for row in found for each in (row.lower, row.higher)} - whose.keys())
    whose = whose | {record: names.get(code, code) for record, code in rest.items()}
    who = casework.names([each for row in found for each in (row.by, row.agreed_by, row.undone_by)])
    for row, plain in zip(found, keyring.open_rows(found), strict=True):
        in_force = row.undone_at is None and row.replaced_by_id is None
        with_ = f" and {who.get(row.agreed_by, '')}" if row.agreed_by else ""
        of = f"{whose.get(row.lower, 'another record')} and {whose.get(row.higher, 'another record')}"
        what = f"Decided of {of}: {_kind(row.kind)}" + ("" if in_force or row.undone_at else " (replaced since)")
        yield Event(row.at, what, who.get(row.by, "") + with_, plain.get("reason", ""), row.pk if in_force else None)
        if row.undone_at:
            yield Event(row.undone_at, f"Undone, of {of}: {_kind(row.kind)}", who.get(row.undone_by, ""), "")


def _kind(kind: str) -> str:
    return str(RulingKind(kind).label).partition(":")[0].lower()


def _changes(person: UUID) -> Iterable[Event]:
    found = list(Change.objects.filter(Q(person=person) | Q(into=person)).order_by("-at")[:MOST])
    who = casework.names([row.by for row in found])
    for row in found:
        by = who.get(row.by, "") if row.by else "The model"
        why = "A decision, above" if row.ruling else "The evidence changed"
        yield Event(row.at, _what(row, person), by, why)


def _what(row: Change, person: UUID) -> str:
    several = f"{len(row.moved)} record{'s' if len(row.moved) > 1 else ''}"
    if row.kind == Change.Kind.JOINED:
        return f"Found to be one with another, who had {several}" if row.into == person else "Taken into another person"
    return f"Found to be two people: {several} {'left' if row.person == person else 'became this one'}"


def _believed(records: Iterable[int], whose: dict[int, str]) -> Iterable[Believed]:
    for row in Belief.objects.filter(lower__in=records, higher__in=records).order_by("-bits")[:MOST]:
        of = whose.get(row.lower, ""), whose.get(row.higher, "")
        said = f"{OUTCOMES.get(row.outcome, row.outcome)}. {SAID[row.state]}"
        yield Believed(of, in_a_hundred(row.bits), said, row.model[:8], row.at)
