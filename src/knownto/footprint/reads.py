"""What a footprint shows. Called inside the rows that a recorded act has opened, by `acts`."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.access.refusals import NotYours
from knownto.disclosure.models import Disclosure
from knownto.feeds.models import Contact, Record
from knownto.firewall.audiences import Audience
from knownto.firewall.checks import leads_there
from knownto.footprint import picture
from knownto.footprint.answers import Coverage, Looked
from knownto.footprint.coverage import agreements_shown, unreadable
from knownto.footprint.models import Query
from knownto.footprint.picture import AgencyRow, Held, Says
from knownto.footprint.told import Told, kept, may_show, told
from knownto.identity import reads as identity
from knownto.identity.answers import HeldRecord, KnownAddress
from knownto.keyring import acts as keyring
from knownto.linkage import tied_as_household

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
    warning: str = ""

    def with_receipt(self, receipt: Disclosure) -> "Footprint":
        return replace(self, receipt=receipt)


def footprint(person: UUID, fields: frozenset[str], looked: Coverage, reader: Audience, today: date) -> Footprint:
    """The footprint of that person, as far as policy (`fields`) and the agreements (`looked`) go, without where
    anybody is that this reader must not learn.

    Raises NotYours when no agency whose agreement covers the asker holds them any more.
    """
    shown = agreements_shown(looked)
    here = _shown_of(person, shown, looked, reader)
    if not here.records:
        raise NotYours
    members = _household(here, shown, looked, reader, today) if "household" in fields else []
    found = _rows([here, *(theirs for _, theirs in members)], reader, today)
    return Footprint(
        person,
        told(here.records, today),
        fields,
        found[0],
        here.looked,
        today,
        tuple(replace(member, rows=of) for (member, _), of in zip(members, found[1:], strict=True)),
        identity.addresses_in(here.records) if "addresses" in fields else (),
        warning=here.warning,
    )


@dataclass(frozen=True, slots=True)
class ShownOf:
    """One person's records that may be shown, and what could be looked at for them."""

    person: UUID
    records: tuple[HeldRecord, ...]
    looked: Coverage
    warning: str = ""
    hidden: bool = False


def _shown_of(person: UUID, agencies: Collection[str], looked: Coverage, reader: Audience) -> ShownOf:
    """A record that is held and could not be opened is not 'no contact': its agency could not be looked at."""
    known = identity.person(person)
    held = known.records if known else ()
    unopened = set(identity.records_of(person)) - {record.id for record in held}
    [mine] = kept([may_show(held, agencies)], reader)
    return ShownOf(person, mine.records, unreadable(looked, unopened), mine.warning, mine.hidden)


def records_of(person: UUID, agency: str, looked: Coverage) -> dict[int, str]:
    """That agency's records of the person, with the agency's own ids of them; none where it may not be
    shown.
    """
    if agency not in agreements_shown(looked):
        return {}
    known = identity.person(person)
    ids = [record.id for record in may_show(known.records if known else (), {agency})]
    held = list(Record.objects.filter(pk__in=ids).order_by("pk"))
    return {row.pk: plain["record_id"] for row, plain in zip(held, keyring.open_rows(held), strict=True)}


def _household(
    here: ShownOf, shown: Collection[str], looked: Coverage, reader: Audience, today: date
) -> list[tuple[Member, ShownOf]]:
    """Those tied to the person by more than an address, as far as covered agencies can tell.

    Nobody's, where who lives together says where that is to somebody who must not learn it.
    """
    found = []
    for each in () if here.hidden else identity.household(here.person):
        theirs = _shown_of(each.person, shown, looked, reader)
        if theirs.hidden:
            continue
        if reasons := _ties(here.records, theirs.records):
            found.append((Member(each.person, told(theirs.records, today), reasons, ()), theirs))
    return found


def _ties(mine: Sequence[HeldRecord], theirs: Sequence[HeldRecord]) -> tuple[str, ...]:
    """Why two people seem to live together, from records that may be shown: another agency's word of it is its own."""
    ties = (tied_as_household(a.cleaned, b.cleaned) for a in mine for b in theirs)
    return tuple(dict.fromkeys(reason.sentence for some in ties for reason in some))


def _rows(people: Sequence[ShownOf], reader: Audience, today: date) -> list[tuple[AgencyRow, ...]]:
    """The rows of several people, from one look-up of their contacts."""
    ids = [record.id for each in people for record in each.records]
    contacts = _contacts(ids)
    earlier = dict(Record.objects.filter(pk__in=ids).values_list("pk", "earlier_on"))
    return [_without_places(each, _rows_of(each, contacts, earlier, today), reader) for each in people]


def _rows_of(
    each: ShownOf, contacts: dict[int, list[Held]], earlier: dict[int, date], today: date
) -> tuple[AgencyRow, ...]:
    return picture.rows(
        [contact for record in each.records for contact in contacts.get(record.id, ())],
        each.looked,
        agreements_shown(each.looked),
        today,
        {record.agency: day for record in each.records if (day := earlier.get(record.id))},
    )


def _without_places(of: ShownOf, rows: tuple[AgencyRow, ...], reader: Audience) -> tuple[AgencyRow, ...]:
    """A team can be a school or a surgery, and so can a whole agency: whoever must not learn where somebody is learns
    none of the teams, and of such an agency nothing at all, whether it knows them or not.
    """
    if not of.hidden:
        return rows
    places = leads_there([row.name for row in rows], reader)
    return tuple(
        AgencyRow(row.agency, row.name, Says.NOT_SHARED, Looked.NOT_SHARED, kept_back=True)
        if row.name in places
        else replace(row, teams=(), open_teams=(), kept_back=True)
        for row in rows
    )


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


def queries(viewer: Viewer, now: datetime) -> list[tuple[Query, str]]:
    """What others say is wrong in this agency's records: each with the agency's own id of the record,
    latest first.

    Their words are not shown here: they may tell of somebody else. Raises a Refused.
    """
    request = Request(Permission.FEEDS_OWN, of_agency=viewer.agency)
    with asking(viewer, request, kind="queries", now=now):
        found = list(Query.objects.filter(agency=viewer.agency).order_by("-at")[:MOST_QUERIES])
        return [(row, plain["record_id"]) for row, plain in zip(found, keyring.open_rows(found), strict=True)]
