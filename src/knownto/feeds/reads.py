"""What people can see of feeds: everybody's freshness, and one's own agency's files and rejected rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from knownto.access.acts import asking, check, rows_open
from knownto.access.refusals import NotYours
from knownto.access.viewer import Viewer
from knownto.feeds import wording
from knownto.feeds.checking import found_place
from knownto.feeds.copies import path_of
from knownto.feeds.faults import Fault
from knownto.feeds.handlers import still_matching
from knownto.feeds.models import ON_THE_WAY, Feed, File, Progress, Rejected, SendingKey, State
from knownto.feeds.overdue import next_expected
from knownto.keyring import acts as keyring
from knownto.partners.models import Agency
from knownto.policy import Permission, Request

SHOWN = 500  # rejected cells on the page; the download has them all
LISTED = 100


@dataclass(frozen=True)
class Freshness:
    """How far an agency's information has come. `stale`: a file should have come by now, or none ever came."""

    agency: str
    name: str
    connected: bool
    last_as_of: date | None = None
    last_landed_at: datetime | None = None
    stale: bool = False
    still_matching: bool = False
    expected_by: datetime | None = None
    overdue_since: datetime | None = None
    records: int = 0
    contacts: int = 0
    put_aside: int = 0


def freshness(now: datetime) -> dict[str, Freshness]:
    """Every agency's freshness by code. No permission is needed: every answer of the tracker says it."""
    feeds = {feed.agency_id: feed for feed in Feed.objects.all()}
    matching = still_matching()
    return {
        a.code: _freshness(a, feeds.get(a.code), a.code in matching, now)
        for a in Agency.objects.order_by("order", "code")
    }


def _freshness(agency: Agency, feed: Feed | None, matching: bool, now: datetime) -> Freshness:
    if feed is None or not agency.connected:
        return Freshness(agency.code, agency.name, agency.connected, stale=agency.connected)
    expected = next_expected(feed)
    return Freshness(
        agency.code,
        agency.name,
        True,
        feed.last_as_of,
        feed.last_landed_at,
        stale=feed.last_as_of is None or (expected is not None and expected <= now),
        still_matching=matching,
        expected_by=expected,
        overdue_since=feed.overdue_since,
        records=feed.records,
        contacts=feed.contacts,
        put_aside=feed.put_aside,
    )


@dataclass(frozen=True)
class Listed:
    """A file in a list. `name` was sealed."""

    id: UUID
    name: str
    mode: str
    as_of: date
    state: State
    received_at: datetime
    rows: int
    rows_bad: int
    rows_not_agreed: int
    progress: tuple[int, int] = (0, 0)

    @property
    def on_the_way(self) -> bool:
        return self.state in ON_THE_WAY


@dataclass(frozen=True)
class BadCell:
    """One fault of one row. `found` is what the cell held: for the agency's own data manager only."""

    line: int
    field: str
    reason: str
    found: str = ""


@dataclass(frozen=True)
class Report:
    """What came of one file."""

    file: Listed
    outcome: str
    reasons: list[str]
    put_aside: list[str]
    notices: list[str]
    bad: list[BadCell]
    more_bad: bool
    sha256: str
    has_manifest: bool
    added: int
    changed: int
    dropped: int
    decided_at: datetime | None = None
    decided_by: UUID | None = None
    decision: str = ""
    same_as: UUID | None = None
    can_be_replayed: bool = False
    finished_at: datetime | None = None
    size: int = field(default=0)


@contextmanager
def _own(viewer: Viewer, permission: Permission = Permission.FEEDS_OWN) -> Iterator[None]:
    """The viewer's own agency's files: what is about people stays closed."""
    check(viewer, Request(permission, of_agency=viewer.agency))
    with transaction.atomic(), rows_open("", viewer.agency):
        yield


def files(viewer: Viewer, *, start: int = 0, count: int = LISTED, held: bool = False) -> list[Listed]:
    """The viewer's own agency's files, newest first: all, or those that are held. Raises NotYours."""
    with _own(viewer):
        found = File.objects.filter(agency=viewer.agency, **({"state": State.HELD} if held else {}))
        rows = list(found.order_by("-received_at", "-id")[start : start + count])
        opened = keyring.open_rows(rows) if _keys_are_there(rows) else [_name(row) for row in rows]
        return [_listed(row, plain) for row, plain in zip(rows, opened, strict=True)]


