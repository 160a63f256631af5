"""Clocks: started with a limit, stopped, paused, and turned by the sweep. Called inside rows that are open.

A clock's times are worked out from its start, its rule, the calendar and its pauses, and stored with the version of
the calendar that they were worked out from.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from knownto.casework.models import Clock, Episode, Standstill
from knownto.casework.pathway import Limit
from knownto.casework.register import pathway
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.worktime import Calendar, ClockStopped, Pause, Rule, Unit, due, england

AMBER_SHARE = 0.75  # of its time, where a limit has no warning rule of its own
AGREED = "agreed"  # in place of a calendar's version: the due time is what people agreed on
LOOK_AGAIN = Rule(5, Unit.WORKING_DAYS, "a pause is looked at again within a week")


@cache
def calendar() -> Calendar:
    """England's working days, with the front door's office hours."""
    return england()


def start(episode: Episode, limit: Limit, now: datetime, *, runs: str, by_day: datetime | None = None) -> Clock:
    """A clock of that limit, running from now. Does not settle the episode's next time.

    `by_day`: when it is due where people agreed on a time of their own instead of the limit's.
    """
    warn_at, due_at = _agreed(now, by_day) if by_day else times(limit, now, ())
    return Clock.objects.create(
        episode=episode,
        pathway=episode.pathway,
        limit=limit.code,
        runs=runs,
        started_at=now,
        warn_at=warn_at,
        due_at=due_at,
        calendar=AGREED if by_day else calendar().version,
    )


def run(*, episode: Episode, limit: str, by: Actor, since: datetime | None = None, now: datetime) -> Clock:
    """Set a limit of its pathway going beside the state's own, until a decision stops it or the episode closes.

    `since`: from when it counts, where that was before now.
    """
    episode.refresh_from_db(from_queryset=Episode.objects.select_for_update(no_key=True))
    clock = start(episode, pathway(episode.pathway).limit(limit), min(since or now, now), runs="opening")
    ledger.record(kind="clock-started", by=by, about=[f"episode:{episode.id}"], because=limit, now=now)
    settle(episode)
    episode.save(update_fields=["next_due"])
    return clock


def _agreed(start: datetime, due_at: datetime) -> tuple[datetime, datetime]:
    return start + (due_at - start) * AMBER_SHARE, due_at


def times(limit: Limit, start: datetime, pauses: Sequence[Pause]) -> tuple[datetime, datetime]:
    """When it turns amber, and when red. Raises ClockStopped while a pause lasts."""
    due_at = due(start, limit.rule, calendar(), pauses)
    warn_at = due(start, limit.warn, calendar(), pauses) if limit.warn else start + (due_at - start) * AMBER_SHARE
    return min(warn_at, due_at), due_at


def follow(before: Clock, limit: Limit, now: datetime) -> Clock:
    """Another limit in that one's place: from the same start, and standing still as that one did."""
    stop([before], now)
    clock = start(before.episode, limit, before.started_at, runs=before.runs)
    stills = [Standstill(clock=clock, starts=each.starts, ends=each.ends, why=each.why) for each in before.pauses.all()]
    Standstill.objects.bulk_create(stills)
    clock.look_again = before.look_again
    work_out(clock)
    clock.save(update_fields=["look_again", "warn_at", "due_at", "calendar"])
    return clock


def limit_of(clock: Clock) -> Limit:
    return pathway(clock.pathway).limit(clock.limit)


def stop(clocks: Iterable[Clock], now: datetime) -> None:
    """They were met, or nobody owes it any more. A red one stays red: that it was late is not forgotten."""
    Clock.objects.filter(pk__in=[clock.pk for clock in clocks], stopped_at=None).update(stopped_at=now)


def look_again_after(now: datetime) -> datetime:
    """By when somebody looks whether a clock should still stand still."""
    return due(now, LOOK_AGAIN, calendar())


def work_out(clock: Clock) -> None:
    """Its times anew, from what is stored. A pause that lasts leaves them as they are, and so does an agreed day."""
    if clock.calendar == AGREED:
        return
    pauses = [Pause(each.starts, each.ends) for each in clock.pauses.all()]
    try:
        clock.warn_at, clock.due_at = times(limit_of(clock), clock.started_at, pauses)
    except ClockStopped:
        return
    clock.calendar = calendar().version


def next_of(clock: Clock) -> datetime:
    """When somebody must look at it: its due time, or while it stands still the day it is looked at again."""
    return clock.look_again or clock.due_at


def settle(episode: Episode) -> None:
    """Work out the episode's next time from what runs. Does not save."""
    running = Clock.objects.filter(episode=episode, stopped_at=None)
    episode.next_due = None if episode.closed_at else min(map(next_of, running))
