"""Which days are working days in England, and what moment a London clock time is."""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
DAY = timedelta(days=1)
SATURDAY = 5


class BeyondCalendar(ValueError):
    """The tables say nothing about this day: better no deadline than a wrong one."""


@dataclass(frozen=True, slots=True)
class Term:
    """A school term, first and last day included, and the days within it on which the schools are closed."""

    name: str
    starts: date
    ends: date
    closed: frozenset[date] = frozenset()

    def teaches_on(self, day: date) -> bool:
        return self.starts <= day <= self.ends and day not in self.closed


@dataclass(frozen=True, slots=True)
class Calendar:
    """Bank holidays by date, the days that the table covers, opening hours (London time), school terms.

    `version` names the tables exactly: it is stored with every deadline that was worked out from them.
    """

    version: str
    bank_holidays: Mapping[date, str]
    first: date
    last: date
    opens: time = time(9)
    closes: time = time(17)
    terms: tuple[Term, ...] = field(default=())

    def is_working_day(self, day: date) -> bool:
        """Monday to Friday, except bank holidays."""
        self._known(day)
        return day.weekday() < SATURDAY and day not in self.bank_holidays

    def is_school_day(self, day: date) -> bool:
        """A working day within a term. Raises BeyondCalendar after the last term that is known."""
        if not self.terms or day > max(term.ends for term in self.terms):
            raise BeyondCalendar("no school terms are known for this day")
        return self.is_working_day(day) and any(term.teaches_on(day) for term in self.terms)

    def days_from(self, day: date) -> Iterator[date]:
        """This day and those after it, as far as the table goes; then BeyondCalendar."""
        while True:
            self._known(day)
            yield day
            day += DAY

    def working_days_between(self, earlier: date, later: date) -> int:
        """How many working days come after `earlier`, up to and including `later`."""
        days = range(1, (later - earlier).days + 1)
        return sum(self.is_working_day(earlier + n * DAY) for n in days)

    def local(self, moment: datetime) -> datetime:
        """A moment as London's clocks show it. Raises ValueError if it has no time zone."""
        if moment.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return moment.astimezone(LONDON)

    def moment(self, day: date, at: time) -> datetime:
        """The moment, in UTC, at which London's clocks show this time.

        In October a time between 1 and 2 comes twice: the first counts, so that nobody is told too late. In
        March it does not come at all: the moment at which the clocks go forward (1:00 UTC) stands in for it.
        """
        shown = datetime.combine(day, at, LONDON)
        moment = shown.astimezone(UTC)
        if moment.astimezone(LONDON).time() != at:
            return datetime.combine(day, time(1), UTC)
        return moment

    def _known(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise BeyondCalendar(f"bank holidays are known from {self.first} to {self.last} only")


@lru_cache(maxsize=64)
def england(opens: time = time(9), closes: time = time(17), terms: tuple[Term, ...] = ()) -> Calendar:
    """The calendar that comes with the product: the frozen table of bank holidays, with its overrides.

    Read once and kept: a search asks for it once for every feed. Treat it as unchanging.
    """
    if not opens < closes:
        raise ValueError("a working day opens before it closes")
    frozen, overrides = _table("bank_holidays_england.csv"), _table("overrides.csv")
    days = {date.fromisoformat(row["date"]): row["name"] for row in _rows(frozen)}
    first, last = min(days).replace(month=1, day=1), max(days).replace(month=12, day=31)
    for row in _rows(overrides):
        _override(days, row)
    return Calendar(_version(frozen, overrides), days, first, last, opens, closes, terms)


def _override(days: dict[date, str], row: dict[str, str]) -> None:
    """`add` proclaims a day, `remove` takes one back. Anything else is a mistake in the table."""
    day = date.fromisoformat(row["date"])
    if row["change"] == "add" and row["name"]:
        days[day] = row["name"]
    elif row["change"] == "remove" and day in days:
        del days[day]
    else:
        raise ValueError(f"overrides.csv: what is to be done on {day}?")


def _table(name: str) -> str:
    return files(__package__).joinpath("tables", name).read_text(encoding="utf-8")


def _rows(table: str) -> Iterator[dict[str, str]]:
    return csv.DictReader(line for line in table.splitlines() if line and not line.startswith("#"))


def _version(frozen: str, overrides: str) -> str:
    """The frozen table's own version, and a checksum of both tables that changes with any edit."""
    named = next(line for line in frozen.splitlines() if line.startswith("# version: "))
    checksum = hashlib.sha256((frozen + overrides).encode()).hexdigest()[:8]
    return f"{named.removeprefix('# version: ')}+{checksum}"
