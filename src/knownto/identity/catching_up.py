"""Work through what waits to be matched, a small committed transaction at a time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from knownto.access import acts as access
from knownto.identity import blind, pending
from knownto.identity.cleaned import Opened
from knownto.identity.keying import key_some
from knownto.identity.matching import match_some
from knownto.identity.models import Stage

BATCH = 400  # records in one transaction: under a second, so that a file about to land never waits long
MANY = 2000  # records, after which the planner's idea of the tables is out of date
Progress = Callable[[int, int], None]


def catch_up(*, now: datetime, limit: int | None = None, progress: Progress | None = None) -> int:
    """Match what waits, in small committed transactions; returns how many records were dealt with.

    May be stopped at any moment and started again, and run twice at once. `limit` is a number of records;
    `progress(done, of)` is told after each transaction, in steps of which a changed record has two.
    """
    opened = Opened()
    steps = _Steps(progress)
    read = steps.take(partial(key_some, opened), limit, now)
    _analyse(read)
    matched = steps.take(partial(match_some, opened), limit, now)
    _analyse(matched)
    return max(read, matched)


def _analyse(done: int) -> None:
    """Before so many are looked up: the database would notice by itself, but only a minute later."""
    if done >= MANY:
        with access.system("identity"):
            blind.analyse()


class _Steps:
    """Does batch after batch, and tells how far it is."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._done = 0
        self._of = _steps_left() if progress else 0

    def take(self, some: Callable[[int, datetime], int], limit: int | None, now: datetime) -> int:
        """Batches of `some` until none is left or `limit` records are done. Returns how many were."""
        done = 0
        while limit is None or done < limit:
            did = some(BATCH if limit is None else min(BATCH, limit - done), now)
            if not did:
                break
            done += did
            self._tell(did)
        return done

    def _tell(self, did: int) -> None:
        self._done += did
        if self._progress:
            self._progress(self._done, max(self._of, self._done))


def _steps_left() -> int:
    with access.system("identity"):
        by_stage = pending.left()
    return 2 * by_stage.get(Stage.LANDED, 0) + by_stage.get(Stage.KEYED, 0)
