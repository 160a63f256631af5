"""A search of one's own that is still open: the only way to a footprint."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.footprint.answers import Answer
from knownto.footprint.models import Search
from knownto.footprint.question import Question
from knownto.footprint.sealed_answer import answer_from_json
from knownto.footprint.why import Why
from knownto.keyring import acts as keyring

LAPSED = "This search closed after 60 minutes. Search again: it is one step, and your reason is recorded anew."


@dataclass(frozen=True, slots=True)
class OpenSearch:
    """One search, opened. `people` are those it led to, in a lasting order; `reached` follow, by household."""

    id: UUID
    why: Why
    question: Question
    answer: Answer
    people: tuple[UUID, ...]
    reached: tuple[UUID, ...]
    at: datetime
    until: datetime

    def person_at(self, place: int) -> UUID:
        """The person at that place, counted from 1. Raises NotYours: places are nobody's to try out."""
        everybody = self.people + self.reached
        if not 1 <= place <= len(everybody):
            raise NotYours
        return everybody[place - 1]

    def place_of(self, person: UUID) -> int:
        """Where that person is, or 0 when this search does not lead there."""
        everybody = self.people + self.reached
        return everybody.index(person) + 1 if person in everybody else 0

    def led_to(self, place: int) -> bool:
        """Was the person at that place an answer, rather than reached through a household?"""
        return place <= len(self.people)


def own(viewer: Viewer, search: UUID, now: datetime) -> OpenSearch:
    """That search. Raises NotYours for another worker's, which looks like none, and NotPossibleNow when
    closed.
    """
    with rows_open("", viewer.agency):
        row = Search.objects.filter(pk=search, worker=viewer.worker_id).first()
    if row is None:
        raise NotYours
    if row.until <= now or not row.sealed:
        raise NotPossibleNow("search-closed", LAPSED)
    return _opened(row, keyring.open_rows([row])[0])


def mine(viewer: Viewer, now: datetime) -> list[OpenSearch]:
    """The viewer's own searches that are still open, the latest first."""
    with rows_open("", viewer.agency):
        rows = list(Search.objects.filter(worker=viewer.worker_id, until__gt=now).exclude(sealed=b"").order_by("-at"))
    return [_opened(row, plain) for row, plain in zip(rows, keyring.open_rows(rows), strict=True)]


def _opened(row: Search, plain: dict[str, Any]) -> OpenSearch:
    return OpenSearch(
        row.id,
        Why.from_json(plain["why"]),
        Question.from_json(plain["asked"]),
        answer_from_json(plain["answer"]),
        tuple(row.people),
        tuple(row.reached),
        row.at,
        row.until,
    )
