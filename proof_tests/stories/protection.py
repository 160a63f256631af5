"""Powers, discussions, section 47, conferences and plans."""

from datetime import datetime, timedelta
from unittest.mock import patch
from uuid import UUID

from knownto.access.acts import Permission, Viewer, system
from knownto.casework.acts import Came, Seat
from knownto.casework.entering import entering
from knownto.casework.models import Meeting
from knownto.partners import offices
from knownto.pathways.frontdoor import (
    conferences,
    emergency,
    facts,
    feedback,
    invitations,
    minutes,
    sharing,
    strategy,
)  # fmt: skip
from knownto.pathways.frontdoor import protecting as protecting_by_rule
from knownto.pathways.frontdoor.holding import Action, Held, agree_on
from proof_tests.stories.scene import WHY, Scene


def protecting(at: Scene) -> None:
    """A child is taken into police protection; discussion, section 47, conference, plan, and its review."""
    go, now, manager, officer = at.go, at.now, at.who("hub.manager"), at.who("officer")
    contact = at.sent("protecting", significant_harm=True)
    child = at.people(contact, "subject")[0]
    use = emergency.Use("police-protection", (child,), now - timedelta(hours=2), "Nobody else to keep him safe.")
    go(emergency.use, by=officer, episode=contact, use=use, seen=at.seen(contact), now=now)
    at.decided(contact, "strategy", 4)
    work = at.follows(contact, "protection")
    ends = {"power": "police-protection", "children": at.people(work, "subject"), "why": "He is with his aunt."}
    go(emergency.end, by=manager, episode=work, at=now, seen=at.seen(work), now=now, **ends)
    _discuss(at, work)
    at.go(strategy.decide, by=manager, episode=work, deciding=strategy.Deciding("enquire", WHY, 4), seen=at.seen(work),
          now=now)  # fmt: skip
    strategy.decide(by=manager, episode=work, deciding=strategy.Deciding("conference", WHY, 4), seen=at.seen(work),
                    now=now)  # fmt: skip
    chair = at.who("chair")
    _conference(at, work, chair)
    at.go(strategy.decide, by=chair, episode=work, deciding=strategy.Deciding("plan", WHY), seen=at.seen(work), now=now)


def _discuss(at: Scene, work: UUID) -> None:
    go, now, manager = at.go, at.now, at.who("hub.manager")
    off = go(strategy.call, by=manager, episode=work, calling=_calling(at, work), seen=at.seen(work), now=now)
    go(strategy.call_off, by=manager, episode=work, meeting=off.pk, because="Another time.", seen=at.seen(work),
       now=now)  # fmt: skip
    meeting = strategy.call(by=manager, episode=work, calling=_calling(at, work), seen=at.seen(work), now=now).pk
    starts = now + timedelta(hours=3)
    go(invitations.move_to, by=manager, episode=work, meeting=meeting, starts=starts, ends=starts + timedelta(hours=1),
       now=now)  # fmt: skip
    go(sharing.send_information, by=at.who("health.visitor"), episode=work, meeting=meeting, words="Seen twice.",
       now=now)  # fmt: skip
    go(invitations.invite_more, by=manager, episode=work, meeting=meeting, seat=Seat("gp", offices.team_of("gp")),
       now=now)  # fmt: skip
    go(invitations.answer_invitation, by=at.who("gp"), episode=work, meeting=meeting, coming=False, because="A clinic.",
       now=now)  # fmt: skip
    go(strategy.hold, by=manager, episode=work, meeting=meeting, held=_held(at, meeting), seen=at.seen(work), now=now)
    more = Action(offices.team_of("assessment"), "Ring his aunt.")
    go(agree_on, by=manager, episode=work, meeting=meeting, action=more, now=now)
    go(minutes.send, by=manager, episode=work, meeting=meeting, words="What was said, and who does what.", now=now)


