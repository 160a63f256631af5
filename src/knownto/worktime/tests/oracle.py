"""Another way of working out the same deadlines, sharing nothing with the engine but the question.

Bank holidays come straight from the `holidays` package; summer time from the rule of law (last Sundays of March and
October, 1:00 UTC) and not from a time-zone database; days are looked up in lists, and hours walked minute by minute.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

import holidays

HOLIDAYS = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2014, 2043)))
ALL_DAYS = [date(2015, 1, 1) + timedelta(days=n) for n in range(9862)]
WORKING = [day for day in ALL_DAYS if day.isoweekday() <= 5 and day not in HOLIDAYS]
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def _last_sunday(year: int, month: int) -> datetime:
    day = datetime(year, month, 31, 1, tzinfo=UTC)
    return day - timedelta(days=day.isoweekday() % 7)


def london(moment: datetime) -> datetime:
    """What London's clocks show, without a time zone."""
    summer = _last_sunday(moment.year, 3) <= moment < _last_sunday(moment.year, 10)
    return (moment + HOUR if summer else moment).replace(tzinfo=None)


def utc(day: date, at: time) -> datetime:
    """The first moment at which London's clocks show this time or a later one on that day."""
    naive = datetime.combine(day, at, UTC)
    candidates = [naive - HOUR, naive]
    exact = [moment for moment in candidates if london(moment) == naive.replace(tzinfo=None)]
    return exact[0] if exact else _last_sunday(day.year, 3)


def working_days(start: datetime, amount: int, at: time) -> datetime:
    """Count along the list of working days."""
    place = bisect_right(WORKING, london(start).date())
    return utc(WORKING[place + amount - 1], at)


def calendar_days(start: datetime, amount: int, at: time) -> datetime:
    return utc(date.fromordinal(london(start).toordinal() + amount), at)


def months(start: datetime, amount: int, at: time) -> datetime:
    """Step the month, then step back from impossible dates."""
    day = london(start).date()
    year, month = day.year, day.month
    for _ in range(amount):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number = day.day
    while True:
        try:
            return utc(date(year, month, number), at)
        except ValueError:
            number -= 1


def next_opening(start: datetime, opens: time) -> datetime:
    place = bisect_right(WORKING, london(start).date()) - 1
    later = [utc(day, opens) for day in WORKING[max(place, 0):place + 3]]
    return min(moment for moment in later if moment > start)


def is_open(moment: datetime, opens: time, closes: time) -> bool:
    shown = london(moment)
    return shown.date() in _WORKING_SET and opens <= shown.time() < closes


_WORKING_SET = set(WORKING)


def walked(start: datetime, minutes: int, counts) -> datetime:
    """Minute by minute: each minute that counts brings the deadline nearer."""
    moment = start
    while minutes:
        minutes -= counts(moment)
        moment += MINUTE
    return moment
