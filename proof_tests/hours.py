"""When limits end, worked out from lists: the oracle of `test_every_hour`, which shares nothing with the engine.

Bank holidays come straight from the `holidays` package, and summer time from the rule of law.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate

import holidays

FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2040, 12, 31, 23, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BANK_HOLIDAYS = set(holidays.country_holidays("GB", subdiv="ENG", years=range(2015, 2042)))
CLOSED_HERE = date(2031, 7, 4)  # a day that is proclaimed in one of the calendars only


def last_sunday(year: int, month: int) -> datetime:
    end = datetime(year, month, 31, 1, tzinfo=UTC)
    return end - timedelta(days=end.isoweekday() % 7)


SUMMERS = {year: (last_sunday(year, 3), last_sunday(year, 10)) for year in range(2014, 2043)}


def shown(moment: datetime) -> datetime:
    """What London's clocks show."""
    begins, ends = SUMMERS[moment.year]
    return (moment + HOUR if begins <= moment < ends else moment).replace(tzinfo=None)


def moment(day: date, at: time) -> datetime:
    """When they show it (no opening or closing time lies in the hour that is skipped or repeated)."""
    naive = datetime.combine(day, at, UTC)
    begins, ends = SUMMERS[day.year]
    return naive - HOUR if begins <= naive - HOUR < ends else naive


class Lists:
    """One calendar as lists: its working days, its days of school, the minutes it is open."""

    def __init__(self, opens: time, closes: time, closed: set[date], terms: list[tuple[date, date]]) -> None:
        self.opens, self.closes = opens, closes
        days = [date(2015, 1, 1) + n * DAY for n in range((date(2041, 12, 31) - date(2015, 1, 1)).days + 1)]
        self.working = [d for d in days if d.isoweekday() < 6 and d not in BANK_HOLIDAYS | closed]
        self.school = [d for d in self.working if any(a <= d <= b for a, b in terms)]
        self.openings = [moment(d, opens) for d in self.working]
        self.school_openings = [moment(d, opens) for d in self.school]
        minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
        self.open_for = timedelta(minutes=minutes)
        self.before = list(accumulate([self.open_for] * len(self.openings), initial=timedelta(0)))

    def working_days(self, start: datetime, n: int) -> datetime:
        return moment(self.working[bisect_right(self.working, shown(start).date()) + n - 1], self.closes)

    def calendar_days(self, start: datetime, n: int) -> datetime:
        return moment(shown(start).date() + n * DAY, self.closes)

    def months(self, start: datetime, n: int) -> datetime:
        day = shown(start).date()
        first = date(day.year + (day.month + n - 1) // 12, (day.month + n - 1) % 12 + 1, 1)
        following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
        return moment(min(first + (day.day - 1) * DAY, following - DAY), self.closes)

    def hours(self, start: datetime, n: int) -> datetime:
        return datetime.fromtimestamp(start.timestamp() + n * 3600, UTC)

    def working_hours(self, start: datetime, n: int) -> datetime:
        """How much had been open before the start, and when so much more will have been."""
        place = bisect_right(self.openings, start) - 1
        today = min(start - self.openings[place], self.open_for) if place >= 0 else timedelta(0)
        wanted = self.before[max(place, 0)] + today + n * HOUR
        whole = -(-wanted // self.open_for) - 1  # closing time rather than the next opening
        return self.openings[whole] + (wanted - self.before[whole])

    def next_working_day(self, start: datetime, n: int) -> datetime:
        return self.openings[bisect_right(self.openings, start) + n - 1]

    def next_school_day(self, start: datetime, n: int) -> datetime:
        return self.school_openings[bisect_right(self.school_openings, start) + n - 1]


def terms() -> list[tuple[date, date]]:
    """Three terms a year, autumn to summer, as schools here have them."""
    return [
        span
        for year in range(2014, 2042)
        for span in (
            (date(year, 9, 3), date(year, 12, 19)),
            (date(year + 1, 1, 6), date(year + 1, 3, 27)),
            (date(year + 1, 4, 14), date(year + 1, 7, 22)),
        )
    ]
