"""The front door lived through, act by act: each is broken off wherever it can be before it is done.

Together the stories do every act that there is; `test_every_statement` finds out which they are, so that a new one
cannot be forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Permission, Viewer, system
from knownto.access.viewer import viewer_of
from knownto.casework import acts, answering, notices, reads, sweeping
from knownto.casework.acts import Came, Seat
from knownto.casework.entering import entering
from knownto.casework.models import Answer, Ask, Clock, Episode, Meeting, Notice, Participation, Statement
from knownto.disclosure.endpoints import open_endpoint
from knownto.disclosure.models import Parcel, Way
from knownto.footprint import acts as tracker
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.footprint.why import Why
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import (
    adults,
    adults_told,
    challenging,
    checking,
    conferences,
    considering,
    copies,
    deciding,
    drafts,
    emergency,
    facts,
    feedback,
    gate,
    health,
    invitations,
    joining,
    levels,
    minutes,
    nights,
    prefilling,
    recognised,
    referring,
    screening,
    sending_more,
    sent_copies,
    sharing,
    strategy,
    supervising,
    support,
    targeting,
    their_references,
)  # fmt: skip
from knownto.pathways.frontdoor.exports import making
from knownto.pathways.frontdoor.exports.mapping import mapping
from knownto.pathways.frontdoor.exports.rows import Period
from knownto.pathways.frontdoor.holding import Action, Held
from knownto.pathways.frontdoor.questions import Step
from knownto.pathways.frontdoor.referral import Adult, Referral
from knownto.pathways.frontdoor.targeting import Shown
from knownto.pathways.frontdoor.tests.refer import referral
from knownto.pathways.frontdoor.writing import Written
from knownto.town.living import FOUNDER
from proof_tests.breaking import Breaking

REFERENCE = "2B7K-Q9XD-4"
WHY = "What was seen, what it means for the child, and what follows."
NIGHT = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


@dataclass
class Scene:
    """Who acts, and on what. `go` does an act after every kill there can be."""

    go: Breaking
    now: datetime

    def who(self, sign_in: str) -> Viewer:
        return viewer_of(by_sign_in_name(sign_in), second_factor=True)

    def of(self, identity: UUID) -> Episode:
        with system("proof"):
            return Episode.objects.select_related("team").get(pk=identity)

    def seen(self, identity: UUID) -> int:
        return self.of(identity).decided

    def people(self, identity: UUID, *roles: str) -> list[UUID]:
        with system("proof"):
            known = reads.people([self.of(identity)])[identity]
        return [each.id for each in known if not roles or each.role in roles]

    def ask(self, identity: UUID, kind: str) -> Ask:
        """The last of that kind that is not answered."""
        with system("proof"):
            found = Ask.objects.filter(episode=identity, kind=kind, answered_at=None)
            return found.select_related("to_team").order_by("asked_at").last()

    def follows(self, identity: UUID, pathway: str) -> UUID:
        with system("proof"):
            return Episode.objects.get(parent=identity, pathway=pathway).id

    def sent(self, intent: str, **more: Any) -> UUID:
        """A referral that is there already: what is played is what comes after it."""
        return referring.send(by=self.who("officer"), referral=referral(**more), intent=intent, now=self.now).episode

    def decided(self, identity: UUID, move: str, level: int, **more: Any) -> None:
        """The hub's manager decides; the act itself is played once in each of the stories that are about deciding."""
        self.go(
            deciding.decide, by=self.who("hub.manager"), episode=identity, move=move, level=level, rationale=WHY,
            override_why="It departs from what was written, because of what was seen since.", words="",
            seen=self.seen(identity), now=self.now, **more,
        )  # fmt: skip


