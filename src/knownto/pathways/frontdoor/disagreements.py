"""What there is to see of disagreements: one's own, all of them for the hub, and counts with nobody in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

from knownto.access.acts import Permission, Viewer
from knownto.casework import reads
from knownto.casework.models import Decision, Episode, Part, Participation
from knownto.pathways.frontdoor.challenging import CAN_BE_CHALLENGED, CHALLENGE
from knownto.pathways.frontdoor.pathway import STAGES


def mine(viewer: Viewer) -> list[Episode]:
    """The disagreements that the viewer takes part in, or whose team owes an answer; for whoever sees the hub's board,
    all of them. The open ones first, the next due first. Call inside open rows.
    """
    found = Episode.objects.filter(pathway=CHALLENGE).select_related("parent", "team", "from_agency")
    if not viewer.may(Permission.BOARD):
        team = reads.team_of(viewer)
        sides = Participation.objects.filter(part=Part.WORKS_ON, worker=viewer.worker_id).values("episode")
        ours = Q(team=team, team__isnull=False) | Q(from_team=team, from_team__isnull=False)
        found = found.filter(Q(pk__in=sides) | ours)
    rows = list(found.order_by("-opened_at")[:300])
    return sorted(rows, key=lambda row: (row.closed_at is not None, row.next_due or row.opened_at))


def against(episode: Episode) -> list[Episode]:
    """The disagreements with what was decided in it, newest first."""
    return list(Episode.objects.filter(parent=episode, pathway=CHALLENGE).order_by("-opened_at"))


def highest_stages(rows: Sequence[Episode]) -> dict[UUID, str]:
    """The highest stage that each of them reached."""
    found = {row.id: STAGES[0] for row in rows}
    for identity, to in Decision.objects.filter(episode__in=rows, to__in=STAGES).values_list("episode", "to"):
        found[identity] = max(found[identity], to)
    return found


@dataclass(frozen=True, slots=True)
class Count:
    """Of one agency in one quarter: how many disagreements began, how far they went, how they ended."""

    quarter: str
    agency: str
    decided: int
    opened: int
    stages: Counter[str]
    ended: Counter[str]


def quarter_of(at: datetime) -> str:
    """The quarter of the financial year: "2026-27 Q1" is April to June 2026."""
    year = at.year if at.month >= 4 else at.year - 1
    return f"{year}-{(year + 1) % 100:02d} Q{(at.month - 4) % 12 // 3 + 1}"


def counts(since: datetime) -> list[Count]:
    """By quarter and by the agency that disagreed. A quarter of decisions without a disagreement says 0, once.

    Nothing about any person.
    """
    rows = list(Episode.objects.filter(pathway=CHALLENGE, opened_at__gte=since).order_by("opened_at"))
    stages, decided = highest_stages(rows), _decided(since)
    groups: dict[tuple[str, str], list[Episode]] = {(quarter, ""): [] for quarter in decided}
    for row in rows:
        groups.setdefault((quarter_of(row.opened_at), row.from_agency_id), []).append(row)
    told = [_count(key, found, stages, decided) for key, found in sorted(groups.items(), reverse=True)]
    with_some = {count.quarter for count in told if count.opened}
    return [count for count in told if count.opened or count.quarter not in with_some]


def _count(key: tuple[str, str], rows: Iterable[Episode], stages: dict[UUID, str], decided: Counter[str]) -> Count:
    rows = list(rows)
    reached = Counter(stages[row.id] for row in rows)
    return Count(
        key[0], key[1], decided[key[0]], len(rows), reached, Counter(row.state for row in rows if row.closed_at)
    )


def _decided(since: datetime) -> Counter[str]:
    """How many decisions there were in each quarter that could have been disagreed with."""
    made = Decision.objects.filter(at__gte=since, episode__pathway__in=CAN_BE_CHALLENGED).exclude(power="rule")
    return Counter(quarter_of(at) for at in made.values_list("at", flat=True).iterator())
