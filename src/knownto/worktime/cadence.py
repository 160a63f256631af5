"""Something regular, like a partner's daily file: by when should the next one have come?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from .calendar import BeyondCalendar, Calendar


class Every(StrEnum):
    DAILY = "daily"
    WORKING_DAILY = "working_daily"
    WEEKLY = "weekly"
    TERMLY = "termly"


# One that comes this many days early still is the one for that day, not a late one for the time before.
_EARLY = {Every.DAILY: 0, Every.WORKING_DAILY: 0, Every.WEEKLY: 3, Every.TERMLY: 21}


@dataclass(frozen=True, slots=True)
class Cadence:
    """`at` is London time; `weekday` (0 = Monday) is for weekly ones; `grace` is added before it counts as late."""

    every: Every
    at: time
    grace: timedelta = timedelta(0)
    weekday: int = 0

    def __post_init__(self) -> None:
        if self.grace < timedelta(0) or not 0 <= self.weekday <= 6 or self.at.tzinfo is not None:
            raise ValueError("grace is never negative, weekdays go from 0 to 6, and the time is London's")


def expected_by(last: date | datetime, cadence: Cadence, calendar: Calendar) -> datetime:
    """The moment (UTC) by which the next one should have come, after the last one that did.

    `last` is the day that the last one was for, if it says so, or else the moment at which it came. The one of a
    day is expected by `at` on that same day. Raises BeyondCalendar outside the tables, or for want of terms.
    """
    day = calendar.local(last).date() if isinstance(last, datetime) else last
    answered = day + timedelta(days=_EARLY[cadence.every])
    expected = next(expected for expected in _days(answered + timedelta(days=1), cadence, calendar))
    return (calendar.moment(expected, cadence.at) + cadence.grace).astimezone(UTC)


def _days(first: date, cadence: Cadence, calendar: Calendar) -> Iterator[date]:
    """The days on which one is expected, from `first` on."""
    if cadence.every is Every.TERMLY:
        yield from _terms(first, calendar)
        return
    for day in calendar.days_from(first):
        if (cadence.every is Every.DAILY
                or cadence.every is Every.WORKING_DAILY and calendar.is_working_day(day)
                or cadence.every is Every.WEEKLY and day.weekday() == cadence.weekday):
            yield day


def _terms(first: date, calendar: Calendar) -> Iterator[date]:
    starts = sorted(term.starts for term in calendar.terms)
    yield from (day for day in starts if day >= first)
    raise BeyondCalendar("no later school term is known")
