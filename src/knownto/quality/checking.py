"""One look through an agency's records, a small committed transaction at a time: killed at any moment, it goes on.

Each phase is one pass in the order of ids. Nothing that is opened here outlives its batch.
"""

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import combinations
from typing import Any

from django.db.models import Count, Max

from knownto import linkage
from knownto.access.acts import SYSTEM, system
from knownto.feeds.models import Contact, Feed, File, Record
from knownto.identity import quality as identity
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import Tampered
from knownto.ledger import acts as ledger
from knownto.quality import own, steady
from knownto.quality.comparing import compare_some
from knownto.quality.limits import limits
from knownto.quality.models import Check, Finding, Number, Phase

log = logging.getLogger(__name__)
BATCH = 500  # records in one transaction: a few tenths of a second
NUMBERS = ("nhs", "upn", "pnc")
MOST_OF_A_NUMBER = 20  # records with one identifier, beyond which it is a default of some form


def step(check: Any, now: datetime) -> int:
    """The next batch of a check, in one transaction. Returns how many records it was; 0 when nothing is left to do."""
    with system("quality"):
        found = Check.objects.select_for_update(skip_locked=True).filter(pk=check, finished_at=None).first()
        if found is None:
            return 0
        ids = _next(found)
        PHASES[found.phase](found, ids, now)
        found.after = ids[-1] if ids else 0
        if len(ids) < BATCH:
            _go_on(found, now)
        found.save()
        return max(len(ids), 1)


def _next(check: Check) -> list[int]:
    there = Record.objects.filter(agency=check.agency_id, removed_at=None, pk__gt=check.after).order_by("pk")
    return [] if check.phase == Phase.NUMBERS else list(there.values_list("pk", flat=True)[:BATCH])


def _go_on(check: Check, now: datetime) -> None:
    order = [Phase.READING, Phase.NUMBERS, Phase.COMPARING, Phase.DONE]
    check.phase, check.after = order[order.index(Phase(check.phase)) + 1], 0
    if check.phase == Phase.DONE:
        _finish(check, now)


# Reading


def _read(check: Check, ids: Sequence[int], now: datetime) -> None:
    feed = Feed.objects.get(pk=check.agency_id)
    rows = list(Record.objects.filter(pk__in=ids).order_by("pk"))
    confirmed = _confirmed(rows, feed)
    codes: list[tuple[int, str]] = []
    cleaned: dict[int, linkage.Cleaned] = {}
    missing = {field: Counter({"of": of, "without": without}) for field, (without, of) in check.missing.items()}
    for row, said in _opened(rows):
        cleaned[row.pk] = linkage.clean(said)
        codes += [(row.pk, code) for code in own.faults(said, cleaned[row.pk], row.as_of)]
        for field, without in own.gaps(said, check.as_of):
            missing.setdefault(field, Counter()).update(of=1, without=int(without))
    oldest = check.as_of - timedelta(days=limits().stale_days)
    codes += [(row, "record-stale") for row, day in confirmed.items() if day < oldest]
    codes += [(row, "open-stale") for row in _open_and_quiet(ids, check.as_of)]
    check.missing = {field: [count["without"], count["of"]] for field, count in missing.items()}
    check.records += len(cleaned)
    _found(check, ((record, code, None) for record, code in codes))
    _note_numbers(check, cleaned)
    steady.note(check.agency_id, cleaned, _came(rows))


def _opened(rows: Sequence[Record]) -> Iterator[tuple[Record, linkage.Evidence]]:
    keys = keyring.fetch(row.key for row in rows)
    for row in rows:
        if row.key in keys:
            try:
                yield row, linkage.Evidence.from_json(row.open_with(keys[row.key])["evidence"])
            except Tampered:
                log.error("A record was altered in the database: %s", row.pk)


def _confirmed(rows: Sequence[Record], feed: Feed) -> dict[int, date]:
    """The last day whose file is known to have named the record: a snapshot names all that is still held."""
    said = Contact.objects.filter(record__in=[row.pk for row in rows]).values_list("record").annotate(Max("as_of"))
    contacts = dict(said)
    days = {row.pk: (row.as_of, contacts.get(row.pk), feed.last_snapshot_as_of) for row in rows}
    return {pk: max(day for day in some if day) for pk, some in days.items()}


