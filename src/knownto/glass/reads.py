"""What is known of glasses: those a worker has open, how often they broke one, and whether they may break another."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from knownto.access.acts import Viewer, rows_open
from knownto.access.refusals import NotYours
from knownto.casework.models import Ask
from knownto.glass.limits import A_DAY, limits
from knownto.glass.models import Break, Suspension
from knownto.glass.pathway import OUTCOME
from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry
from knownto.policy import Breaking


@dataclass(frozen=True, slots=True)
class OpenGlass:
    """One glass that is open, for the banner on every page: nobody's name."""

    id: UUID
    until: datetime

    def left(self, now: datetime) -> int:
        """Whole minutes left, rounded up: at 0 it is shut."""
        return max(0, -(-int((self.until - now).total_seconds()) // 60))


def open_of(worker: UUID) -> tuple[OpenGlass, ...]:
    """What that worker has open by the database's clock, the first to close first. Opaque ids, so no act is needed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, until FROM glass_open_of(%s)", [worker])
        return tuple(OpenGlass(*row) for row in cursor.fetchall())


def own(viewer: Viewer, glass: UUID) -> Break:
    """That glass, where this worker broke it. Raises NotYours; whether it is still open is policy's to say."""
    with transaction.atomic(), rows_open("system:glass", viewer.agency):
        row = Break.objects.filter(pk=glass, worker=viewer.worker_id).first()
    if row is None:
        raise NotYours
    return row


def standing(worker: UUID, *, reason: str, sure: bool, fresh: bool, now: datetime) -> Breaking:
    """What is put to policy when a worker would break the glass. Inside rows that are open."""
    mine = Break.objects.filter(worker=worker)
    return Breaking(
        reason,
        sure,
        fresh,
        suspended(worker, now),
        mine.filter(until__gt=now, ended_at=None).count(),
        mine.filter(at__gt=now - A_DAY).count(),
        limits().at_once,
        limits().a_day,
        Entry.objects.filter(kind="glass-search", worker=worker, at__gt=now - A_DAY).count(),
        limits().searches_a_day,
    )


def suspended(worker: UUID, now: datetime) -> bool:
    """Not lifted, or an outcome is overdue this very moment, whether or not a sweep has noticed. Inside open rows."""
    return (
        Suspension.objects.filter(worker=worker, lifted_at=None).exists()
        or overdue(now).filter(to_worker=worker).exists()
    )


def overdue(now: datetime) -> Any:
    """The outcomes that were owed by now and are not given."""
    return Ask.objects.filter(kind=OUTCOME.code, answered_at=None, clock__due_at__lte=now)


def opened(row: Break) -> dict[str, Any]:
    """What is sealed in it: why in words, and whom it opened as they were called then."""
    return keyring.open_rows([row])[0]


__all__ = ["OpenGlass", "open_of", "opened", "overdue", "own", "standing", "suspended"]
