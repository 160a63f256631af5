"""Those who were shown two people as one: what each is told, who has said that they know, and who has not."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.access.refusals import NotYours
from knownto.casework import acts as casework
from knownto.casework import reads, words
from knownto.casework.answering import owing
from knownto.casework.models import Answer, Ask, Episode
from knownto.identity.models import Change
from knownto.identity.pathway import PURPOSE, TOLD
from knownto.partners import reads as partners

KIND = TOLD.asks[0].code
A_PAGE = 25
DONE: dict[str, str] = {
    "nothing": "Nothing was written down or passed on because of it",
    "put-right": "I have put right what was written down, decided or passed on",
    "going-on": "I am putting it right, and this is still to be done",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one was shown: when, how, and the receipt or reference by which to find it again."""

    at: datetime
    how: str
    where: str


@dataclass(frozen=True, slots=True)
class Told:
    """What one worker or team is told."""

    ask: UUID
    reference: str
    words: str
    saw: tuple[Shown, ...]
    due: datetime
    answered_at: datetime | None
    answer: str


@dataclass(frozen=True, slots=True)
class Who:
    """One who was told, and whether they have said that they know."""

    name: str
    team: str
    agency: str
    due: datetime
    late: bool
    seen_at: datetime | None
    reminded: int
    answered_at: datetime | None
    by: str
    said: str


@dataclass(frozen=True, slots=True)
class Consequence:
    """One wrong link, and everybody who was shown something through it."""

    episode: UUID
    reference: str
    at: datetime
    due: datetime | None
    closed_at: datetime | None
    people: tuple[UUID, UUID] | None
    told: int
    known: int
    who: tuple[Who, ...] = ()


def told(viewer: Viewer, ask: UUID, now: datetime) -> Told:
    """What the viewer's team is told; that they have read it is written down. Raises NotYours, and other Refused."""
    with owing(viewer, ask, kind="wrong-link-read", now=now) as here:
        if here.ask.kind != KIND:
            raise NotYours
        if not here.ask.answered_at:
            casework.seen(ask=here.ask, by=viewer.actor, now=now)
        return _told(here.ask, here.plain)


def _told(row: Ask, plain: dict) -> Told:  # type: ignore[type-arg]
    saw = tuple(Shown(datetime.fromisoformat(at), how, where) for at, how, where in plain.get("saw", ()))
    return Told(
        row.pk,
        row.reference,
        plain.get("question", ""),
        saw,
        row.clock.due_at,
        row.answered_at,
        plain.get("answer", ""),
    )


def acknowledge(*, by: Viewer, ask: UUID, done: str, text: str, now: datetime) -> None:
    """Say that one knows, and what was done about it (a code of DONE). Raises AlreadyAnswered, and a Refused."""
    with owing(by, ask, kind="wrong-link-known", now=now) as here:
        if here.ask.kind != KIND:
            raise NotYours
        said = ". ".join(filter(None, (DONE[done], text.strip())))
        casework.answer(ask=here.ask, answer=Answer.ANSWERED, plain={"answer": said}, by=by.actor, now=now)


def consequences(viewer: Viewer, *, page: int = 1, now: datetime) -> tuple[tuple[Consequence, ...], bool]:
    """Every wrong link that somebody had been shown, the open ones first. Raises a Refused."""
    with asking(viewer, Request(Permission.REVIEW, purpose=PURPOSE), kind="wrong-links", now=now):
        rows = Episode.objects.filter(pathway=TOLD.code).order_by("-closed_at", "-opened_at")  # none: first
        found = list(rows[(page - 1) * A_PAGE : page * A_PAGE + 1])
        return tuple(_consequence(row) for row in found[:A_PAGE]), len(found) > A_PAGE


def _consequence(row: Episode, who: tuple[Who, ...] = ()) -> Consequence:
    asks = Ask.objects.filter(episode=row)
    change = Change.objects.filter(episode=row).first()
    people = (change.person, change.into) if change else None
    known = asks.exclude(answered_at=None).count()
    return Consequence(
        row.pk, row.reference, row.opened_at, row.next_due, row.closed_at, people, asks.count(), known, who
    )


def consequence(viewer: Viewer, episode: UUID, now: datetime) -> Consequence:
    """One wrong link: who has said that they know, and who has not. Raises NotYours, and other Refused."""
    request = Request(Permission.REVIEW, purpose=PURPOSE)
    with asking(viewer, request, kind="wrong-link", about=[f"episode:{episode}"], now=now):
        row = Episode.objects.filter(pk=episode, pathway=TOLD.code).first()
        if row is None:
            raise NotYours
        asks = list(Ask.objects.filter(episode=row).select_related("clock", "to_team__agency").order_by("asked_at"))
        return _consequence(row, _who(asks, now))


def _who(asks: Sequence[Ask], now: datetime) -> tuple[Who, ...]:
    names = reads.names([each for row in asks for each in (row.to_worker, row.answered_by)])
    agencies = partners.agency_names()
    return tuple(
        Who(
            names.get(row.to_worker, "") if row.to_worker else "The whole team",
            row.to_team.name,
            agencies.get(row.to_agency, row.to_agency),
            row.clock.due_at,
            row.answered_at is None and row.clock.due_at < now,
            row.seen_at,
            row.reminded,
            row.answered_at,
            names.get(row.answered_by, "") if row.answered_by else "",
            plain.get("answer", ""),
        )
        for row, plain in zip(asks, words.opened(asks), strict=True)
    )
