"""Records as partners would hold them, really sealed: until a feed has brought any."""

from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from knownto.access import acts as access
from knownto.feeds.models import File, Record
from knownto.identity import acts
from knownto.identity.models import Member
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.models import Agency

BY = Actor(uuid4(), "childrens-social-care", "screener")
DAY, NOW = date(2026, 11, 15), datetime(2026, 11, 15, 6, tzinfo=UTC)

AMINA = Evidence(
    family_name="Okonjo",
    given_names="Amina",
    birth_date=date(2014, 3, 9),
    sex="F",
    addresses=(Address(("14 Harbour Street",), "QK1 2AB"),),
)


class Partners:
    """Records as feeds would have landed them, each under a data key of its own."""

    def __init__(self):
        self.file: dict[str, File] = {}

    def send(self, *several: Evidence, agency="police", **changes) -> list[int]:
        """New records, landed; returns their ids."""
        ids = [self._add(replace(evidence, **changes), agency) for evidence in several]
        self.land(ids)
        return ids

    def change(self, record: int, **changes) -> None:
        [key] = keyring.fetch([Record.objects.get(pk=record).key]).values()
        row = Record.objects.get(pk=record)
        evidence = Evidence.from_json(row.open_with(key)["evidence"])
        row.version += 1
        row.seal_into({"evidence": replace(evidence, **changes).to_json()}, key)
        row.save()
        self.land([record])

    def remove(self, *records: int) -> None:
        for row in Record.objects.filter(pk__in=records):
            row.removed_at, row.sealed = NOW, b""
            row.save()
            keyring.shred([row.key])
        self.land((), records)

    def revive(self, record: int, evidence: Evidence) -> None:
        row = Record.objects.get(pk=record)
        [key] = keyring.create()
        row.version, row.removed_at = row.version + 1, None
        row.seal_into({"evidence": evidence.to_json()}, key)
        row.save()
        self.land([record])

    def land(self, changed, removed=()) -> None:
        with access.system("feed"):
            acts.landed(next(iter(self.file.values())).pk, list(changed), list(removed))

    def _add(self, evidence: Evidence, agency: str) -> int:
        file = self.file.get(agency) or self._file(agency)
        number = Record.objects.count() + 1
        [key] = keyring.create()
        row = Record(agency_id=agency, token=number, said=b"", as_of=DAY, file=file, key=key.id, sealed=b"")
        row.save()
        row.seal_into({"record_id": f"P{number}", "evidence": evidence.to_json()}, key)
        row.save()
        return row.pk

    def _file(self, agency: str) -> File:
        Agency.objects.get_or_create(code=agency, defaults={"name": agency, "connected": True})
        file = File(agency_id=agency, mode="delta", as_of=DAY, state="landed", same_bytes=b"", size=1)
        file.received_at = file.finished_at = NOW
        [key] = keyring.create()
        file.seal_into({}, key)
        file.save(force_insert=True)
        self.file[agency] = file
        return file


@pytest.fixture
def partners(rows_open):
    return Partners()


@pytest.fixture
def rows_open(db):
    with access.system("test"):
        yield


def people() -> set[frozenset[int]]:
    """The records of each person."""
    groups: dict = {}
    for record, person in Member.objects.values_list("record", "person_id"):
        groups.setdefault(person, set()).add(record)
    return {frozenset(g) for g in groups.values()}


def person_of(record: int):
    return Member.objects.get(pk=record).person_id