def writing(at: Scene) -> None:
    """A referral is written, put away, taken up again, sent, added to; and one is considered and not sent."""
    go, now, officer, supervisor = at.go, at.now, at.who("officer"), at.who("police.supervisor")
    open_endpoint(agency="police", way=Way.DROP, where="police", by=FOUNDER, now=now)
    away = go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    go(drafts.throw_away, by=officer, draft=away, now=now)
    draft = go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    by_code = {(step.page.code, step.number): step for step in _steps(officer, draft)}
    typed = {"child": {"given": "Tobias", "family": "Wrenshaw", "age": "9"}, "happened": {"what_happened": "Alone."}}
    for (code, number), step in by_code.items():
        if code in typed and number <= 1:
            go(drafts.save, by=officer, draft=draft, step=step, typed=typed[code], now=now)
    second = next(each for each in _steps(officer, draft) if each.page.each == "child")
    more = type(second)(second.page, 2)
    go(drafts.save, by=officer, draft=draft, step=more, typed={"given": "Orla"}, now=now)
    go(drafts.leave_out, by=officer, draft=draft, step=more, now=now)
    sent = go(referring.send_draft, by=officer, draft=draft, now=now).episode
    go(sending_more.add, by=officer, episode=sent, kind="more", words="He was seen again today.", now=now)
    go(supervising.look, supervisor, sent, now)
    marks = dict.fromkeys((each.code for each in supervising.rubric()), 3)
    go(supervising.mark, by=supervisor, episode=sent, marks=marks, note="Clear, and about him.", now=now)
    go(copies.make, now + timedelta(minutes=1), each_whole=True)
    go(drafts.begin, by=officer, written=Written("child", "police"), now=now)
    go(drafts.sweep, now + timedelta(days=12, hours=1), each_whole=True)
    go(drafts.sweep, now + timedelta(days=15), each_whole=True)
    for kind, words in (("agree", "I agree."), ("refer", "This is for the council.")):
        _considered(at, kind, words)


def _steps(writer: Viewer, draft: UUID) -> list[Step]:
    with transaction.atomic():
        return drafts.own(writer, draft).written.steps()


def _considered(at: Scene, kind: str, words: str) -> None:
    officer, supervisor = at.who("officer"), at.who("police.supervisor")
    considered = considering.Considered(
        Evidence("Wrenshaw", "Orla"), next(iter(considering.NOT_DONE)), "She looked tired.", "She had been ill."
    )
    made = at.go(considering.record, by=officer, considered=considered, now=at.now).id
    if kind == "agree":
        at.go(considering.agree, by=supervisor, episode=made, words=words, seen=at.seen(made), now=at.now)
        return
    at.go(considering.should_be_referred, by=supervisor, episode=made, words=words, now=at.now)
    at.go(considering.refer_after_all, by=officer, episode=made, now=at.now)


def sending(at: Scene) -> None:
    """A page, a partner's system, and a referral of what was considered before; then the hub takes them in hand."""
    go, now, officer, screener = at.go, at.now, at.who("officer"), at.who("screener")
    before = considering.record(
        by=officer,
        considered=considering.Considered(Evidence("Wrenshaw", "Tobias"), next(iter(considering.NOT_DONE)), "x", "y"),
        now=now,
    ).id
    first = go(referring.send, by=officer, referral=referral(before=str(before)), intent="one", now=now).episode
    written = referral(urgency_asked="red", significant_harm=True)
    second = go(
        referring.send_by_key, agency="police", team=None, referral=written, intent="two",
        body=referring.body_of(written), now=now,
    ).episode  # fmt: skip
    go(recognised.catch_up, now, each_whole=True)
    for contact in (first, second):
        go(screening.take, by=screener, episode=contact, seen=at.seen(contact), now=now)
    go(screening.rate, by=screener, episode=first, urgency="green", why=WHY, seen=at.seen(first), now=now)
    go(screening.note, by=screener, episode=first, words="Rang the school.", now=now)
    go(screening.look, by=screener, episode=first, now=now)
    go(screening.give, by=screener, episode=first, worker=screener.worker_id, now=now)
    go(joining.join, by=screener, episode=first, to=second, why=WHY, seen=at.seen(first), now=now)
    go(joining.take_apart, by=screener, episode=first, why="Another child after all.", now=now)
    go(screening.put_up, by=screener, episode=second, why=WHY, seen=at.seen(second), now=now)
    team = offices.team_of("assessment")
    go(screening.route, by=screener, episode=second, to=team, why=WHY, seen=at.seen(second), now=now)
    worker = at.who("social.worker")
    go(answering.reply, by=worker, ask=at.ask(second, "known-case").id, answer=Answer.ANSWERED, words="Mine.", now=now)
    go(levels.change, by=at.who("hub.manager"), level=2, name="Early help", words="Needs more than is usual.", now=now)


