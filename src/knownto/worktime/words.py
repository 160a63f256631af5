"""How far off is it, in words? Always rounded down, so that nobody is promised time that is not there."""

from datetime import UTC, datetime, timedelta

from .calendar import Calendar

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def distance(due: datetime, now: datetime, calendar: Calendar) -> str:
    """"in 2 hours", "in 3 working days", "45 minutes late", "now"."""
    left = calendar.local(due).astimezone(UTC) - calendar.local(now).astimezone(UTC)
    if abs(left) < _MINUTE:
        return "now"
    amount = _amount(due, now, abs(left), calendar)
    return f"in {amount}" if left > timedelta(0) else f"{amount} late"


def _amount(due: datetime, now: datetime, apart: timedelta, calendar: Calendar) -> str:
    if apart < _HOUR:
        return _counted(apart // _MINUTE, "minute")
    if apart < _DAY:
        return _counted(apart // _HOUR, "hour")
    earlier, later = sorted((calendar.local(due).date(), calendar.local(now).date()))
    working = calendar.working_days_between(earlier, later)
    return _counted(working, "working day") if working else _counted(apart // _DAY, "day")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def spoken(due: datetime, now: datetime, calendar: Calendar) -> str:
    """A time and a distance: "16:30 today, in 2 hours", "17:00 on Monday 3 August 2026, in 4 working days"."""
    at, today = calendar.local(due), calendar.local(now).date()
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    day = names.get((at.date() - today).days, f"on {at:%A} {at.day} {at:%B %Y}")
    return f"{at:%H:%M} {day}, {distance(due, now, calendar)}"
