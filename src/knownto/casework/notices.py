"""What somebody is to be told: read on a page, and no longer new once it was read. A reference and a kind, no names."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.casework import reads
from knownto.casework.answering import page_of
from knownto.casework.models import Notice
from knownto.casework.register import not_for, pathway
from knownto.casework.telling import SAYS

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Told:
    """One notice. `page` and `page_of`: the route that it leads to, and the id that it takes; "" for none."""

    id: int
    at: datetime
    says: str
    reference: str
    to_team: bool
    new: bool
    page: str
    page_of: UUID | None


@dataclass(frozen=True, slots=True)
class Notices:
    """One page of them, the latest first."""

    told: tuple[Told, ...]
    more: bool


def notices(viewer: Viewer, *, seen: bool, page: int = 1, now: datetime) -> Notices:
    """The notices to this viewer and their team: new ones, or with `seen` those that were read. Raises a Refused."""
    with asking(viewer, Request(Permission.WORK), kind="view-notices", now=now):
        rows = _of(viewer).exclude(seen_at=None) if seen else _of(viewer).filter(seen_at=None)
        found = rows.select_related("episode", "ask").order_by("-at", "-id")[(page - 1) * A_PAGE : page * A_PAGE + 1]
        told = [_told(row) for row in found]
        return Notices(tuple(told[:A_PAGE]), len(told) > A_PAGE)


def new(viewer: Viewer) -> int:
    """How many new notices there are for this viewer and their team."""
    with transaction.atomic(), rows_open("system:parts", viewer.agency):
        return _of(viewer).filter(seen_at=None).count()


def read(*, by: Viewer, notices: list[int], now: datetime) -> int:
    """Those have been read, by one of those they were for; gives how many were new. Raises a Refused."""
    with asking(by, Request(Permission.WORK), kind="notices-read", detail={"notices": len(notices)}, now=now):
        return _seen(_of(by).filter(pk__in=notices), by, now)


def follow(*, by: Viewer, notice: int, now: datetime) -> Told | None:
    """Read one, on the way to what it is about; None where it is not for this viewer. Raises a Refused."""
    with asking(by, Request(Permission.WORK), kind="notice-followed", now=now):
        row = _of(by).select_related("episode", "ask").filter(pk=notice).first()
        if row:
            _seen(_of(by).filter(pk=row.pk), by, now)
        return _told(row) if row else None


def read_of_ask(viewer: Viewer, ask: UUID, now: datetime) -> None:
    """Whoever opens an ask has read what was told of it. Inside rows that are open."""
    _seen(_of(viewer).filter(ask=ask), viewer, now)


def _seen(rows: QuerySet[Notice], by: Viewer, now: datetime) -> int:
    return rows.filter(seen_at=None).update(seen_at=now, seen_by=by.worker_id)


def _of(viewer: Viewer) -> QuerySet[Notice]:
    team = reads.team_of(viewer)
    rows = Notice.objects.filter(Q(to_worker=viewer.worker_id) | Q(to_team=team, to_team__isnull=False))
    return rows.exclude(ask__kind__in=not_for(lambda code: viewer.may(Permission(code))))


def _told(row: Notice) -> Told:
    page, of = _page_of(row)
    to_team, fresh = row.to_team_id is not None, row.seen_at is None
    return Told(row.pk, row.at, SAYS[row.kind], row.reference, to_team, fresh, page, of)


def _page_of(row: Notice) -> tuple[str, UUID | None]:
    if row.ask_id and row.ask:
        owed = row.ask.answered_at is None and row.to_team_id in (None, row.ask.to_team_id)
        return page_of(row.ask) if owed and row.kind != "answered" else ("casework:ask", row.ask_id)
    return (pathway(row.episode.pathway).page, row.episode_id) if row.episode else ("", None)
