"""Lists for reviewers: what waits, and what one said. Opaque ids, codes and times alone: no record is opened."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.identity import queue as queued
from knownto.identity.entering import covered
from knownto.identity.models import Opinion, Review, Why
from knownto.identity.pathway import PURPOSE
from knownto.identity.reviewing import ANSWERS
from knownto.partners import reads as partners

A_PAGE = 25


@dataclass(frozen=True, slots=True)
class Item:
    """One review that waits. `who` has it before them now."""

    episode: UUID
    reference: str
    agencies: tuple[str, ...]
    why: str
    state: str
    two_people: bool
    due: datetime
    late: bool
    who: UUID | None


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of it, the gravest doubt first, and how many there are by band of harm."""

    items: tuple[Item, ...]
    more: bool
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Mine:
    """One thing that the viewer said. `ruling` is set where it is in force, and can be undone."""

    episode: UUID
    reference: str
    answer: str
    at: datetime
    taken_back: bool
    state: str
    ruling: UUID | None
    two_people: bool


def queue(viewer: Viewer, *, page: int = 1, now: datetime) -> Queue:
    """What waits, of agencies that share evidence with the viewer's. Raises a Refused."""
    with asking(viewer, Request(Permission.REVIEW, purpose=PURPOSE), kind="review-queue", now=now):
        may, names = covered(viewer, now), partners.agency_names()
        rows = Review.objects.filter(closed_at=None, agencies__contained_by=list(may)).select_related("episode")
        found = list(rows.order_by("-rank", "since", "id")[(page - 1) * A_PAGE : page * A_PAGE + 1])
        return Queue(
            tuple(_item(row, names, now) for row in found[:A_PAGE]), len(found) > A_PAGE, queued.counts(may, now)
        )


def _item(row: Review, names: dict[str, str], now: datetime) -> Item:
    has_it = row.claimed_until is not None and row.claimed_until > now
    due = row.episode.next_due or now
    return Item(
        episode=row.episode_id,
        reference=row.episode.reference,
        agencies=tuple(names.get(code, code) for code in row.agencies),
        why=Why(row.why).label,
        state=row.episode.state,
        two_people=row.two_people,
        due=due,
        late=due < now,
        who=row.claimed_by if has_it else None,
    )


def decisions(viewer: Viewer, *, page: int = 1, now: datetime) -> tuple[tuple[Mine, ...], bool]:
    """What the viewer said, the latest first, and whether there is more. Raises a Refused."""
    with asking(viewer, Request(Permission.REVIEW, purpose=PURPOSE), kind="review-own", now=now):
        rows = Opinion.objects.filter(worker=viewer.worker_id).select_related("review__episode", "review__ruling")
        found = list(rows.order_by("-at", "-id")[(page - 1) * A_PAGE : page * A_PAGE + 1])
        return tuple(_mine(row) for row in found[:A_PAGE]), len(found) > A_PAGE


def _mine(row: Opinion) -> Mine:
    ruling = row.review.ruling
    stands = ruling is not None and ruling.undone_at is None and ruling.replaced_by_id is None
    return Mine(
        episode=row.review.episode_id,
        reference=row.review.episode.reference,
        answer=ANSWERS[row.answer],
        at=row.at,
        taken_back=row.withdrawn_at is not None,
        state=row.review.episode.state,
        ruling=ruling.pk if ruling and stands and row.withdrawn_at is None else None,
        two_people=row.review.two_people,
    )
