"""When agencies write their files: working days, school terms, the Sundays of snapshots. Days are ordinals."""

from bisect import bisect_left
from datetime import date

from knownto.town.habits import Habit

# Half-terms of a usual English school year, month and day: an assumption, each council sets its own.
HALF_TERMS = (
    ((9, 3), (10, 24)),
    ((11, 4), (12, 19)),
    ((1, 6), (2, 13)),
    ((2, 24), (3, 31)),
    ((4, 16), (5, 23)),
    ((6, 2), (7, 21)),
)
# Offices are closed: the bank holidays of England that keep their date.
CLOSED = {(1, 1), (12, 25), (12, 26)}


def in_term(day: int) -> bool:
    when = date.fromordinal(day)
    return any(start <= (when.month, when.day) <= end for start, end in HALF_TERMS)


def delta_days(habit: Habit, first: int, last: int) -> list[int]:
    """The days of a delta, after the opening day `first` and up to `last`; a snapshot's day has none."""
    snapshots = set(snapshot_days(habit, first, last))
    return [day for day in range(first + 1, last + 1) if _writes(habit, day) and day not in snapshots]


def _writes(habit: Habit, day: int) -> bool:
    when = date.fromordinal(day)
    if when.weekday() not in habit.days:
        return False
    if habit.agency == "school":
        return in_term(day)
    return len(habit.days) == 7 or (when.month, when.day) not in CLOSED


def snapshot_days(habit: Habit, first: int, last: int) -> list[int]:
    """The opening day, and then the days of the agency's regular snapshots."""
    regular = _REGULAR[habit.snapshots]
    return [first] + [day for day in range(first + 1, last + 1) if regular(date.fromordinal(day))]


def _never(when: date) -> bool:
    return False


def _first_sunday_of_quarter(when: date) -> bool:
    return when.weekday() == 6 and when.day <= 7 and when.month % 3 == 1


def _first_friday_of_term(when: date) -> bool:
    if when.weekday() != 4:
        return False
    starts = [date(when.year, *start).toordinal() for start, _ in HALF_TERMS]
    return any(0 <= when.toordinal() - start < 7 for start in starts)


_REGULAR = {
    "none": _never,
    "quarterly": _first_sunday_of_quarter,
    "half-termly": _first_friday_of_term,
}


def next_day(days: list[int], day: int) -> int:
    """The first of `days` on or after `day`; 0 when there is none."""
    at = bisect_left(days, day)
    return days[at] if at < len(days) else 0
