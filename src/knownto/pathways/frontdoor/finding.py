"""Finding a piece of work: by its reference, or in the hub by who the child is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking, check, rows_open
from knownto.casework import reads
from knownto.casework.models import Episode
from knownto.casework.recognising import Seen, seen_before
from knownto.casework.register import pathway
from knownto.disclosure import receipts
from knownto.linkage import Evidence

MOST = 10


@dataclass(frozen=True)
class Found:
    """A piece of work, and who of it fits what was asked."""

    id: UUID
    reference: str
    what: str
    state: str
    open: bool
    opened_at: datetime
    name: str
    born: str
    sure: bool
    reasons: tuple[str, ...]


def by_reference(viewer: Viewer, reference: str) -> UUID | None:
    """The work of that reference that the viewer takes part in; None for none, and for somebody else's alike.

    It only leads there: going in is decided and recorded where it is opened.
    """
    check(viewer, Request(Permission.WORK))
    with rows_open("system:parts", viewer.agency):
        found = Episode.objects.filter(reference=receipts.read(reference)).first()
        return found.id if found and reads.parts_of(viewer, found) else None


def by_child(
    viewer: Viewer, evidence: Evidence, *, about: Sequence[str], asked: dict[str, str], now: datetime
) -> list[Found]:
    """Work of the front door about whoever fits, best first, ten at most; what was asked is sealed into the ledger.

    Raises a Refused.
    """
    request, detail = Request(Permission.BOARD), {"asked": asked}
    with asking(viewer, request, kind="work-found", about=about, detail=detail, now=now):
        return _found(seen_before(evidence))


def _found(seen: list[Seen]) -> list[Found]:
    shown: dict[UUID, Seen] = {}
    for each in seen:
        if pathway(each.participation.episode.pathway).seen_by_hub:
            shown.setdefault(each.participation.episode_id, each)
    best = list(shown.values())[:MOST]
    people = reads.people([each.participation.episode for each in best])
    by_id = {known.id: known for some in people.values() for known in some}
    return [_one(each, by_id[each.participation.pk]) for each in best if each.participation.pk in by_id]


def _one(seen: Seen, known: reads.Known) -> Found:
    work = seen.participation.episode
    path = pathway(work.pathway)
    day = known.evidence.birth_date
    return Found(
        work.id,
        work.reference,
        path.name,
        path.state(work.state).name,
        work.closed_at is None,
        work.opened_at,
        known.name,
        f"{day.day} {day:%B %Y}" if day else "",
        seen.sure,
        tuple(reason.sentence for reason in seen.comparison.reasons if reason.bits > 0),
    )
