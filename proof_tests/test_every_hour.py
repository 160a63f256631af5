"""No wrong due time: every hour from 2015 to 2040, in three calendars, against another way of working it out.

The oracle shares nothing with the engine: bank holidays come straight from the `holidays` package, summer time from
the rule of law, and each kind of limit is looked up in lists that are made once. A planted mistake shows that it
would notice.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import holidays
import pytest

from knownto.worktime import Calendar, Rule, Term, Unit, due, england

FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2040, 12, 31, 23, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BANK_HOLIDAYS = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2042)))
CLOSED_HERE = date(2031, 7, 4)  # a day that is proclaimed in one of the calendars only


def last_sunday(year: int, month: int) -> datetime:
    end = datetime(year, month, 31, 1, tzinfo=UTC)
    return end - timedelta(days=end.isoweekday() % 7)


SUMMERS = {year: (last_sunday(year, 3), last_sunday(year, 10)) for year in range(2014, 2043)}


def shown(moment: datetime) -> datetime:
    """What London's clocks show."""
    begins, ends = SUMMERS[moment.year]
    return (moment + HOUR if begins <= moment < ends else moment).replace(tzinfo=None)


def moment(day: date, at: time) -> datetime:
    """When they show it (no opening or closing time lies in the hour that is skipped or repeated)."""
    naive = datetime.combine(day, at, UTC)
    begins, ends = SUMMERS[day.year]
    return naive - HOUR if begins <= naive - HOUR < ends else naive


class Lists:
    """One calendar as lists: its working days, its days of school, the minutes it is open."""

    def __init__(self, opens: time, closes: time, closed: set[date], terms: list[tuple[date, date]]) -> None:
        self.opens, self.closes = opens, closes
        days = [date(2015, 1, 1) + n * DAY for n in range((date(2041, 12, 31) - date(2015, 1, 1)).days + 1)]
        self.working = [d for d in days if d.isoweekday() < 6 and d not in BANK_HOLIDAYS | closed]
        self.school = [d for d in self.working if any(a <= d <= b for a, b in terms)]
        self.openings = [moment(d, opens) for d in self.working]
        self.school_openings = [moment(d, opens) for d in self.school]
        minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
        self.open_for = timedelta(minutes=minutes)
        self.before = list(accumulate([self.open_for] * len(self.openings), initial=timedelta(0)))

    def working_days(self, start: datetime, n: int) -> datetime:
        return moment(self.working[bisect_right(self.working, shown(start).date()) + n - 1], self.closes)

    def calendar_days(self, start: datetime, n: int) -> datetime:
        return moment(shown(start).date() + n * DAY, self.closes)

    def months(self, start: datetime, n: int) -> datetime:
        day = shown(start).date()
        first = date(day.year + (day.month + n - 1) // 12, (day.month + n - 1) % 12 + 1, 1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return moment(min(first + (day.day - 1) * DAY, following - DAY), self.closes)

    def hours(self, start: datetime, n: int) -> datetime:
        return datetime.fromtimestamp(start.timestamp() + n * 3600, UTC)

    def working_hours(self, start: datetime, n: int) -> datetime:
        """How much had been open before the start, and when so much more will have been."""
        place = bisect_right(self.openings, start) - 1
        today = min(start - self.openings[place], self.open_for) if place >= 0 else timedelta(0)
        wanted = self.before[max(place, 0)] + today + n * HOUR
        whole = -(-wanted // self.open_for) - 1  # closing time rather than the next opening
        return self.openings[whole] + (wanted - self.before[whole])

    def next_working_day(self, start: datetime, n: int) -> datetime:
        return self.openings[bisect_right(self.openings, start) + n - 1]

    def next_school_day(self, start: datetime, n: int) -> datetime:
        return self.school_openings[bisect_right(self.school_openings, start) + n - 1]


def terms() -> list[tuple[date, date]]:
    """Three terms a year, autumn to summer, as schools here have them."""
    return [
        span
        for year in range(2014, 2042)
        for span in (
            (date(year, 9, 3), date(year, 12, 19)),
            (date(year + 1, 1, 6), date(year + 1, 3, 27)),
            (date(year + 1, 4, 14), date(year + 1, 7, 22)),
        )
    ]


def _with_terms() -> Calendar:
    return england(terms=tuple(Term("term", a, b) for a, b in terms()))


def _closed_one_day() -> Calendar:
    base = england(time(8, 45), time(17, 15))
    proclaimed = dict(base.bank_holidays) | {CLOSED_HERE: "Proclaimed"}
    return Calendar("here", proclaimed, base.first, base.last, base.opens, base.closes)


@dataclass(frozen=True)
class Case:
    calendar: Calendar
    lists: Lists
    limits: tuple[tuple[int, Unit, str], ...]


EVERYWHERE = (
    (1, Unit.WORKING_DAYS, "working_days"),
    (15, Unit.WORKING_DAYS, "working_days"),
    (10, Unit.CALENDAR_DAYS, "calendar_days"),
    (3, Unit.MONTHS, "months"),
    (72, Unit.HOURS, "hours"),
    (4, Unit.WORKING_HOURS, "working_hours"),
    (1, Unit.BEFORE_NEXT_WORKING_DAY, "next_working_day"),
)
CASES: dict[str, Callable[[], Case]] = {
    "office": lambda: Case(england(), Lists(time(9), time(17), set(), []), EVERYWHERE),
    "hub": lambda: Case(_closed_one_day(), Lists(time(8, 45), time(17, 15), {CLOSED_HERE}, []), EVERYWHERE),
    "school": lambda: Case(
        _with_terms(),
        Lists(time(9), time(17), set(), terms()),
        ((1, Unit.BEFORE_NEXT_SCHOOL_DAY, "next_school_day"), (45, Unit.WORKING_DAYS, "working_days")),
    ),
}


def every_hour() -> Iterator[datetime]:
    start = FIRST
    while start <= LAST:
        yield start
        start += HOUR


def wrong(case: Case, amount: int, unit: Unit, way: str) -> int:
    rule, oracle = Rule(amount, unit, "the law", True), getattr(case.lists, way)
    return sum(due(start, rule, case.calendar) != oracle(start, amount) for start in every_hour())


@pytest.mark.parametrize("name", CASES)
def test_no_due_time_is_wrong_in_any_hour_of_twenty_six_years(name):
    case = CASES[name]()
    assert {(n, unit.value): wrong(case, n, unit, way) for n, unit, way in case.limits} == {
        (n, unit.value): 0 for n, unit, _ in case.limits
    }


def test_it_would_notice_a_bank_holiday_that_is_missing():
    case = CASES["office"]()
    forgotten = {day: name for day, name in case.calendar.bank_holidays.items() if day != date(2027, 3, 29)}
    planted = Calendar("planted", forgotten, case.calendar.first, case.calendar.last)
    assert wrong(Case(planted, case.lists, ()), 1, Unit.WORKING_DAYS, "working_days") > 0
