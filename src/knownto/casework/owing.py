"""Everything that somebody owes or waits for, ordered by when it is due: one page of it at a time.

A page is found first, by due times and opaque ids alone. Only then are names opened, of that page and no more, with a
ledger entry that says of which work; and only where the viewer's own team has the work, or is asked about somebody.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from heapq import merge
from itertools import islice
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.casework import answering, clocks, reads, words
from knownto.casework.models import Answer, Ask, Clock, Episode, Participation
from knownto.casework.reads import Known
from knownto.casework.register import not_for, pathway
from knownto.linkage import Evidence
from knownto.partners.models import Team

A_PAGE = 50
MOST = 5000  # on a sheet that is taken away
LATELY = timedelta(days=7)


class Whose(StrEnum):
    """Whose work is listed."""

    MINE = "mine"
    TEAM = "team"
    NOBODY = "nobody"  # the team's, with nobody's name on it


class When(StrEnum):
    """Which of it."""

    ALL = "all"
    LATE = "late"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that is owed, or waited for. `limit` is what it is due for; `soon` that its warning time has passed.

    `ask` is set where it is an ask. `page` and `page_of`: the route on which it is done, and the id that it takes.
    """

    due: datetime
    late: bool
    soon: bool
    paused: bool
    kind: str
    stands: str
    limit: str
    reference: str
    names: tuple[str, ...]
    urgency: str
    worker: UUID | None
    who: str
    team: str
    agency: str
    page: str
    page_of: UUID | None
    ask: UUID | None = None
    opened: datetime | None = None
    seen: datetime | None = None
    reminded: datetime | None = None
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page. `late` counts everything of it that is late, on this page or not."""

    items: tuple[Item, ...]
    more: bool
    late: int


Key = tuple[datetime, bool, UUID]  # due, is it an ask, its id


def owed(viewer: Viewer, whose: Whose, when: When, *, page: int = 1, size: int = A_PAGE, now: datetime) -> Found:
    """What the viewer owes, or their team: pieces of work in hand and asks, the next due first. Raises a Refused."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        team = reads.team_of(viewer)
        episodes, asks = _episodes(viewer, team, whose), _asks_of(viewer, team, whose)
        timed = _timed(episodes, "next_due", when, now), _timed(asks, "clock__due_at", when, now)
        keys, more = _page(*timed, page, size)
        late = episodes.filter(next_due__lt=now).count() + asks.filter(clock__due_at__lt=now).count()
    return Found(_opened(viewer, team, keys, "view-work", now), more, late)


def waited_for(viewer: Viewer, when: When, *, page: int = 1, size: int = A_PAGE, now: datetime) -> Found:
    """What the viewer or their team asked of others and still waits for, the next due first. Raises a Refused."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        team = reads.team_of(viewer)
        asks = _asked_by(viewer, team).filter(answered_at=None)
        keys, more = _page(Episode.objects.none(), _timed(asks, "clock__due_at", when, now), page, size)
        late = asks.filter(clock__due_at__lt=now).count()
    return Found(_opened(viewer, team, keys, "view-asked", now), more, late)


def come_back(viewer: Viewer, *, most: int, now: datetime) -> tuple[Item, ...]:
    """What the viewer or their team asked and was answered lately, the latest first. Raises a Refused."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        team = reads.team_of(viewer)
        asks = _asked_by(viewer, team).filter(answered_at__gt=now - LATELY).exclude(answer=Answer.WITHDRAWN)
        found = list(asks.order_by("-answered_at").values_list("answered_at", "pk")[:most])
        keys: list[Key] = [(at, True, pk) for at, pk in found if at]
    return _opened(viewer, team, keys, "view-asked", now)


def _asked_by(viewer: Viewer, team: Team | None) -> QuerySet[Ask]:
    mine = Q(by_worker=viewer.worker_id) | Q(by_team=team, by_team__isnull=False)
    return Ask.objects.filter(mine, by_agency=viewer.agency)


def _episodes(viewer: Viewer, team: Team | None, whose: Whose) -> QuerySet[Episode]:
    rows = Episode.objects.filter(closed_at=None)
    if whose is Whose.MINE:
        return rows.filter(worker=viewer.worker_id)
    held = rows.filter(team=team) if team else rows.none()
    return held.filter(worker=None) if whose is Whose.NOBODY else held


def _asks_of(viewer: Viewer, team: Team | None, whose: Whose) -> QuerySet[Ask]:
    rows = Ask.objects.filter(to_team=team, answered_at=None) if team else Ask.objects.none()
    rows = rows.exclude(kind__in=not_for(lambda code: viewer.may(Permission(code))))
    if whose is Whose.TEAM:
        return rows
    return rows.filter(to_worker=viewer.worker_id if whose is Whose.MINE else None)


def _timed[Rows: QuerySet](rows: Rows, due: str, when: When, now: datetime) -> Rows:
    """Those of that time, and in the order in which they are due."""
    until = _until(when, now)
    found = rows.filter(**{f"{due}__lt" if when is When.LATE else f"{due}__lte": until}) if until else rows
    return found.order_by(due, "pk")


def _until(when: When, now: datetime) -> datetime | None:
    if when is When.ALL:
        return None
    if when is When.LATE:
        return now
    days = 0 if when is When.TODAY else 6
    last = localtime(now).date() + timedelta(days=days)
    return datetime.combine(last, time.max, localtime(now).tzinfo)


