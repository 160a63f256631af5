"""A stretch of whole days in London, as an inspector asks for it: the last quarter, unless another is chosen."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from knownto.worktime import LONDON

DAY = timedelta(days=1)
QUARTER, YEAR = 3, 12


@dataclass(frozen=True, slots=True)
class Period:
    """From the first day to the last, both counted."""

    first: date
    last: date

    @property
    def starts(self) -> datetime:
        return datetime.combine(self.first, time(), LONDON).astimezone(UTC)

    @property
    def ends(self) -> datetime:
        """The moment after it: the midnight that ends its last day."""
        return datetime.combine(self.last + DAY, time(), LONDON).astimezone(UTC)

    def months(self) -> list[date]:
        """The first day of each month that it touches."""
        found, at = [], self.first.replace(day=1)
        while at <= self.last:
            found.append(at)
            at = months_on(at, 1)
        return found


def months_on(day: date, months: int) -> date:
    """The first day of the month so many months on (or back)."""
    whole = day.year * YEAR + day.month - 1 + months
    return date(whole // YEAR, whole % YEAR + 1, 1)


def last_quarter(now: datetime) -> Period:
    """The last quarter that is over: in August that is April to June."""
    starts = this_quarter(now).first
    return Period(months_on(starts, -QUARTER), starts - DAY)


def this_quarter(now: datetime) -> Period:
    today = now.astimezone(LONDON).date()
    first = date(today.year, (today.month - 1) // QUARTER * QUARTER + 1, 1)
    return Period(first, today)


def last_year(now: datetime) -> Period:
    today = now.astimezone(LONDON).date()
    return Period(months_on(today, -YEAR), today)
