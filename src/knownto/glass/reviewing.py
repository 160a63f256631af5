"""Every glass that was broken: what was seen, what came of it, and whether it was right."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts as casework
from knownto.casework import reads as work
from knownto.casework import words as sealed
from knownto.casework.answering import owing
from knownto.casework.models import Answer, Ask
from knownto.glass import closing
from knownto.glass.models import Break, Suspension
from knownto.glass.pathway import OUTCOME, REVIEW
from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry
from knownto.partners import reads as partners

A_PAGE = 25
VERDICTS: dict[str, str] = {
    "right": "It was right",
    "learning": "It was right, and there is something to learn",
    "not-right": "It was not right: they may not do it again until somebody lifts that",
}


class NotAccountedFor(NotPossibleNow):
    """Whether it was right is judged by what came of it."""

    def __init__(self) -> None:
        super().__init__("no-outcome-yet", "What came of it has not been said yet. Only 'not right' can be said now.")


@dataclass(frozen=True, slots=True)
class Look:
    """One look through it: when, and what was shown."""

    at: datetime
    agencies: tuple[str, ...]
    household: int
    addresses: int
    work: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Owed:
    """An outcome or a review. `said` is "" until it is given; `mine` that the viewer's team owes it."""

    ask: UUID
    team: str
    due: datetime
    late: bool
    at: datetime | None
    by: str
    said: str
    mine: bool


@dataclass(frozen=True, slots=True)
class Broken:
    """One glass, as those who review it see it. `who`, `words` and `looks` are opened only for one of them."""

    id: UUID
    episode: UUID
    reference: str
    worker: str
    agency: str
    reason: str
    at: datetime
    ended_at: datetime | None
    open: bool
    outcome: Owed
    reviews: tuple[Owed, ...]
    suspended: tuple[Suspension, ...]
    who: str = ""
    words: str = ""
    looks: tuple[Look, ...] = ()


def broken(viewer: Viewer, *, page: int = 1, now: datetime) -> tuple[tuple[Broken, ...], bool]:
    """Every glass that is the viewer's to review, the latest first. Raises a Refused."""
    with asking(viewer, Request(Permission.GLASS_REVIEW), kind="glasses", now=now):
        rows = _theirs(viewer).order_by("-at").select_related("episode")
        found = list(rows[(page - 1) * A_PAGE : page * A_PAGE + 1])
        return tuple(_shown(found[:A_PAGE], viewer, now)), len(found) > A_PAGE


def one(viewer: Viewer, *, episode: UUID, now: datetime) -> Broken:
    """One of them, with whom it opened and what was seen. Raises NotYours, and other Refused."""
    with asking(viewer, Request(Permission.GLASS_REVIEW), kind="glass-reviewed", about=[f"episode:{episode}"], now=now):
        row = _theirs(viewer).filter(episode=episode).select_related("episode").first()
        if row is None:
            raise NotYours
        return _shown([row], viewer, now, whole=True)[0]


def _theirs(viewer: Viewer) -> QuerySet[Break]:
    """All of them for the privacy officer; for anybody else those that their team was asked about. Never one's own."""
    rows = Break.objects.exclude(worker=viewer.worker_id)
    if viewer.may(Permission.WHO_LOOKED):
        return rows
    asked = Ask.objects.filter(kind=REVIEW.code, to_team=work.team_of(viewer), to_team__isnull=False)
    return rows.filter(episode__in=asked.values("episode"))


def episode_of(viewer: Viewer, ask: UUID) -> UUID:
    """The glass that somebody was asked to review. Raises NotYours where there is none, or it is another team's."""
    with transaction.atomic(), rows_open("system:glass", viewer.agency):
        asked = Ask.objects.filter(pk=ask, kind=REVIEW.code, to_team=work.team_of(viewer), to_team__isnull=False)
        found = asked.values_list("episode", flat=True).first()
    if found is None:
        raise NotYours
    return found


