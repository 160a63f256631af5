"""Writes a town to a folder: `feeds/<agency>/` as partners would send them, `truth/` as only the town knows it.

Slices are written one after another, each adding its rows to the day's files, so that a region needs no more
memory than a slice. School workbooks cannot be added to: their rows wait in a plain file until the end.
"""

import csv
import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter

from knownto.town import faults
from knownto.town.daily import Post, Row, Sheet
from knownto.town.habits import habits
from knownto.town.town import Slice, Town
from knownto.town.truth import Truth


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: the number of files and of rows, rows by agency."""

    files: int
    rows: int
    by_agency: dict[str, int]


class Outbox:
    """The day's files of every agency, while they are being filled."""

    def __init__(self, town: Town, folder: Path):
        self.town, self.folder = town, folder
        self.habits = habits()
        first, last = town.first.toordinal(), town.ends.toordinal()
        self.posts = {code: Post(habit, first, last) for code, habit in self.habits.items()}
        self.rows: dict[Sheet, int] = {}
        for code in self.habits:
            (folder / "feeds" / code).mkdir(parents=True, exist_ok=True)
        self._open_all()

    def _open_all(self) -> None:
        """Every day has its file, also when nothing happened: a feed without rows is not a feed that failed."""
        for code, post in self.posts.items():
            days = [(day, "snapshot") for day in post.snapshots] + [(day, "delta") for day in post.deltas]
            for day, mode in days:
                sheet = Sheet(day, code, mode)
                self.rows[sheet] = 0
                self._append(sheet, [self.habits[code].heading(mode)], fresh=True)

    def path(self, sheet: Sheet, ending: str = "") -> Path:
        name = f"{sheet.agency}_{sheet.mode}_{date.fromordinal(sheet.day).isoformat()}"
        return self.folder / "feeds" / sheet.agency / f"{name}.{ending or self.habits[sheet.agency].file}"

    def take(self, part: Slice) -> None:
        for code, shelf in part.shelves.items():
            for sheet, rows in self.posts[code].rows(shelf).items():
                self.rows[sheet] += len(rows)
                self._append(sheet, rows)
            self.posts[code].seen.clear()

    def _append(self, sheet: Sheet, rows: Iterable[Row], fresh: bool = False) -> None:
        with self.path(sheet, "csv").open("w" if fresh else "a", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows(rows)

    def close(self) -> None:
        """Makes the workbooks."""
        for sheet in self.rows:
            if self.habits[sheet.agency].file == "xlsx":
                plain = self.path(sheet, "csv")
                workbook(plain, self.path(sheet))
                plain.unlink()

    def manifests(self) -> None:
        for sheet, rows in self.rows.items():
            if self.habits[sheet.agency].manifest:
                write_manifest(self.path(sheet), rows)


def workbook(plain: Path, to: Path) -> None:
    """The same cells as text in the first sheet of a workbook, a row at a time."""
    book = xlsxwriter.Workbook(to, {"constant_memory": True, "strings_to_numbers": False, "strings_to_formulas": False})
    # A workbook holds the time it was made: a fixed one keeps the same seed the same to the byte.
    book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})
    page = book.add_worksheet("Contacts")
    with plain.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.reader(lines)):
            for column, cell in enumerate(row):
                if cell:
                    page.write_string(number, column, cell)
    book.close()


def write_manifest(file: Path, rows: int) -> None:
    with file.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    manifest = file.with_name(file.name + ".manifest.json")
    manifest.write_text(json.dumps({"rows": rows, "sha256": digest}) + "\n", encoding="utf-8")


def write(town: Town, folder: Path | str) -> Written:
    """Writes `folder/feeds` and `folder/truth`; `folder` should be new or empty."""
    folder = Path(folder)
    outbox, truth = Outbox(town, folder), Truth(folder / "truth", town)
    with truth:
        for part in town.slices():
            outbox.take(part)
            truth.take(part)
        planted = faults.plant_rows(outbox)
        outbox.close()
        outbox.manifests()
        truth.faults(planted + faults.plant_files(outbox))
        truth.deliveries(faults.deliveries(outbox))
    return _written(outbox)


def _written(outbox: Outbox) -> Written:
    by_agency: dict[str, int] = {}
    for sheet, rows in outbox.rows.items():
        by_agency[sheet.agency] = by_agency.get(sheet.agency, 0) + rows
    return Written(len(outbox.rows), sum(by_agency.values()), by_agency)
