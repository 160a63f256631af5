"""A clock that stands still, and goes on. Called inside rows that are open, by acts that policy allowed."""

from datetime import datetime

from knownto.access.refusals import NotPossibleNow
from knownto.casework import clocks
from knownto.casework.models import Clock, Episode, Standstill
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor


class NotPaused(NotPossibleNow):
    """It does not stand as this act supposes: somebody else was first, or it was stopped."""

    def __init__(self) -> None:
        super().__init__("clock-elsewhere", "Somebody else has paused or stopped this clock in the meantime.")


def pause(*, clock: Clock, why: str, because: str, by: Actor, now: datetime) -> Clock:
    """It stands still from now; somebody looks again within a week, so that a pause is never a way to drop it.

    `why` is a code, `because` the words (sealed in the ledger). Raises NotPaused, and ValueError without words.
    """
    if not because.strip():
        raise ValueError("a pause without its reason")
    row = _locked(clock, standing=False)
    Standstill.objects.create(clock=row, starts=now, why=why)
    row.look_again = clocks.look_again_after(now)
    return _done(row, "clock-paused", by, now, {"because": because})


def go_on(*, clock: Clock, by: Actor, now: datetime) -> Clock:
    """It runs again, and is due later by what it stood still. Raises NotPaused."""
    row = _locked(clock, standing=True)
    Standstill.objects.filter(clock=row, ends=None).update(ends=now)
    row.look_again = None
    clocks.work_out(row)
    return _done(row, "clock-goes-on", by, now, {})


def _locked(clock: Clock, *, standing: bool) -> Clock:
    Episode.objects.select_for_update(no_key=True).get(pk=clock.episode_id)
    row = Clock.objects.select_related("episode").get(pk=clock.pk)
    if row.stopped_at or bool(row.look_again) is not standing:
        raise NotPaused
    return row


def _done(row: Clock, kind: str, by: Actor, now: datetime, detail: dict[str, str]) -> Clock:
    row.save(update_fields=["look_again", "warn_at", "due_at", "calendar"])
    if not row.episode.closed_at:
        clocks.settle(row.episode)
        row.episode.save(update_fields=["next_due"])
    about = [f"episode:{row.episode_id}"]
    ledger.record(kind=kind, by=by, about=about, because=row.limit, detail=detail, now=now)
    return row
