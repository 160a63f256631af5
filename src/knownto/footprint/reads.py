"""What a footprint shows. Called inside the rows that a recorded act has opened, by `acts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.access.refusals import NotYours
from knownto.disclosure.models import Disclosure
from knownto.feeds.models import Contact, Record
from knownto.footprint import picture
from knownto.footprint.answers import Coverage
from knownto.footprint.coverage import agreements_shown
from knownto.footprint.models import Query
from knownto.footprint.picture import AgencyRow, Held
from knownto.footprint.told import Told, may_show, told
from knownto.identity import reads as identity
from knownto.identity.answers import HeldRecord, KnownAddress
from knownto.keyring import acts as keyring

MOST_QUERIES = 100


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody of the household: as little as tells them apart, why they are thought to live together, and
    rows.
    """

    person: UUID
    who: Told
    reasons: tuple[str, ...]
    rows: tuple[AgencyRow, ...]


@dataclass(frozen=True, slots=True)
class Footprint:
    """Which agencies know this person. `fields` are those that policy lets this worker be shown: pages obey
    it.
    """

    person: UUID
    who: Told
    fields: frozenset[str]
    rows: tuple[AgencyRow, ...]
    coverage: Coverage
    today: date
    household: tuple[Member, ...] = ()
    addresses: tuple[KnownAddress, ...] = ()
    receipt: Disclosure | None = None

    def with_receipt(self, receipt: Disclosure) -> "Footprint":
        return replace(self, receipt=receipt)


def footprint(person: UUID, fields: frozenset[str], looked: Coverage, today: date) -> Footprint:
    """The footprint of that person, as far as policy (`fields`) and the agreements (`looked`) go.

    Raises NotYours when no agency whose agreement covers the asker holds them any more.
    """
    shown = agreements_shown(looked)
    records = _records(person, shown)
    if not records:
        raise NotYours
    members = _household(person, shown, today) if "household" in fields else []
    found = _rows([records, *(held for _, held in members)], looked, today)
    return Footprint(
        person,
        told(records, today),
        fields,
        found[0],
        looked,
        today,
        tuple(replace(member, rows=of) for (member, _), of in zip(members, found[1:], strict=True)),
        _addresses(person, shown) if "addresses" in fields else (),
    )


def records_of(person: UUID, agency: str, looked: Coverage) -> dict[int, str]:
    """That agency's records of the person, with the agency's own ids of them; none where it may not be
    shown.
    """
    if agency not in agreements_shown(looked):
        return {}
    ids = [record.id for record in _records(person, {agency})]
    held = list(Record.objects.filter(pk__in=ids).order_by("pk"))
    return {row.pk: plain["record_id"] for row, plain in zip(held, keyring.open_rows(held), strict=True)}


def _records(person: UUID, agencies: Collection[str]) -> tuple[HeldRecord, ...]:
    known = identity.person(person)
    return may_show(known.records, agencies) if known else ()


def _household(person: UUID, shown: Collection[str], today: date) -> list[tuple[Member, tuple[HeldRecord, ...]]]:
    """Those tied to the person by more than an address, as far as covered agencies hold them."""
    found = []
    for each in identity.household(person):
        if records := _records(each.person, shown):
            reasons = tuple(dict.fromkeys(reason.sentence for reason in each.reasons))
            found.append((Member(each.person, told(records, today), reasons, ()), records))
    return found


def _rows(people: Sequence[Sequence[HeldRecord]], looked: Coverage, today: date) -> list[tuple[AgencyRow, ...]]:
    """The rows of several people, from one look-up of their contacts."""
    ids = [record.id for records in people for record in records]
    contacts = _contacts(ids)
    earlier = dict(Record.objects.filter(pk__in=ids).values_list("pk", "earlier_on"))
    agreements = agreements_shown(looked)
    return [
        picture.rows(
            [contact for record in records for contact in contacts.get(record.id, ())],
            looked,
            agreements,
            today,
            {record.agency: day for record in records if (day := earlier.get(record.id))},
        )
        for records in people
    ]


def _contacts(records: Sequence[int]) -> dict[int, list[Held]]:
    found: dict[int, list[Held]] = {}
    for row in Contact.objects.filter(record__in=records):
        held = Held(
            row.agency_id,
            row.category,
            row.started_on,
            row.open,
            row.team,
            row.record_id,
            row.last_contact_on,
            row.ended_on,
        )
        found.setdefault(row.record_id, []).append(held)
    return found


def _addresses(person: UUID, shown: Collection[str]) -> tuple[KnownAddress, ...]:
    """Where covered agencies hold them to live or have lived; whose else it is stays untold."""
    held = [(each, tuple(set(each.agencies) & set(shown))) for each in identity.addresses(person)]
    return tuple(replace(each, agencies=agencies) for each, agencies in held if agencies)


def queries(viewer: Viewer, now: datetime) -> list[tuple[Query, str]]:
    """What others say is wrong in this agency's records: each with the agency's own id of the record,
    latest first.

    Their words are not shown here: they may tell of somebody else. Raises a Refused.
    """
    request = Request(Permission.FEEDS_OWN, of_agency=viewer.agency)
    with asking(viewer, request, kind="queries", now=now):
        found = list(Query.objects.filter(agency=viewer.agency).order_by("-at")[:MOST_QUERIES])
        return [(row, plain["record_id"]) for row, plain in zip(found, keyring.open_rows(found), strict=True)]
