"""Conferences, core groups and reviews: called and held as a discussion is, decided on by the chair alone."""

from datetime import datetime
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts
from knownto.casework.acts import Choice
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode, Meeting
from knownto.pathways.frontdoor.holding import Held, hold_meeting
from knownto.pathways.frontdoor.invitations import Calling, call_meeting
from knownto.pathways.frontdoor.protection import PLANNED, PROTECTION
from knownto.pathways.frontdoor.seating import must_run, the_meeting
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission

# In which states each kind of meeting is called.
WHEN = {"conference": frozenset({"conference-due"}), "core-group": PLANNED, "review": PLANNED}
# What the chair may decide after each.
DECIDES = {"conference": ("plan", "no-plan"), "review": ("reviewed", "reviewed-again", "end-plan"), "core-group": ()}


class NotNow(NotPossibleNow):
    """That kind of meeting is not called while the work stands where it does."""

    def __init__(self) -> None:
        super().__init__("not-now", "This is not called while the work stands where it does.")


def may_call(episode: Episode) -> tuple[str, ...]:
    """The kinds of meeting that can be called now."""
    return tuple(kind for kind, states in WHEN.items() if not episode.closed_at and episode.state in states)


def call(*, by: Viewer, episode: UUID, calling: Calling, now: datetime) -> Meeting:
    """Call a conference, core group or review. It moves nothing: the time limits run on. Raises NotNow, NotSaid."""
    with entering(by, episode, Permission.MEET, kind="meeting-called", now=now) as entered:
        if calling.kind not in may_call(must_run(entered)):
            raise NotNow
        return call_meeting(entered, calling, by.actor, now)


def cancel(*, by: Viewer, episode: UUID, meeting: UUID, because: str, now: datetime) -> Meeting:
    """It will not take place. What made it due still runs."""
    with entering(by, episode, Permission.MEET, kind="meeting-cancelled", now=now) as entered:
        row = the_meeting(must_run(entered), meeting)
        return acts.cancel(meeting=row, by=by.actor, because=because, now=now)


def hold(*, by: Viewer, episode: UUID, meeting: UUID, held: Held, seen: int, now: datetime) -> Meeting:
    """Write it down. That the core group met ends its time limit; a conference waits for what the chair decides."""
    with entering(by, episode, Permission.MEET, kind="meeting-held", now=now) as entered:
        row = hold_meeting(entered, the_meeting(must_run(entered), meeting), held, by.actor, now)
        if row.kind == "core-group" and entered.episode.state in PLANNED:
            _core_group_met(entered, by, held, seen, now)
        return row


def _core_group_met(entered: Entered, by: Viewer, held: Held, seen: int, now: datetime) -> None:
    move = PROTECTION.move("core-group-met")
    choice = Choice(move.code, power_here(entered, by, move), held.discussed or "Met")
    acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)
