"""The one sweep: clocks that turn amber and red, and everybody who is to be told of it.

It starts from the database alone and does each clock in a transaction of its own: killed at any point, it has done a
clock wholly or not at all, and coming again it finds what is left. A flip is recorded once, and told once.
"""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from knownto.access.acts import SYSTEM, system
from knownto.casework import clocks
from knownto.casework.asking import remind
from knownto.casework.models import Ask, Clock, Episode
from knownto.casework.telling import tell
from knownto.ledger import acts as ledger
from knownto.partners import offices
from knownto.partners.models import Team

AT_ONCE = 500
MANAGERS = "hub"  # the office whose managers answer for what is late


def sweep(now: datetime, limit: int = AT_ONCE) -> int:
    """Turn what is to be turned; gives how many flips there were."""
    return sum(_turn(clock, now) for clock in _to_turn(now, limit))


def _to_turn(now: datetime, limit: int) -> list[int]:
    with system("clocks"):
        amber = Q(warn_at__lte=now, ambered_at=None)
        red = Q(due_at__lte=now, reddened_at=None)
        found = Clock.objects.filter(amber | red, stopped_at=None, look_again=None)
        again = Clock.objects.filter(look_again__lte=now, stopped_at=None, reddened_at=None)
        return [*found.order_by("due_at").values_list("pk", flat=True)[:limit], *again.values_list("pk", flat=True)]


def _turn(clock_id: int, now: datetime) -> int:
    with system("clocks"):
        clock = Clock.objects.select_for_update(of=("self",), skip_locked=True).select_related("episode__team").filter(
            pk=clock_id, stopped_at=None
        ).first()  # fmt: skip
        if clock is None:
            return 0
        return _flip(clock, "amber", now) + _flip(clock, "red", now)


def _flip(clock: Clock, colour: str, now: datetime) -> int:
    """Record that it turned, when it did turn, and tell whom its limit names."""
    when, column = (clock.warn_at, "ambered_at") if colour == "amber" else (clocks.next_of(clock), "reddened_at")
    if when is None or when > now or getattr(clock, column) is not None:
        return 0
    setattr(clock, column, when)
    clock.save(update_fields=[column])
    about = [f"episode:{clock.episode_id}"]
    ledger.record(kind="clock-turned", by=SYSTEM, about=about, because=f"{clock.limit}: {colour}", now=now)
    ask = Ask.objects.select_related("to_team", "by_team").filter(clock=clock).first()
    for tells in clocks.limit_of(clock).tells:
        if tells.when == colour:
            _tell(clock, ask, tells.audience, colour, now)
    if ask and colour == "red":
        remind(ask=ask, by=SYSTEM, now=now)
    return 1


def _tell(clock: Clock, ask: Ask | None, audience: str, colour: str, now: datetime) -> None:
    team, worker = _who(clock, ask, audience)
    sort = f"{colour}:{clock.pk}:{audience}"
    tell(colour, episode=clock.episode, ask=ask, team=team, worker=worker, sort=sort, now=now)


def _who(clock: Clock, ask: Ask | None, audience: str) -> tuple[Team | None, UUID | None]:
    episode = clock.episode
    if ask and audience in ("asked", "owner"):
        return ask.to_team, ask.to_worker
    if ask and audience == "asker":
        return ask.by_team, ask.by_worker
    return {
        "owner": (episode.team, episode.worker_id),
        "owner-team": (episode.team, None),
        "supervisor": (episode.from_team, None),
        "manager": (offices.team_of(MANAGERS), None),
        "night": (offices.team_of("night"), None),
    }.get(audience, (episode.team, None))


def adrift() -> int:
    """How many open episodes have no owner, or nothing that will turn up. Always 0: the database refuses them too."""
    with system("clocks"):
        running = Clock.objects.filter(stopped_at=None).values("episode")
        still_open = Episode.objects.filter(closed_at=None)
        lost = Q(team=None) | Q(next_due=None) | ~Q(pk__in=running)
        return still_open.filter(lost).count()
