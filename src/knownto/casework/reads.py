"""What can be asked to be seen of work. Call inside rows that an audited act has opened, unless it says otherwise."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from knownto.access.acts import Viewer
from knownto.access.refusals import NotYours
from knownto.casework import words
from knownto.casework.models import Ask, Clock, Decision, Episode, Invitation, Part, Participation, Statement
from knownto.casework.register import pathway
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team, Worker

HUB_OFFICES = frozenset({"hub", "night"})


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody whom an episode is about, opened."""

    id: UUID
    role: str
    evidence: Evidence
    more: dict[str, Any]
    person: UUID | None

    @property
    def name(self) -> str:
        whole = f"{self.evidence.given_names} {self.evidence.family_name}".strip()
        return whole or ("Unborn child" if self.evidence.unborn else "Name not known")


def team_of(viewer: Viewer) -> Team | None:
    """The team that the viewer works in now."""
    return Team.objects.select_related("agency").filter(worker=viewer.worker_id).first()


def episode(identity: UUID) -> Episode:
    """That episode. Raises NotYours where there is none: it looks like one that is not yours."""
    found = Episode.objects.select_related("team", "worker", "from_team").filter(pk=identity).first()
    if found is None:
        raise NotYours
    return found


def parts_of(viewer: Viewer, episode: Episode) -> frozenset[str]:
    """In which parts of `policy.PARTS` the viewer takes part in the episode, from facts alone."""
    team = team_of(viewer)
    here = offices.offices_of(team) if team else frozenset()
    works = Participation.objects.filter(episode=episode, part=Part.WORKS_ON, until=None).filter(
        Q(worker=viewer.worker_id) | Q(worker=None, team=team, team__isnull=False)
    )
    asked = team is not None and Ask.objects.filter(episode=episode, to_team=team).exists()
    found = {
        "hub": bool(here & HUB_OFFICES) and pathway(episode.pathway).seen_by_hub,
        "allocated": episode.worker_id == viewer.worker_id
        or (team is not None and episode.team_id == team.pk)
        or works.exclude(role__in=("referrer", "escalated")).exists(),
        "health": "hub-health" in viewer.roles and asked,
        "invited": _invited(viewer, team, episode),
        "asked": asked,
        "referrer": episode.from_worker == viewer.worker_id or works.filter(role="referrer").exists(),
        "supervisor": "supervisor" in viewer.roles and episode.from_agency_id == viewer.agency,
        "escalated": works.filter(role="escalated").exists(),
    }
    return frozenset(part for part, true in found.items() if true)


def _invited(viewer: Viewer, team: Team | None, episode: Episode) -> bool:
    mine = Q(worker=viewer.worker_id) | Q(worker=None, team=team, team__isnull=False)
    return Invitation.objects.filter(mine, meeting__episode=episode).exclude(invited_at=None).exists()


def people(episodes: Iterable[Episode]) -> dict[UUID, list[Known]]:
    """Whom those episodes are about, the subjects first. One look-up, one opening."""
    rows = list(
        Participation.objects.filter(episode__in=list(episodes), part=Part.ABOUT, until=None).order_by("since", "id")
    )
    found: dict[UUID, list[Known]] = {}
    for row, plain in zip(rows, words.opened(rows), strict=True):
        evidence = Evidence.from_json(plain.pop("evidence"))
        found.setdefault(row.episode_id, []).append(Known(row.pk, row.role, evidence, plain, row.person))
    for each in found.values():
        each.sort(key=lambda known: known.role not in ("subject", "adult-at-risk"))
    return found


def statements(episode: Episode, *kinds: str) -> list[tuple[Statement, dict[str, Any]]]:
    """What was said in it, oldest first, opened; of those kinds only, where any are given. Corrected ones are there."""
    rows = Statement.objects.filter(episode=episode).order_by("at", "id")
    found = list(rows.filter(kind__in=kinds) if kinds else rows)
    return list(zip(found, words.opened(found), strict=True))


def decisions(episode: Episode) -> list[tuple[Decision, dict[str, Any]]]:
    """Its decisions in their order, opened."""
    found = list(Decision.objects.filter(episode=episode).order_by("number"))
    return list(zip(found, words.opened(found), strict=True))


def asks(episode: Episode, *kinds: str) -> list[tuple[Ask, dict[str, Any]]]:
    """What was asked in it, oldest first, opened."""
    rows = Ask.objects.filter(episode=episode).select_related("to_team__agency", "by_team", "clock")
    found = list((rows.filter(kind__in=kinds) if kinds else rows).order_by("asked_at", "id"))
    return list(zip(found, words.opened(found), strict=True))


def running(episode: Episode) -> list[Clock]:
    """Its clocks that run, the next due first."""
    return list(Clock.objects.filter(episode=episode, stopped_at=None).order_by("due_at"))


def rebuilt_state(episode: Episode, starts: str) -> str:
    """Its state from its decisions alone: what the cached column must say."""
    last = Decision.objects.filter(episode=episode).order_by("number").last()
    return last.to if last else starts


def names(workers: Sequence[UUID | None]) -> dict[UUID, str]:
    """The names of those workers."""
    rows = list(Worker.objects.filter(pk__in={worker for worker in workers if worker}))
    return {row.pk: plain["name"] for row, plain in zip(rows, words.opened(rows), strict=True)}


@dataclass(frozen=True, slots=True)
class Owed:
    """One thing that is owed: by when, what, and where it is done. `episode` or `ask` is set."""

    due: datetime
    late: bool
    what: str
    reference: str
    episode: Episode
    ask: Ask | None = None
    worker: UUID | None = None


def owed(viewer: Viewer, *, team: bool, now: datetime, most: int = 200) -> list[Owed]:
    """Everything that the viewer owes (or with `team` their whole team), the next due first."""
    mine = team_of(viewer)
    episodes = Q(team=mine) if team else Q(worker=viewer.worker_id)
    asks_of = Q(to_team=mine) if team else Q(to_team=mine, to_worker=viewer.worker_id)
    work = Episode.objects.filter(episodes, closed_at=None).select_related("team").order_by("next_due")[:most]
    open_asks = Ask.objects.filter(asks_of, answered_at=None).select_related("clock", "episode", "to_team")
    found = [_owed_episode(row, now) for row in work] if mine or not team else []
    if mine:
        found += [_owed_ask(row, now) for row in open_asks.order_by("clock__due_at")[:most]]
    return sorted(found, key=lambda each: each.due)[:most]


def _owed_episode(row: Episode, now: datetime) -> Owed:
    due = row.next_due or now  # the database refuses open work without a next time
    return Owed(due, due < now, row.state, row.reference, row, worker=row.worker_id)


def _owed_ask(row: Ask, now: datetime) -> Owed:
    return Owed(
        row.clock.due_at, row.clock.due_at < now, row.kind, row.reference, row.episode, row, worker=row.to_worker
    )
