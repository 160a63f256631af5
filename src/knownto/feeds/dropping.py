"""The drop folder: what an SFTP server fills, one folder an agency.

A file is taken once it has stopped growing, sealed, and removed; a note with what came of it is left in `results/`.
A file whose name says nothing is left where it is, with a note beside it. No note holds anything from the file.
"""

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from knownto.access.refusals import Refused
from knownto.feeds import wording
from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits
from knownto.feeds.models import File
from knownto.feeds.opening import opened
from knownto.feeds.receiving import Label, key_of, pieces_of, receive
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency

NAME = re.compile(
    r"(?P<agency>[a-z0-9-]+)_(?P<mode>snapshot|delta)_(?P<day>\d{4}-\d{2}-\d{2})(_\d+)?\.(csv|xlsx)", re.I | re.A
)
UNFINISHED = re.compile(r"\.|~|.*(\.(part|tmp|temp|partial|filepart|crdownload|swp)|~)$", re.I)
WAY_IN = "drop-folder"
MANIFEST, NOTE = ".manifest.json", ".not-taken.txt"
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
            received += [file for path in _settled(folder, clock()) if (file := _take(path, folder.name, now()))]
    return received


def _settled(folder: Path, wall: float) -> Iterator[Path]:
    """Files that have kept their size for a while, oldest name first, so that days come in their order."""
    for path in sorted(folder.iterdir(), key=lambda path: (path.name.partition("_20")[2], path.name)):
        if UNFINISHED.match(path.name) or path.name.endswith((MANIFEST, NOTE)) or path.is_symlink():
            continue
        if path.is_file() and wall - path.stat().st_mtime >= limits().settled_seconds:
            yield path


def _take(path: Path, agency: str, now: datetime) -> File | None:
    said = named(path.name)
    if said is None or said[0] != agency:
        _note(path, MISNAMED.format(agency=agency))
        return None
    return _receive(Dropped(path, *said), now)


def _receive(dropped: Dropped, now: datetime) -> File | None:
    size = dropped.path.stat().st_size
    manifest = dropped.manifest.read_bytes()[:4096] if dropped.manifest.is_file() else None
    label = Label(dropped.agency, dropped.mode, dropped.as_of, dropped.path.name, manifest)
    by = Actor(None, dropped.agency, WAY_IN)
    try:
        file = receive(label, _still(dropped.path, size), by=by, now=now)
    except (Unreadable, Refused) as error:
        _note(dropped.path, getattr(error, "reason", "") or error.because)
        return None
    except StillGrowing:
        return None
    for path in (dropped.path, dropped.manifest, _note_of(dropped.path)):
        path.unlink(missing_ok=True)
    return file


class StillGrowing(Exception):
    """The file changed its size while it was being read: it is left for the next time."""


def _still(path: Path, size: int) -> Iterator[bytes]:
    read = 0
    for piece in pieces_of(path):
        read += len(piece)
        yield piece
    if read != size or path.stat().st_size != size:
        raise StillGrowing


def _note_of(path: Path) -> Path:
    return path.with_name(path.name + NOTE)


def _note(path: Path, text: str) -> None:
    if not _note_of(path).exists():
        _note_of(path).write_text(text)


def leave_result(file: File) -> None:
    """Leave a note with what came of a dropped file, where its sender can fetch it."""
    folder = Path(settings.DROP_FOLDER) / file.agency_id / "results"
    with opened():
        plain = file.open_with(key_of(file))
    if not folder.parent.is_dir() or named(plain["name"]) is None:
        return
    folder.mkdir(exist_ok=True)
    said = [wording.outcome(file), *wording.reasons(file, plain), *wording.put_aside(file), *wording.notices(file)]
    (folder / f"{plain['name']}.txt").write_text("\n".join(said) + "\n")
