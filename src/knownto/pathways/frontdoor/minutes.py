"""Minutes: written, sent to everybody who was asked to come, put right by another version, and read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, reads
from knownto.casework.acts import NotSaid
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Answer, Ask, Invitation, Meeting, Notice, Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.firewall import audiences, checks
from knownto.pathways.frontdoor import copies, facts
from knownto.pathways.frontdoor.seating import at_the_table, mine, must_run, the_meeting
from knownto.pathways.frontdoor.sharing import PURPOSE
from knownto.policy import Permission


class NotHeld(NotPossibleNow):
    """There are no minutes of a meeting that was not held."""

    def __init__(self) -> None:
        super().__init__("not-held", "This has not been held and written down yet.")


@dataclass(frozen=True, slots=True)
class Receipt:
    """To which team the minutes went, and when it first read them."""

    team: str
    agency: str
    sent_at: datetime
    read_at: datetime | None


def send(*, by: Viewer, episode: UUID, meeting: UUID, words: str, why: str = "", now: datetime) -> Statement:
    """Send the minutes out, or with `why` a version that puts the last one right.

    Raises NotSaid without words, or without why where there are minutes already; NotHeld; HoldsProtected.
    """
    with entering(by, episode, Permission.MEET, kind="minutes-sent", now=now) as entered:
        row = the_meeting(must_run(entered), meeting)
        before = versions(row)
        _must_be_sayable(row, words, why, bool(before))
        not_to = _kept_from(entered, row, by, now)
        for agency in sorted(at_the_table(row) - not_to):
            checks.must_not_leave([words, why], audiences.to_agency(agency))
        plain = {"words": words, "meeting": str(row.id), "why": why, "not_to": sorted(not_to)}
        last = before[-1][0] if before else None
        said = acts.say(episode=entered.episode, kind="minutes", plain=plain, by=by.actor, corrects=last, now=now)
        _send_out(entered, row, said, not_to, by, now)
        for owed in Ask.objects.filter(meeting=row, kind="minutes", answered_at=None):
            acts.answer(ask=owed, answer=Answer.ANSWERED, plain={"answer": "Sent"}, by=by.actor, now=now)
        return said


def _must_be_sayable(meeting: Meeting, words: str, why: str, again: bool) -> None:
    if meeting.held_at is None:
        raise NotHeld
    if not words.strip():
        raise NotSaid(["words"])
    if again and not why.strip():
        raise NotSaid(["why"])


def _kept_from(entered: Entered, meeting: Meeting, by: Viewer, now: datetime) -> frozenset[str]:
    """The agencies at the table that may not be told, found out anew: an order may have been made since."""
    others = at_the_table(meeting) - {by.agency}
    return frozenset(
        agency for agency in others if not facts.may_be_told(entered.episode, f"agency:{agency}", now=now).may
    )


def _send_out(
    entered: Entered, meeting: Meeting, said: Statement, not_to: frozenset[str], by: Viewer, now: datetime
) -> None:
    """A notice to each team that was invited, and the crossing to each agency that may have them."""
    entry, sort = entered.granted.entry, f"minutes:{said.id.hex}"
    for agency in sorted(at_the_table(meeting) - {by.agency}):
        how = How.NOT_SHARED if agency in not_to else How.MEETING
        cross(Crossing(entered.episode.id, how, by.agency, agency, PURPOSE), entry=entry, now=now)
    invited = Invitation.objects.filter(meeting=meeting).exclude(invited_at=None).exclude(agency__in=not_to)
    for each in invited.select_related("team"):
        acts.tell("minutes", episode=meeting.episode, team=each.team, worker=each.worker, sort=sort, now=now)
    copies.put_copies(episode=entered.episode, what="minutes", by=by.actor, entry=entry, now=now)


def versions(meeting: Meeting) -> list[tuple[Statement, dict[str, Any]]]:
    """Every version of its minutes, oldest first."""
    found = reads.statements(meeting.episode, "minutes")
    return [(row, plain) for row, plain in found if plain["meeting"] == str(meeting.id)]


def read(by: Viewer, meeting: Meeting, now: datetime) -> None:
    """Somebody who was invited has the minutes in front of them: the notice that they are ready is answered."""
    own, sorts = mine(by, meeting), [f"minutes:{row.id.hex}" for row, _ in versions(meeting)]
    if own is not None:
        told = Notice.objects.filter(sort__in=sorts, seen_at=None)
        told = told.filter(to_worker=own.worker) if own.worker else told.filter(to_team=own.team)
        told.update(seen_at=now, seen_by=by.worker_id)


def receipts(meeting: Meeting) -> list[Receipt]:
    """Who has read the last version, and who has not."""
    sent = versions(meeting)
    if not sent:
        return []
    notices = Notice.objects.filter(sort=f"minutes:{sent[-1][0].id.hex}").select_related("to_team__agency")
    teams = [(each, each.to_team) for each in notices if each.to_team]
    return [Receipt(team.name, team.agency.name, each.at, each.seen_at) for each, team in teams]
