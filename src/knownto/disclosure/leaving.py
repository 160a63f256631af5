"""Leave copies in a folder that a partner's system empties, and find its acknowledgements there.

The folder is also its reader's: what one puts there (links, pipes, odd names) must not reach anything of ours. A file
is put there whole or not at all, the PDF before the document that names it, and is taken away once it is acknowledged
or withdrawn: such a folder holds people's information in the clear, and should hold it briefly.
"""

import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings

from knownto.disclosure.envelopes import Envelope
from knownto.disclosure.faults import Fault

NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC
OURS = (".json", ".pdf", ".ack")
ACK_BYTES = 256
DIGEST = re.compile(rb"[0-9a-f]{64}\b")


@dataclass(frozen=True)
class Folder:
    """A partner's folder, held open, so that it cannot be exchanged for another while it is used."""

    inside: int

    def names(self) -> list[str]:
        with os.scandir(self.inside) as found:
            return [each.name for each in found]

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole: under another name first, and onto the disk before it bears its own. Raises OSError."""
        aside = f".{name}"
        self.remove(aside)
        number = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o640, dir_fd=self.inside)
        with os.fdopen(number, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(number)
        os.replace(aside, name, src_dir_fd=self.inside, dst_dir_fd=self.inside)
        os.fsync(self.inside)

    def remove(self, name: str) -> None:
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=self.inside)

    def ack(self, name: str) -> str:
        """The digest that an acknowledgement holds, as `sha256sum` writes it; "" while it holds none."""
        try:
            number = os.open(name, os.O_RDONLY | os.O_NONBLOCK | NO_LINK, dir_fd=self.inside)
        except OSError:
            return ""
        with os.fdopen(number, "rb") as stream:
            plain = stat.S_ISREG(os.fstat(number).st_mode)
            said = DIGEST.match(stream.read(ACK_BYTES).lower()) if plain else None
            return said[0].decode() if said else ""


@contextmanager
def folder(where: str) -> Iterator[Folder]:
    """That folder of KNOWNTO_OUT, made if it is not there. Raises OSError: for a link too."""
    path = Path(settings.OUT_FOLDER) / where
    path.mkdir(parents=True, exist_ok=True, mode=0o770)
    inside = os.open(path, os.O_RDONLY | os.O_DIRECTORY | NO_LINK)
    try:
        yield Folder(inside)
    finally:
        os.close(inside)


def leave_all(where: str, envelopes: Sequence[Envelope], now: datetime) -> list[Fault | None]:
    """Leave those envelopes there. None of them has arrived before it is acknowledged."""
    try:
        with folder(where) as into:
            there = set(into.names())
            return [_left(into, each, there) for each in envelopes]
    except OSError:
        return [Fault.CANNOT_WRITE] * len(envelopes)


def _left(into: Folder, envelope: Envelope, there: set[str]) -> Fault:
    """Written, unless it lies there already. A partner who took it away and said nothing is given it again."""
    name = f"{envelope.id}.json"
    if envelope.left and name in there:
        return Fault.NOT_TAKEN
    try:
        if envelope.pdf:
            into.put(f"{envelope.id}.pdf", envelope.pdf)
        into.put(name, envelope.body)
    except OSError:
        return Fault.CANNOT_WRITE
    return Fault.NOT_TAKEN


def ids_in(where: str, *, ending: str = "") -> set[UUID]:
    """The parcels that have a file there: any of ours, or one of that ending. Raises OSError."""
    with folder(where) as inside:
        return {each for name in inside.names() if (each := _id_of(name, (ending,) if ending else OURS))}


def acks(where: str) -> dict[UUID, str]:
    """The digests that were acknowledged there, by parcel; one that is only half written waits. Raises OSError."""
    found = ids_in(where, ending=".ack")
    with folder(where) as inside:
        return {each: digest for each in found if (digest := inside.ack(f"{each}.ack"))}


def remove(where: str, parcels: set[UUID], *, endings: tuple[str, ...] = OURS) -> None:
    """Take away what lies there of those parcels. Raises OSError."""
    with folder(where) as inside:
        for parcel in parcels:
            for ending in endings:
                inside.remove(f"{parcel}{ending}")


def _id_of(name: str, endings: tuple[str, ...]) -> UUID | None:
    """The parcel whose file this is. Any other spelling of an id is not one of ours."""
    path = Path(name)
    with suppress(ValueError):
        if path.suffix in endings and str(UUID(path.stem)) == path.stem:
            return UUID(path.stem)
    return None