def asking(at: Scene) -> None:
    """Partners are asked through the gate; one answers, one passes it on, one is not waited for; health signs."""
    go, now, screener, manager = at.go, at.now, at.who("screener"), at.who("hub.manager")
    work = at.sent("asking")
    screening.take(by=screener, episode=work, seen=at.seen(work), now=now)
    who = "His mother, by telephone"
    go(gate.say_standing, by=screener, episode=work, standing="agreed", who=who, why="", now=now)
    go(gate.say_cause, by=manager, episode=work, why="A mark that nobody explains.", now=now)
    team = {"police": "domestic-abuse", "hospital": "safeguarding-children", "gp": "safeguarding-lead"}
    picks = tuple(checking.Pick(offices.front_door_of(agency), "He is seen there") for agency in team)
    round = checking.Round("section-17", picks, frozenset(at.people(work)), "Without a coat or food.", shown=Shown())
    asks = go(checking.ask_partners, by=screener, episode=work, round=round, seen=at.seen(work), now=now)
    police, hospital, gp = (next(each for each in asks if each.to_agency == agency) for agency in team)
    _answer(at, work, police, gp)
    go(health.add_source, by=at.who("hub.health"), episode=work, source=health.Source(
        next(iter(health.source_names())), "known", "Twice at the emergency department."), now=now)  # fmt: skip
    analysis = health.Analysis("He may be hurt.", "It weighs a great deal.", "No dentist.", "Named nurse")
    go(health.save_draft, by=at.who("hub.health"), episode=work, analysis=analysis, now=now)
    go(health.sign, by=at.who("hub.health"), episode=work, analysis=analysis, now=now)
    go(checking.say_used, by=screener, episode=work, ask=gp.id, words="It decided the level.", now=now)
    if at.of(work).state == "checks":
        go(checking.done, by=screener, episode=work, rationale=WHY, seen=at.seen(work), now=now)
    at.decided(work, "early-help", 3)
    _support(at, at.follows(work, "support"))


def _answer(at: Scene, work: UUID, police: Ask, gp: Ask) -> None:
    go, now, officer, doctor, screener = at.go, at.now, at.who("police.hub"), at.who("gp"), at.who("screener")
    go(answering.take, by=officer, ask=police.id, now=now)
    go(answering.give_back, by=officer, ask=police.id, now=now)
    go(answering.pass_on, by=officer, ask=police.id, to=by_sign_in_name("officer").team, because="Theirs.", now=now)
    go(answering.remind, by=screener, ask=police.id, now=now + timedelta(hours=2))
    go(answering.reply, by=doctor, ask=gp.id, answer=Answer.ANSWERED, words="Known to us since birth.", now=now)
    go(checking.not_wait, by=screener, episode=work, asks=[police.id], why="It cannot wait.", now=now)
    go(answering.withdraw, by=screener, ask=police.id, because="No longer needed.", now=now)


def _support(at: Scene, work: UUID) -> None:
    manager, worker = at.who("hub.manager"), at.who("social.worker")
    team = offices.team_of("assessment")
    at.go(support.allocate, by=manager, episode=work, team=team, worker=worker.worker_id, now=at.now)
    at.go(support.move, by=worker, episode=work, move="start-early-help", level=3, rationale=WHY, seen=0, now=at.now)


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


def telling(at: Scene) -> None:
    """Who may be told, the outcome told and read, a decision put right, and a disagreement taken to its end."""
    go, now, manager, officer = at.go, at.now, at.who("hub.manager"), at.who("officer")
    work = at.sent("telling")
    mother = at.people(work, "parent")
    fact = facts.Recording("no-parental-responsibility", tuple(mother), "seen", date(2026, 11, 1))
    said = go(facts.record, by=manager, episode=work, fact=fact, now=now)
    go(facts.withdraw, by=manager, episode=work, statement=said.id, why="It was of another family.", now=now)
    at.decided(work, "no-further-action", 1)
    go(feedback.told_otherwise, by=manager, episode=work, who="PC Pike", how="telephone", when=now, now=now)
    go(deciding.correct, by=manager, episode=work, move="advice", level=2, rationale=WHY, override_why=WHY,
       seen=at.seen(work), now=now)  # fmt: skip
    _disagree(at, work, officer)


