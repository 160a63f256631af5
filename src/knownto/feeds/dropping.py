"""The drop folder: what an SFTP server fills, one folder an agency.

A file is taken once it has stopped growing, sealed, and removed; a note with what came of it is left in `results/`.
A file whose name says nothing is left where it is, with a note beside it. No note holds anything from the file.
The folder is its sender's: what one leaves there (links, closed files, odd names) must not reach anything of ours, nor
keep anybody else's file from being taken.
"""

import logging
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import BufferedReader
from pathlib import Path

from django.conf import settings

from knownto.access.refusals import Refused
from knownto.feeds import untrusted, wording
from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits
from knownto.feeds.models import File
from knownto.feeds.opening import opened
from knownto.feeds.receiving import Label, key_of, receive
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency

log = logging.getLogger(__name__)

NAME = re.compile(
    r"(?P<agency>[a-z0-9-]+)_(?P<mode>snapshot|delta)_(?P<day>\d{4}-\d{2}-\d{2})(_\d+)?\.(csv|xlsx)", re.I | re.A
)
UNFINISHED = re.compile(r"\.|~|.*(\.(part|tmp|temp|partial|filepart|crdownload|swp)|~)$", re.I)
WAY_IN = "drop-folder"
MANIFEST, NOTE = ".manifest.json", ".not-taken.txt"
PIECE = 256 * 1024
REPEAT_THE_FILE = ("unknown-headings",)  # whose reasons quote what was found
MISNAMED = (
    "This file was not taken, because its name does not say what it is. Name it {agency}_delta_2026-11-21.csv or "
    "{agency}_snapshot_2026-11-21.xlsx, with the day that it is about.\n"
)


@dataclass(frozen=True)
class Dropped:
    """A file in the folder, and what its name says."""

    path: Path
    agency: str
    mode: str
    as_of: date

    @property
    def manifest(self) -> Path:
        return self.path.with_name(self.path.name + MANIFEST)


def named(name: str) -> tuple[str, str, date] | None:
    """(agency, mode, day) that a file's name says, or None."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    try:
        return found["agency"].lower(), found["mode"].lower(), date.fromisoformat(found["day"])
    except ValueError:
        return None


def receive_dropped(*, now: Callable[[], datetime], clock: Callable[[], float] = time.time) -> list[File]:
    """Receive every dropped file that is complete. A file that cannot be received stays, with a note beside it."""
    received = []
    for folder in sorted(Path(settings.DROP_FOLDER).glob("*")):
        if folder.is_dir() and Agency.objects.filter(code=folder.name).exists():
            received += [file for path in _settled(folder, clock()) if (file := _tried(path, folder.name, now()))]
    return received


def _settled(folder: Path, wall: float) -> Iterator[Path]:
    """Files that have kept their size for a while, oldest name first, so that days come in their order."""
    for path in sorted(folder.iterdir(), key=lambda path: (path.name.partition("_20")[2], path.name)):
        if UNFINISHED.match(path.name) or path.name.endswith((MANIFEST, NOTE)) or path.is_symlink():
            continue
        with suppress(OSError):  # it has gone since
            if path.is_file() and wall - path.stat().st_mtime >= limits().settled_seconds:
                yield path


def _tried(path: Path, agency: str, now: datetime) -> File | None:
    """What came of it. One that cannot be read is passed over. Its name may be somebody's, so it is not logged."""
    try:
        return _take(path, agency, now)
    except OSError as error:
        log.error("A file dropped by %s could not be taken: %s", agency, type(error).__name__)
        return None


def _take(path: Path, agency: str, now: datetime) -> File | None:
    said = named(path.name)
    if said is None or said[0] != agency:
        _note(path, MISNAMED.format(agency=agency))
        return None
    return _receive(Dropped(path, *said), now)


def _receive(dropped: Dropped, now: datetime) -> File | None:
    manifest = untrusted.manifest_at(dropped.manifest)
    label = Label(dropped.agency, dropped.mode, dropped.as_of, dropped.path.name, manifest)
    by = Actor(None, dropped.agency, "drop-folder")
    try:
        with untrusted.opened_plain(dropped.path) as stream:
            size = _size(stream)
            file = receive(label, _still(stream, size), by=by, now=now)
    except (Unreadable, Refused) as error:
        _note(dropped.path, getattr(error, "reason", "") or error.because)
        return None
    except StillGrowing:
        return None
    for path in (dropped.path, dropped.manifest, _note_of(dropped.path)):
        path.unlink(missing_ok=True)
    return file


def _size(stream: BufferedReader) -> int:
    """Its bytes. Raises Unreadable before any is read, as it would otherwise be read anew at every look."""
    size = os.fstat(stream.fileno()).st_size
    if size > limits().bytes:
        raise Unreadable("too-big", limits().bytes // 1024 // 1024)
    return size


class StillGrowing(Exception):
    """The file changed its size while it was being read: it is left for the next time."""


def _still(stream: BufferedReader, size: int) -> Iterator[bytes]:
    read = 0
    while read <= size and (piece := stream.read(PIECE)):  # or what grows as fast as it is read never ends
        read += len(piece)
        yield piece
    if read != size or os.fstat(stream.fileno()).st_size != size:
        raise StillGrowing


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + NOTE)


def _note(path: Path, text: str) -> None:
    note = _note_of(path)
    if note.is_symlink() or not note.exists():
        untrusted.leave(note.parent, note.name, text)


def leave_result(file: File) -> None:
    """Leave a note with what came of a dropped file, where its sender can fetch it."""
    folder = Path(settings.DROP_FOLDER) / file.agency_id / "results"
    with opened():
        plain = file.open_with(key_of(file))
    if not folder.parent.is_dir() or named(plain["name"]) is None:
        return
    said = [wording.outcome(file), *_reasons(file, plain), *wording.put_aside(file), *wording.notices(file)]
    try:
        folder.mkdir(exist_ok=True)
        untrusted.leave(folder, f"{plain['name']}.txt", "\n".join(said) + "\n")
    except OSError as error:
        log.error("A note for %s could not be left: %s", file.agency_id, type(error).__name__)


def _reasons(file: File, plain: dict) -> list[str]:
    """Why, without what stood in the file: a heading that is not in the contract may be somebody's name."""
    figures = plain.get("said", {}) | dict.fromkeys(REPEAT_THE_FILE, "those that the file's report names")
    return wording.reasons(file, plain | {"said": figures})
