"""Read a received file row by row: what is right is staged, what is not is put aside with its reason.

Works in batches, each in a transaction of its own that also says how far it has come, so that a check that was
killed goes on with the row after the last one that was written down.
"""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched, islice
from typing import Any

from django.utils.timezone import localdate

from knownto.access.refusals import NotPossibleNow
from knownto.feeds import bulk, tokens
from knownto.feeds.contract import Removal, Row
from knownto.feeds.copies import Copy
from knownto.feeds.dates import months_before
from knownto.feeds.faults import Fault, Unreadable
from knownto.feeds.limits import limits
from knownto.feeds.models import Contact, File, Mode, Rejected, State
from knownto.feeds.opening import opened
from knownto.feeds.reading import Table, open_table
from knownto.feeds.rules import Context, Verdict, judge, last_day
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey
from knownto.partners.agreement import agreements
from knownto.partners.models import Team

STAGE = (
    "INSERT INTO feeds_staged (file_id, line, record_token, contact_token, remove, digest, sealed) "
    "SELECT %s, * FROM unnest(%s::int[], %s::bigint[], %s::bigint[], %s::bool[], %b::bytea[], %b::bytea[])"
)


COUNTED = ("rows", "rows_bad", "rows_not_agreed", "faults", "notices", "state")


@dataclass
class Batch:
    """What some rows of the file came to."""

    rows: int = 0
    bad: int = 0
    not_agreed: int = 0
    faults: Counter = field(default_factory=Counter)
    notices: Counter = field(default_factory=Counter)
    staged: list[tuple[Any, ...]] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    kept_out: list[tuple[int, tuple[str, str]]] = field(default_factory=list)  # line, (record_id, contact_id)


@dataclass(frozen=True)
class Reading:
    """A file being checked, its key, and what its rows are judged against."""

    file: File
    key: DataKey
    context: Context
    columns: tuple[str, ...]


def check(file: File, key: DataKey, *, now: datetime) -> Table:
    """Stage and reject every row that was not yet. Raises Unreadable when the file cannot be read at all."""
    table = open_table(Copy(file.id, key).open)
    reading = Reading(file, key, context_of(file, now), table.columns)
    rows = islice(table.rows, file.rows, None)
    for some in batched(rows, limits().batch):
        batch = judged(some, reading)
        with opened():
            _write(reading, batch)
    return table


def context_of(file: File, now: datetime) -> Context:
    """What this file's rows are judged against. Raises Unreadable when nothing is agreed, or its day is to come."""
    agreement = agreements().get(file.agency_id)
    if agreement is None or not agreement.in_force(localdate(now)):
        raise Unreadable("no-agreement")
    if file.as_of < months_before(localdate(now), limits().months_held):
        raise Unreadable("as-of-long-ago")
    if file.as_of > localdate(now):
        raise Unreadable("as-of-in-future")
    teams = Team.objects.filter(agency=file.agency_id).values_list("code", flat=True)
    holds = {code: category.hold for code, category in agreement.categories.items()}
    return Context(file.agency_id, file.mode, file.as_of, holds, frozenset(teams))


def judged(some: Iterable[tuple[int, list[str]]], reading: Reading) -> Batch:
    """What those rows come to."""
    batch = Batch()
    good: list[tuple[int, Row | Removal]] = []
    for line, cells in some:
        batch.rows += 1
        verdict = judge(cells, reading.columns, reading.context)
        batch.notices.update(verdict.notices)
        if verdict.faults or verdict.kept_out:
            _put_aside(batch, reading, line, verdict)
        elif "not-kept" not in verdict.notices:
            good.append((line, verdict.row))
    batch.staged = _staged(reading, good)
    return batch


def _put_aside(batch: Batch, reading: Reading, line: int, verdict: Verdict) -> None:
    if verdict.kept_out:
        batch.not_agreed += 1
        batch.faults[verdict.kept_out.code] += 1
        batch.rejected.append(rejected(reading.file, line, verdict.kept_out))
        batch.kept_out.append((line, verdict.ids))
        return
    batch.bad += 1
    batch.faults.update({fault.code for fault in verdict.faults})
    record, contact = tokens.of_row(reading.context.agency, *verdict.ids)
    batch.rejected += [rejected(reading.file, line, fault, reading.key, record, contact) for fault in verdict.faults]


