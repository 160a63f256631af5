"""The one sweep: clocks that turn amber and red, and everybody who is to be told of it.

It starts from the database alone and does each clock in a transaction of its own: killed at any point, it has done a
clock wholly or not at all, and coming again it finds what is left. A flip is recorded once, and told once. One clock
that cannot be turned (a pathway taken out of the product) does not keep the others from it.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from knownto.access.acts import SYSTEM, system
from knownto.casework import clocks
from knownto.casework.asking import remind
from knownto.casework.models import Ask, Clock, Episode
from knownto.casework.pathway import OFFICE
from knownto.casework.telling import tell
from knownto.ledger import acts as ledger
from knownto.partners import offices
from knownto.partners.models import Team

log = logging.getLogger(__name__)

AT_ONCE = 500
REMINDED_EVERY = timedelta(days=1)
MOST_REMINDERS = 5  # then whoever asked has been told often enough that nobody answers
SITS = {"manager": "hub", "night": "night"}  # audience -> office: its managers answer for what is late


def sweep(now: datetime, limit: int = AT_ONCE) -> int:
    """Turn what is to be turned, and remind whoever keeps others waiting; gives how much was done."""
    turned = sum(_alone(_turn, clock, now) for clock in _to_turn(now, limit))
    return turned + sum(_alone(_remind_again, ask, now) for ask in _to_remind(now))


def _alone[Id: (int, UUID)](do: Callable[[Id, datetime], int], identity: Id, now: datetime) -> int:
    try:
        with system("clocks"):
            return do(identity, now)
    except Exception:
        log.exception("%s failed", do.__name__)
        return 0


def _to_turn(now: datetime, limit: int) -> list[int]:
    with system("clocks"):
        amber = Q(warn_at__lte=now, ambered_at=None)
        red = Q(due_at__lte=now, reddened_at=None)
        found = Clock.objects.filter(amber | red, stopped_at=None, look_again=None)
        again = Clock.objects.filter(look_again__lte=now, stopped_at=None)
        return [
            *found.order_by("due_at").values_list("pk", flat=True)[:limit],
            *again.order_by("look_again").values_list("pk", flat=True)[:limit],
        ]


def _turn(clock_id: int, now: datetime) -> int:
    """The episode is locked first, as by everybody who changes it; one that is in somebody's hands waits."""
    of = Clock.objects.filter(pk=clock_id).values("episode")
    if not Episode.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=of).exists():
        return 0
    clock = Clock.objects.select_related("episode__team").filter(pk=clock_id, stopped_at=None).first()
    if clock is None:
        return 0
    return _look_again(clock, now) if clock.look_again else _flip(clock, "amber", now) + _flip(clock, "red", now)


def _look_again(clock: Clock, now: datetime) -> int:
    """It stands still, and is not late: somebody looks whether it still should, every week until it goes on."""
    when = clock.look_again
    if when is None or when > now:
        return 0
    clock.look_again = clocks.look_again_after(now)
    clock.save(update_fields=["look_again"])
    if not clock.episode.closed_at:
        clocks.settle(clock.episode)
        clock.episode.save(update_fields=["next_due"])
    ask = Ask.objects.select_related("to_team", "by_team").filter(clock=clock).first()
    team, worker = _who(clock, ask, "asker" if ask else "owner")
    sort = f"look-again:{clock.pk}:{when:%s}"
    tell("look-again", episode=clock.episode, ask=ask, team=team, worker=worker, sort=sort, now=now)
    return 1


def _to_remind(now: datetime) -> list[UUID]:
    """Whose answer is long past its time: once a working day, so many times."""
    if not clocks.calendar().is_working_day(clocks.calendar().local(now).date()):
        return []
    with system("clocks"):
        late = Ask.objects.filter(answered_at=None, reminded__gt=0, reminded__lt=MOST_REMINDERS)
        due = late.filter(reminded_at__lte=now - REMINDED_EVERY, clock__due_at__lte=now, clock__look_again=None)
        return list(due.order_by("reminded_at").values_list("pk", flat=True)[:AT_ONCE])


def _remind_again(ask_id: UUID, now: datetime) -> int:
    remind(ask=Ask.objects.get(pk=ask_id), by=SYSTEM, now=now)
    return 1


def _flip(clock: Clock, colour: str, now: datetime) -> int:
    """Record that it turned, when it did turn, and tell whom its limit names."""
    when, column = (clock.warn_at, "ambered_at") if colour == "amber" else (clock.due_at, "reddened_at")
    if when is None or when > now or getattr(clock, column) is not None:
        return 0
    setattr(clock, column, when)
    clock.save(update_fields=[column])
    about = [f"episode:{clock.episode_id}"]
    ledger.record(kind="clock-turned", by=SYSTEM, about=about, because=f"{clock.limit}: {colour}", now=now)
    ask = Ask.objects.select_related("to_team", "by_team").filter(clock=clock).first()
    for tells in clocks.limit_of(clock).tells:
        if tells.when == colour and not (ask and colour == "red" and tells.audience == "asked"):
            _tell(clock, ask, tells.audience, colour, now)
    if ask and colour == "red":  # whoever owes it is reminded, which says the same and is counted
        remind(ask=ask, by=SYSTEM, now=now)
    return 1


def _tell(clock: Clock, ask: Ask | None, audience: str, colour: str, now: datetime) -> None:
    team, worker = _who(clock, ask, audience)
    sort = f"{colour}:{clock.pk}:{audience}"
    tell(colour, episode=clock.episode, ask=ask, team=team, worker=worker, sort=sort, now=now)


def _who(clock: Clock, ask: Ask | None, audience: str) -> tuple[Team | None, UUID | None]:
    episode = clock.episode
    if office := SITS.get(audience, audience.removeprefix(OFFICE) if audience.startswith(OFFICE) else ""):
        return _sitting(office, episode), None
    if ask and audience in ("asked", "owner"):
        return ask.to_team, ask.to_worker
    if ask and audience == "asker":
        return ask.by_team, ask.by_worker
    return {"owner": (episode.team, episode.worker_id), "supervisor": (episode.from_team, None)}.get(
        audience, (episode.team, None)
    )


def _sitting(office: str, episode: Episode) -> Team | None:
    """Who sits there. Where the setting names nobody, whoever has the work is told: a limit runs out all the same."""
    try:
        return offices.team_of(office)
    except offices.NoSuchOffice:
        log.error("nobody is the office %s", office)
        return episode.team


def adrift() -> int:
    """How many open episodes have no owner, or nothing that will turn up, and unanswered asks without a clock.

    Always 0: the database refuses the first two as well.
    """
    with system("clocks"):
        running = Clock.objects.filter(stopped_at=None).exclude(runs="ask").values("episode")
        lost = Q(team=None) | Q(next_due=None) | ~Q(pk__in=running)
        stopped = Ask.objects.filter(answered_at=None, clock__stopped_at__isnull=False)
        return Episode.objects.filter(lost, closed_at=None).count() + stopped.count()