def _keys_are_there(rows: list[File]) -> bool:
    return all(row.copy_destroyed_at is None for row in rows)


def _name(file: File) -> dict:
    """The file's sealed part, or what can be said once its key has been destroyed."""
    keys = keyring.fetch([file.key])
    return file.open_with(keys[file.key]) if file.key in keys else {"name": "", "sha256": ""}


def _listed(file: File, plain: dict) -> Listed:
    return Listed(
        file.id,
        plain["name"],
        file.mode,
        file.as_of,
        State(file.state),
        file.received_at,
        file.rows,
        file.rows_bad,
        file.rows_not_agreed,
        progress_of(file) if file.state in ON_THE_WAY else (0, 0),
    )


def progress_of(file: File) -> tuple[int, int]:
    """(done, of): first rows checked, then rows saved. Of is 0 while nobody can know it."""
    if file.state != State.LANDING:
        return file.rows, max(file.lines - 1, 0)
    told = Progress.objects.filter(file=file.id).first()
    return (told.done if told else 0), file.rows


def one(viewer: Viewer, file: UUID) -> Listed:
    """One of the agency's own files, without its rows. Raises NotYours."""
    with _own(viewer):
        row = _found(viewer, file)
        return _listed(row, _name(row))


def report(viewer: Viewer, file: UUID, *, now: datetime) -> Report:
    """What came of one file, with what its bad cells held. Raises NotYours. The look is in the ledger."""
    look = Request(Permission.FEEDS_OWN, of_agency=viewer.agency)
    with transaction.atomic(), rows_open("", viewer.agency):
        row = _found(viewer, file)
        with asking(viewer, look, kind="file-looked-at", about=[f"file:{row.id}"], now=now):
            return _report(row)


def _found(viewer: Viewer, file: UUID) -> File:
    row = File.objects.filter(pk=file, agency=viewer.agency).first()
    if row is None:
        raise NotYours
    return row


def _report(file: File) -> Report:
    plain = _name(file)
    bad = list(file.rejected.order_by("line", "id")[: SHOWN + 1])
    return Report(
        _listed(file, plain),
        wording.outcome(file),
        wording.reasons(file, plain),
        wording.put_aside(file),
        list(wording.notices(file)),
        _bad_cells(file, bad[:SHOWN]),
        len(bad) > SHOWN,
        plain["sha256"],
        file.has_manifest,
        file.added,
        file.changed,
        file.dropped,
        file.decided_at,
        file.decided_by,
        plain.get("reason", ""),
        file.same_as_id,
        _can_be_replayed(file),
        file.finished_at,
        file.size,
    )


def _can_be_replayed(file: File) -> bool:
    done = file.state in (State.LANDED, State.REFUSED, State.TURNED_AWAY, State.HELD)
    return done and file.copy_destroyed_at is None and path_of(file.id).exists()


def _bad_cells(file: File, bad: list[Rejected]) -> list[BadCell]:
    key = keyring.fetch([file.key]).get(file.key)
    return [
        BadCell(
            row.line,
            row.field,
            reason(row),
            key.open(row.sealed, **found_place(file, row.line, row.field)).decode() if row.sealed and key else "",
        )
        for row in bad
    ]


def reason(row: Rejected) -> str:
    return Fault(row.field, row.code, row.what).reason


def bad_rows(viewer: Viewer, file: UUID, *, now: datetime) -> tuple[Listed, list[BadCell]]:
    """Every bad cell of a file, without what it held: for the download. Raises NotYours."""
    look = Request(Permission.FEEDS_OWN, of_agency=viewer.agency)
    with transaction.atomic(), rows_open("", viewer.agency):
        row = _found(viewer, file)
        with asking(viewer, look, kind="export", about=[f"file:{row.id}"], now=now):
            cells = [BadCell(r.line, r.field, reason(r)) for r in row.rejected.order_by("line", "id")]
            return _listed(row, _name(row)), cells


def sending_keys(viewer: Viewer) -> list[SendingKey]:
    """The agency's own keys, newest first. Raises NotYours."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=viewer.agency))
    return list(SendingKey.objects.filter(agency=viewer.agency).order_by("-made_at"))


def for_sender(agency: str, file: UUID) -> Report | None:
    """What came of a file, for the system that sent it: reasons and counts, without what any cell held."""
    with transaction.atomic(), rows_open("", agency):
        row = File.objects.filter(pk=file, agency=agency).first()
        return _report(row) if row else None
