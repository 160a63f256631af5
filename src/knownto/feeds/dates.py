"""Months and years back from a day: the last day of a short month stands for the days it does not have."""

from calendar import monthrange
from datetime import date


def months_before(day: date, months: int) -> date:
    """That many months earlier.

    >>> months_before(date(2026, 3, 31), 1)
    datetime.date(2026, 2, 28)
    """
    index = day.year * 12 + day.month - 1 - months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def years_before(day: date, years: int) -> date:
    return months_before(day, years * 12)


def whole_years(born: date, day: date) -> int:
    """Age in whole years on that day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
