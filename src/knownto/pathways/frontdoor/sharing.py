"""What agencies tell one another at a meeting: each piece is its agency's, and crosses to each agency at the table."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.casework import acts, reads
from knownto.casework.acts import NotSaid
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode, Invitation, Meeting, Statement
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.ledger.acts import Actor
from knownto.partners.agreement import agreements
from knownto.pathways.frontdoor import facts
from knownto.pathways.frontdoor.seating import at_the_table, my_seat, the_meeting
from knownto.policy import Permission
from knownto.worktime import LONDON

PURPOSE = "section-47"


@dataclass(frozen=True, slots=True)
class Shared:
    """One piece of information: whose, by whom it was written down, when, and the words."""

    agency: str
    worker: UUID | None
    at: datetime
    words: str
    before: bool
    not_to: dict[str, str]


def send_information(*, by: Viewer, episode: UUID, meeting: UUID, words: str, now: datetime) -> Statement:
    """Send what your agency knows, before a discussion or because nobody can come. Raises NotSaid without words."""
    with entering(by, episode, Permission.EPISODE, kind="information-sent", now=now) as entered:
        row = the_meeting(entered.episode, meeting)
        own = my_seat(by, row)
        if not words.strip():
            raise NotSaid(["information"])
        Invitation.objects.filter(pk=own.pk).update(informed=True)
        return share(entered, row, words, by.agency, by.actor, now, before=row.held_at is None)


def share(
    entered: Entered, meeting: Meeting, words: str, agency: str, by: Actor, now: datetime, *, before: bool = False
) -> Statement:
    """Write down what that agency told the meeting; it crosses to each agency there, or is kept from one with why."""
    to, not_to = [], {}
    for other in sorted(at_the_table(meeting) - {agency}):
        told = facts.may_be_told(entered.episode, f"agency:{other}", now=now)
        to, not_to = ([*to, other], not_to) if told.may else (to, not_to | {other: told.because})
        _cross(entered, agency, other, told.may, now)
    plain = {"words": words, "meeting": str(meeting.id), "to": to, "not_to": not_to, "before": before}
    return acts.say(episode=entered.episode, kind="information", plain=plain, by=by, of_agency=agency, now=now)


def _cross(entered: Entered, agency: str, to: str, may: bool, now: datetime) -> None:
    crossing = Crossing(entered.episode.id, How.MEETING if may else How.NOT_SHARED, agency, to, PURPOSE)
    cross(crossing, entry=entered.granted.entry, agreements=_under(agency, to, now) if may else (), now=now)


def _under(agency: str, to: str, now: datetime) -> tuple[str, ...]:
    """The stamp of the sender's agreement, where one covers the receiver; otherwise it crosses on the law alone."""
    said = agreements().get(agency)
    return (said.stamp,) if said and said.covers(to, PURPOSE, now.astimezone(LONDON).date()) else ()


def pass_on(entered: Entered, meeting: Meeting, agency: str, by: Actor, now: datetime) -> None:
    """Somebody was invited later: what was sent to the meeting before goes to them too."""
    before = [(row, plain) for row, plain in _sent_to(meeting) if row.agency != agency]
    for whose in sorted({row.agency for row, _ in before}):
        _cross(entered, whose, agency, True, now)
    if before:
        plain = {"statements": [str(row.id) for row, _ in before], "to": agency}
        acts.say(episode=entered.episode, kind="information-passed", plain=plain, by=by, now=now)


def _sent_to(meeting: Meeting) -> list[tuple[Statement, dict[str, Any]]]:
    found = reads.statements(meeting.episode, "information")
    return [(row, plain) for row, plain in found if plain.get("meeting") == str(meeting.id)]


def informed(meeting: Meeting) -> frozenset[str]:
    """The agencies that told the meeting something, whether or not they came."""
    return frozenset(row.agency for row, _ in _sent_to(meeting))


def shared_with(agency: str, meeting: Meeting) -> list[Shared]:
    """What that agency may read of what was told to the meeting: its own, and what crossed to it."""
    passed = _passed(meeting.episode, agency)
    return [
        Shared(row.agency, row.worker, row.at, plain["words"], plain.get("before", False), plain.get("not_to", {}))
        for row, plain in _sent_to(meeting)
        if agency == row.agency or agency in plain.get("to", ()) or str(row.id) in passed
    ]


def _passed(episode: Episode, agency: str) -> frozenset[str]:
    passed = reads.statements(episode, "information-passed")
    return frozenset(each for _, plain in passed if plain["to"] == agency for each in plain["statements"])
