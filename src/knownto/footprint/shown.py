"""Who was shown a person, or works on something that is taken to be about them: for telling them of a wrong link."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from knownto.casework.models import Part, Participation
from knownto.disclosure.models import Disclosure, How
from knownto.identity.seen_by import Seen
from knownto.partners.models import Worker


def shown(people: Collection[UUID], since: datetime, until: datetime) -> list[Seen]:
    """Everybody to whom a footprint of one of those people was shown, printed, asked or answered between those times,
    and every team whose work took one of them for its subject. Call inside rows that are open."""
    return [*_disclosed(people, since, until), *_worked_on(people, until)]


def _disclosed(people: Collection[UUID], since: datetime, until: datetime) -> list[Seen]:
    rows = Disclosure.objects.filter(person__in=people, at__gte=since, at__lte=until).exclude(how=How.NOT_SHARED)
    found = list(rows.order_by("at"))
    teams = Worker.objects.select_related("team").in_bulk({row.worker for row in found if row.worker})
    return [_seen(row, teams) for row in found]


def _seen(row: Disclosure, workers: dict[UUID, Worker]) -> Seen:
    worker = workers.get(row.worker) if row.worker else None
    covered = frozenset(stamp.partition(" ")[0] for stamp in row.agreements) or None
    return Seen(
        agency=row.to_agency,
        team=worker.team if worker else None,
        worker=row.worker if worker and worker.is_active else None,
        at=row.at,
        how=How(row.how).label,
        where=row.receipt,
        covered=covered,
    )


def _worked_on(people: Collection[UUID], until: datetime) -> list[Seen]:
    """Whoever has that work now answers for what was done in it."""
    rows = Participation.objects.filter(person__in=people, part=Part.ABOUT, until=None, since__lte=until)
    return [
        Seen(
            agency=row.episode.team.agency_id,
            team=row.episode.team,
            worker=None,
            at=row.since,
            how="work about them",
            where=row.episode.reference,
        )
        for row in rows.select_related("episode__team")
        if row.episode.team
    ]
