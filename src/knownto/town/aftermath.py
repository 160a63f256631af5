"""What follows a contact: early help, assessment and child in need; strategy discussions, section 47 and plans.

Most discussions are held in time and with everybody. Some are held without health, and say why: inspectors ask.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from knownto.access.acts import Viewer, system
from knownto.casework.acts import Came, Seat
from knownto.casework.models import Episode, Invitation
from knownto.partners import offices
from knownto.pathways.frontdoor import conferences, emergency, invitations, minutes, strategy, support
from knownto.pathways.frontdoor.holding import Held
from knownto.town.diary import Life, in_office, soon
from knownto.town.people_at_work import Hands
from knownto.town.protecting import perhaps_protect

WITHOUT_HEALTH, WITHOUT_SCHOOL, POLICE_PROTECTION = 0.12, 0.2, 0.08
TOLD = {
    "police": "Two calls to the address this year; one report not pursued. Her partner has a caution from 2023.",
    "health": "Growth as expected until summer, then two lines down. Two appointments missed since.",
    "school": "Attendance fell after half term. Says little about home, and draws it without people.",
    "social-care": "An assessment in 2024 ended with early help, from which the family withdrew.",
    "referrer": "As in the referral. Nothing has been seen since.",
}
OUTCOMES = {"enquire": 0.7, "not-47": 0.15, "in-need": 0.15}


def following(parent: UUID, chance: Random, hands: Hands, now: datetime) -> Life:
    """Whatever that contact led to."""
    with system("town"):
        after = Episode.objects.filter(parent=parent, closed_at=None).exclude(pathway="challenge").first()
    if after is None:
        return
    if after.pathway == "protection":
        yield from _protected(after.id, chance, hands, now)
    elif after.pathway == "support":
        yield from _supported(after.id, chance, hands, now)


def _supported(identity: UUID, chance: Random, hands: Hands, now: datetime) -> Life:
    """Allocated, assessed or helped, reviewed and closed, over weeks and months."""
    now = in_office(now, 200, chance)
    yield now
    early = _at(identity).team.code == "early-help"
    worker = hands("early.help") if early else hands(chance.choice(("social.worker", "social.worker.two")))
    team = _at(identity).team
    manager = hands("hub.manager")
    if not _at(identity).worker_id:
        support.allocate(by=manager, episode=identity, team=team, worker=worker.worker_id, now=now)
    begins = "start-early-help" if early else "start-assessment"
    _move(identity, worker, begins, 3 if early else 4, "Visited, and the parents agree what to work on.", now)
    days = chance.randint(6, 14) if early else chance.randint(18, 48)
    now = in_office(now, days * 480, chance)
    yield now
    if early:
        _move(identity, worker, "plan", None, "A plan is agreed with the family and the school.", now)
    elif chance.random() < 0.45:
        _move(identity, worker, "child-in-need", 4, "The children need more than their parents can give alone.", now)
    else:
        level = chance.choice((1, 2))
        _move(identity, worker, "close", level, "The assessment found enough in place around the family.", now)
        return
    if chance.random() < 0.05 and early:
        _move(identity, worker, "step-up", 4, "The plan is not keeping up with what we see.", now)
        return
    while chance.random() < 0.7:
        now = in_office(now, chance.randint(22, 29) * 480, chance)
        yield now
        _move(identity, _whoever_has(identity, hands, worker), "reviewed", None, "Going well; the plan goes on.", now)
    now = in_office(now, chance.randint(15, 28) * 480, chance)
    yield now
    _move(identity, _whoever_has(identity, hands, worker), "close", 1, "What was agreed is done and holds.", now)


def _whoever_has(identity: UUID, hands: Hands, worker: Viewer) -> Viewer:
    return hands("family.worker") if _at(identity).team.code == "family-safeguarding" else worker


def _move(identity: UUID, by: Viewer, move: str, level: int | None, why: str, now: datetime) -> None:
    seen = _at(identity).decided
    support.move(by=by, episode=identity, move=move, level=level, rationale=why, seen=seen, now=now)


def _protected(identity: UUID, chance: Random, hands: Hands, now: datetime) -> Life:
    """A strategy discussion, what is decided at it, and a plan where there must be one."""
    now = soon(now, 60, chance)
    yield now
    manager = hands("hub.manager")
    starts = in_office(now, 150, chance)
    calling = _calling(identity, "strategy", starts, chance, now)
    meeting = strategy.call(by=manager, episode=identity, calling=calling, seen=_seen(identity), now=now)
    if chance.random() < POLICE_PROTECTION:
        _police_protection(identity, hands, now)
    now = starts + timedelta(minutes=chance.randint(45, 90))
    yield now
    held = _held(meeting.pk, starts, chance)
    strategy.hold(by=manager, episode=identity, meeting=meeting.pk, held=held, seen=_seen(identity), now=now)
    move = chance.choices(list(OUTCOMES), list(OUTCOMES.values()))[0]
    level = 4 if move != "not-47" else 2
    why = "Shared and weighed by everybody at the table; what was told is in the minutes."
    deciding = strategy.Deciding(move, why, level)
    strategy.decide(by=manager, episode=identity, deciding=deciding, seen=_seen(identity), now=now)
    now = in_office(now, 120, chance)
    yield now
    if chance.random() < 0.85:
        words = "Present, told and agreed as recorded. Actions are with those who took them on."
        minutes.send(by=manager, episode=identity, meeting=meeting.pk, words=words, now=now)
    perhaps_protect(identity, hands, starts, now)
    if move == "enquire":
        yield from _enquired(identity, chance, hands, now)


def _police_protection(identity: UUID, hands: Hands, now: datetime) -> None:
    """An officer found it so urgent that the child was taken to safety before anybody met."""
    with system("town"):
        children = tuple(
            _at(identity).participations.filter(role__in=("subject", "sibling")).values_list("pk", flat=True)
        )
    use = emergency.Use("police-protection", children, now - timedelta(hours=1), "Found alone and hurt at night.")
    emergency.use(by=hands("police.hub"), episode=identity, use=use, seen=_seen(identity), now=now)


def _enquired(identity: UUID, chance: Random, hands: Hands, now: datetime) -> Life:
    now = in_office(now, chance.randint(5, 8) * 480, chance)
    yield now
    manager, chair = hands("hub.manager"), hands("chair")
    substantiated = chance.random() < 0.6
    move = "conference" if substantiated else "unsubstantiated"
    why = "The enquiry bears out what was suspected." if substantiated else "Doctors accept how the injury came about."
    deciding = strategy.Deciding(move, why, 4 if substantiated else 3)
    strategy.decide(by=manager, episode=identity, deciding=deciding, seen=_seen(identity), now=now)
    if not substantiated:
        return
    now = in_office(now, chance.randint(2, 4) * 480, chance)
    yield now
    yield from _conference(identity, chance, chair, now)


def _conference(identity: UUID, chance: Random, chair: Viewer, now: datetime) -> Life:
    starts = in_office(now, 60, chance)
    calling = _calling(identity, "conference", starts, chance, now)
    meeting = conferences.call(by=chair, episode=identity, calling=calling, now=now)
    now = starts + timedelta(hours=2)
    yield now
    held = _held(meeting.pk, starts, chance)
    conferences.hold(by=chair, episode=identity, meeting=meeting.pk, held=held, seen=_seen(identity), now=now)
    plan = strategy.Deciding("plan", "The children are likely to suffer significant harm without a plan.", 4)
    strategy.decide(by=chair, episode=identity, deciding=plan, seen=_seen(identity), now=now)
    for kind, days, move in (("core-group", 7, ""), ("review", 54, "reviewed"), ("review", 100, "end-plan")):
        now = in_office(now, days * 480, chance)
        yield now
        starts = in_office(now, 60, chance)
        calling = _calling(identity, kind, starts, chance, now)
        meeting = conferences.call(by=chair, episode=identity, calling=calling, now=now)
        now = starts + timedelta(hours=1)
        yield now
        held = _held(meeting.pk, starts, chance)
        conferences.hold(by=chair, episode=identity, meeting=meeting.pk, held=held, seen=_seen(identity), now=now)
        if move:
            deciding = strategy.Deciding(move, "Looked at by everybody who works with the family.")
            strategy.decide(by=chair, episode=identity, deciding=deciding, seen=_seen(identity), now=now)


def _calling(identity: UUID, kind: str, starts: datetime, chance: Random, now: datetime) -> invitations.Calling:
    """Everybody whom the rules propose; a school that nobody wrote down is left out, and it says so."""
    with system("town"):
        wanted = invitations.seats_for(_at(identity), kind, now)
    seats = []
    for seat in wanted:
        why_not = "" if seat.team else "No school is written down, and the family has just moved here."
        team = seat.team or offices.team_of("assessment")
        if seat.team or seat.required:
            seats.append(Seat(seat.code, team, seat.required, why_not=why_not))
    link = "Video room of the safeguarding hub"
    ends = starts + timedelta(hours=1)
    return invitations.Calling(kind, starts, ends, link, "What is known, what it means, who does what.", tuple(seats))


def _held(meeting: UUID, at: datetime, chance: Random) -> Held:
    """Who came, and what each told. Health or the school is missing now and then."""
    with system("town"):
        rows = list(Invitation.objects.filter(meeting=meeting).exclude(invited_at=None))
    came, shared = {}, {}
    for row in rows:
        share = {"health": WITHOUT_HEALTH, "school": WITHOUT_SCHOOL}.get(row.office, 0.04)
        there = chance.random() >= share
        came[row.pk] = Came(there, there, "" if there else chance.choice(WHY_NOT))
        if there and row.office in TOLD:
            shared[row.pk] = TOLD[row.office]
    return Held(
        at,
        came,
        shared,
        discussed="What each agency knows, the children's own words, and what could happen if nobody acts.",
        why_not_quorate="The children needed a decision today; what was missing is asked for and will be read.",
        investigation=chance.choice(("none", "later", "none")),
    )


WHY_NOT = (
    "Nobody could be released from the clinic at that hour.",
    "The school was closed; its lead answers on Monday.",
    "The line failed, and what they had was sent afterwards.",
)


def _at(identity: UUID) -> Episode:
    with system("town"):
        return Episode.objects.select_related("team").get(pk=identity)


def _seen(identity: UUID) -> int:
    return _at(identity).decided