def _page(episodes: QuerySet[Episode], asks: QuerySet[Ask], page: int, size: int) -> tuple[list[Key], bool]:
    """The keys of that page, and whether more follow. Two sorted streams, read no further than the page."""
    last = page * size + 1
    work = ((due, False, pk) for due, pk in episodes.values_list("next_due", "pk")[:last])
    owed = ((due, True, pk) for due, pk in asks.values_list("clock__due_at", "pk")[:last])
    found = list(islice(merge(work, owed), (page - 1) * size, last))
    return found[:size], len(found) > size


def _opened(viewer: Viewer, team: Team | None, keys: Sequence[Key], kind: str, now: datetime) -> tuple[Item, ...]:
    """Those, with the names that this viewer may see, and the look recorded before they are opened."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        asks = Ask.objects.select_related("episode", "clock", "to_team__agency", "by_team__agency", "about").in_bulk(
            [pk for _, is_ask, pk in keys if is_ask]
        )
        episodes = Episode.objects.select_related("team").in_bulk([pk for _, is_ask, pk in keys if not is_ask])
        running = _running(episodes)
    about = [f"episode:{pk}" for pk in dict.fromkeys([*episodes, *(ask.episode_id for ask in asks.values())])]
    with asking(viewer, Request(Permission.WORK), kind=kind, about=about, now=now):
        page = _Page(viewer, team, now, _named_of(episodes.values(), asks.values(), viewer, team), running)
        names = reads.names([*(e.worker_id for e in episodes.values()), *(a.to_worker for a in asks.values())])
        return tuple(
            page.ask(asks[pk], names) if is_ask else page.episode(episodes[pk], names) for _, is_ask, pk in keys
        )


def _running(episodes: Collection[UUID]) -> dict[UUID, Clock]:
    """Of each episode the clock that is next: what it is due for."""
    found: dict[UUID, Clock] = {}
    for clock in Clock.objects.filter(episode__in=episodes, stopped_at=None):
        before = found.get(clock.episode_id)
        if before is None or clocks.next_of(clock) < clocks.next_of(before):
            found[clock.episode_id] = clock
    return found


def _named_of(
    episodes: Iterable[Episode], asks: Iterable[Ask], viewer: Viewer, team: Team | None
) -> dict[UUID, tuple[str, ...]]:
    """The names of the children of work that the viewer's team has, and of whom an ask is about, by their ids.

    Whoever is only asked sees whom the ask is about, and not who else is in the work.
    """
    own = [row for row in episodes if row.worker_id == viewer.worker_id or (team and row.team_id == team.pk)]
    found = {of: tuple(each.name for each in _first(people)) for of, people in reads.people(own).items()}
    return found | _of_asks([row.about for row in asks if row.about])


def _first(people: Sequence[Known]) -> list[Known]:
    subjects = [each for each in people if each.role in ("subject", "adult-at-risk")]
    return subjects or list(people[:1])


def _of_asks(about: Sequence[Participation]) -> dict[UUID, tuple[str, ...]]:
    opened = words.opened(about)
    return {
        row.pk: (Known(row.pk, row.role, Evidence.from_json(plain["evidence"]), {}, None).name,)
        for row, plain in zip(about, opened, strict=True)
    }


@dataclass(frozen=True, slots=True)
class _Page:
    viewer: Viewer
    team: Team | None
    now: datetime
    names: dict[UUID, tuple[str, ...]]
    running: dict[UUID, Clock]

    def episode(self, row: Episode, workers: dict[UUID, str]) -> Item:
        path, clock = pathway(row.pathway), self.running[row.pk]
        state = path.state(row.state)
        return Item(
            due=row.next_due or self.now,
            late=not clock.look_again and clock.due_at < self.now,
            soon=_soon(clock, self.now),
            paused=clock.look_again is not None,
            kind=path.name,
            stands=state.awaits or state.name,
            limit=clocks.limit_of(clock).name,
            reference=row.reference,
            names=self.names.get(row.pk, ()),
            urgency=row.urgency,
            worker=row.worker_id,
            who=workers.get(row.worker_id, "") if row.worker_id else "",
            team=row.team.name if row.team else "",
            agency=row.from_agency_id,
            page=path.page,
            page_of=row.pk,
            opened=row.opened_at,
        )

    def ask(self, row: Ask, workers: dict[UUID, str]) -> Item:
        path = pathway(row.episode.pathway)
        kind, sent = path.ask(row.kind), self.team is None or row.to_team_id != self.team.pk
        page, page_of = ("casework:ask", row.pk) if sent else answering.page_of(row)
        return Item(
            due=row.clock.due_at,
            late=not row.clock.look_again and row.clock.due_at < self.now,
            soon=_soon(row.clock, self.now),
            paused=row.clock.look_again is not None,
            kind=kind.name,
            stands=_asked_stands(row),
            limit=clocks.limit_of(row.clock).name,
            reference=row.reference,
            names=self.names.get(row.about_id, ()) if row.about_id else (),
            urgency=row.episode.urgency,
            worker=row.to_worker,
            who=workers.get(row.to_worker, "") if row.to_worker and not sent else "",
            team=row.to_team.name if sent else (row.by_team.name if row.by_team else ""),
            agency=row.to_team.agency.name if sent else (row.by_team.agency.name if row.by_team else row.by_agency),
            page=page,
            page_of=page_of,
            ask=row.pk,
            opened=row.asked_at,
            seen=row.seen_at,
            reminded=row.reminded_at,
            answered=row.answered_at,
        )


def _soon(clock: Clock, now: datetime) -> bool:
    return clock.look_again is None and clock.warn_at is not None and clock.warn_at <= now <= clock.due_at


def _asked_stands(row: Ask) -> str:
    if row.answer:
        return str(Answer(row.answer).label)
    return "Seen, not answered yet" if row.seen_at else "Not seen yet"