def _disagree(at: Scene, work: UUID, officer: Viewer) -> None:
    go, now, manager, chair = at.go, at.now, at.who("hub.manager"), at.who("chair")
    why = challenging.Disagreement("He is not safe.", "An assessment.", 4)
    first = go(challenging.challenge, by=officer, episode=work, disagreement=why, now=now).id
    go(challenging.answer, by=manager, challenge=first, words="He was seen.", now=now)
    go(challenging.agree, by=officer, challenge=first, why="I see.", seen=at.seen(first), now=now)
    for end in (challenging.change, challenging.stands):
        row = challenging.challenge(by=officer, episode=work, disagreement=why, now=now).id
        go(challenging.take_further, by=officer, challenge=row, why="Not enough.", seen=at.seen(row), now=now)
        if end is challenging.stands:
            for _ in range(2):
                challenging.take_further(by=officer, challenge=row, why="Still not.", seen=at.seen(row), now=now)
        by = chair if end is challenging.stands else manager
        go(end, by=by, challenge=row, why=WHY, seen=at.seen(row), now=now)


def night(at: Scene) -> None:
    """What comes at night is the emergency duty team's, decided by them, handed over, and accepted by the day."""
    go, duty, screener = at.go, at.who("out.of.hours"), at.who("screener")
    at.now = NIGHT
    work = go(referring.send, by=at.who("officer"), referral=referral(), intent="night", now=NIGHT).episode
    assert at.of(work).state == "with-night"
    go(screening.to_day, by=duty, episode=work, why=WHY, seen=at.seen(work), now=NIGHT)
    go(screening.to_night, by=screener, episode=work, why=WHY, seen=at.seen(work), now=NIGHT)
    go(nights.hand_over, by=duty, episode=work, note="Visited. Ring the school first.", now=NIGHT)
    left = referring.send(by=at.who("officer"), referral=referral(), intent="left", now=NIGHT).episode
    screening.note(by=duty, episode=left, words="Rang, nobody there.", now=NIGHT)
    go(nights.sweep, MORNING, each_whole=True)
    go(nights.accept, by=screener, episode=work, take=True, now=MORNING)
    go(nights.accept, by=screener, episode=left, take=False, now=MORNING)


def adult(at: Scene) -> None:
    """A worry about an adult: three limbs, a second look at a no, an enquiry."""
    go, now, worker, duty = at.go, at.now, at.who("adult.social.worker"), at.who("out.of.hours")
    worry = Referral("adult", adults=(Adult(Evidence("Thistlewood", "Ernest"), role="adult-at-risk"),),
                     what_happened="Found without heating, his money gone.", consent="agreed")  # fmt: skip
    work = referring.send(by=at.who("officer"), referral=worry, intent="adult", now=now).episode
    no = adults.Limb("no", "He says he is well, and so does his sister.")
    limbs = dict.fromkeys(adults.LIMBS, no)
    go(adults.answer_limbs, by=worker, episode=work, limbs=limbs, now=now)
    personal = adults.Personal("asked", wants="To stay at home.", capacity="not-considered", advocacy="not-needed")
    go(adults.make_personal, by=worker, episode=work, personal=personal, now=now)
    go(adults_told.ask_referrer, by=worker, episode=work, question="Who has his bank card?", now=now)
    wish = adults.Wish("no-further-action", WHY)
    go(adults.decide, by=worker, episode=work, wish=wish, seen=at.seen(work), now=now)
    go(adults.disagree, by=duty, episode=work, because="Look again.", now=now)
    adults.decide(by=worker, episode=work, wish=wish, seen=at.seen(work), now=now)
    go(adults.agree, by=duty, episode=work, words="Yes.", now=now)
    go(adults_told.tell_adult, by=worker, episode=work, told=adults_told.AdultTold(True, how="At home"), now=now)


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


def _read_minutes(by: Viewer, work: UUID, meeting: UUID, now: datetime) -> None:
    with entering(by, work, Permission.EPISODE, kind="meeting-seen", now=now):
        minutes.read(by, Meeting.objects.get(pk=meeting), now)


def _read_outcome(by: Viewer, work: UUID, now: datetime) -> None:
    with entering(by, work, Permission.EPISODE, kind="outcome-seen", now=now) as entered:
        feedback.read_outcome(entered=entered, by=by, now=now)


