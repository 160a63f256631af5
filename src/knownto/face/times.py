"""Times as people say them: a time limit is always a time and a distance ("16:30 today, in 2 hours").

Distances are real elapsed time; days are those of the wall clock in the current time zone, so a limit that
spans the night when clocks change still says the right hour and the right distance. They are rounded down:
never more time than there is.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.timezone import localtime

MINUTE, HOUR, DAY = 60, 3600, 86400
SOON = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Moment:
    """A time as said: "16:30 today", "in 2 hours", and "late", "soon" or "later"."""

    when: datetime
    said: str
    distance: str
    state: str


def due(when: datetime, now: datetime, soon: timedelta = SOON) -> Moment:
    """Say a time limit. Both times are aware."""
    left = when - now
    if left < timedelta(0):
        return Moment(when, clock(when, now), f"overdue by {length(-left)}", "late")
    state = "soon" if left <= soon else "later"
    return Moment(when, clock(when, now), f"in {length(left)}", state)


def happened(when: datetime, now: datetime) -> Moment:
    """Say when something happened."""
    return Moment(when, clock(when, now), f"{length(now - when)} ago", "later")


def clock(when: datetime, now: datetime) -> str:
    """Return the wall-clock time and day: "16:30 today", "09:00 on Friday 27 November"."""
    local, today = localtime(when), localtime(now).date()
    return f"{local:%H:%M} {_day(local.date(), today)}"


def _day(day: date, today: date) -> str:
    near = {0: "today", 1: "tomorrow", -1: "yesterday"}.get((day - today).days)
    if near:
        return near
    return f"on {day:%A} {day.day} {day:%B}" if abs((day - today).days) < 7 else f"on {long_date(day)}"


def long_date(day: date) -> str:
    """Return "27 March 2026"."""
    return f"{day.day} {day:%B %Y}"


def length(span: timedelta) -> str:
    """Return a length of time in one or two words, rounded down."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < MINUTE:
        return "less than a minute"
    if seconds < HOUR:
        return _count(seconds // MINUTE, "minute")
    if seconds < 2 * DAY:
        minutes = seconds % HOUR // MINUTE
        exact = f" {_count(minutes, 'minute')}" if minutes and seconds < 2 * HOUR else ""
        return _count(seconds // HOUR, "hour") + exact
    return _count(seconds // DAY, "day")


def ago(day: date, today: date) -> str:
    """Return how long ago a day was: "today", "3 days ago", "5 weeks ago", "8 months ago"."""
    days = (today - day).days
    if days < 0:
        return f"in {_count(-days, 'day')}"
    if days < 2:
        return ("today", "yesterday")[days]
    if days < 21:
        return f"{_count(days, 'day')} ago"
    months = _whole_months(day, today)
    if months < 3:
        return f"{_count(days // 7, 'week')} ago"
    return f"{_count(months, 'month')} ago" if months < 24 else f"{_count(months // 12, 'year')} ago"


def _whole_months(day: date, today: date) -> int:
    return (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"