def review(*, by: Viewer, ask: UUID, verdict: str, words: str, now: datetime) -> None:
    """Say whether it was right: a code of VERDICTS, and why. Raises NotYours, NotAccountedFor, and other Refused."""
    with owing(by, ask, kind="glass-verdict", now=now) as here:
        glass = Break.objects.select_related("episode").filter(episode=here.ask.episode_id).first()
        may = by.may(Permission.GLASS_REVIEW) and here.ask.kind == REVIEW.code
        if not may or glass is None or glass.worker == by.worker_id:
            raise NotYours
        waits = Ask.objects.filter(episode=glass.episode, kind=OUTCOME.code, answered_at=None).exists()
        if waits and verdict != "not-right":
            raise NotAccountedFor
        said = {"answer": f"{VERDICTS[verdict]}. {words}".strip(), "answers": {"verdict": verdict}}
        casework.answer(ask=here.ask, answer=Answer.ANSWERED, plain=said, by=by.actor, now=now)
        if verdict == "not-right":
            closing.suspend(glass, Suspension.Why.NOT_RIGHT, by.actor, now)


def lift(*, by: Viewer, episode: UUID, now: datetime) -> int:
    """Let that worker break the glass again; gives how many suspensions were lifted. Raises NotYours, a Refused."""
    about = [f"episode:{episode}"]
    with asking(by, Request(Permission.GLASS_REVIEW), kind="glass-suspension-lifted", about=about, now=now):
        row = _theirs(by).filter(episode=episode).first()
        if row is None:
            raise NotYours
        return Suspension.objects.filter(glass=row, lifted_at=None).update(lifted_at=now, lifted_by=by.worker_id)


def _shown(rows: Sequence[Break], viewer: Viewer, now: datetime, *, whole: bool = False) -> list[Broken]:
    asks = list(
        Ask.objects.filter(episode__in=[row.episode_id for row in rows]).select_related("clock", "to_team__agency")
    )
    names = partners.names([*(row.worker for row in rows), *(ask.answered_by for ask in asks)])
    team = work.team_of(viewer)
    owed = _owed(asks, names, team.pk if team else 0, now)
    agencies = partners.agency_names()
    held = Suspension.objects.filter(glass__in=rows, lifted_at=None)
    return [
        Broken(
            row.id,
            row.episode_id,
            row.episode.reference,
            names.get(row.worker, ""),
            agencies.get(row.agency, row.agency),
            row.reason,
            row.at,
            row.ended_at,
            row.ended_at is None and row.until > now,
            owed[row.episode_id, OUTCOME.code][0],
            tuple(owed.get((row.episode_id, REVIEW.code), ())),
            tuple(each for each in held if each.glass_id == row.pk),
            **(_whole(row) if whole else {}),
        )
        for row in rows
    ]


def _owed(asks: Sequence[Ask], names: dict[UUID, str], team: int, now: datetime) -> dict[tuple[UUID, str], list[Owed]]:
    found: dict[tuple[UUID, str], list[Owed]] = {}
    for row, plain in zip(asks, sealed.opened(asks), strict=True):
        late = row.answered_at is None and row.clock.due_at <= now
        by = names.get(row.answered_by, "") if row.answered_by else ""
        where = f"{row.to_team.name}, {row.to_team.agency.name}"
        mine = row.to_team_id == team
        each = Owed(row.pk, where, row.clock.due_at, late, row.answered_at, by, plain.get("answer", ""), mine)
        found.setdefault((row.episode_id, row.kind), []).append(each)
    return found


def _whole(row: Break) -> dict[str, Any]:
    [plain] = keyring.open_rows([row])
    who = ", ".join(filter(None, (plain.get("name", ""), plain.get("born", ""))))
    return {"who": who, "words": plain.get("words", ""), "looks": tuple(_looks(row))}


def _looks(row: Break) -> Iterable[Look]:
    entries = list(Entry.objects.filter(kind="glass-seen", about__subject=f"glass:{row.id}").order_by("at"))
    keys = keyring.fetch(entry.key for entry in entries if entry.key)
    for entry in entries:
        key = keys.get(entry.key) if entry.key else None
        said = _open(entry, key) if key else {}
        yield Look(
            entry.at,
            tuple(said.get("agencies", ())),
            said.get("household", 0),
            said.get("addresses", 0),
            tuple(said.get("work", ())),
        )


def _open(entry: Entry, key: Any) -> dict[str, Any]:
    return json.loads(key.open(entry.sealed, table="ledger_entry", column="sealed", row=entry.event))


__all__ = ["Broken", "Look", "NotAccountedFor", "Owed", "VERDICTS", "broken", "episode_of", "lift", "one", "review"]
