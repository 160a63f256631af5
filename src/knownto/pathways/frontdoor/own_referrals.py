"""What somebody sent, and where it stands, in words for whoever raised it: no more than they may be told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from knownto.access.acts import Permission, Viewer, rows_open
from knownto.casework import reads
from knownto.casework.entering import Entered, listing
from knownto.casework.models import Ask, Clock, Episode
from knownto.firewall import audiences, checks
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.pathways.frontdoor.sending_more import PURPOSES

MOST = 300
# Where it stands, for whoever sent it. What was decided is told by the outcome alone.
STANDS = {
    "received": "Received. Nobody in the hub has it in hand yet",
    "screening": "Somebody in the hub has it in hand",
    "checks": "The hub is asking partners",
    "deciding": "The hub is about to decide",
    "with-night": "With the emergency duty team",
    "enquiry": "An enquiry is being made",
}
DECIDED = "Decided. You will be told the outcome"
TOLD = "Decided. Read the outcome"
DECIDES_BY = ("decision", "adult-decision", "night")
JOINED = "Joined with another referral about the same child"


@dataclass(frozen=True)
class Mine:
    """One referral of one's own. `due` is by when the hub decides, while it has not."""

    id: UUID
    reference: str
    kind: str
    who: str
    sent_at: datetime
    stands: str
    open: bool
    told: bool
    due: datetime | None


def mine(viewer: Viewer, now: datetime) -> list[Mine]:
    """What this worker sent, or their agency's own system for their team, the last first. Raises a Refused."""
    with listing(viewer, Permission.REFER, kind="own-referrals", now=now):
        team = reads.team_of(viewer)
        sent = Q(from_worker=viewer.worker_id) | Q(from_worker=None, from_team=team, from_team__isnull=False)
        rows = Episode.objects.filter(sent, pathway__in=PURPOSES, parent=None)
        return of_rows(rows.order_by("-opened_at")[:MOST])


def of_rows(rows: Iterable[Episode]) -> list[Mine]:
    """Those, as whoever sent them is shown them. Call inside rows that are open."""
    found = list(rows)
    people, told, due = reads.people(found), outcomes_told(found), decisions_due(found)
    return [_mine(row, people.get(row.id, []), row.id in told, due.get(row.id)) for row in found]


def _mine(row: Episode, people: list[reads.Known], told: bool, due: datetime | None) -> Mine:
    subjects = [known.name for known in people if known.role in ("subject", "adult-at-risk")]
    is_open = row.closed_at is None
    return Mine(
        row.id,
        row.reference,
        "A child" if row.pathway == "contact" else "An adult",
        ", ".join(subjects),
        row.opened_at,
        stands(row, told=told),
        is_open,
        told,
        due if is_open else None,
    )


def stands(row: Episode, *, told: bool) -> str:
    """Where it stands, in a sentence."""
    if told:
        return TOLD
    if row.state == "joined":
        return JOINED
    return DECIDED if row.closed_at else STANDS.get(row.state, "The hub has it")


def outcomes_told(rows: Iterable[Episode]) -> set[UUID]:
    """Those whose referrer was told the outcome: one that is written and may not be told has no ask to read it."""
    found = Ask.objects.filter(episode__in=list(rows), kind="outcome")
    return set(found.values_list("episode", flat=True))


def decisions_due(rows: Iterable[Episode]) -> dict[UUID, datetime]:
    """By when a decision on each is due."""
    running = Clock.objects.filter(episode__in=list(rows), stopped_at=None, limit__in=DECIDES_BY)
    return dict(running.order_by("-due_at").values_list("episode", "due_at"))


def of_agency_system(agency: str, reference: str, now: datetime) -> tuple[Mine, str] | None:
    """One of that agency's own, for its own system, with the words of the outcome once told. None: there is none."""
    with transaction.atomic(), rows_open("system:sending-key", agency):
        row = Episode.objects.filter(reference=reference, from_agency=agency, pathway__in=PURPOSES, parent=None).first()
        if row is None:
            return None
        by = Actor(None, agency, "sending-key")
        ledger.record(kind="own-referral-seen", by=by, about=[f"episode:{row.id}"], because="sending key", now=now)
        [shown] = of_rows([row])
        told = reads.statements(row, "outcome") if shown.told else []
        words = str(told[-1][1].get("words", "")) if told else ""
        return shown, checks.without(words, audiences.to_agency(agency))  # told before, and protected since


@dataclass(frozen=True)
class Said:
    """Something said in it after it was sent, by whom."""

    kind: str
    words: str
    at: datetime
    who: str


def said_since(entered: Entered) -> list[Said]:
    """What was added, put right, and noted by a supervisor."""
    found = reads.statements(entered.episode, "more", "correction", "quality")
    names = reads.names([row.worker for row, _ in found])
    return [Said(row.kind, _words(plain), row.at, names.get(row.worker, "")) for row, plain in found]


def _words(plain: dict[str, Any]) -> str:
    return str(plain.get("words") or plain.get("note") or "")
