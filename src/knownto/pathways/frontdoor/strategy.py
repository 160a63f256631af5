"""The strategy discussion: from the decision that one is needed to what is decided at it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction

from knownto.access.acts import SYSTEM, Viewer
from knownto.casework import acts, reads
from knownto.casework.acts import Came, Choice, Origin, Somebody
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Decision, Episode, Meeting
from knownto.casework.pathway import Move
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.partners import offices
from knownto.partners.models import Team
from knownto.pathways.frontdoor import emergency, facts
from knownto.pathways.frontdoor.following import follow
from knownto.pathways.frontdoor.holding import Held, hold_meeting, last_held
from knownto.pathways.frontdoor.invitations import Calling, call_meeting, line
from knownto.pathways.frontdoor.protection import PROTECTION
from knownto.pathways.frontdoor.seating import the_meeting
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission

SPECIALISTS = "child-abuse-investigators"
# What may be decided at a discussion, in the order in which it is offered.
AFTER = ("enquire", "enquiry-goes-on", "not-47", "in-need", "again")
Place = tuple[str, int]  # a seat's office, and its team
AtTable = tuple[Came, str]  # how it came, and what it told


@dataclass(frozen=True)
class Deciding:
    """What is decided, at what level of need, why. `facts` are sealed with it."""

    move: str
    rationale: str
    level: int | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


def open_protection(*, parent: Episode, by: Actor, now: datetime) -> Episode:
    """The protection work that follows `parent` (a contact, or support that was stepped up), about the same people.

    Call it inside the open rows of the decision that a strategy discussion is needed. What is known of each person is
    sealed anew under the new work's own key, so that shredding one does not empty the other. A power that keeps a
    child safe meanwhile goes on, and counts from when it was used.
    """
    row = acts.open_episode(
        by=by,
        pathway_code="protection",
        origin=Origin(parent.from_agency_id, parent.from_team, parent.from_worker),
        about=same_people(parent),
        urgency="red",
        parent=parent,
        now=now,
    )
    acts.say(episode=row, kind="why", plain=_why(parent), by=by, now=now)
    emergency.carry_over(parent, row, by, now)
    return row


def same_people(parent: Episode) -> list[Somebody]:
    """Everybody whom that work is about, for other work about the same people."""
    known = reads.people([parent]).get(parent.id, [])
    return [Somebody(each.role, each.evidence, each.more, each.person) for each in known]


def _why(parent: Episode) -> dict[str, str]:
    """Why a discussion is needed, in the words of the decision that led here."""
    words = [plain["rationale"] for row, plain in reads.decisions(parent) if row.to in ("strategy", "stepped-up")]
    return {"words": words[-1] if words else "", "from": parent.reference}


def watch_harm(episode: Episode, now: datetime, *, by: Actor = SYSTEM, entry: Entry | None = None) -> None:
    """A contact says significant harm: an alarm runs until somebody decides, and the specialists are told at once.

    Call it inside the open rows of the act that opened the contact. With `entry` the specialists may read it as well,
    unless they may not be told: inspectors found such contacts passed on without a strategy discussion, and without
    those who investigate abuse knowing of them. Nothing here stops a referral from being stored.
    """
    acts.run(episode=episode, limit="harm-unmet", by=by, now=now)
    try:
        team = offices.team_of(SPECIALISTS)
    except offices.NoSuchOffice:
        return
    if entry is None or _may_read(episode, team.agency_id, now):
        acts.tell("significant-harm", episode=episode, team=team, sort=f"harm:{episode.id}", now=now)
        _let_read(episode, team, by, entry, now)


def _may_read(episode: Episode, agency: str, now: datetime) -> bool:
    try:
        with transaction.atomic():
            return facts.may_be_told(episode, f"agency:{agency}", now=now).may
    except DatabaseError:
        return False


def _let_read(episode: Episode, team: Team, by: Actor, entry: Entry | None, now: datetime) -> None:
    if entry is None:
        return
    acts.take_part(episode=episode, role="escalated", agency=team.agency_id, worker=None, team=team, by=by, now=now)
    if team.agency_id != episode.from_agency_id:
        crossing = Crossing(episode.id, How.REFERRAL, episode.from_agency_id, team.agency_id, "child-concern")
        cross(crossing, entry=entry, now=now)


def call(*, by: Viewer, episode: UUID, calling: Calling, seen: int, now: datetime) -> Meeting:
    """Call a strategy discussion. Raises NotSaid (of a required seat left out without a reason), Overtaken."""
    with entering(by, episode, Permission.MEET, kind="meeting-called", now=now) as entered:
        _move(entered, by, "call", calling.agenda, seen, now)
        return call_meeting(entered, calling, by.actor, now)


def call_off(*, by: Viewer, episode: UUID, meeting: UUID, because: str, seen: int, now: datetime) -> Meeting:
    """It will not take place; that a discussion is due goes on as before, with no more time for it."""
    with entering(by, episode, Permission.MEET, kind="meeting-cancelled", now=now) as entered:
        row = the_meeting(entered.episode, meeting)
        _move(entered, by, "call-off", because, seen, now)
        return acts.cancel(meeting=row, by=by.actor, because=because, now=now)


def hold(*, by: Viewer, episode: UUID, meeting: UUID, held: Held, seen: int, now: datetime) -> Meeting:
    """Write down a discussion that was held. Raises what `holding.hold_meeting` does, Overtaken, NotFromHere."""
    with entering(by, episode, Permission.MEET, kind="meeting-held", now=now) as entered:
        row = hold_meeting(entered, the_meeting(entered.episode, meeting), held, by.actor, now)
        _move(entered, by, "held", held.discussed or "Held", seen, now)
        return row


def at_once(
    *, by: Viewer, episode: UUID, calling: Calling, held: Held, came: Mapping[Place, AtTable], seen: int, now: datetime
) -> Meeting:
    """A discussion held by telephone there and then: called, held and written down in one act.

    `came` says of each seat, by its office and team, how it came and what it told.
    """
    with entering(by, episode, Permission.MEET, kind="meeting-held", now=now) as entered:
        _move(entered, by, "call", calling.agenda, seen, now)
        meeting = call_meeting(entered, replace(calling, there=True), by.actor, now)
        row = hold_meeting(entered, meeting, _seated(meeting, held, came), by.actor, now)
        _move(entered, by, "held", held.discussed or calling.agenda, seen + 1, now)
        return row


def _seated(meeting: Meeting, held: Held, came: Mapping[Place, AtTable]) -> Held:
    """What was said of each seat, said of the invitation that it became."""
    rows = {row.pk: came[row.office, row.team_id] for row in meeting.invitations.all() if row.invited_at}
    attendance = {identity: said for identity, (said, _) in rows.items()}
    return replace(held, attendance=attendance, shared={identity: words for identity, (_, words) in rows.items()})


def decide(*, by: Viewer, episode: UUID, deciding: Deciding, seen: int, now: datetime) -> Decision:
    """What follows from the discussion, or from the enquiry. The council's power, and a manager's, as the data says.

    Raises Overtaken, NotFromHere, NotYetKnown, NoRationale.
    """
    move = PROTECTION.move(deciding.move)
    with entering(by, episode, Permission.DECIDE, powers=move.powers, kind="protection-decided", now=now) as entered:
        row = entered.episode
        choice = Choice(
            move.code, power_here(entered, by, move), deciding.rationale, level=deciding.level, level_before=row.level,
            facts=dict(deciding.facts), since=_since(row),
        )  # fmt: skip
        decision = acts.decide(episode=row, choice=choice, by=by.actor, seen=seen, now=now)
        follow(entered, decision, by.actor, now)
        return decision


def _since(episode: Episode) -> dict[str, datetime]:
    """From when each limit counts: the conference from the discussion, the assessment from the referral, and so on."""
    held = {kind: last_held(episode, kind) for kind in ("strategy", "conference", "review")}
    at = {kind: row.held_at for kind, row in held.items() if row and row.held_at}
    counted = {"conference": "strategy", "core-group": "conference", "review-first": "conference", "review": "review"}
    first = list(line(episode))[-1]
    found = {limit: at[kind] for limit, kind in counted.items() if kind in at}
    return found | {"assessment": first.opened_at}


def _move(entered: Entered, by: Viewer, code: str, words: str, seen: int, now: datetime) -> Decision:
    move: Move = PROTECTION.move(code)
    choice = Choice(code, power_here(entered, by, move), words)
    return acts.decide(episode=entered.episode, choice=choice, by=by.actor, seen=seen, now=now)
