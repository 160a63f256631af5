"""A reviewer's word taken back, and a decision undone: the pair waits again, before whoever took it back."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts as casework
from knownto.casework.models import Answer, Ask, Episode
from knownto.identity import acts, harm, queue
from knownto.identity.entering import covered, reviewing
from knownto.identity.models import Belief, Opinion, Review, Ruling, Why
from knownto.identity.pathway import PURPOSE
from knownto.identity.reviewing import SECOND, UNDO, Word, move, said
from knownto.identity.wanting import Wanted

LATELY = timedelta(hours=12)  # for "undo my last": a slip of the hand is noticed on the day
SLIP = "Taken back by the reviewer who had said it."


class NothingToUndo(NotPossibleNow):
    """The viewer has said nothing lately that they could take back."""

    def __init__(self) -> None:
        super().__init__("nothing-to-undo", "There is nothing of yours from today to undo.")


class OthersToo(NotPossibleNow):
    """Somebody else has spoken since: what two people said is not one's own to take back."""

    def __init__(self) -> None:
        super().__init__("others-too", "Somebody else has spoken on this since. Ask for it to be undone instead.")


def undo_last(*, by: Viewer, now: datetime) -> UUID:
    """Take back the last thing that the viewer said today; gives the review that has the pair now. Raises
    NothingToUndo, OthersToo, and other Refused."""
    with transaction.atomic(), rows_open("system:review", by.agency):
        mine = Opinion.objects.filter(worker=by.worker_id, withdrawn_at=None, at__gt=now - LATELY)
        last = mine.select_related("review").order_by("-at", "-id").first()
    if last is None:
        raise NothingToUndo
    return take_back(by=by, opinion=last, because=SLIP, now=now)


def take_back(*, by: Viewer, opinion: Opinion, because: str, now: datetime) -> UUID:
    """Take back what one said. Raises OthersToo, and other Refused."""
    with reviewing(by, opinion.review.episode_id, kind="review-taken-back", now=now) as row:
        if row.opinions.filter(withdrawn_at=None).exclude(worker=by.worker_id).exists():
            raise OthersToo
        row.opinions.filter(worker=by.worker_id, withdrawn_at=None).update(withdrawn_at=now)
        return _again(row, by, because, now) if row.closed_at else _not_asked(row, by, because, now)


def _again(row: Review, by: Viewer, because: str, now: datetime) -> UUID:
    """What came in force is undone, and the pair is before them again."""
    if row.ruling_id:
        acts.undo(ruling=row.ruling_id, reason=because, by=by.actor, now=now)
    return _wait_again(row.lower, row.higher or row.lower, Why(row.why), by, now)


def _wait_again(lower: int, higher: int, why: Why, by: Viewer, now: datetime) -> UUID:
    believed = Belief.objects.filter(lower=lower, higher=higher).values_list("bits", flat=True).first()
    [fresh] = queue.put_in([Wanted(lower, higher, why, believed or 0.0)], now, first=by.worker_id)
    return fresh.episode_id


def _not_asked(row: Review, by: Viewer, because: str, now: datetime) -> UUID:
    """Whoever was asked for a second opinion need not give it any more."""
    for ask in Ask.objects.filter(episode=row.episode, kind=SECOND, answered_at=None):
        casework.answer(ask=ask, answer=Answer.WITHDRAWN, plain={"because": because}, by=by.actor, now=now)
    row.episode.refresh_from_db()
    if row.episode.state == "second":
        move(row, "take-back", by, because, now)
    queue.claim(row, by.worker_id, now)
    return row.episode_id


def undo_ruling(*, by: Viewer, ruling: UUID, because: str, now: datetime) -> UUID | None:
    """Undo a decision that is in force, whoever's it is. Of a class of data that needs two people it is only proposed.

    Gives the review in which the second person is asked, or None when it is undone. Raises a Refused.
    """
    found = _ruling(by, ruling, now)
    about = [f"record:{found.lower}", f"record:{found.higher}"]
    with asking(by, Request(Permission.REVIEW, purpose=PURPOSE), kind="link-undo", about=about, now=now):
        if not harm.of_records((found.lower, found.higher)).two_people:
            acts.undo(ruling=ruling, reason=because, by=by.actor, now=now)
            return None
        return _proposed(found, by, because, now)


def _ruling(by: Viewer, ruling: UUID, now: datetime) -> Ruling:
    with transaction.atomic(), rows_open("system:review", by.agency):
        found = Ruling.objects.filter(pk=ruling).first()
        if found is None or not of_covered(by, (found.lower, found.higher), now):
            raise NotYours
        return found


def of_covered(viewer: Viewer, records: tuple[int, ...], now: datetime) -> bool:
    """Are all of those records of agencies that share evidence with the viewer's for accuracy?"""
    return set(queue.agencies_of(records).values()) <= set(covered(viewer, now))


def _proposed(found: Ruling, by: Viewer, because: str, now: datetime) -> UUID:
    if Review.objects.filter(lower=found.lower, higher=found.higher, closed_at=None).exists():
        raise NotPossibleNow("already-waiting", "This pair waits for a reviewer already.")
    [row] = queue.put_in([Wanted(found.lower, found.higher, Why.UNDO, 0.0)], now)
    row.undoes = found
    row.save(update_fields=["undoes"])
    row.episode = Episode.objects.get(pk=row.episode_id)
    said(row, by, Word(UNDO, 0, "other", because), now)
    return row.episode_id
