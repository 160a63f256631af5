"""What came back of each check. Silence, a refusal and 'nothing known' are three things, and read as three.

Call inside rows that are open.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from knownto.casework import reads
from knownto.casework.models import Answer, Ask, Episode
from knownto.casework.register import pathway
from knownto.pathways.frontdoor.known import CHECKS, GP_REQUEST, HEALTH_CHECK, health_signed, not_waited_for


class Reply(StrEnum):
    """How a check stands."""

    WAITING = "waiting"
    LATE = "late"
    NOT_WAITED = "not-waited"
    ANSWERED = "answered"
    NOTHING_KNOWN = "nothing-known"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


SAYS: Mapping[Reply, str] = {
    Reply.WAITING: "Waiting for an answer",
    Reply.LATE: "No reply, and late",
    Reply.NOT_WAITED: "No reply, not waited for",
    Reply.ANSWERED: "Answered",
    Reply.NOTHING_KNOWN: "Nothing known",
    Reply.DECLINED: "Declined",
    Reply.WITHDRAWN: "No longer asked",
}
OPEN = frozenset({Reply.WAITING, Reply.LATE, Reply.NOT_WAITED})


def reply(ask: Ask, due_at: datetime, now: datetime, *, waited_for: bool) -> Reply:
    """How it stands now. An answer is an answer however late it came."""
    if ask.answer:
        return Reply(Answer(ask.answer).value)
    if not waited_for:
        return Reply.NOT_WAITED
    return Reply.LATE if due_at < now else Reply.WAITING


@dataclass(frozen=True, slots=True)
class Check:
    """One check, opened. `parts` are what was answered, question by question; `used` how it was used."""

    id: UUID
    reference: str
    kind: str
    kind_name: str
    agency: str
    agency_name: str
    team: str
    phone: str
    purpose: str
    basis: str
    asked_at: datetime
    due_at: datetime
    reply: Reply
    question: str
    reason: str
    answer: str
    because: str
    parts: tuple[tuple[str, str], ...]
    answered_at: datetime | None
    answered_by: str
    seen_at: datetime | None
    reminded: int
    used: str
    note: str = ""

    @property
    def says(self) -> str:
        return SAYS[self.reply]

    @property
    def open(self) -> bool:
        return self.reply in OPEN

    @property
    def late(self) -> bool:
        return self.reply is Reply.LATE

    @property
    def came_late(self) -> bool:
        return self.answered_at is not None and self.answered_at > self.due_at

    @property
    def to_be_used(self) -> bool:
        return self.reply is Reply.ANSWERED and not self.used


def checks(episode: Episode, now: datetime) -> list[Check]:
    """Every check of that work, those that are late first, then those that are awaited."""
    asks = reads.asks(episode, *CHECKS)
    given_up, used = not_waited_for(episode), _used(episode)
    names = reads.names([ask.answered_by for ask, _ in asks])
    found = [
        _check(ask, plain, reply(ask, ask.clock.due_at, now, waited_for=ask.id not in given_up), used, names)
        for ask, plain in asks
    ]
    return sorted(found, key=lambda each: (not each.late, not each.open, each.due_at))


def _used(episode: Episode) -> dict[str, str]:
    said = reads.statements(episode, "check-used", "gp-used")
    return {plain["ask"]: plain["used"] for _, plain in said if "ask" in plain}


def _check(ask: Ask, plain: Mapping[str, Any], how: Reply, used: Mapping[str, str], names: Mapping[UUID, str]) -> Check:
    team = ask.to_team
    return Check(
        id=ask.id,
        reference=ask.reference,
        kind=ask.kind,
        kind_name=pathway(ask.episode.pathway).ask(ask.kind).name,
        agency=ask.to_agency,
        agency_name=team.agency.name,
        team=team.name,
        phone=team.phone,
        purpose=ask.purpose,
        basis=ask.basis,
        asked_at=ask.asked_at,
        due_at=ask.clock.due_at,
        reply=how,
        question=plain.get("question", ""),
        reason=plain.get("reason", ""),
        answer=plain.get("answer", ""),
        because=plain.get("because", ""),
        parts=tuple(_parts(plain)),
        answered_at=ask.answered_at,
        answered_by=names.get(ask.answered_by, "") if ask.answered_by else "",
        seen_at=ask.seen_at,
        reminded=ask.reminded,
        used=used.get(str(ask.id), ""),
        note=_note(ask, used=str(ask.id) in used),
    )


def _parts(plain: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """What was answered to each question of the sheet, in the sheet's order, the unanswered left out."""
    answers = plain.get("answers", {})
    for wanted in plain.get("fields", ()):
        if said := answers.get(wanted["code"]):
            yield wanted["label"], said


def _note(ask: Ask, *, used: bool) -> str:
    """What else must happen before a decision may rest on it."""
    if ask.kind == HEALTH_CHECK and ask.answer in (Answer.ANSWERED, Answer.NOTHING_KNOWN):
        return health_signed(ask.episode)
    to_say = ask.kind == GP_REQUEST and ask.answer == Answer.ANSWERED and not used
    return "Say how it was used before deciding." if to_say else ""
