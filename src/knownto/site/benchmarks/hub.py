"""A hub of millions of records, built once and kept: the region's own people, as their partners hold them.

Each record goes through the real contract, cleaning, keys, blinding and sealing; only the writing is in bulk, and
the people are taken from the truth instead of from matching, which is measured by itself. Built a slice of the
region (some 31,000 records) at a time, by two processes.
"""

import hashlib
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

import psycopg
from pydantic import ValidationError

from knownto import linkage
from knownto.feeds.contract import Row
from knownto.feeds.evidence import evidence_of
from knownto.identity import blind, keying
from knownto.identity.held import Held
from knownto.keyring import acts as keyring
from knownto.linkage.tables import FOLDER
from knownto.site.benchmarks import apart
from knownto.site.embedded import DATABASE, Embedded
from knownto.site.running import databases
from knownto.town import build
from knownto.town.habits import IDENTITY
from knownto.town.records import Record, cells

ENDS, SEED = date(2026, 11, 22), 2026
A_SLICE = 100_000  # room for the ids of a slice's records
CONTACT = {"contact_id": "C1", "category": "x", "started_on": ENDS.isoformat(), "status": "open", "team": "x"}
MADE = """CREATE SCHEMA IF NOT EXISTS bench;
CREATE TABLE IF NOT EXISTS bench.slice (number int PRIMARY KEY, records int NOT NULL);
ALTER TABLE bench.slice ADD COLUMN IF NOT EXISTS indexed boolean NOT NULL DEFAULT false;
CREATE UNLOGGED TABLE IF NOT EXISTS bench.key (token bigint, record bigint)"""
CLEANED = "identity_cleaned (record, key, version, sealed, tokens, homes, digest)"


def person_id(name: str) -> UUID:
    """The hub's person for one of the town's."""
    return uuid5(NAMESPACE_OID, name)


def folder(var: Path) -> Path:
    """Where the hub of this state of cleaning and keys is: one that was built by another would miss whom it holds."""
    told = hashlib.sha256()
    for path in sorted([*FOLDER.parent.glob("*.py"), *FOLDER.glob("*.csv")]):
        told.update(path.read_bytes())
    return var.parent / f"bench-hub-{told.hexdigest()[:8]}"


def grow(var: Path, slices: int) -> int:
    """Have at least so many slices in the hub in that folder. Returns how many records there are."""
    records: int = apart.run(var, "hub", var, "grow", slices)
    return records


def _grow(var: Path, slices: int) -> int:
    """Makes what is missing, and the index where some slice is not in it: a build that was stopped goes on."""
    with databases(var):
        missing = sorted(set(range(slices)) - {number for number, _, _ in _made(var)})
        for process in [apart.start(var, "hub", var, "make", *some) for some in (missing[::2], missing[1::2]) if some]:
            apart.answer(process)
        made = _made(var)
        if not all(indexed for _, _, indexed in made):
            index(var)
        return sum(records for _, records, _ in made)


def _made(var: Path) -> list[tuple[int, int, bool]]:
    """Each slice that the hub in that folder has, how many records it brought, and whether they are in the index."""
    with connected(var) as hub:
        hub.execute(MADE)
        return hub.execute("SELECT number, records, indexed FROM bench.slice").fetchall()


def connected(var: Path, cluster: str = "main") -> psycopg.Connection:
    """As the superuser: building and looking in from outside only."""
    socket = str(Embedded(var, cluster).socket)
    return psycopg.connect(host=socket, user="postgres", dbname=DATABASE, autocommit=True)


def _make(var: Path, numbers: list[int]) -> None:
    town = build("region", SEED, ENDS)
    with connected(var) as hub:
        for number in numbers:
            begun = time.monotonic()
            records = [r for shelf in town.slice(number).shelves.values() for r in shelf.records if not r.merged_into]
            _write(hub, number, records)
            seconds = time.monotonic() - begun
            print(f"  slice {number}: {len(records):,} records, {seconds:.0f} s", file=sys.stderr, flush=True)  # noqa: T201


def evidence(record: Record) -> linkage.Evidence | None:
    """What the partner's file says of somebody, read by the contract; None where the intake would refuse it."""
    said = {name: cell for name, cell in zip(IDENTITY, cells(record.evidence), strict=True) if cell}
    try:
        row = Row.model_validate(said | CONTACT | {"record_id": record.record_id})
    except ValidationError:
        return None
    found = evidence_of([row.model_dump(mode="json", exclude_defaults=True)], ENDS)
    return replace(found, household=f"{record.agency}:{found.household}" if found.household else "")


def _write(hub: psycopg.Connection, number: int, records: list[Record]) -> None:
    """All of a slice, in one transaction."""
    said = [(record, found) for record in records if (found := evidence(record))]
    made = keyring.create(len(said))
    ids = range((number + 1) * A_SLICE, (number + 1) * A_SLICE + len(said))
    there = {i: Held(i, r.agency, key, found) for i, key, (r, found) in zip(ids, made, said, strict=True)}
    fresh = list(keying.fresh(there).values())
    person_of = {i: person_id(record.person.id) for i, (record, _) in zip(ids, said, strict=True)}
    first = {person: i for i, person in reversed(person_of.items())}
    now = datetime.now(UTC)
    with hub.transaction():
        copy = partial(_copy, hub)
        copy(CLEANED, (_row(i, f) for i, f in zip(ids, fresh, strict=True)))
        copy("identity_person (id, since)", first.items())
        copy("identity_member (record, person_id, since)", ((i, person, now) for i, person in person_of.items()))
        copy("bench.key", ((t, i) for i, f in zip(ids, fresh, strict=True) for t in blind.unpacked(f.tokens + f.homes)))
        hub.execute("INSERT INTO bench.slice VALUES (%s, %s)", [number, len(said)])


def _row(record: int, fresh: keying.Fresh) -> tuple[Any, ...]:
    number, key, *rest = keying.row(record, fresh, None)
    return number, key.id, *rest


def _copy(hub: psycopg.Connection, into: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with hub.cursor() as cursor, cursor.copy(f"COPY {into} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)


INDEX = f"""
TRUNCATE identity_blindkey;
INSERT INTO identity_blindkey SELECT bucket, page, array_agg(key) FROM (
  SELECT bucket, key, ((row_number() OVER (PARTITION BY bucket) - 1) / {blind.FULL})::int AS page
  FROM (SELECT DISTINCT {blind.BUCKET.format("token")} AS bucket, {blind.KEY} AS key FROM bench.key) AS placed
) AS paged GROUP BY 1, 2 ORDER BY 1, 2
"""  # noqa: S608 (constants only)


def index(var: Path) -> None:
    """Put every key in its place, as the migration to this layout does."""
    with connected(var) as hub:
        hub.execute("SET work_mem = '1GB'")
        hub.execute(INDEX)
        hub.execute("UPDATE bench.slice SET indexed = true")
        hub.execute("VACUUM (ANALYZE) identity_blindkey, identity_cleaned, identity_member, identity_person")


def here(var: str, what: str, *numbers: str) -> int:
    """In a process of its own: "grow" to so many slices, or "make" those."""
    if what == "make":
        _make(Path(var), [int(number) for number in numbers])
        return 0
    return _grow(Path(var), int(numbers[0]))