def sharing_copies(at: Scene) -> None:
    """A copy is owed again, contacts leave in the shape of another system, and their references come back."""
    go, now = at.go, at.now
    open_endpoint(agency="police", way=Way.DROP, where="police", by=FOUNDER, now=now)
    work = at.sent("copies")
    go(copies.make, now, each_whole=True)
    with system("proof"):
        Parcel.objects.update(state=Parcel.State.ACKNOWLEDGED, acknowledged_at=now)
        owed = Statement.objects.get(episode=work, kind=copies.OWED)
    data = at.who("police.data")
    go(sent_copies.send_again, by=data, copy=owed.pk, now=now)
    wanted = making.Wanted(mapping("connect", "police"), "referred", Period(now.date(), now.date()))
    go(making.dry_run, by=data, wanted=wanted, now=now)
    go(making.take, by=data, wanted=wanted, now=now)
    pairs = [their_references.Pair(at.of(work).reference, "4471")]
    go(their_references.record, by=data, system="Connect", pairs=pairs, now=now)


def standing_still(at: Scene) -> None:
    """What no act of the front door does yet by itself: a clock that stands still, somebody who leaves."""
    work = at.sent("standing")
    with system("proof"):
        clock = Clock.objects.get(episode=work, runs="opening")
        part = Participation.objects.get(episode=work, role="referrer")
    by = at.who("hub.manager").actor
    at.go(_opened, acts.pause, clock=clock, why="family-away", because="They are away.", by=by, now=at.now)
    at.go(sweeping.sweep, at.now + timedelta(days=10), each_whole=True)
    at.go(_opened, acts.go_on, clock=clock, by=by, now=at.now + timedelta(days=11))
    at.go(_opened, acts.leave, participation=part, by=by, now=at.now)


def _opened(act: Callable[..., object], **words: Any) -> None:
    with system("proof"):
        act(**words)


def searching(at: Scene) -> None:
    """From the tracker: a referral begun from a search, and whom a footprint gives grounds to ask."""
    town = partnership.borough(at.now)
    town.tell()
    screener, why = town.viewer("screener"), Why("child-concern", REFERENCE)
    search = tracker.search(by=screener, question=Question(given="Amelia", family="Okafor-Lunt"), why=why, now=at.now)
    with transaction.atomic():
        found = open_search.own(screener, search.id, at.now)
    at.go(prefilling.begin_from, by=screener, search=found, place=1, kind="child", household=False, once={}, now=at.now)
    at.go(targeting.shown, by=screener, reference=REFERENCE, uses=[f"{search.id}:1"], now=at.now)


def reading(at: Scene) -> None:
    """Notices are followed and read, an ask is opened by whoever owes it and its answer by whoever waits."""
    go, now, screener, doctor = at.go, at.now, at.who("screener"), at.who("gp")
    work = at.sent("reading")
    with system("proof"):
        told = list(Notice.objects.filter(to_team__code="mash").values_list("pk", flat=True))
    go(notices.follow, by=screener, notice=told[0], now=now)
    gate.say_standing(by=screener, episode=work, standing="agreed", who="His mother", why="", now=now)
    picks = (checking.Pick(offices.front_door_of("gp"), "He is seen there"),)
    round = checking.Round("section-17", picks, frozenset(at.people(work)), "No coat.", shown=Shown())
    [ask] = checking.ask_partners(by=screener, episode=work, round=round, seen=at.seen(work), now=now)
    go(_look, doctor, ask.id, now)
    answering.reply(by=doctor, ask=ask.id, answer=Answer.ANSWERED, words="Since birth.", now=now)
    go(_look, screener, ask.id, now)


def _look(by: Viewer, ask: UUID, now: datetime) -> None:
    with answering.looking(by, ask, now=now):
        pass


def clocks(at: Scene) -> None:
    """Time passes: clocks turn, whoever owes is reminded, notices are mailed and read."""
    go, now = at.go, at.now
    at.sent("clocks", urgency_asked="red")
    go(sweeping.sweep, now + timedelta(hours=3), each_whole=True)
    go(sweeping.sweep, now + timedelta(days=2), each_whole=True)
    screener = at.who("screener")
    with system("proof"):
        told = list(Notice.objects.filter(to_team__code="mash").values_list("pk", flat=True))
    go(notices.read, by=screener, notices=told[:1], now=now)


STORIES: tuple[Callable[[Scene], None], ...] = (
    writing, sending, asking, protecting, elsewhere, telling, night, adult, clocks, sharing_copies, standing_still,
    reading, searching,
)  # fmt: skip
