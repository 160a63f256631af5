"""A meeting is held and written down: who came, what each agency told, whether it was quorate, who does what next."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.casework import acts
from knownto.casework.acts import Came, NotSaid, Question, Record
from knownto.casework.clocks import calendar
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Ask, Invitation, Meeting
from knownto.ledger.acts import Actor
from knownto.partners.models import Team
from knownto.pathways.frontdoor.seating import must_run, the_meeting
from knownto.pathways.frontdoor.seats import lacking
from knownto.pathways.frontdoor.sharing import PURPOSE, informed, share
from knownto.policy import Permission

# What police say at the table of a criminal investigation. Theirs to decide, and recorded as theirs.
INVESTIGATIONS: Mapping[str, str] = {
    "joint": "Police investigate jointly with the council",
    "police": "Police investigate alone",
    "none": "Police do not investigate",
    "later": "Police decide later",
}
UNDER_WAY = frozenset({"joint", "police"})
END_OF_DAY = time(17)


@dataclass(frozen=True)
class Action:
    """What was agreed that somebody does. `by_day` None: within the usual time."""

    team: Team
    words: str
    by_day: date | None = None


@dataclass(frozen=True)
class Held:
    """What is written down of a meeting. `attendance` and `shared` (what each told) by invitation."""

    held_at: datetime
    attendance: Mapping[UUID, Came]
    shared: Mapping[UUID, str] = field(default_factory=dict)
    discussed: str = ""
    why_not_quorate: str = ""
    investigation: str = ""
    review_on: date | None = None
    actions: tuple[Action, ...] = ()


class NotHeldThen(ValueError):
    """It cannot have been held in the future."""


def hold_meeting(entered: Entered, meeting: Meeting, held: Held, by: Actor, now: datetime) -> Meeting:
    """Write it down, in the open rows of the act that moves the work.

    Raises NotSaid (a required seat was empty, or it was not quorate, and nobody said why), AlreadyOver, NotHeldThen.
    """
    if held.held_at > now:
        raise NotHeldThen
    if held.investigation in UNDER_WAY and held.review_on is None:
        raise NotSaid(["review-on"])
    invitations = list(Invitation.objects.filter(meeting=meeting).select_related("team"))
    for each in invitations:
        if words := held.shared.get(each.pk, "").strip():
            share(entered, meeting, words, each.agency, by, now)
    row = acts.hold(meeting=meeting, record=_record(meeting, invitations, held), by=by, now=now, held_at=held.held_at)
    for action in (*held.actions, *_joint_review(entered, held)):
        agree(entered, row, action, by, now)
    _owe_minutes(entered, row, by, now)
    return row


def _record(meeting: Meeting, invitations: Iterable[Invitation], held: Held) -> Record:
    told = informed(meeting)
    attendance = {each.pk: _came(held.attendance.get(each.pk), each.agency in told) for each in invitations}
    lacks = lacking(meeting.kind, [(each.office, each.agency) for each in invitations if attendance[each.pk].attended])
    minutes: dict[str, Any] = {
        "discussed": held.discussed,
        "investigation": held.investigation,
        "lacked": lacks,
        "review_on": held.review_on.isoformat() if held.review_on else "",
    }
    return Record(attendance, not lacks, minutes, held.why_not_quorate if lacks else "")


def _came(said: Came | None, told: bool) -> Came:
    came = said or Came(attended=False)
    return Came(came.attended, told, came.why_not, came.instead)


def _joint_review(entered: Entered, held: Held) -> list[Action]:
    """Planning was weak where police investigated: a day is set on which both look at it together."""
    team = entered.episode.team
    if held.investigation not in UNDER_WAY or held.review_on is None or team is None:
        return []
    return [Action(team, "Review the investigation and the plan for the child jointly with police.", held.review_on)]


def agree_on(*, by: Viewer, episode: UUID, meeting: UUID, action: Action, now: datetime) -> Ask:
    """An action that is agreed on after the meeting was written down."""
    with entering(by, episode, Permission.MEET, kind="action-agreed", now=now) as entered:
        return agree(entered, the_meeting(must_run(entered), meeting), action, by.actor, now)


def agree(entered: Entered, meeting: Meeting, action: Action, by: Actor, now: datetime) -> Ask:
    """Somebody owes what was agreed, by its day."""
    question = Question(
        "action", action.team, action.words, purpose=PURPOSE, meeting=meeting, by_day=end_of(action.by_day)
    )
    return acts.ask(episode=entered.episode, question=question, by=by, by_team=_team(by), now=now)


def end_of(day: date | None) -> datetime | None:
    """When that day's work ends in London."""
    return calendar().moment(day, END_OF_DAY) if day else None


def _owe_minutes(entered: Entered, meeting: Meeting, by: Actor, now: datetime) -> None:
    """Whoever wrote it down sends the minutes out: theirs until they have, though the work be closed meanwhile."""
    team = _team(by)
    if team is not None:
        question = Question("minutes", team, "Send the minutes out.", to_worker=by.worker, meeting=meeting)
        acts.ask(episode=entered.episode, question=question, by=by, by_team=team, now=now)


def _team(by: Actor) -> Team | None:
    return Team.objects.select_related("agency").filter(worker=by.worker).first()


def last_held(episode: Any, kind: str) -> Meeting | None:
    """The last of that kind that was held."""
    found = Meeting.objects.filter(episode=episode, kind=kind, held_at__isnull=False)
    return found.order_by("held_at").last()


__all__ = ["INVESTIGATIONS", "Action", "Held", "NotHeldThen", "agree", "agree_on", "hold_meeting", "last_held"]
