"""Reading and writing in a folder that somebody else can change: no link is followed, whatever was made of a name."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path

NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC
MANIFEST_BYTES = 4096


@contextmanager
def opened_plain(path: Path) -> Iterator[BufferedReader]:
    """A regular file, to be read. Raises OSError for a link, a pipe, or anything else that is none."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | NO_LINK)
    with os.fdopen(descriptor, "rb") as stream:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError("not a regular file")
        yield stream


def manifest_at(path: Path) -> bytes | None:
    """The beginning of a small file, or None where there is none that may be read."""
    with suppress(OSError), opened_plain(path) as stream:
        return stream.read(MANIFEST_BYTES)
    return None


def leave(folder: Path, name: str, text: str) -> None:
    """Leave a note of that name in the folder, in the place of whatever bears it. Raises OSError.

    The folder itself may be no link, and the note is put there whole, under another name first.
    """
    inside = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | NO_LINK)
    try:
        with suppress(FileNotFoundError):
            os.unlink(f".{name}", dir_fd=inside)
        note = os.open(f".{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK, 0o644, dir_fd=inside)
        with os.fdopen(note, "w", encoding="utf-8") as out:
            out.write(text)
        os.replace(f".{name}", name, src_dir_fd=inside, dst_dir_fd=inside)
    finally:
        os.close(inside)
