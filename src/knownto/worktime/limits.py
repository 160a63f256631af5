"""When is it due? Start + rule + calendar + pauses."""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .calendar import Calendar
from .rules import Rule, Unit

_Stretch = tuple[datetime, datetime]  # from, until
_FOREVER = datetime.max.replace(tzinfo=UTC)


class ClockStopped(ValueError):
    """A pause has begun and not ended: as long as it lasts, nothing is due."""


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still from `starts` until `ends` (None: it still does)."""

    starts: datetime
    ends: datetime | None = None

    def __post_init__(self) -> None:
        if self.starts.tzinfo is None or self.ends is not None and self.ends.tzinfo is None:
            raise ValueError("a pause needs its time zone")
        if self.ends is not None and self.ends < self.starts:
            raise ValueError("a pause ends after it starts")

    @property
    def until(self) -> datetime:
        return _FOREVER if self.ends is None else self.ends


def due(start: datetime, rule: Rule, calendar: Calendar, pauses: Iterable[Pause] = ()) -> datetime:
    """The moment (UTC) at which a limit that started at `start` runs out.

    In hours, time within a pause does not pass. In days, a day does not count if the clock stands still when it
    closes; in openings, one does not count if the clock stands still then. Raises ClockStopped if an unfinished
    pause keeps it from ever running out, BeyondCalendar if it would leave the tables.
    """
    start = calendar.local(start).astimezone(UTC)
    stops = sorted(pauses, key=lambda pause: pause.starts)
    return _WAYS[rule.unit](start, rule, calendar, stops)


# Hours


def _hours(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _passed(timedelta(hours=rule.amount), _without(pauses, [(start, _FOREVER)]))


def _working_hours(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _passed(timedelta(hours=rule.amount), _without(pauses, _open(start, calendar)))


def _open(start: datetime, calendar: Calendar) -> Iterator[_Stretch]:
    """The opening hours from `start` on."""
    for day in calendar.days_from(calendar.local(start).date()):
        opens, closes = calendar.moment(day, calendar.opens), calendar.moment(day, calendar.closes)
        if calendar.is_working_day(day) and closes > start:
            yield max(opens, start), closes


def _without(pauses: Sequence[Pause], stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """The same stretches of time, less the pauses (which are in order of their start)."""
    for since, until in stretches:
        for pause in pauses:
            if pause.until <= since or pause.starts >= until:
                continue
            yield since, max(since, pause.starts)
            if pause.until == _FOREVER:
                raise ClockStopped("the clock stands still")
            since = min(pause.until, until)
        yield since, until


def _passed(amount: timedelta, stretches: Iterable[_Stretch]) -> datetime:
    """When that much time has passed within the stretches; at closing time rather than at the next opening."""
    for since, until in stretches:
        if until > since and amount <= until - since:
            return since + amount
        amount -= until - since
    raise ClockStopped("the clock stands still")


# Days and months


def _working_days(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _day(start, rule.amount, rule, calendar, pauses, calendar.is_working_day)


def _calendar_days(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _day(start, rule.amount, rule, calendar, pauses, lambda day: True)


def _months(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    """Months have no length of their own: they become so many days, which pauses then prolong."""
    first = calendar.local(start).date()
    days = (_months_later(first, rule.amount) - first).days
    return _day(start, days, rule, calendar, pauses, lambda day: True)


def _months_later(day: date, months: int) -> date:
    """The corresponding date (Dodds v Walker [1981] 1 WLR 1027): 31 January + 1 month = 28 or 29 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _day(start: datetime, amount: int, rule: Rule, calendar: Calendar, pauses: Sequence[Pause],
         counts: Callable[[date], bool]) -> datetime:
    """Closing time of the last of so many days that count. None at all: of the first that has still to close."""
    first, at = calendar.local(start).date(), rule.at or calendar.closes
    days = _running_days(calendar, first, at, pauses, counts)
    if amount == 0:
        return next(moment for moment in (calendar.moment(day, at) for day in days) if moment >= start)
    return calendar.moment(_nth(amount, (day for day in days if day > first)), at)


def _running_days(calendar: Calendar, first: date, at: time, pauses: Sequence[Pause],
                  counts: Callable[[date], bool]) -> Iterator[date]:
    """The days that count and on which, at the time that decides, the clock does not stand still."""
    for day in calendar.days_from(first):
        if counts(day) and not (pauses and _stopped(calendar.moment(day, at), pauses)):
            yield day


def _stopped(moment: datetime, pauses: Sequence[Pause]) -> bool:
    stops = [pause for pause in pauses if pause.starts <= moment < pause.until]
    if any(pause.ends is None for pause in stops):
        raise ClockStopped("the clock stands still")
    return bool(stops)


def _nth[T](number: int, found: Iterator[T]) -> T:
    for _ in range(number - 1):
        next(found)
    return next(found)


# Before the next one starts


def _next_working_day(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _opening(start, rule, calendar, pauses, calendar.is_working_day)


def _next_school_day(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause]) -> datetime:
    return _opening(start, rule, calendar, pauses, calendar.is_school_day)


def _opening(start: datetime, rule: Rule, calendar: Calendar, pauses: Sequence[Pause],
             counts: Callable[[date], bool]) -> datetime:
    """What happens at three in the morning must be known before that same morning's start."""
    at = rule.at or calendar.opens
    days = _running_days(calendar, calendar.local(start).date(), at, pauses, counts)
    return _nth(rule.amount, (moment for moment in (calendar.moment(day, at) for day in days) if moment > start))


_Way = Callable[[datetime, Rule, Calendar, Sequence[Pause]], datetime]
_WAYS: dict[Unit, _Way] = {
    Unit.WORKING_DAYS: _working_days,
    Unit.CALENDAR_DAYS: _calendar_days,
    Unit.MONTHS: _months,
    Unit.HOURS: _hours,
    Unit.WORKING_HOURS: _working_hours,
    Unit.BEFORE_NEXT_WORKING_DAY: _next_working_day,
    Unit.BEFORE_NEXT_SCHOOL_DAY: _next_school_day,
}
