"""Good rows become records and contacts: all of them in one transaction, or none.

Only what changed is written. Each new record gets a data key of its own, made and committed in the keys database
before anything is sealed with it; if the landing fails, those keys are destroyed again.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection

from knownto.feeds import bulk, handlers
from knownto.feeds.checking import staged_place
from knownto.feeds.evidence import age_band, evidence_of, variants, with_earlier
from knownto.feeds.limits import limits
from knownto.feeds.models import File
from knownto.feeds.telling import telling
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey
from knownto.linkage.evidence import Evidence

STAGED = (
    "SELECT record_token, line, contact_token, sealed FROM feeds_staged WHERE file_id = %s AND NOT remove "
    "ORDER BY record_token, line"
)
KNOWN = (
    "SELECT token, id, key, version, sealed, said, removed_at IS NOT NULL, as_of FROM feeds_record "
    "WHERE agency_id = %s AND token = ANY(%s) FOR UPDATE"
)
IDS = "SELECT nextval(pg_get_serial_sequence('feeds_record', 'id')) FROM generate_series(1, %s)"
ADD = (
    "INSERT INTO feeds_record (id, token, key, version, sealed, said, age_band, agency_id, file_id, as_of) "
    "SELECT *, %s, %s::uuid, %s::date FROM unnest("
    "%s::bigint[], %s::bigint[], %s::uuid[], %s::int[], %b::bytea[], %b::bytea[], %s::text[])"
)
CHANGE = (
    "UPDATE feeds_record r SET key = n.key, version = n.version, sealed = n.sealed, said = n.said, "
    "age_band = n.age_band, removed_at = NULL, file_id = %s::uuid, as_of = greatest(r.as_of, %s::date) FROM unnest("
    "%s::bigint[], %s::bigint[], %s::uuid[], %s::int[], %b::bytea[], %b::bytea[], %s::text[]) "
    "AS n(id, token, key, version, sealed, said, age_band) WHERE r.id = n.id"
)
CONTACTS = """
INSERT INTO feeds_contact AS c (agency_id, file_id, as_of, record_id, token, category, started_on, last_contact_on,
    ended_on, last_on, open, team)
SELECT %s, %s::uuid, %s::date, * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::date[],
    %s::date[], %s::date[], %s::bool[], %s::text[])
ON CONFLICT (record_id, token) DO UPDATE SET category = excluded.category, started_on = excluded.started_on,
    last_contact_on = excluded.last_contact_on, ended_on = excluded.ended_on, last_on = excluded.last_on,
    open = excluded.open, team = excluded.team, as_of = excluded.as_of, file_id = excluded.file_id
WHERE c.as_of <= excluded.as_of AND (c.category, c.started_on, c.last_contact_on, c.ended_on, c.open, c.team)
    IS DISTINCT FROM (excluded.category, excluded.started_on, excluded.last_contact_on, excluded.ended_on,
    excluded.open, excluded.team)
