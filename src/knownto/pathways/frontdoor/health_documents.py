"""A document of health's: a letter, a growth chart, a page of paper notes, put beside what its source holds.

It is sealed as a statement of the work, so it goes where the work goes and nowhere else, and who opened it is in the
ledger. What it is, is read off its first bytes: a name can say anything. It never leaves as what a browser runs.
"""

from base64 import b64decode, b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Permission, Viewer
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Episode, Statement
from knownto.ledger.acts import Actor

DOCUMENT = "health-document"
LARGEST = 2 * 1024 * 1024  # bytes: what an upload may be without ever lying unsealed on a disk
LONGEST_NAME = 100
STARTS = (
    (b"%PDF-", "application/pdf", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
)
TEXT = ("text/plain; charset=utf-8", "txt")


class NotThatKind(NotPossibleNow):
    """Not a PDF, a picture or plain text, or too large."""

    def __init__(self, because: str) -> None:
        super().__init__("not-that-kind", because)


@dataclass(frozen=True, slots=True)
class Document:
    """One file, opened: `name` as whoever attached it called it, `media_type` and `ending` by what it is."""

    name: str
    media_type: str
    ending: str
    data: bytes


def kind_of(data: bytes) -> tuple[str, str]:
    """(media type, ending) of a file, by its bytes. Raises NotThatKind."""
    if len(data) > LARGEST:
        raise NotThatKind("The document must be 2 MB or smaller")
    for start, media_type, ending in STARTS:
        if data.startswith(start):
            return media_type, ending
    if data and b"\0" not in data and _is_text(data):
        return TEXT
    raise NotThatKind("The document must be a PDF, a JPEG or PNG picture, or plain text")


def _is_text(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def attach(*, episode: Episode, name: str, data: bytes, by: Actor, now: datetime) -> Statement:
    """Seal it as a statement of that work, inside an act whose rows are open. Raises NotThatKind."""
    kind_of(data)
    plain = {"name": name[:LONGEST_NAME], "data": b64encode(data).decode()}
    return acts.say(episode=episode, kind=DOCUMENT, plain=plain, by=by, now=now)


def opened(*, by: Viewer, episode: UUID, document: UUID, now: datetime) -> Document:
    """One document, for whoever may read health's part of that work. Raises NotYours for any other."""
    with entering(by, episode, Permission.EPISODE, kind=f"{DOCUMENT}-opened", now=now) as entered:
        if "health" not in entered.sections:
            raise NotYours
        found = [plain for row, plain in reads.statements(entered.episode, DOCUMENT) if row.id == document]
        if not found:
            raise NotYours
        return _document(found[0])


def _document(plain: dict[str, Any]) -> Document:
    data = b64decode(plain["data"])
    return Document(plain["name"], *kind_of(data), data)
