"""Records as partners would hold them, really sealed: until a feed has brought any."""

from dataclasses import replace
from datetime import date
from itertools import count
from uuid import uuid4

import pytest

from knownto.access import acts as access
from knownto.identity import acts, held
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence

BY = Actor(uuid4(), "childrens-social-care", "screener")

AMINA = Evidence(
    family_name="Okonjo",
    given_names="Amina",
    birth_date=date(2014, 3, 9),
    sex="F",
    addresses=(Address(("14 Harbour Street",), "QK1 2AB"),),
)


class Partners:
    """Partners' records. What is landed is what identity is told of."""

    def __init__(self):
        self.there: dict[int, held.Held] = {}
        self.ids = count(1)

    def send(self, *several: Evidence, agency="police", **changes) -> list[int]:
        """New records, landed; returns their ids."""
        keys = keyring.create(len(several))
        ids = [next(self.ids) for _ in several]
        for record, key, evidence in zip(ids, keys, several, strict=True):
            self.there[record] = held.Held(record, agency, key, replace(evidence, **changes))
        self.land(ids)
        return ids

    def change(self, record: int, **changes) -> None:
        found = self.there[record]
        self.there[record] = replace(found, evidence=replace(found.evidence, **changes))
        self.land([record])

    def remove(self, *records: int) -> None:
        for record in records:
            keyring.shred([self.there.pop(record).key.id])
        self.land((), records)

    def land(self, changed, removed=()) -> None:
        with access.system("feed"):
            acts.landed(None, list(changed), list(removed))

    def held(self, ids):
        return {i: self.there[i] for i in sorted(ids) if i in self.there}


@pytest.fixture
def partners(db, monkeypatch):
    found = Partners()
    monkeypatch.setattr("knownto.identity.keying.held", found.held)
    monkeypatch.setattr("knownto.identity.reads.held", found.held)
    return found


@pytest.fixture
def rows_open(db):
    with access.system("test"):
        yield
