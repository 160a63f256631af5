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
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_suffix(".part")
        try:
            with unfinished.open("xb") as out:
                arrived = self._seal(pieces, out)
                out.flush()
                os.fsync(out.fileno())
            unfinished.rename(self.path)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        return arrived

    def _seal(self, pieces: Iterable[bytes], out: io.BufferedIOBase) -> Arrived:
        digest, size, number, lines = hashlib.sha256(), 0, 0, 0
        waiting = b""
        for chunk in _chunks(pieces):
            size += len(chunk)
            if size > limits().bytes:
                raise Unreadable("too-big", limits().bytes // 1024 // 1024)
            digest.update(chunk)
            lines += chunk.count(b"\n")
            if waiting:
                number += 1
                self._frame(out, waiting, number, last=False)
            waiting = chunk
        self._frame(out, waiting, number + 1, last=True)
        return Arrived(size, digest.hexdigest(), lines)

    def _frame(self, out: io.BufferedIOBase, chunk: bytes, number: int, *, last: bool) -> None:
        blob = self.key.seal(chunk, **self._place(number, last))
        out.write(len(blob).to_bytes(FRAME, "big") + blob)

    def _place(self, number: int, last: bool) -> dict:
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
                yield self.key.open(frame, **self._place(number, following is None))
                frame = following

    def destroy(self) -> None:
        destroy(self.file)


def path_of(file: UUID) -> Path:
    name = str(file)
    return Path(settings.RECEIVED_FOLDER) / name[:2] / f"{name}.sealed"


def destroy(file: UUID) -> None:
    """Remove the sealed copy. Its key is shredded by whoever asks for this."""
    with suppress(FileNotFoundError):
        path_of(file).unlink()


def _chunks(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The same bytes in chunks of one size, the last one shorter."""
    held = bytearray()
    for piece in pieces:
        held += piece
        while len(held) >= CHUNK:
            yield bytes(held[:CHUNK])
            del held[:CHUNK]
    if held:
        yield bytes(held)


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
