"""Everybody matched again, because the model that compares is another one: in the background, a small committed
transaction at a time, behind whatever has just landed.

First every record is read, cleaned and keyed anew, since a model's tables of names decide on both; then every record is
compared. How far it is is one row, so that it may be stopped at any moment and goes on where it was. What people
decided stays: a ruling outlives every score, and whoever saw two as one who are found to be two is told as ever.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from knownto.access import acts as access
from knownto.identity import blind, pending
from knownto.identity.catching_up import BATCH
from knownto.identity.cleaned import TABLE, Opened
from knownto.identity.grouping import hold_grouping
from knownto.identity.keying import key_records
from knownto.identity.matching import match_records
from knownto.identity.models import Rematch
from knownto.identity.scores import Scores, model
from knownto.identity.statements import rows
from knownto.ledger import acts as ledger

AT_ONCE = 2000  # records between two looks at what has landed meanwhile

HELD = f"SELECT count(*), coalesce(max(record), 0) FROM {TABLE}"  # noqa: S608
OTHERS = "SELECT 1 FROM identity_belief WHERE model <> %s LIMIT 1"
# What waits by itself is read and compared by the model in force anyway.
NEXT = (
    f"SELECT record FROM {TABLE} c WHERE record > %s AND record <= %s AND NOT EXISTS "  # noqa: S608
    "(SELECT 1 FROM identity_pending p WHERE p.record = c.record) ORDER BY record LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class SoFar:
    """How far it is: steps done and in all, two a record. `ended` None while it goes on."""

    done: int
    of: int
    begun: datetime
    ended: datetime | None


def so_far() -> SoFar | None:
    """How far the newest is; None where there never was one."""
    run = _newest()
    if run is None:
        return None
    of = 2 * run.records
    return SoFar(of if run.ended_at else min(run.done, of), of, run.begun_at, run.ended_at)


def sweep(*, now: datetime) -> int:
    """What the worker does again and again: begin where the model is another one, go on where it was begun."""
    begin(by=access.SYSTEM, now=now)
    return 0 if pending.any_waits() else go_on(now=now, most=AT_ONCE)


def begin(*, by: ledger.Actor, now: datetime, again: bool = False) -> bool:
    """Begin, unless everybody was matched by the model in force, or is being; with `again` even where they were.

    For an upgrade that cleans names in another way by the same model, `again` is for its operator to say.
    """
    if _needless(_newest(), again):
        return False
    with access.system("identity"):
        hold_grouping()
        newest = _newest()
        return not _needless(newest, again) and _begin(newest, by, now, again)


def _newest() -> Rematch | None:
    return Rematch.objects.order_by("-id").first()


def _needless(newest: Rematch | None, again: bool) -> bool:
    of_this = newest is not None and newest.model == model().checksum
    return of_this and not (again and newest.ended_at)


def _begin(newest: Rematch | None, by: ledger.Actor, now: datetime, again: bool) -> bool:
    """False where there is nothing to do: a new hub, or one whose every belief is this model's already."""
    [(records, last)] = rows(HELD)
    wanted = bool(records) and (again or newest is not None or bool(rows(OTHERS, model().checksum)))
    Rematch.objects.filter(ended_at=None).update(ended_at=now)  # overtaken by this one
    Rematch.objects.create(
        model=model().checksum, records=records, last=last, begun_at=now, ended_at=None if wanted else now
    )
    if wanted:
        pending.read_again()
        _record("rematch-begun", by, records, now)
    return wanted


def _record(kind: str, by: ledger.Actor, records: int, now: datetime) -> None:
    ledger.record(kind=kind, by=by, detail={"model": model().checksum, "records": records}, now=now)


def go_on(*, now: datetime, most: int | None = None) -> int:
    """Do the next `most` steps, or all; returns how many were done. Nothing where another process is at it."""
    opened, done = Opened(), 0
    while most is None or done < most:
        did = _some(opened, now)
        if not did:
            break
        done += did
    return done


def _some(opened: Opened, now: datetime) -> int:
    with access.system("identity"):
        run = Rematch.objects.select_for_update(skip_locked=True).filter(ended_at=None).first()
        if run is None or run.model != model().checksum:
            return 0
        ids = [record for (record,) in rows(NEXT, run.after, run.last, BATCH)]
        return _step(run, ids, opened, now) if ids else _turn(run, opened, now)


def _step(run: Rematch, ids: list[int], opened: Opened, now: datetime) -> int:
    if run.reading:
        key_records(ids, opened, now)
    else:
        match_records([(i, 0) for i in ids], Scores(opened), now, later=partial(_later, run.last))
    run.after, run.done = ids[-1], run.done + len(ids)
    run.save()
    return len(ids)


def _later(last: int, ids: list[int]) -> dict[int, tuple[int, int]]:
    """All that are not read anew by themselves have their turn in the order of their ids."""
    return {i: (0, i) for i in ids if i <= last} | pending.waiting(ids)


def _turn(run: Rematch, opened: Opened, now: datetime) -> int:
    """All are read: compare them. All are compared: it has ended."""
    if run.reading:
        blind.analyse()
        waits = rows(NEXT, 0, run.last, 1)
        run.reading, run.after, run.done = False, 0, run.records
        run.save()
        return len(waits)
    run.ended_at = now
    run.save()
    _record("rematch-ended", access.SYSTEM, run.records, now)
    return 0
