"""What came of it, as the worker who owes it sees it: which glass, by when, and what they said. Nobody's name."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotYours
from knownto.casework import acts as casework
from knownto.casework import words
from knownto.casework.models import Ask
from knownto.glass.models import Break
from knownto.glass.pathway import OUTCOME


@dataclass(frozen=True, slots=True)
class Owed:
    """One outcome. `said` is "" and `given_at` None until it is given."""

    ask: UUID
    reference: str
    reason: str
    at: datetime
    due: datetime
    late: bool
    given_at: datetime | None
    said: str


@contextmanager
def owing_own(viewer: Viewer, ask: UUID, *, kind: str, now: datetime) -> Iterator[Ask]:
    """Open the outcome that this worker owes, whatever team they are in by now, or none. Raises NotYours, a Refused."""
    with transaction.atomic():
        with rows_open("system:glass", viewer.agency):
            mine = Ask.objects.select_related("episode", "clock", "to_team__agency", "by_team")
            row = mine.filter(pk=ask, kind=OUTCOME.code, to_worker=viewer.worker_id).first()
        if row is None:
            raise NotYours
        request = Request(Permission.ANSWER, purpose=row.purpose, of_agency=viewer.agency)
        about = [f"episode:{row.episode_id}", f"ask:{row.id}"]
        with asking(viewer, request, kind=kind, about=about, now=now):
            yield row


def owed(viewer: Viewer, ask: UUID, now: datetime) -> Owed:
    """What the viewer owes; that they have read it is written down. Raises NotYours for another's, a Refused."""
    with owing_own(viewer, ask, kind="glass-outcome-read", now=now) as row:
        if not row.answered_at:
            casework.seen(ask=row, by=viewer.actor, now=now)
        glass = Break.objects.get(episode=row.episode_id)
        due, late = row.clock.due_at, row.answered_at is None and row.clock.due_at <= now
        [plain] = words.opened([row])
        said = plain.get("answer", "")
        return Owed(row.pk, row.reference, glass.reason, glass.at, due, late, row.answered_at, said)


def of_own(viewer: Viewer, episode: UUID) -> UUID | None:
    """The outcome that this worker owes, or gave, for a glass of their own; None where it was another's."""
    with transaction.atomic(), rows_open("system:glass", viewer.agency):
        mine = Ask.objects.filter(episode=episode, kind=OUTCOME.code, to_worker=viewer.worker_id)
        return mine.values_list("pk", flat=True).first()
