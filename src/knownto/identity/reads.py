"""What may be asked about who is who, inside rows that an audited act has opened: nothing else answers.

None of it records anything: whoever asks does so inside `access.acts.asking`, which has.
"""

from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from knownto import linkage
from knownto.identity import finding, households
from knownto.identity.answers import (
    Answer,
    AtAddress,
    HeldRecord,
    HouseholdMember,
    KnownAddress,
    KnownPerson,
)
from knownto.identity.cleaned import Opened
from knownto.identity.decided import Agreement, LabelledPair, agreement, labelled_pairs
from knownto.identity.held import held
from knownto.identity.models import Member, Person
from knownto.keyring import acts as keyring

__all__ = [
    "Agreement", "LabelledPair", "addresses", "addresses_in", "agreement", "at_address", "called_now", "find",
    "household", "labelled_pairs", "people", "people_of", "person", "records_of", "searched_tokens",
]  # fmt: skip


def find(evidence: linkage.Evidence, now: datetime) -> Answer:
    """Who it may be: at most ten people, with reasons for and against in plain English."""
    return finding.search(evidence)


def searched_tokens(evidence: linkage.Evidence) -> tuple[str, ...]:
    """What a question was about, for the ledger: blind, and the same for the same facts.

    Of a kind of their own: whoever stole the database must not join a search in the log to the records it found.
    """
    keys = linkage.keys(linkage.clean(evidence))
    tokens = keyring.tokens((f"searched {kind}", value) for kind, value in keys)
    return tuple(f"key:{token & (2**64 - 1):016x}" for token in tokens)


def records_of(person_id: UUID) -> tuple[int, ...]:
    """The ids of a person's records, the oldest first; () when nobody has that id (any more)."""
    records = Member.objects.filter(person_id=person_id).order_by("record").values_list("record", flat=True)
    if found := tuple(records):
        return found
    now_called = _called_now(person_id)
    return records_of(now_called) if now_called else ()


def people_of(records: Iterable[int]) -> dict[int, UUID]:
    """The person of each record that has one."""
    return finding.people_of(records)


def person(person_id: UUID) -> KnownPerson | None:
    """The person with that id, or whom their first record now belongs to; None when there is nobody."""
    found, _ = held(records_of(person_id))
    if not found:
        return None
    records = (HeldRecord(h.id, h.agency, h.evidence, linkage.clean(h.evidence)) for h in found.values())
    return KnownPerson(_id_of(next(iter(found))), tuple(records))


def people(ids: Collection[UUID]) -> dict[UUID, KnownPerson]:
    """Those of the people who have records now, by id: one look-up for them all."""
    records: dict[UUID, list[int]] = {}
    members = Member.objects.filter(person_id__in=ids).order_by("record")
    for person_id, record in members.values_list("person", "record"):
        records.setdefault(person_id, []).append(record)
    found, _ = held(record for theirs in records.values() for record in theirs)
    known = {}
    for person_id, theirs in records.items():
        there = [found[record] for record in theirs if record in found]
        if there:
            rows = tuple(HeldRecord(h.id, h.agency, h.evidence, linkage.clean(h.evidence)) for h in there)
            known[person_id] = KnownPerson(person_id, rows)
    return known


def household(person_id: UUID) -> tuple[HouseholdMember, ...]:
    """The people tied to that person as a household; never somebody who only shares the address."""
    records = records_of(person_id)
    return households.tied_to(_id_of(records[0]), Opened().get(records)) if records else ()


def at_address(address: linkage.Address) -> AtAddress:
    """The household that lives at an exact address now, or that it is shared by unrelated people."""
    return households.living_at(address)


def addresses(person_id: UUID, agencies: Collection[str]) -> tuple[KnownAddress, ...]:
    """Where those agencies say that somebody lives or has lived, the present ones first, each once."""
    known = person(person_id)
    return addresses_in(record for record in known.records if record.agency in agencies) if known else ()


def addresses_in(records: Iterable[HeldRecord]) -> tuple[KnownAddress, ...]:
    """Where those records say that somebody lives or has lived, the present ones first, each once."""
    found: dict[str, KnownAddress] = {}
    for record in records:
        for at, address in enumerate(record.evidence.addresses):
            key = _one_place(address)
            found[key] = _also(found.get(key), address, at == 0, record.agency)
    return tuple(sorted(found.values(), key=lambda a: not a.current))


def _one_place(address: linkage.Address) -> str:
    """One key for one home, whether or not the partner holds its property number."""
    written = linkage.address_key(linkage.Address(address.lines, address.postcode))
    return written or linkage.address_key(address) or "|".join((*address.lines, address.postcode)).upper()


def _also(before: KnownAddress | None, address: linkage.Address, current: bool, agency: str) -> KnownAddress:
    if before is None:
        return KnownAddress(address, current, (agency,))
    agencies = tuple(sorted({*before.agencies, agency}))
    return KnownAddress(before.address, before.current or current, agencies)


def called_now(person_id: UUID) -> UUID:
    """The id under which that person's first record is held now: their own, where they were not joined to another."""
    return person_id if Member.objects.filter(person_id=person_id).exists() else _called_now(person_id) or person_id


def _called_now(person_id: UUID) -> UUID | None:
    """Who has the first record of a person who has none now: they were found to be one with somebody older."""
    since = Person.objects.filter(pk=person_id).values_list("since", flat=True).first()
    return _id_of(since) if since is not None else None


def _id_of(record: int) -> UUID | None:
    return Member.objects.filter(pk=record).values_list("person_id", flat=True).first()
