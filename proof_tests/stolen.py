"""Look through stolen bytes for anybody's facts. Standard library and grep: nothing of the product."""

import contextlib
import csv
import subprocess
import zlib
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import BinaryIO

from proof_tests import renderings

GZIP = b"\x1f\x8b\x08"
HEXADECIMAL = b"0123456789abcdef"


def patterns(truth: Path, today: date) -> set[bytes]:
    """Everything to look for. Dates of contact are kept in the clear, so a birth date that is also the date of
    somebody's contact, or could be that of a file, says nothing when found, and is left out."""
    found: set[bytes] = set()
    spoken_for = _dates_in_the_clear(truth, today)
    for person in _rows(truth / "people.csv"):
        found.update(_of_person(person, spoken_for))
    for home in _rows(truth / "homes.csv"):
        if home["line_1"] and home["postcode"]:
            found.update(renderings.of_address(home["line_1"], home["postcode"]))
    return {pattern for pattern in found if len(pattern) >= renderings.SHORTEST and b"\n" not in pattern}


def _dates_in_the_clear(truth: Path, today: date) -> set[date]:
    contacts = {c[on] for c in _rows(truth / "contacts.csv") for on in ("started_on", "ended_on") if c[on]}
    return {date.fromisoformat(day) for day in contacts} | {today - timedelta(days=n) for n in range(-400, 1400)}


def _of_person(person: dict[str, str], spoken_for: set[date]) -> Iterator[bytes]:
    if person["given"] and person["family"]:
        yield from renderings.of_name(person["given"], person["family"])
    born = date.fromisoformat(person["born"])
    if born not in spoken_for:
        yield from renderings.of_birth_date(born)
    for number in ("nhs_number", "upn", "pnc", "phone", "email"):
        if person[number]:
            yield from renderings.of_number(person[number])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def hits(folders: list[Path], wanted: set[bytes], scratch: Path) -> list[str]:
    """Where any pattern stands in any file below those folders, compressed members opened: 'file: what'.

    Everything is laid end to end and looked through once: reading the patterns is most of the work.
    """
    listed, heap = scratch / "patterns", scratch / "heap"
    listed.write_bytes(b"\n".join(sorted(wanted)) + b"\n")
    starts, names = _lay_out(folders, heap)
    found = []
    with heap.open("rb") as laid:
        for line in _grep(listed, heap):
            offset, _, hit = line.partition(b":")
            if not _by_chance(laid, int(offset), hit):
                found.append(f"{names[bisect_right(starts, int(offset)) - 1]}: {hit!r}")
    return found


def _by_chance(laid: BinaryIO, at: int, hit: bytes) -> bool:
    """Are these ten or so digits the middle of a longer number, or of bytes written in hexadecimal? Blind keys are
    numbers of 19 digits and there are a hundred thousand of them, so some hold somebody's ten."""
    if not hit.isdigit():
        return False
    laid.seek(max(0, at - 1))
    around = laid.read(len(hit) + 2) if at else b"\n" + laid.read(len(hit) + 1)
    return any(bytes([byte]) in HEXADECIMAL for byte in (around[0], around[-1]))


def _lay_out(folders: list[Path], heap: Path) -> tuple[list[int], list[str]]:
    """Write every file, and whatever is compressed in it, into one; where each begins, and its name."""
    starts, names = [], []
    with heap.open("wb") as out:
        for path in (p for folder in folders for p in sorted(folder.rglob("*")) if p.is_file()):
            data = path.read_bytes()
            for number, part in enumerate([data, *_unpacked(data)]):
                starts.append(out.tell())
                names.append(f"{path} (compressed member {number})" if number else str(path))
                out.write(part + b"\n")
    return starts, names


def _grep(listed: Path, heap: Path) -> list[bytes]:
    command = ["grep", "-a", "-b", "-o", "-F", "-f", str(listed), str(heap)]
    done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout.splitlines()


def _unpacked(data: bytes) -> Iterator[bytes]:
    start = data.find(GZIP)
    while start >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[start:], 50_000_000)
        start = data.find(GZIP, start + 1)
