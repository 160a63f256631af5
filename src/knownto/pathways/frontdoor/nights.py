"""The night: who decides then, what is with them, and what they hand over to the day, which must accept it."""

import tomllib
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.worktime import LONDON, Calendar, england

OFFICE_BY_DAY = {"child": "hub", "adult": "adults"}
NIGHT = "night"


@cache
def hours() -> Calendar:
    """England's working days with the hub's own hours, which are London time whatever the clocks do."""
    said = tomllib.loads(Path(settings.HOURS_FILE).read_text(encoding="utf-8"))["hub"]
    return england(time.fromisoformat(said["opens"]), time.fromisoformat(said["closes"]))


def is_night(now: datetime) -> bool:
    """Is the hub closed? At the minute it opens it is day; at the minute it closes it is night."""
    local = hours().local(now)
    return not (hours().is_working_day(local.date()) and hours().opens <= local.time() < hours().closes)


def office_for(kind: str, now: datetime) -> str:
    """The office that takes a new worry of that kind ("child" or "adult") now. Raises KeyError for another kind."""
    return NIGHT if is_night(now) else OFFICE_BY_DAY[kind]


def next_opening(now: datetime) -> datetime:
    """When the hub opens next (UTC); `now` where it is open."""
    if not is_night(now):
        return now
    local = hours().local(now)
    for day in hours().days_from(local.date()):
        opens = hours().moment(day, hours().opens).astimezone(UTC)
        if hours().is_working_day(day) and opens > now:
            return opens
    raise AssertionError("the calendar has no end that it does not report")


def last_closing(now: datetime) -> datetime:
    """When the hub last closed (UTC): where the night that is now, or was last, began."""
    day = hours().local(now).date()
    while True:
        closes = hours().moment(day, hours().closes).astimezone(UTC)
        if hours().is_working_day(day) and closes <= now:
            return closes
        day -= timedelta(days=1)


__all__ = ["LONDON", "hours", "is_night", "last_closing", "next_opening", "office_for"]
