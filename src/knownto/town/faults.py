"""The few things that go wrong in a year of files, on known days, each listed in the truth.

Rows are spoiled before the files are closed; whole files (late, twice, out of order, cut off) afterwards.
"""

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from knownto.town.daily import Sheet

if TYPE_CHECKING:
    from knownto.town.files import Outbox

# (days before the town's last day, agency, fault)
FILES = (
    (200, "police", "late"),
    (150, "hospital", "twice"),
    (120, "police", "out of order"),
    (90, "hospital", "truncated"),
)
# (agency, category) that the default agreement does not let an agency send in bulk: planted in its opening file.
NOT_AGREED = (
    ("police", "sexual_offence", "child-abuse", 2),
    ("hospital", "sexual_health", "safeguarding-children", 2),
    ("hospital", "mental_health_liaison", "emergency-department", 2),
    ("childrens-social-care", "adoption", "children-looked-after", 1),
)
# (column, value) of the bad rows in a school's workbook, and what its sender should be told about.
BAD = (
    ("started_on", "31/02/2026", "a date that does not exist"),
    ("category", "atendance_concern", "a category that is not on the agreed list"),
    ("upn", "A999100026001", "a pupil number whose check letter is wrong"),
    ("status", "ongoing", "a status that is neither open nor closed"),
    ("contact_id", "", "a required value that is missing"),
    ("team", "school-9999", "a team that the agency does not have"),
)


def plant_rows(outbox: "Outbox") -> list[tuple]:
    """Adds rows that the agreement forbids to the opening files, and bad ones to the last school workbook."""
    found: list[tuple] = []
    opening = outbox.town.first.toordinal()
    for agency, category, team, count in NOT_AGREED:
        sheet = Sheet(opening, agency, "snapshot")
        for copy in range(count):
            spoiled = {"category": category, "team": team, "contact_id": f"NOT-AGREED-{category}-{copy + 1}"}
            line = _add(outbox, sheet, copy, spoiled)
            found.append(_fault("not agreed", outbox, sheet, line, "category", category, "not held"))
    sheet = _workbook(outbox)
    for number, (field, value, why) in enumerate(BAD):
        line = _add(outbox, sheet, number, {"contact_id": f"BAD-{number + 1}", field: value})
        found.append(_fault("bad row", outbox, sheet, line, field, value, why))
    return found


def _workbook(outbox: "Outbox") -> Sheet:
    """The last snapshot of the schools: the longest of their files, so that six bad rows do not refuse it whole."""
    return max(sheet for sheet in outbox.rows if sheet.agency == "school" and sheet.mode == "snapshot")


def _add(outbox: "Outbox", sheet: Sheet, like: int, values: dict[str, str]) -> int:
    """Adds a copy of the file's row number `like` with other `values`; gives its line in the file."""
    path = outbox.path(sheet, "csv")
    columns = outbox.habits[sheet.agency].columns_of(sheet.mode)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        row = next(r for number, r in enumerate(rows) if number == like)
    cells = dict(zip(columns, row, strict=True)) | values
    with path.open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerow([cells[column] for column in columns])
    outbox.rows[sheet] += 1
    return outbox.rows[sheet] + 1


def plant_files(outbox: "Outbox") -> list[tuple]:
    """Spoils whole files."""
    found: list[tuple] = []
    for ago, agency, fault in FILES:
        sheet = Sheet(outbox.town.ends.toordinal() - ago, agency, "delta")
        if fault == "twice":
            _copy(outbox, sheet)
        if fault == "truncated":
            _copy(outbox, sheet)
            _cut(outbox, sheet)
        found.append(_fault(fault, outbox, sheet, "", "", "", _EXPECT[fault]))
    return found


_EXPECT = {
    "late": "three files arrive on one day, in their order",
    "twice": "the second changes nothing",
    "out of order": "held for a person: a newer file came first",
    "truncated": "refused or held: it does not match its manifest; the whole file comes the day after",
}


def again(outbox: "Outbox", sheet: Sheet) -> Path:
    """The second file of a day: the same name with `_2`."""
    path = outbox.path(sheet)
    return path.with_name(f"{path.stem}_2{path.suffix}")


def _copy(outbox: "Outbox", sheet: Sheet) -> None:
    path, second = outbox.path(sheet), again(outbox, sheet)
    shutil.copyfile(path, second)
    shutil.copyfile(f"{path}.manifest.json", f"{second}.manifest.json")


def _cut(outbox: "Outbox", sheet: Sheet) -> None:
    """The connection broke at two thirds, in the middle of a row."""
    path = outbox.path(sheet)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) * 2 // 3])


def deliveries(outbox: "Outbox") -> list[tuple]:
    """Every file in the order in which it arrives: (order, delivered on, agency, file, fault)."""
    arrivals = [arrival for sheet in outbox.rows for arrival in _arrivals(outbox, sheet)]
    arrivals.sort()
    return [(n, day.isoformat(), agency, file, fault) for n, (day, _, agency, file, fault) in enumerate(arrivals, 1)]


def _arrivals(outbox: "Outbox", sheet: Sheet) -> list[tuple]:
    """(day, rank within the day, agency, file, fault)."""
    day, rank, fault = _moved(outbox, sheet)
    name = outbox.path(sheet).name
    found = [(day, rank, sheet.agency, name, fault)]
    if fault == "twice":
        found.append((day, rank + 1, sheet.agency, again(outbox, sheet).name, "twice"))
    if fault == "truncated":
        found.append((day + timedelta(days=1), 0, sheet.agency, again(outbox, sheet).name, "sent again"))
    return found


def _moved(outbox: "Outbox", sheet: Sheet) -> tuple[date, int, str]:
    """(day, rank within the day, fault). A file as of one day arrives the next morning, save for the faulty ones."""
    morning = date.fromordinal(sheet.day + 1)
    ago = outbox.town.ends.toordinal() - sheet.day
    for fault_ago, agency, fault in FILES:
        behind = fault_ago - ago  # days that this file is newer than the faulty one
        if (agency, "delta") == (sheet.agency, sheet.mode) and 0 <= behind <= (2 if fault == "late" else 0):
            return _late_or_spoiled(morning, behind, fault)
    return morning, 5, ""


def _late_or_spoiled(morning: date, behind: int, fault: str) -> tuple[date, int, str]:
    if fault == "late":
        return morning + timedelta(days=2 - behind), behind, "" if behind else "late"
    if fault == "out of order":
        return morning + timedelta(days=1), 99, fault
    return morning, 5, fault


def _fault(fault: str, outbox: "Outbox", sheet: Sheet, line: int | str, field: str, value: str, expect: str) -> tuple:
    delivered = _moved(outbox, sheet)[0].isoformat()
    as_of = date.fromordinal(sheet.day).isoformat()
    return (fault, sheet.agency, outbox.path(sheet).name, as_of, delivered, line, field, value, expect)
