"""The sealed copy of a received file: written in chunks as it arrives, read back as a stream.

Every chunk is bound to its file and its place in it, and the last one says that it is the last: chunks cannot be
left out, swapped or appended without the reading failing. The plain file never touches the disk.
"""

import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits
from knownto.keyring.sealing import DataKey, Tampered

CHUNK = 256 * 1024
FRAME = 4  # bytes that say how long the sealed chunk after them is


@dataclass(frozen=True)
class Arrived:
    """What was written: bytes of the plain file, its SHA-256 in hexadecimal, and its line feeds."""

    size: int
    sha256: str
    lines: int


@dataclass(frozen=True)
class Copy:
    """One file's sealed copy. `key` opens it."""

    file: UUID
    key: DataKey

    @property
    def path(self) -> Path:
        return path_of(self.file)

    def write(self, pieces: Iterable[bytes]) -> Arrived:
        """Seal the pieces as they come. Raises Unreadable when there are too many bytes, and leaves nothing."""
        writing = Writing(self)
        try:
            for piece in pieces:
                writing.add(piece)
            return writing.finish()
        except BaseException:
            writing.give_up()
            raise

    def place(self, number: int, last: bool) -> dict:
        column = "received, last" if last else "received"
        return {"table": "feeds_file", "column": column, "row": self.file, "version": number}

    def open(self) -> io.BufferedReader:
        """The plain bytes as a stream. Raises Unreadable when the copy is gone, Tampered when it was altered."""
        return io.BufferedReader(_Plain(self._opened()), CHUNK)

    def _opened(self) -> Iterator[bytes]:
        number = 0
        with _existing(self.path) as sealed:
            frame = _next_frame(sealed)
            while frame is not None:
                number += 1
                following = _next_frame(sealed)
                yield self.key.open(frame, **self.place(number, following is None))
                frame = following

    def destroy(self) -> None:
        destroy(self.file)


class Writing:
    """A copy being written, piece by piece, by whoever is given the bytes rather than asking for them."""

    def __init__(self, copy: Copy) -> None:
        self.copy = copy
        self.held = bytearray()
        self.digest = hashlib.sha256()
        self.size = self.lines = self.frames = 0
        copy.path.parent.mkdir(parents=True, exist_ok=True)
        self.out = copy.path.with_suffix(".part").open("xb")

    def add(self, piece: bytes) -> None:
        """Take some bytes. Raises Unreadable when they are too many."""
        self.size += len(piece)
        if self.size > limits().bytes:
            raise Unreadable("too-big", limits().bytes // 1024 // 1024)
        self.digest.update(piece)
        self.lines += piece.count(b"\n")
        self.held += piece
        while len(self.held) > CHUNK:  # the last chunk is kept back, because it must say that it is the last
            self._frame(bytes(self.held[:CHUNK]), last=False)
            del self.held[:CHUNK]

    def finish(self) -> Arrived:
        """Seal what is left, and put the copy in its place: only now is it there."""
        self._frame(bytes(self.held), last=True)
        self.out.flush()
        os.fsync(self.out.fileno())
        self.out.close()
        Path(self.out.name).rename(self.copy.path)
        return Arrived(self.size, self.digest.hexdigest(), self.lines)

    def give_up(self) -> None:
        """Leave nothing behind."""
        self.out.close()
        Path(self.out.name).unlink(missing_ok=True)

    def _frame(self, chunk: bytes, *, last: bool) -> None:
        self.frames += 1
        blob = self.copy.key.seal(chunk, **self.copy.place(self.frames, last))
        self.out.write(len(blob).to_bytes(FRAME, "big") + blob)


def path_of(file: UUID) -> Path:
    name = str(file)
    return Path(settings.RECEIVED_FOLDER) / name[:2] / f"{name}.sealed"


def destroy(file: UUID) -> None:
    """Remove the sealed copy. Its key is shredded by whoever asks for this."""
    with suppress(FileNotFoundError):
        path_of(file).unlink()


def _existing(path: Path) -> io.BufferedReader:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise Unreadable("copy-gone") from None


def _next_frame(sealed: io.BufferedReader) -> bytes | None:
    head = sealed.read(FRAME)
    if not head:
        return None
    length = int.from_bytes(head, "big")
    if length > CHUNK + 64:
        raise Tampered("A received file's copy is not in the sealed format.")
    return sealed.read(length)


class _Plain(io.RawIOBase):
    """A raw stream over an iterator of byte strings."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:  # type: ignore[no-untyped-def]
        if not self.left:
            self.left = memoryview(next(self.pieces, b""))
        count = min(len(buffer), len(self.left))
        buffer[:count] = self.left[:count]
        self.left = self.left[count:]
        return count
