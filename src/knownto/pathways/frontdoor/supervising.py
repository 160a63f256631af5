"""A supervisor sees what their own agency's people refer: unseen ones first, marked, and told to whoever wrote it."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from knownto.access.acts import Permission, Viewer
from knownto.casework import acts, reads
from knownto.casework.entering import Entered, entering, listing
from knownto.casework.models import Answer, Ask, Episode, Statement
from knownto.partners.models import Team
from knownto.pathways.frontdoor import own_referrals, quality
from knownto.pathways.frontdoor.own_referrals import Said
from knownto.pathways.frontdoor.quality import Missed
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.referring import referral_in
from knownto.pathways.frontdoor.sending_more import PURPOSES

FILE = Path(__file__).with_name("rubric.toml")
MOST = 300


class NotMarked(ValueError):
    """Every criterion is marked, or none of it counts. `codes` are those that were not."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is looked at."""

    code: str
    name: str
    hint: str


@cache
def rubric() -> tuple[Criterion, ...]:
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Criterion(**each) for each in table["criterion"])


@cache
def scale() -> Mapping[int, str]:
    """The marks and their words."""
    table = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {each["value"]: each["name"] for each in table["mark"]}


@dataclass(frozen=True)
class Waiting:
    """One referral in the queue. `due` is by when it is to be looked at; None once it has been."""

    id: UUID
    reference: str
    who: str
    by: str
    team: str
    sent_at: datetime
    stands: str
    due: datetime | None


def queue(viewer: Viewer, now: datetime) -> list[Waiting]:
    """The agency's referrals, those that nobody has looked at first, the most overdue at the top. Raises a Refused."""
    with listing(viewer, Permission.SUPERVISE, kind="supervise-queue", now=now):
        due = _unseen(viewer.agency)
        rows = list(sent_by(viewer.agency).filter(pk__in=due))
        rows += list(sent_by(viewer.agency).exclude(pk__in=due).order_by("-opened_at")[:MOST])
        return sorted(_waiting(rows, due), key=_order)


def sent_by(agency: str) -> QuerySet[Episode]:
    """What that agency's people or systems referred."""
    rows = Episode.objects.filter(from_agency=agency, pathway__in=PURPOSES, parent=None)
    return rows.select_related("from_team")


def _order(waiting: Waiting) -> tuple[bool, float, float]:
    """The longest waiting first: a whole day's referrals may be due at one moment."""
    sent = waiting.sent_at.timestamp()
    return (False, waiting.due.timestamp(), sent) if waiting.due else (True, -sent, sent)


def _unseen(agency: str) -> dict[UUID, datetime]:
    asks = Ask.objects.filter(kind="supervision", answered_at=None, episode__from_agency=agency)
    return dict(asks.values_list("episode", "clock__due_at"))


def _waiting(rows: list[Episode], due: Mapping[UUID, datetime]) -> list[Waiting]:
    shown = {each.id: each for each in own_referrals.of_rows(rows)}
    names = reads.names([row.from_worker for row in rows])
    return [
        Waiting(
            row.id, row.reference, shown[row.id].who, names.get(row.from_worker, "Your own system"),
            row.from_team.name if row.from_team else "", row.opened_at, shown[row.id].stands, due.get(row.id),
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class Looked:
    """One referral, open before its supervisor. `marks` are the last ones given, by criterion."""

    id: UUID
    reference: str
    by: str
    sent_at: datetime
    stands: str
    referral: Referral | None
    missed: list[Missed]
    since: list[Said]
    marks: Mapping[str, int]
    note: str
    due: datetime | None


def look(viewer: Viewer, episode: UUID, now: datetime) -> Looked:
    """Open one of the agency's own. That it has been seen is noted at once; that it was marked is something else.

    Raises NotYours for another agency's.
    """
    with entering(viewer, episode, Permission.SUPERVISE, kind="supervised", now=now) as entered:
        for ask in _asks(entered.episode):
            acts.seen(ask=ask, by=viewer.actor, now=now)
        return _looked(entered)


def _asks(episode: Episode) -> list[Ask]:
    return list(Ask.objects.filter(episode=episode, kind="supervision", answered_at=None))


def _looked(entered: Entered) -> Looked:
    row, referral = entered.episode, referral_in(entered.episode)
    [shown] = own_referrals.of_rows([row])
    marked = reads.statements(row, "quality")
    last = marked[-1][1] if marked else {}
    return Looked(
        row.id,
        row.reference,
        reads.names([row.from_worker]).get(row.from_worker, "Your own system"),
        row.opened_at,
        shown.stands,
        referral,
        quality.missed(referral, row.from_agency_id) if referral else [],
        own_referrals.said_since(entered),
        last.get("marks", {}),
        last.get("note", ""),
        _unseen(row.from_agency_id).get(row.id),
    )


def mark(*, by: Viewer, episode: UUID, marks: Mapping[str, int], note: str, now: datetime) -> Statement:
    """Say how good it is, and tell whoever wrote it. Marking it again is another statement; both are kept.

    Raises NotMarked, and NotYours for another agency's.
    """
    wrong = [each.code for each in rubric() if marks.get(each.code) not in scale()]
    if wrong:
        raise NotMarked(wrong)
    with entering(by, episode, Permission.SUPERVISE, kind="quality-marked", now=now) as entered:
        plain: dict[str, Any] = {"marks": {each.code: marks[each.code] for each in rubric()}, "note": note}
        said = acts.say(episode=entered.episode, kind="quality", plain=plain, by=by.actor, now=now)
        _answered(entered.episode, by, note, said, now)
        return said


def _answered(episode: Episode, by: Viewer, note: str, said: Statement, now: datetime) -> None:
    """The ask is answered, which tells the writer; where it was answered before, they are told all the same."""
    open_asks = _asks(episode)
    for ask in open_asks:
        plain = {"answer": note.strip() or "Marked"}
        acts.answer(ask=ask, answer=Answer.ANSWERED, plain=plain, by=by.actor, now=now)
    if not open_asks and episode.from_worker:
        acts.tell("answered", episode=episode, worker=episode.from_worker, sort=f"quality:{said.pk}", now=now)


def teams(viewer: Viewer) -> list[Team]:
    return list(Team.objects.filter(agency=viewer.agency).order_by("name"))
