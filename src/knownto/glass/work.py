"""The headlines of open work about somebody: what kind, how it stands, and whom to ring. No words of it, and no names.

Found by the person that somebody linked it to, and by the blind keys of what agencies hold of them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from knownto.casework.models import Episode, Part, Participation
from knownto.casework.recognising import seen_before
from knownto.casework.register import pathway, pathways
from knownto.footprint.routes import Route, Routes
from knownto.identity.answers import HeldRecord
from knownto.linkage import Evidence

MOST_COMPARED = 3  # of the ways in which agencies hold them: the rest are nearly always the same again


@dataclass(frozen=True, slots=True)
class Headline:
    """One open piece of work. `sure` False: it may be of somebody else, and says so."""

    kind: str
    stands: str
    since: datetime
    reference: str
    agency: str
    routes: tuple[Route, ...]
    sure: bool


def open_work(person: UUID, records: Sequence[HeldRecord], routes: Routes) -> tuple[Headline, ...]:
    """What the hub has open about them, the latest first. Inside rows that are open."""
    linked = Participation.objects.filter(_open(), person=person, part=Part.ABOUT, until=None)
    found = dict.fromkeys(linked.values_list("episode_id", flat=True), True)
    for evidence in _different(record.evidence for record in records):
        for seen in seen_before(evidence, among=_open()):
            found[seen.participation.episode_id] = found.get(seen.participation.episode_id, False) or seen.sure
    rows = _rows(found.keys())
    return tuple(_headline(row, sure=found[row.pk], routes=routes) for row in rows)


def _open() -> Q:
    hub = [each.code for each in pathways() if each.seen_by_hub]
    return Q(episode__closed_at=None, episode__pathway__in=hub)


def _rows(ids: Iterable[UUID]) -> QuerySet[Episode]:
    return Episode.objects.filter(pk__in=list(ids)).select_related("team__agency").order_by("-opened_at")


def _different(held: Iterable[Evidence]) -> list[Evidence]:
    return list(dict.fromkeys(held))[:MOST_COMPARED]


def _headline(row: Episode, *, sure: bool, routes: Routes) -> Headline:
    path = pathway(row.pathway)
    team = row.team
    agency, ring = (team.agency, routes.to(team.agency_id, [team.code])) if team else (None, ())
    name = agency.name if agency else ""
    return Headline(path.name, path.state(row.state).name, row.opened_at, row.reference, name, ring, sure)
