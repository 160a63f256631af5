"""An independent reading of the feed contract: its own column names, check digits and rules, sharing no code."""

import csv
import re
from datetime import date
from pathlib import Path

from python_calamine import CalamineWorkbook

REQUIRED = {"record_id", "contact_id", "category", "started_on", "status", "team"}
OPTIONAL = {
    "family_name", "given_names", "other_names", "date_of_birth", "estimated_age", "expected_birth_date", "sex",
    "address_line_1", "address_line_2", "town", "postcode", "uprn", "earlier_postcodes", "nhs_number", "upn", "pnc",
    "phone", "email", "household_id", "last_contact_on", "ended_on",
}  # fmt: skip
IDENTITY = ("family_name", "given_names", "nhs_number", "upn", "pnc")
CATEGORIES = {
    "police": "domestic_abuse missing concern_for_child exploitation child_victim custody neighbour_dispute",
    "childrens-social-care": "contact referral early_help child_in_need child_protection_plan looked_after "
    "disabled_children",
    "hospital": "emergency_attendance admission missed_appointment maternity self_harm",
    "school": "attendance_concern suspension safeguarding_concern special_needs elective_home_education bullying",
}
TEAMS = {
    "police": "response child-abuse domestic-abuse missing-persons neighbourhood",
    "childrens-social-care": "mash assessment family-safeguarding children-looked-after early-help emergency-duty",
    "hospital": "emergency-department safeguarding-children maternity paediatrics",
    "school": "school-01 school-02 school-03 school-04 school-05 school-06",
}
FILE = re.compile(r"(?P<agency>[a-z-]+)_(?P<mode>snapshot|delta)_(?P<day>\d{4}-\d\d-\d\d)(_2)?\.(csv|xlsx)")


def read(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """(columns in their plain spelling, rows) of a file."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as lines:
            table = list(csv.reader(lines))
    else:
        table = [
            [str(cell) for cell in row] for row in CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
        ]
    columns = [re.sub(r"[ _-]+", "_", heading.strip().lower()) for heading in table[0]]
    return columns, [dict(zip(columns, row, strict=False)) for row in table[1:]]


def day(text: str) -> date:
    if "/" in text:
        d, m, y = text.split("/")
        return date(int(y), int(m), int(d))
    return date.fromisoformat(text)


def nhs_holds(number: str) -> bool:
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(number[:9]))
    return len(number) == 10 and (11 - total % 11) % 11 == int(number[9])


def upn_holds(number: str) -> bool:
    total = sum(int(digit) * place for place, digit in enumerate(number[1:], start=2))
    return len(number) == 13 and "ABCDEFGHJKLMNPQRTUVWXYZ"[total % 23] == number[0]


def pnc_holds(number: str) -> bool:
    found = re.fullmatch(r"(\d{4})/(\d{7})([A-Z])", number)
    return bool(found) and "ZABCDEFGHJKLMNPQRTUVWXY"[int(found[1][2:] + found[2]) % 23] == found[3]


CHECKED = {"nhs_number": nhs_holds, "upn": upn_holds, "pnc": pnc_holds}


def wrong(row: dict[str, str], columns: list[str], agency: str, as_of: date) -> list[str]:
    """What breaks the contract in a row; empty when nothing does."""
    if row.get("change") == "remove":
        return [] if row["record_id"] else ["record_id"]
    found = [column for column in REQUIRED if not row.get(column)]
    found += [column for column in row if column not in REQUIRED | OPTIONAL | {"change"}]
    found += [column for column, holds in CHECKED.items() if row.get(column) and not holds(row[column])]
    found += [] if any(row.get(column) for column in IDENTITY) else ["no identity"]
    found += [] if row.get("sex", "") in ("", "F", "M", "X") else ["sex"]
    found += [] if row.get("category") in CATEGORIES[agency].split() else ["category"]
    found += [] if row.get("team") in TEAMS[agency].split() else ["team"]
    found += [] if row.get("status") in ("open", "closed") else ["status"]
    return found + _wrong_days(row, as_of)


def _wrong_days(row: dict[str, str], as_of: date) -> list[str]:
    found = []
    days = {}
    for column in ("started_on", "last_contact_on", "ended_on", "date_of_birth", "expected_birth_date"):
        if row.get(column):
            try:
                days[column] = day(row[column])
            except ValueError:
                found.append(column)
    found += [column for column, when in days.items() if column != "expected_birth_date" and when > as_of]
    if "ended_on" in days and "started_on" in days and days["ended_on"] < days["started_on"]:
        found.append("ended before it started")
    if ("ended_on" in days) is not (row.get("status") == "closed"):
        found.append("status and ended_on disagree")
    return found
