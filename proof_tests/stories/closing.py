"""Who is told, who disagrees, who has it at night, and what time does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.test import override_settings

from knownto.access.acts import Viewer, system
from knownto.casework import acts, answering, mail, notices, sweeping
from knownto.casework.models import Answer, Clock, Notice, Participation, Statement
from knownto.casework.tests.test_mail import Server
from knownto.disclosure.endpoints import open_endpoint
from knownto.disclosure.models import Parcel, Way
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.pathways.frontdoor import (
    adults,
    adults_told,
    challenging,
    checking,
    copies,
    deciding,
    facts,
    feedback,
    gate,
    nights,
    referring,
    screening,
    sent_copies,
    their_references,
)  # fmt: skip
from knownto.pathways.frontdoor.exports import making
from knownto.pathways.frontdoor.exports.mapping import mapping
from knownto.pathways.frontdoor.exports.rows import Period
from knownto.pathways.frontdoor.referral import Adult, Referral
from knownto.pathways.frontdoor.targeting import Shown
from knownto.pathways.frontdoor.tests.refer import referral
from knownto.town.living import FOUNDER
from proof_tests.breaking import MANY
from proof_tests.stories.scene import WHY, Scene

NIGHT = datetime(2026, 11, 16, 23, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 17, 9, 30, tzinfo=UTC)


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
    go(nights.sweep, MORNING, leaves=MANY)
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


def sharing_copies(at: Scene) -> None:
    """A copy is owed again, contacts leave in the shape of another system, and their references come back."""
    go, now = at.go, at.now
    open_endpoint(agency="police", way=Way.DROP, where="police", by=FOUNDER, now=now)
    work = at.sent("copies")
    go(copies.make, now, leaves=MANY)
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
    at.go(sweeping.sweep, at.now + timedelta(days=10), leaves=MANY)
    at.go(_opened, acts.go_on, clock=clock, by=by, now=at.now + timedelta(days=11))
    at.go(_opened, acts.leave, participation=part, by=by, now=at.now)


def _opened(act: Callable[..., object], **words: Any) -> None:
    with system("proof"):
        act(**words)


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
        notices.read_of_ask(by, ask, now)


def clocks(at: Scene) -> None:
    """Time passes: clocks turn, whoever owes is reminded, notices are mailed and read."""
    go, now = at.go, at.now
    at.sent("clocks", urgency_asked="red")
    go(sweeping.sweep, now + timedelta(hours=3), leaves=MANY)
    go(sweeping.sweep, now + timedelta(days=2), leaves=MANY)
    screener = at.who("screener")
    with system("proof"):
        told = list(Notice.objects.filter(to_team__code="mash").values_list("pk", flat=True))
    go(notices.read, by=screener, notices=told[:1], now=now)


def mailing(at: Scene) -> None:
    """Notices go by mail: killed between sending and noting, the same message goes again, and is known by its id."""
    at.sent("mailing")
    server = Server()
    server.up()
    try:
        with override_settings(MAIL_URL=f"smtp://127.0.0.1:{server.port}", MAIL_FROM="no-reply@example.org"):
            at.go(_mail, at.now + timedelta(minutes=1), leaves=MANY)
    finally:
        server.down()
    with system("proof"):
        owed = Notice.objects.exclude(to_team=None).exclude(to_team__email="")
        assert not owed.filter(mailed_at=None).exists()
        assert owed.count() == len({message["Message-ID"] for _, message in server.got}) > 0


def _mail(now: datetime) -> None:
    mail.send_owed(now=lambda: now, rests=mail.Rests())
