"""The town's own calendar: lives that go on side by side, each resumed when its next moment has come.

A life is a generator: it yields the moment at which it goes on, and when that has come does the next thing. What
lies after the end of the year is never resumed, and so is still open work when the demonstration starts.
"""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from itertools import count
from random import Random

from knownto.worktime import LONDON, Rule, Unit, due, england

Life = Iterator[datetime]
CALENDAR = england()
OPENS, CLOSES = time(8, 50), time(17, 0)


class Diary:
    """Lives in the order of their moments. `until` is the end; `daily` is done once in each day that passes."""

    def __init__(self, until: datetime, daily: Callable[[datetime], object]) -> None:
        self.until, self.daily = until, daily
        self.number = count()
        self.coming: list[tuple[datetime, int, Life]] = []

    def begin(self, at: datetime, life: Life) -> None:
        """That life starts at that moment, when it comes before the end."""
        if at <= self.until:
            heapq.heappush(self.coming, (at, next(self.number), life))

    def live(self, progress: Callable[[int, int], None]) -> None:
        """Resume each when its moment comes, until the end. `progress` is told how many days have passed."""
        first, passed = self.coming[0][0] if self.coming else self.until, None
        whole = max(1, (self.until - first).days)
        while self.coming:
            at, _, life = heapq.heappop(self.coming)
            if passed is not None and at.date() > passed:
                self.daily(datetime.combine(at.date(), time(6), LONDON))
            passed = at.date()
            self._resume(life, at)
            progress(min(whole - 1, (at - first).days), whole)
        progress(whole, whole)
        self.daily(self.until)

    def _resume(self, life: Life, at: datetime) -> None:
        """A life that would go back in time goes on at once: nothing is recorded out of its order."""
        try:
            then = max(next(life), at)
        except StopIteration:
            return
        if then <= self.until:
            heapq.heappush(self.coming, (then, next(self.number), life))


def soon(at: datetime, minutes: float, chance: Random) -> datetime:
    """About so many minutes later, by day or night."""
    return at + timedelta(minutes=minutes * chance.uniform(0.6, 1.5))


def in_office(at: datetime, minutes: float, chance: Random) -> datetime:
    """About so many office minutes later: never at night, at a weekend or on a bank holiday."""
    hours = Rule(0, Unit.WORKING_HOURS, "the town's office hours")
    opened = due(at, hours, CALENDAR)
    wanted = minutes * chance.uniform(0.6, 1.5)
    whole, rest = divmod(wanted, 60)
    later = due(opened, Rule(int(whole), Unit.WORKING_HOURS, hours.authority), CALENDAR)
    return _within(later + timedelta(minutes=rest))


def _within(at: datetime) -> datetime:
    shown = at.astimezone(LONDON)
    return at if shown.time() < CLOSES else due(at, Rule(1, Unit.WORKING_HOURS, "the town's office hours"), CALENDAR)