RETURNING (xmax = 0)
"""


@dataclass
class Landing:
    """What a landing has come to so far."""

    file: File
    key: DataKey
    late: bool = False  # older than what has landed: nothing newer is overwritten
    added: int = 0
    changed: int = 0
    withheld: int = 0  # contacts: the sender is told that they came, nobody is told where they are
    new_records: int = 0
    records_changed: list[int] = field(default_factory=list)
    keys_made: list[UUID] = field(default_factory=list)


@dataclass(slots=True)
class Group:
    """The staged rows of one record. `said` is the keyed digest of the evidence in them."""

    token: int
    rows: list[dict[str, Any]]
    distinct: list[dict[str, Any]]
    said: bytes = b""
    id: int = 0
    touched: bool = False  # a guard took something out of it before it lands


def land_rows(landing: Landing) -> None:
    """Write the records and contacts of every staged row, a batch of records at a time."""
    with telling(landing.file) as tell:
        for groups in _in_batches(_groups(landing)):
            visible = _land_records(landing, groups)
            if visible:
                _land_contacts(landing, visible)
            tell(sum(len(group.rows) for group in groups))


def _groups(landing: Landing) -> Iterator[Group]:
    file, key = landing.file, landing.key
    with _staged(file) as cursor:
        for token, staged in groupby(cursor, key=itemgetter(0)):
            rows = [_opened(file, key, line, contact, sealed) for _, line, contact, sealed in staged]
            yield Group(token, rows, variants(rows))


@contextmanager
def _staged(file: File) -> Iterator[Any]:
    """The staged rows: fetched in pieces when they are many, so that no file is ever in memory whole."""
    pieces = "staged" if file.rows > limits().batch else ""
    with closing(connection.connection.cursor(pieces)) as cursor:
        cursor.itersize = limits().batch
        cursor.execute(STAGED, [file.id])
        yield cursor


def _opened(file: File, key: DataKey, line: int, contact: int, sealed: bytes) -> dict[str, Any]:
    row: dict[str, Any] = json.loads(key.open(sealed, **staged_place(file.id, line)))
    row["contact_token"] = contact
    return row


def _in_batches(groups: Iterable[Group]) -> Iterator[list[Group]]:
    """Whole records together, about `limits().batch` rows at a time."""
    batch: list[Group] = []
    rows = 0
    for group in groups:
        batch.append(group)
        rows += len(group.rows)
        if rows >= limits().batch:
            yield _with_digests(batch)
            batch, rows = [], 0
    if batch:
        yield _with_digests(batch)


def _with_digests(groups: list[Group]) -> list[Group]:
    """In one ask of whoever holds the keys."""
    digests = keyring.fingerprints(_json(group.distinct) for group in groups)
    return [replace(group, said=digest) for group, digest in zip(groups, digests, strict=True)]


def _land_records(landing: Landing, groups: Sequence[Group]) -> list[Group]:
    """Gives the records that are there to have contacts: not those that a guard withholds."""
    known = _known(landing.file.agency_id, [group.token for group in groups])
    withheld = handlers.withheld(landing.file, [group for group in groups if _is_anew(group, known.get(group.token))])
    landing.withheld += sum(withheld.values())
    groups = [group for group in groups if group.token not in withheld]
    if any(group.touched for group in groups):
        known = _known(landing.file.agency_id, [group.token for group in groups])
    fresh, revived, said_anew = [], [], []
    for group in groups:
        found = known.get(group.token)
        if found is None:
            fresh.append(group)
            continue
        group.id = found[1]
        if found[6]:
            revived.append(group)
        elif bytes(found[5]) != group.said:
            said_anew.append(group)
    _add(landing, fresh)
    _revive(landing, revived, known)
    landing.new_records += len(fresh) + len(revived)
    _say_anew(landing, said_anew, known)
    return groups


def _is_anew(group: Group, found: tuple[Any, ...] | None) -> bool:
    return found is None or found[6] or bytes(found[5]) != group.said


def _known(agency: str, tokens: list[int]) -> dict[int, tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(KNOWN, [agency, tokens])
        return {row[0]: row for row in cursor.fetchall()}


def _add(landing: Landing, groups: list[Group]) -> None:
    if not groups:
        return
    keys = _make_keys(landing, len(groups))
    with connection.cursor() as cursor:
        cursor.execute(IDS, [len(groups)])
        for group, (number,) in zip(groups, cursor.fetchall(), strict=True):
            group.id = number
    rows = [
        _sealed(landing, group, key, 1, evidence_of(group.distinct, landing.file.as_of))
        for group, key in zip(groups, keys, strict=True)
    ]
    bulk.execute(ADD, [landing.file.agency_id, landing.file.id, landing.file.as_of, *bulk.columns(rows)])


def _revive(landing: Landing, groups: list[Group], known: dict[int, tuple[Any, ...]]) -> None:
    """Records that were removed, or lost their key, and are sent again: the same id, and a new key."""
    keys = _make_keys(landing, len(groups))
    rows = [
        _sealed(landing, group, key, known[group.token][3] + 1, evidence_of(group.distinct, landing.file.as_of))
        for group, key in zip(groups, keys, strict=True)
    ]
    _change(landing, rows)


def _say_anew(landing: Landing, groups: list[Group], known: dict[int, tuple[Any, ...]]) -> None:
    """Records whose evidence is not what it was: opened, and written when it really differs."""
    keys = keyring.fetch(known[group.token][2] for group in groups)
    _revive(landing, [group for group in groups if known[group.token][2] not in keys], known)
    rows = []
    for group in [group for group in groups if known[group.token][2] in keys]:
        _, number, key_id, version, sealed, *_, as_of = known[group.token]
        key = keyring.key_of(keys, key_id)
        before = json.loads(key.open(sealed, **record_place(number, version)))
        evidence = _revised(landing, group, before, as_of)
        if evidence.to_json() != before["evidence"]:
            rows.append(_sealed(landing, group, key, version + 1, evidence))
    _change(landing, rows)


def _revised(landing: Landing, group: Group, before: dict[str, Any], as_of: date) -> Evidence:
    said = evidence_of(group.distinct, landing.file.as_of)
    held = Evidence.from_json(before["evidence"])
    if landing.late and as_of > landing.file.as_of:
        return with_earlier(held, said)
    return with_earlier(said, held)


def _make_keys(landing: Landing, count: int) -> list[DataKey]:
    if not count:
        return []
    keys = keyring.create(count)
    landing.keys_made += [key.id for key in keys]
    return keys


def _sealed(landing: Landing, group: Group, key: DataKey, version: int, evidence: Evidence) -> tuple[Any, ...]:
    plain = {"record_id": group.rows[-1]["record_id"], "evidence": evidence.to_json()}
    if evidence.household:
        plain["household"] = evidence.household
    landing.records_changed.append(group.id)
    band = age_band(evidence, landing.file.as_of)
    return (
        group.id,
        group.token,
        key.id,
        version,
        key.seal(_json(plain), **record_place(group.id, version)),
        group.said,
        band,
    )


def record_place(number: int, version: int) -> dict[str, Any]:
    """Where a record's evidence is sealed: the same place that `Record.open_with` looks in."""
    return {"table": "feeds_record", "column": "sealed", "row": number, "version": version}


def _change(landing: Landing, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        bulk.execute(CHANGE, [landing.file.id, landing.file.as_of, *bulk.columns(rows)])


def _land_contacts(landing: Landing, groups: Sequence[Group]) -> None:
    rows = [_contact(group.id, row) for group in groups for row in group.rows]
    file = landing.file
    said = [file.agency_id, file.id, file.as_of, *bulk.columns(rows)]
    written = [inserted for (inserted,) in bulk.execute(CONTACTS, said, returning=True)]
    landing.added += sum(written)
    landing.changed += len(written) - sum(written)


def _contact(record: int, row: dict[str, Any]) -> tuple[Any, ...]:
    return (
        record,
        row["contact_token"],
        row["category"],
        row["started_on"],
        row.get("last_contact_on"),
        row.get("ended_on"),
        row["last_on"],
        row["status"] == "open",
        row["team"],
    )


def _json(plain: Any) -> bytes:
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()
