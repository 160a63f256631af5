"""Look through stolen bytes for anybody's facts. Standard library and grep: nothing of the product."""

import contextlib
import csv
import subprocess
import zlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from proof_tests import renderings

GZIP = b"\x1f\x8b\x08"


def patterns(truth: Path, *, born_before: date) -> set[bytes]:
    """Everything to look for. Dates of contact are kept in the clear, so a birth date that could also be one
    (of a child born since records begin) says nothing when found, and is left out."""
    found: set[bytes] = set()
    for person in _rows(truth / "people.csv"):
        found.update(_of_person(person, born_before))
    for home in _rows(truth / "homes.csv"):
        if home["line_1"] and home["postcode"]:
            found.update(renderings.of_address(home["line_1"], home["postcode"]))
    return {pattern for pattern in found if len(pattern) >= renderings.SHORTEST and b"\n" not in pattern}


def _of_person(person: dict[str, str], born_before: date) -> Iterator[bytes]:
    if person["given"] and person["family"]:
        yield from renderings.of_name(person["given"], person["family"])
    born = date.fromisoformat(person["born"])
    if born < born_before:
        yield from renderings.of_birth_date(born)
    for number in ("nhs_number", "upn", "pnc", "phone", "email"):
        if person[number]:
            yield from renderings.of_number(person[number])


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        yield from csv.DictReader(file)


def hits(folders: list[Path], wanted: set[bytes], scratch: Path) -> list[str]:
    """Where any pattern stands in any file below those folders, compressed members opened: 'file: what'."""
    listed = scratch / "patterns"
    listed.write_bytes(b"\n".join(sorted(wanted)) + b"\n")
    files = [p for folder in folders for p in folder.rglob("*") if p.is_file()]
    found = [hit for path in files for hit in _grep(listed, path)]
    for path in files:
        for number, opened in enumerate(_unpacked(path)):
            member = scratch / "member"
            member.write_bytes(opened)
            found += [f"{path} (compressed member {number}): {hit}" for hit in _grep(listed, member)]
    return found


def _grep(listed: Path, path: Path) -> list[str]:
    command = ["grep", "-a", "-o", "-F", "-m", "5", "-f", str(listed), str(path)]
    done = subprocess.run(command, capture_output=True, env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"}, check=False)
    assert done.returncode in (0, 1), done.stderr
    return [f"{path}: {hit!r}" for hit in done.stdout.splitlines()]


def _unpacked(path: Path) -> Iterator[bytes]:
    data = path.read_bytes()
    start = data.find(GZIP)
    while start >= 0:
        with contextlib.suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(data[start:], 50_000_000)
        start = data.find(GZIP, start + 1)