def _came(rows: Sequence[Record]) -> dict[int, datetime]:
    """When the file was received in which each record last said something new."""
    received = dict(File.objects.filter(pk__in={row.file_id for row in rows}).values_list("pk", "received_at"))
    return {row.pk: received[row.file_id] for row in rows}


def _open_and_quiet(ids: Sequence[int], day: date) -> set[int]:
    oldest = day - timedelta(days=limits().open_days)
    quiet = Contact.objects.filter(record__in=ids, open=True, last_on__lt=oldest)
    return set(quiet.values_list("record", flat=True))


def _note_numbers(check: Check, cleaned: dict[int, linkage.Cleaned]) -> None:
    given = (
        (record, kind, value)
        for record, c in cleaned.items()
        for kind, value in zip(NUMBERS, (c.nhs_number, c.upn, c.pnc), strict=True)
        if value
    )
    Number.objects.bulk_create(
        Number(
            agency_id=check.agency_id,
            check_of=check,
            kind=kind,
            token=keyring.token(f"quality {kind}", value),
            record=record,
        )
        for record, kind, value in given
    )


# One number on two records


def _numbers(check: Check, ids: Sequence[int], now: datetime) -> None:
    for kind, records in _shared(check):
        cleaned = identity.cleaned(records)
        pairs = combinations(sorted(cleaned), 2)
        apart = [(a, b) for a, b in pairs if two_people(cleaned[a], cleaned[b])]
        _found(check, ((one, f"{kind}-two-people", other) for a, b in apart for one, other in ((a, b), (b, a))))
    Number.objects.filter(check_of=check).delete()


def _shared(check: Check) -> Iterator[tuple[str, list[int]]]:
    shared = Number.objects.filter(check_of=check).values("kind", "token").annotate(n=Count("id"))
    for one in shared.filter(n__gt=1, n__lte=MOST_OF_A_NUMBER).values_list("kind", "token"):
        kind, token = one
        of = Number.objects.filter(check_of=check, kind=kind, token=token)
        yield kind, list(of.values_list("record", flat=True))


def two_people(a: linkage.Cleaned, b: linkage.Cleaned) -> bool:
    """Do two records that have one number contradict one another in date of birth or in the whole of a name?"""
    if a.birth and b.birth and a.birth != b.birth:
        return True
    return _disjoint(a.family_core, b.family_core) or _disjoint(a.call_roots, b.call_roots)


def _disjoint(some: Iterable[str], others: Iterable[str]) -> bool:
    one, two = set(some), set(others)
    return bool(one and two) and one.isdisjoint(two)


# The end


def _compare(check: Check, ids: Sequence[int], now: datetime) -> None:
    found, settling = compare_some(check, ids, now)
    check.settling += settling
    _found(check, found)


def _found(check: Check, found: Iterable[tuple[int, str, int | None]]) -> None:
    Finding.objects.bulk_create(
        (
            Finding(agency_id=check.agency_id, check_of=check, code=code, record=record, other=other)
            for record, code, other in dict.fromkeys(found)
        ),
        ignore_conflicts=True,
    )


def _finish(check: Check, now: datetime) -> None:
    """Count what was found, and forget the lines of earlier checks: their counts stay, for the trend."""
    counted = Finding.objects.filter(check_of=check).values("code").annotate(n=Count("record", distinct=True))
    check.counts, check.finished_at = dict(counted.values_list("code", "n")), now
    earlier = Check.objects.filter(agency=check.agency_id).exclude(pk=check.pk)
    if not check.against:
        earlier = earlier.filter(against=False)
    Finding.objects.filter(check_of__in=earlier).delete()
    steady.forget(check.agency_id, now)
    detail = {"records": check.records, "against": check.against}
    ledger.record(kind="quality-checked", by=SYSTEM, about=[f"quality:{check.pk}"], detail=detail, now=now)


PHASES: dict[str, Callable[[Check, Sequence[int], datetime], None]] = {
    Phase.READING: _read,
    Phase.NUMBERS: _numbers,
    Phase.COMPARING: _compare,
}