def _calling(at: Scene, work: UUID, kind: str = "strategy") -> invitations.Calling:
    starts = at.now + timedelta(hours=2)
    with system("proof"):
        seats = [each for each in invitations.seats_for(at.of(work), kind, at.now, ("physical",)) if each.required]
    invited = tuple(Seat(each.code, each.team, why_not="" if each.team else "Nobody is known") for each in seats)
    return invitations.Calling(
        kind, starts, starts + timedelta(hours=1), "Room 4", WHY, invited, frozenset({"physical"})
    )


def _held(at: Scene, meeting: UUID) -> Held:
    with system("proof"):
        rows = list(Meeting.objects.get(pk=meeting).invitations.all())
    came = {row.pk: Came(row.invited_at is not None, why_not="" if row.invited_at else "Not invited") for row in rows}
    action = Action(offices.team_of("assessment"), "See him today.")
    shared = {rows[0].pk: "Two incidents since May."}
    return Held(at.now, came, shared, "What is known, and what is not", actions=(action,))


def _conference(at: Scene, work: UUID, chair: Viewer) -> None:
    go, now = at.go, at.now
    off = go(conferences.call, by=chair, episode=work, calling=_calling(at, work, "conference"), now=now)
    go(conferences.cancel, by=chair, episode=work, meeting=off.pk, because="Another day.", now=now)
    meeting = conferences.call(by=chair, episode=work, calling=_calling(at, work, "conference"), now=now).pk
    go(conferences.hold, by=chair, episode=work, meeting=meeting, held=_held(at, meeting), seen=at.seen(work), now=now)


def elsewhere(at: Scene) -> None:
    """Held by telephone there and then; a child in need instead; the minutes and the outcome read; told after all."""
    go, now, manager, officer = at.go, at.now, at.who("hub.manager"), at.who("officer")
    contact = at.sent("elsewhere")
    bar = facts.Recording("do-not-tell", (), "record", now.date(), audiences=("referrer",), note="A relative")
    said = facts.record(by=manager, episode=contact, fact=bar, now=now)
    at.decided(contact, "strategy", 4)
    work = at.follows(contact, "protection")
    calling = _calling(at, work)
    came = {(seat.office, seat.team.pk): (Came(True), "What we know.") for seat in calling.seats if seat.team}
    go(strategy.at_once, by=manager, episode=work, calling=calling, held=Held(now, {}, discussed="What is known"),
       came=came, seen=at.seen(work), now=now)  # fmt: skip
    go(strategy.decide, by=manager, episode=work, deciding=strategy.Deciding("in-need", WHY, 4), seen=at.seen(work),
       now=now)  # fmt: skip
    with system("proof"):
        meeting = Meeting.objects.get(episode=work).pk
    minutes.send(by=manager, episode=work, meeting=meeting, words="What was said.", now=now)
    go(_read_minutes, at.who("health.visitor"), work, meeting, now)
    facts.withdraw(by=manager, episode=contact, statement=said.id, why="No relative of hers.", now=now)
    go(feedback.tell_again, by=manager, episode=contact, now=now)
    go(_read_outcome, officer, contact, now)
    _protected_late(at, contact)


def _protected_late(at: Scene, contact: UUID) -> None:
    """A fact from before anything followed of itself from one: the sweep protects whom it protects."""
    mother = at.people(contact, "parent")
    fact = facts.Recording("protected-address", tuple(mother), "seen", at.now.date())
    with patch.object(protecting_by_rule, "follow"):
        facts.record(by=at.who("hub.manager"), episode=contact, fact=fact, now=at.now)
    at.go(protecting_by_rule.catch_up, at.now)


def _read_minutes(by: Viewer, work: UUID, meeting: UUID, now: datetime) -> None:
    with entering(by, work, Permission.EPISODE, kind="meeting-seen", now=now):
        minutes.read(by, Meeting.objects.get(pk=meeting), now)


def _read_outcome(by: Viewer, work: UUID, now: datetime) -> None:
    with entering(by, work, Permission.EPISODE, kind="outcome-seen", now=now) as entered:
        feedback.read_outcome(entered=entered, by=by, now=now)
