"""Meetings: called, held, or cancelled; who is needed, who was asked, who came. Called inside rows that are open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.refusals import NotPossibleNow
from knownto.casework import words
from knownto.casework.models import Episode, Invitation, Meeting
from knownto.casework.telling import tell
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.partners.models import Team


class AlreadyOver(NotPossibleNow):
    """It was held or cancelled."""

    def __init__(self) -> None:
        super().__init__("meeting-over", "This has been held or cancelled already.")


class NotSaid(ValueError):
    """Somebody who is required was not invited, or did not come, and nobody said why. `offices` are whose."""

    def __init__(self, offices: Sequence[str]) -> None:
        super().__init__("; ".join(offices))
        self.offices = tuple(offices)


@dataclass(frozen=True)
class Seat:
    """Somebody who is needed, or welcome. `why_not`: why a required one is not invited."""

    office: str
    team: Team
    required: bool = True
    worker: UUID | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Plan:
    """When, where, about what, and who. `there`: they are in the room or on the telephone already, and need no word."""

    kind: str
    starts: datetime
    ends: datetime
    where: str
    seats: tuple[Seat, ...]
    agenda: str = ""
    there: bool = False


@dataclass(frozen=True)
class Came:
    """Of one invitation: did they come, did they send information, and if not come, why not."""

    attended: bool
    informed: bool = False
    why_not: str = ""
    instead: str = ""  # who came for them


@dataclass(frozen=True)
class Record:
    """What is written down of a meeting that was held. `attendance` by invitation id."""

    attendance: Mapping[UUID, Came]
    quorate: bool
    minutes: dict[str, Any] = field(default_factory=dict)
    why_not_quorate: str = ""


def call(*, episode: Episode, plan: Plan, by: Actor, now: datetime) -> Meeting:
    """Call it, and invite. Raises NotSaid when a required seat is left out without a reason."""
    key = words.key_of(episode)
    row = Meeting(
        episode=episode,
        kind=plan.kind,
        called_by=by.worker,
        called_at=now,
        starts=plan.starts,
        ends=plan.ends,
    )
    words.sealed(row, {"where": plan.where, "agenda": plan.agenda}, key)
    for seat in plan.seats:
        invitation = _seat(row, seat, now)
        if not seat.why_not and not plan.there:
            _tell(invitation, "meeting", now)
    about = [f"episode:{episode.id}", f"meeting:{row.id}"]
    ledger.record(kind="meeting-called", by=by, about=about, because=plan.kind, now=now)
    return row


def invite(*, meeting: Meeting, seat: Seat, by: Actor, now: datetime) -> Invitation:
    """Ask somebody else to come. Asking twice changes nothing. Raises AlreadyOver."""
    row = _still_to_come(meeting)
    same = Invitation.objects.filter(meeting=row, office=seat.office, team=seat.team).first()
    if same and same.invited_at:
        return same
    invitation = same or _seat(row, seat, now)
    Invitation.objects.filter(pk=invitation.pk).update(invited_at=now)
    ledger.record(kind="meeting-invited", by=by, about=[f"meeting:{row.id}"], because=seat.office, now=now)
    _tell(invitation, "meeting", now)
    return invitation


def _seat(meeting: Meeting, seat: Seat, now: datetime) -> Invitation:
    invitation = Invitation(
        meeting=meeting,
        office=seat.office,
        required=seat.required,
        agency=seat.team.agency_id,
        team=seat.team,
        worker=seat.worker,
        invited_at=None if seat.why_not else now,
    )
    return words.sealed(invitation, {"why_not": seat.why_not}, words.key_of(meeting.episode))


def _tell(invitation: Invitation, kind: str, now: datetime) -> None:
    meeting = invitation.meeting
    sort = f"{kind}:{invitation.pk}:{meeting.sequence}"
    tell(kind, episode=meeting.episode, team=invitation.team, worker=invitation.worker, sort=sort, now=now)


def move_to(*, meeting: Meeting, starts: datetime, ends: datetime, by: Actor, now: datetime) -> Meeting:
    """Another time: everybody invited is told, and their calendars take the new one for the old."""
    row = _still_to_come(meeting)
    row.starts, row.ends, row.sequence = starts, ends, row.sequence + 1
    row.save(update_fields=["starts", "ends", "sequence"])
    ledger.record(kind="meeting-moved", by=by, about=[f"meeting:{row.id}"], now=now)
    _tell_invited(row, "meeting-changed", now)
    return row


def cancel(*, meeting: Meeting, by: Actor, because: str, now: datetime) -> Meeting:
    """It will not take place. The work goes on: what made it due still runs."""
    row = _still_to_come(meeting)
    row.cancelled_at, row.sequence = now, row.sequence + 1
    row.save(update_fields=["cancelled_at", "sequence"])
    detail = {"because": because}
    ledger.record(kind="meeting-cancelled", by=by, about=[f"meeting:{row.id}"], detail=detail, now=now)
    _tell_invited(row, "meeting-cancelled", now)
    return row


def hold(*, meeting: Meeting, record: Record, by: Actor, now: datetime, held_at: datetime) -> Meeting:
    """Write down who came. Raises NotSaid when a required one did not and nobody said why, and AlreadyOver."""
    row = _still_to_come(meeting)
    invitations = list(Invitation.objects.filter(meeting=row).select_for_update())
    _must_say_why(invitations, record)
    key = words.key_of(row.episode)
    for invitation, plain in zip(invitations, words.opened(invitations), strict=True):
        came = record.attendance.get(invitation.pk, Came(attended=False))
        invitation.attended, invitation.informed = came.attended, came.informed
        said = {"why_not": came.why_not or plain.get("why_not", ""), "instead": came.instead}
        words.reseal(invitation, plain | said, key)
        invitation.save()
    [plain] = words.opened([row])
    row.held_at, row.quorate = held_at, record.quorate
    words.reseal(row, plain | record.minutes | {"why_not_quorate": record.why_not_quorate}, key)
    row.save()
    because = f"{row.kind}, {'quorate' if record.quorate else 'not quorate'}"
    ledger.record(kind="meeting-held", by=by, about=[f"meeting:{row.id}"], because=because, now=now)
    return row


def _must_say_why(invitations: Sequence[Invitation], record: Record) -> None:
    missing = []
    for invitation in invitations:
        came = record.attendance.get(invitation.pk, Came(attended=False))
        invited = invitation.invited_at is not None
        if invitation.required and invited and not came.attended and not came.why_not.strip():
            missing.append(invitation.office)
    if missing or (not record.quorate and not record.why_not_quorate.strip()):
        raise NotSaid(missing or ["quorum"])


def _still_to_come(meeting: Meeting) -> Meeting:
    row = Meeting.objects.select_for_update(of=("self",)).select_related("episode").get(pk=meeting.pk)
    if row.held_at or row.cancelled_at:
        raise AlreadyOver
    return row


def _tell_invited(meeting: Meeting, kind: str, now: datetime) -> None:
    for each in Invitation.objects.filter(meeting=meeting).exclude(invited_at=None).select_related("team", "meeting"):
        _tell(each, kind, now)
