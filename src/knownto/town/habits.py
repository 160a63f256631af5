"""How each agency keeps and sends its records: read from `data/habits.toml`."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from operator import itemgetter

from knownto.town.names import DATA

IDENTITY = (
    "family_name", "given_names", "other_names", "date_of_birth", "estimated_age", "expected_birth_date", "sex",
    "address_line_1", "address_line_2", "town", "postcode", "uprn", "earlier_postcodes", "nhs_number", "upn", "pnc",
    "phone", "email", "household_id",
)  # fmt: skip
CONTACT = (
    "record_id", "contact_id", "category", "started_on", "last_contact_on", "ended_on", "status", "team", "change",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Habit:
    """`sends` is the share of records that hold an item; `errors` multiplies the calibrated rates of mistakes."""

    agency: str
    header: str
    dates: str
    file: str
    manifest: bool
    days: tuple[int, ...]
    snapshots: str
    errors: float
    stale_address: float
    second_record: float
    history_months: int
    columns: tuple[str, ...]
    sends: dict[str, float]

    def written(self, day: int) -> str:
        """A date as this agency writes it; "" for none."""
        return _written(self.dates, day) if day else ""

    def columns_of(self, mode: str) -> tuple[str, ...]:
        return self.columns if mode == "delta" else tuple(c for c in self.columns if c != "change")

    def picker(self, mode: str) -> itemgetter:
        """Picks this agency's columns, in its order, out of IDENTITY + CONTACT cells."""
        cells = IDENTITY + CONTACT
        return itemgetter(*(cells.index(column) for column in self.columns_of(mode)))

    def heading(self, mode: str) -> list[str]:
        return [_HEADINGS[self.header](column) for column in self.columns_of(mode)]


_HEADINGS = {
    "snake": lambda column: column,
    "title": lambda column: column.replace("_", " ").title(),
    "upper": lambda column: column.replace("_", "-").upper(),
    "words": lambda column: column.replace("_", " ").capitalize(),
}


@cache
def _written(form: str, day: int) -> str:
    when = date.fromordinal(day)
    return when.isoformat() if form == "iso" else when.strftime("%d/%m/%Y")


@cache
def habits() -> dict[str, Habit]:
    """Every connected agency's habits by its code."""
    tables = tomllib.loads((DATA / "habits.toml").read_text(encoding="utf-8"))
    return {code: _habit(code, table) for code, table in tables.items()}


def _habit(code: str, table: dict) -> Habit:
    return Habit(agency=code, **{**table, "days": tuple(table["days"]), "columns": tuple(table["columns"])})
