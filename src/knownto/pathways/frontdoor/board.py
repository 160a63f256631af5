"""The hub's board: everything that is open, what is due next first, read in a number of queries that does not grow.

Names are opened for the page that is shown and for nothing else. Whether a child was seen before was found out when
the contact came in, and is only read here.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from knownto.access.acts import Permission, Viewer
from knownto.casework import reads
from knownto.casework.entering import listing
from knownto.casework.models import Ask, Clock, Episode
from knownto.casework.pathway import Pathway, State
from knownto.casework.reads import Known
from knownto.casework.register import pathway
from knownto.partners import offices
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import recognised

A_PAGE = 50
A_SHEET = 5000  # of a download
BOARDS = ("contact", "support", "protection", "adult")


@dataclass(frozen=True)
class Wanted:
    """What of the board is asked for. Codes, all of them: nothing here is about anybody.

    `whose` is "", "mine" or "nobody"; `late` only what is past its next time.
    """

    board: str = "contact"
    stage: str = ""
    whose: str = ""
    urgency: str = ""
    agency: str = ""
    late: bool = False
    page: int = 1


@dataclass(frozen=True)
class Row:
    """One piece of work, as the board shows it. `due_for` says what the next time is of."""

    id: UUID
    reference: str
    state: State
    urgency: str
    level: int | None
    due: datetime
    due_for: str
    team: str
    worker: str
    mine: bool
    from_agency: str
    from_team: str
    opened_at: datetime
    children: tuple[str, ...]
    asked: int
    answered: int
    flags: tuple[str, ...]  # codes of recognised.SORTS
    looked: bool  # False: nobody has looked yet whether the child was seen before
    may_open: bool


@dataclass(frozen=True)
class Stage:
    code: str
    name: str
    open: int
    late: int


@dataclass(frozen=True)
class Board:
    """One page of it. `agencies` are those that anything open came from."""

    path: Pathway
    stages: tuple[Stage, ...]
    rows: tuple[Row, ...]
    more: bool
    agencies: Mapping[str, str]


def board(viewer: Viewer, wanted: Wanted, *, now: datetime, most: int = A_PAGE, named: bool = True) -> Board:
    """That page of the board; without names unless `named`. Raises a Refused, and KeyError for a board there is not."""
    path = pathway(wanted.board)
    with listing(viewer, Permission.BOARD, kind="board-seen", now=now):
        still_open = Episode.objects.filter(pathway=path.code, closed_at=None)
        found = _page(_filtered(still_open, viewer, wanted, now), wanted.page, most)
        rows = _rows(viewer, path, found[:most], named)
        stages, agencies = _stages(path, still_open, now), _agencies(still_open)
    return Board(path, stages, rows, len(found) > most, agencies)


def _filtered(found: QuerySet[Episode], viewer: Viewer, wanted: Wanted, now: datetime) -> QuerySet[Episode]:
    asked = {"state": wanted.stage, "urgency": wanted.urgency, "from_agency": wanted.agency}
    found = found.filter(**{name: value for name, value in asked.items() if value})
    if wanted.whose == "mine":
        found = found.filter(worker=viewer.worker_id)
    if wanted.whose == "nobody":
        found = found.filter(worker=None)
    return found.filter(next_due__lt=now) if wanted.late else found


def _page(found: QuerySet[Episode], page: int, most: int) -> list[Episode]:
    """One more than is shown, to know whether there is a next page.

    Sorted by key alone, then only those are read; what somebody closed in between is no longer there.
    """
    first = (max(page, 1) - 1) * most
    ids = list(found.order_by("next_due", "id").values_list("pk", flat=True)[first : first + most + 1])
    rows = Episode.objects.filter(pk__in=ids, closed_at=None).select_related("team", "from_team", "from_agency")
    by_id = {row.pk: row for row in rows}
    return [by_id[identity] for identity in ids if identity in by_id]


def _stages(path: Pathway, found: QuerySet[Episode], now: datetime) -> tuple[Stage, ...]:
    counts = found.values("state").annotate(open=Count("id"), late=Count("id", filter=Q(next_due__lt=now)))
    by_state = {each["state"]: each for each in counts.order_by()}
    states = [state for state in path.states if not state.closed]
    return tuple(_stage(state, by_state.get(state.code, {})) for state in states)


def _stage(state: State, counted: Mapping[str, int]) -> Stage:
    return Stage(state.code, state.name, counted.get("open", 0), counted.get("late", 0))


def _agencies(found: QuerySet[Episode]) -> dict[str, str]:
    there = set(found.order_by().values_list("from_agency", flat=True).distinct())
    return {code: name for code, name in partners.agency_names().items() if code in there}


def _rows(viewer: Viewer, path: Pathway, episodes: Sequence[Episode], named: bool) -> tuple[Row, ...]:
    ids = [each.id for each in episodes]
    people, asks = reads.people(episodes if named else ()), _asks(ids)
    seen, next_of = recognised.last_flags(ids), _next_limits(path, ids)
    names = reads.names([each.worker_id for each in episodes])
    opens = _may_open(viewer, ids)
    return tuple(
        Row(
            each.id,
            each.reference,
            path.state(each.state),
            each.urgency,
            each.level,
            each.next_due,
            next_of.get(each.id, ""),
            each.team.name,
            names.get(each.worker_id, ""),
            each.worker_id == viewer.worker_id,
            each.from_agency.name,
            each.from_team.name if each.from_team else "",
            each.opened_at,
            children(people.get(each.id, ())),
            *asks.get(each.id, (0, 0)),
            seen.get(each.id, ()),
            each.id in seen,
            each.id in opens,
        )
        for each in episodes
    )


def children(people: Iterable[Known]) -> tuple[str, ...]:
    """Whom it is about, by name, in the order of their names: sorted after opening, by no index."""
    subjects = [known.name for known in people if known.role in ("subject", "adult-at-risk")]
    return tuple(sorted(subjects, key=str.casefold))


def _asks(ids: Sequence[UUID]) -> dict[UUID, tuple[int, int]]:
    """(how many were asked, how many have answered) of each, of those who were asked about the family."""
    found = Ask.objects.filter(episode__in=ids).exclude(kind="outcome").order_by().values_list("episode")
    counted = found.annotate(asked=Count("id"), answered=Count("id", filter=Q(answered_at__isnull=False)))
    return {episode: (asked, answered) for episode, asked, answered in counted}


def _next_limits(path: Pathway, ids: Sequence[UUID]) -> dict[UUID, str]:
    """What the next time of each is of: the name of the limit that runs out first."""
    rows = Clock.objects.filter(episode__in=ids, stopped_at=None).order_by("episode", "due_at").distinct("episode")
    return {
        episode: pathway(of).limit(limit).name for episode, of, limit in rows.values_list("episode", "pathway", "limit")
    }


def _may_open(viewer: Viewer, ids: Sequence[UUID]) -> set[UUID]:
    """Who works in the hub or the night opens everything on it; anybody else what their team was asked about."""
    team = reads.team_of(viewer)
    if team is None:
        return set()
    if offices.offices_of(team) & reads.HUB_OFFICES:
        return set(ids)
    return set(Ask.objects.filter(episode__in=ids, to_team=team).values_list("episode", flat=True))
