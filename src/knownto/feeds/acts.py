"""What people and jobs do with feeds. Every act says who (`by` or `viewer`) and when (`now`), and is in the ledger."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime, time
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from knownto.access.acts import SYSTEM, check
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.access.viewer import Viewer
from knownto.feeds.copies import Arrived, Copy
from knownto.feeds.deciding import release, turn_away
from knownto.feeds.handlers import still_matching_from, when_landed, withheld_by
from knownto.feeds.models import ON_THE_WAY, Feed, File, Rejected, Staged, State
from knownto.feeds.opening import opened
from knownto.feeds.overdue import raise_alarms
from knownto.feeds.processing import SMALL, is_small, load, process
from knownto.feeds.receiving import Label, must_be_connected, pieces_of, receive, receive_with_key, remember
from knownto.feeds.retention import destroy_old_copies, purge, sweep_strays
from knownto.feeds.sending_keys import end_key, holder_of_key, make_key
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.policy import Permission, Request
from knownto.worktime import Every

LOCK = 0x6B6E6F  # ours among advisory locks

__all__ = [
    "Label", "beside", "carry_on", "carry_on_all", "destroy_old_copies", "end_key", "hand_in", "hand_in_sealed",
    "holder_of_key", "is_small", "load", "make_key", "purge", "raise_alarms", "receive", "release", "replay", "set_up",
    "start_again", "still_matching_from", "sweep_strays", "take_in", "turn_away", "unfinished", "waiting_agencies",
    "when_landed",
    "withheld_by",
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

    `manifest` is JSON or a dictionary; without it, `<file>.manifest.json` beside the file counts. Raises
    NotPossibleNow when the agency sends no feed.
    """
    source = path_or_bytes if isinstance(path_or_bytes, bytes) else Path(path_or_bytes)
    name = name or (source.name if isinstance(source, Path) else "")
    manifest = manifest or beside(source)
    label = Label(agency, mode, as_of, name, manifest, simulated=simulated)
    together: AbstractContextManager[Any] = opened() if _size(source) <= SMALL else nullcontext()
    with together:
        file, key = receive_with_key(label, pieces_of(source), by=by, now=now)
        return process(file, key=key, by=by, now=now)


def _size(source: Path | bytes) -> int:
    return len(source) if isinstance(source, bytes) else source.stat().st_size


def beside(source: Path | bytes) -> bytes | None:
    """The manifest that lies beside a file, if there is one."""
    path = source.with_name(f"{source.name}.manifest.json") if isinstance(source, Path) else None
    return path.read_bytes()[:4096] if path and path.is_file() else None


def hand_in(*, viewer: Viewer, label: Label, pieces: Iterable[bytes], now: datetime) -> File:
    """Receive a file from a worker of the agency itself. Raises NotYours for anybody else."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=label.agency))
    return receive(label, pieces, by=viewer.actor, now=now)


def hand_in_sealed(*, viewer: Viewer, label: Label, copy: Copy, arrived: Arrived, now: datetime) -> File:
    """As `hand_in`, for a file that was sealed while it was being uploaded."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=label.agency))
    must_be_connected(label.agency)
    return remember(label, copy, arrived, by=viewer.actor, now=now)


def carry_on(file: UUID, *, now: datetime, by: Actor = SYSTEM) -> File:
    """Take a received file on from wherever it stands. Safe to call twice, or after a kill."""
    return process(load(file), by=by, now=now)


def carry_on_all(*, agency: str, now: Callable[[], datetime]) -> list[File]:
    """Take all of an agency's waiting files on, in the order in which they came. Gives those that it took.

    One worker at a time: whoever comes second leaves it to the first. `now` is asked anew for each file.
    """
    with _turn(agency) as mine:
        return [carry_on(file, now=now()) for file in (unfinished(agency) if mine else [])]


def unfinished(agency: str = "") -> list[UUID]:
    """Files that are on their way, oldest first."""
    with opened():
        files = File.objects.filter(state__in=ON_THE_WAY).order_by("received_at", "id")
        return list((files.filter(agency=agency) if agency else files).values_list("id", flat=True))


def waiting_agencies() -> list[str]:
    """Agencies that have files on their way."""
    with opened():
        return list(File.objects.filter(state__in=ON_THE_WAY).values_list("agency", flat=True).distinct())


def turn_number(agency: str) -> int:
    """The advisory lock of an agency's files."""
    return LOCK << 32 | zlib.crc32(agency.encode())


@contextmanager
def _turn(agency: str) -> Iterator[bool]:
    """Is it this worker's turn with that agency's files? Given back at the end, or when the connection is lost."""
    number = turn_number(agency)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        mine = cursor.fetchone()[0]
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])


def replay(file: File | UUID, *, by: Actor | Viewer, now: datetime) -> File:
    """Read a file's sealed copy again, as if it had just come: after an agreement or a team list was put right.

    Raises NotYours, and NotPossibleNow when it is on its way, was only a repeat, or its copy has been destroyed.
    """
    row = start_again(file=file.pk if isinstance(file, File) else file, by=by, now=now)
    return process(row, by=by.actor if isinstance(by, Viewer) else by, now=now)


def start_again(*, file: UUID, by: Actor | Viewer, now: datetime) -> File:
    """Put a file back to where it had just been received; `carry_on` then takes it on. Raises as `replay` does."""
    with opened():
        row = File.objects.select_for_update().filter(pk=file).first()
        if row is None or (isinstance(by, Viewer) and row.agency_id != by.agency):
            raise NotYours
        if isinstance(by, Viewer):
            check(by, Request(Permission.SEND_FEED, of_agency=row.agency_id))
        actor = by.actor if isinstance(by, Viewer) else by
        _start_again(row)
        ledger.record(kind="file-replayed", by=actor, about=[f"file:{row.id}"], now=now, simulated=row.simulated)
    return row


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
