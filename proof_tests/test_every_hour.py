"""No wrong due time: every hour from 2015 to 2040, in three calendars, against another way of working it out.

The oracle (`hours`) shares nothing with the engine: each kind of limit is looked up in lists that are made once. A
planted mistake shows that it would notice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import pytest

from knownto.worktime import Calendar, Rule, Term, Unit, due, england
from proof_tests.hours import CLOSED_HERE, FIRST, HOUR, LAST, Lists, terms


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