def rejected(
    file: File,
    line: int,
    fault: Fault,
    key: DataKey | None = None,
    record: int | None = None,
    contact: int | None = None,
) -> Rejected:
    """The row that tells of a fault. What the cell held is sealed, and only where a key is given."""
    sealed = key.seal(fault.found.encode(), **found_place(file, line, fault.field)) if key and fault.found else None
    return Rejected(
        agency_id=file.agency_id,
        file=file,
        line=line,
        field=fault.field,
        code=fault.code,
        what=fault.what[:400],
        record_token=record,
        contact_token=contact,
        sealed=sealed,
    )


def found_place(file: File, line: int, column: str) -> dict[str, Any]:
    return {"table": "feeds_rejected", "column": "sealed", "row": f"{file.id}:{line}:{column}"}


def staged_place(file: Any, line: int) -> dict[str, Any]:
    return {"table": "feeds_staged", "column": "sealed", "row": f"{file}:{line}"}


def _staged(reading: Reading, good: list[tuple[int, Row | Removal]]) -> list[tuple[Any, ...]]:
    """Those rows as they are staged. Whoever holds the keys is asked twice for them all, not thrice for each."""
    ids = tokens.of_rows(reading.context.agency, [(row.record_id, row.contact_id) for _, row in good])
    data = [_data(row, reading.context) for _, row in good]
    digests = keyring.fingerprints(data)
    return [
        (line, *both, isinstance(row, Removal), digest, reading.key.seal(each, **staged_place(reading.file.id, line)))
        for (line, row), both, each, digest in zip(good, ids, data, digests, strict=True)
    ]


def _data(row: Row | Removal, context: Context) -> bytes:
    plain = _plain(row, context) if isinstance(row, Row) else {"record_id": row.record_id}
    return json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(row: Row, context: Context) -> dict[str, Any]:
    """The row as it is kept: what was empty left out, and no more of it than the agreement lets us hold."""
    plain = row.model_dump(mode="json", exclude_defaults=True, exclude={"change", "contact_id"})
    plain |= {"category": row.category.lower(), "team": row.team.lower(), "last_on": last_day(row).isoformat()}
    if context.holds[plain["category"]] == "limited":
        plain |= {"category": "", "started_on": plain["last_on"]}
        plain.pop("last_contact_on", None)
        plain.pop("ended_on", None)
    return plain


def _write(reading: Reading, batch: Batch) -> None:
    file, before = reading.file, reading.file.rows
    room = max(0, limits().rejected - file.rows_bad - file.rows_not_agreed)
    _count(file, batch)
    here = File.objects.filter(pk=file.pk, rows=before, state__in=(State.RECEIVED, State.CHECKING))
    if not here.update(**{name: getattr(file, name) for name in COUNTED}):
        raise NotPossibleNow("already-being-read", "This file is being read already.")
    stage(file, batch.staged + _no_longer_shared(reading, batch))
    Rejected.objects.bulk_create(batch.rejected[:room], batch_size=1000)


def _no_longer_shared(reading: Reading, batch: Batch) -> list[tuple[Any, ...]]:
    """Contacts that are held, and are now said to be of a kind that is not shared: a delta takes them back.

    Only of those that are held: nothing is kept, blind or not, of what was never shared. (A snapshot drops them.)
    """
    agency = reading.context.agency
    rows = [(line, ids) for line, ids in batch.kept_out if all(ids)] if reading.context.mode == Mode.DELTA else []
    of = {tokens.of_row(agency, *ids): (line, *ids) for line, ids in rows}
    records, contacts = ([both[at] for both in of] for at in (0, 1))
    held = Contact.objects.filter(record__agency=agency, record__token__in=records, token__in=contacts)
    found = held.values_list("record__token", "token") if of else []
    return _staged(reading, [_taken_back(*of[both]) for both in found if both in of])


def _taken_back(line: int, record: str, contact: str) -> tuple[int, Removal]:
    return line, Removal.model_construct(record_id=record, contact_id=contact)


def stage(file: File, rows: list[tuple[Any, ...]]) -> None:
    if rows:
        bulk.execute(STAGE, [file.id, *bulk.columns(rows)])


def _count(file: File, batch: Batch) -> None:
    file.rows += batch.rows
    file.rows_bad += batch.bad
    file.rows_not_agreed += batch.not_agreed
    file.faults = dict(Counter(file.faults) + batch.faults)
    file.notices = dict(Counter(file.notices) + batch.notices)
    file.state = State.CHECKING
