"""What people and jobs do with feeds. Every act says who (`by` or `viewer`) and when (`now`), and is in the ledger."""

from collections.abc import Iterable
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import SYSTEM, check
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.access.viewer import Viewer
from knownto.feeds.deciding import release, turn_away
from knownto.feeds.handlers import still_matching_from, when_landed
from knownto.feeds.models import ON_THE_WAY, Feed, File, Rejected, Staged, State
from knownto.feeds.opening import opened
from knownto.feeds.overdue import raise_alarms
from knownto.feeds.processing import SMALL, is_small, load, process
from knownto.feeds.receiving import Label, pieces_of, receive, receive_with_key
from knownto.feeds.retention import destroy_old_copies, purge, sweep_strays
from knownto.feeds.sending_keys import end_key, holder_of_key, make_key
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.policy import Permission, Request
from knownto.worktime import Every

__all__ = [
    "Label", "carry_on", "destroy_old_copies", "end_key", "hand_in", "holder_of_key", "is_small", "make_key", "purge",
    "raise_alarms", "receive", "release", "replay", "set_up", "still_matching_from", "sweep_strays", "take_in",
    "turn_away", "unfinished", "when_landed",
]  # fmt: skip


def take_in(
    path_or_bytes: Path | str | bytes,
    *,
    agency: str,
    mode: str,
    as_of: date,
    by: Actor,
    now: datetime,
    simulated: bool = False,
    manifest: Any = None,
    name: str = "",
) -> File:
    """Receive, check and land a file, all at once: a small one in one transaction. Its `state` says what came of it.

    `manifest` is JSON or a dictionary. Raises NotPossibleNow when the agency sends no feed.
    """
    source = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes)
    name = name or (source.name if isinstance(source, Path) else "")
    label = Label(agency, mode, as_of, name, manifest, simulated=simulated)
    together: AbstractContextManager[Any] = opened() if _size(source) <= SMALL else nullcontext()
    with together:
        file, key = receive_with_key(label, pieces_of(source), by=by, now=now)
        return process(file, key=key, by=by, now=now)


def _size(source: Path | bytes) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def hand_in(*, viewer: Viewer, label: Label, pieces: Iterable[bytes], now: datetime) -> File:
    """Receive a file from a worker of the agency itself. Raises NotYours for anybody else."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=label.agency))
    return receive(label, pieces, by=viewer.actor, now=now)


def carry_on(file: UUID, *, now: datetime, by: Actor = SYSTEM) -> File:
    """Take a received file on from wherever it stands. Safe to call twice, or after a kill."""
    return process(load(file), by=by, now=now)


def unfinished() -> list[UUID]:
    """Files that are on their way: for the job that carries on what a killed one left."""
    with opened():
        return list(File.objects.filter(state__in=ON_THE_WAY).order_by("received_at").values_list("id", flat=True))


def replay(file: File | UUID, *, by: Actor | Viewer, now: datetime) -> File:
    """Read a file's sealed copy again, as if it had just come: after an agreement or a team list was put right.

    Raises NotYours, and NotPossibleNow when it is on its way, was only a repeat, or its copy has been destroyed.
    """
    number = file.pk if isinstance(file, File) else file
    with opened():
        row = File.objects.select_for_update().filter(pk=number).first()
        if row is None or (isinstance(by, Viewer) and row.agency_id != by.agency):
            raise NotYours
        if isinstance(by, Viewer):
            check(by, Request(Permission.SEND_FEED, of_agency=row.agency_id))
        actor = by.actor if isinstance(by, Viewer) else by
        _start_again(row)
        ledger.record(kind="file-replayed", by=actor, about=[f"file:{row.id}"], now=now, simulated=row.simulated)
    return process(row, by=actor, now=now)


def _start_again(file: File) -> None:
    if file.state in (*ON_THE_WAY, State.SAME, State.CHECKED) or file.copy_destroyed_at:
        raise NotPossibleNow("cannot-be-replayed", "This file cannot be read again.")
    Staged.objects.filter(file=file).delete()
    Rejected.objects.filter(file=file).delete()
    file.state, file.finished_at, file.released = State.RECEIVED, None, False
    file.decided_at = file.decided_by = None
    file.rows = file.rows_bad = file.rows_not_agreed = file.added = file.changed = file.dropped = 0
    file.faults, file.notices, file.codes = {}, {}, []
    file.save()


def set_up(
    *,
    agency: str,
    by: Actor,
    now: datetime,
    every: str = "daily",
    at: time = time(9),
    grace_minutes: int = 60,
    days_after: int = 1,
    weekday: int = 0,
    simulated: bool = False,
) -> Feed:
    """Say when an agency's files are expected: `at` (London) `days_after` the day that they are about."""
    said = {"every": Every(every).value, "at": at, "grace_minutes": grace_minutes, "weekday": weekday}
    with transaction.atomic():
        feed, _ = Feed.objects.update_or_create(agency_id=agency, defaults=said | {"days_after": days_after})
        ledger.record(
            kind="grant", by=by, about=[agency], because=f"set-up-feed, {every}", now=now, simulated=simulated
        )
    return feed
