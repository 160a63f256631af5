"""Two people do the same thing to the same work at the same moment: it is done once, whoever was first.

Decisions have a proof of their own (`test_races`). These are the acts that decide nothing, and look first whether
somebody has done it already.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import close_old_connections, connections

from knownto.access.acts import system
from knownto.casework.models import Ask, Episode
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import adults, challenging, nights, referring, screening
from knownto.pathways.frontdoor.referral import Adult, Referral
from knownto.town.living import found
from proof_tests.breaking import Breaking
from proof_tests.stories import Scene
from proof_tests.stories.closing import MORNING, NIGHT
from proof_tests.stories.scene import WHY

TIMES = 20


@pytest.fixture
def at(committed, now):
    found("small", now=now - timedelta(days=30))
    return Scene(Breaking(), now)


def together(*acts: Callable[[], object]) -> list[object]:
    """All of them at one moment; what each gave, or what it was refused with."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except Exception as error:
            return error
        finally:
            close_old_connections()
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(one, acts))


def open_asks(work, kind: str) -> int:
    with system("proof"):
        return Ask.objects.filter(episode=work, kind=kind, answered_at=None).count()


def test_the_night_hands_it_over_once(at):
    duty = at.who("out.of.hours")
    for number in range(TIMES):
        at.now = NIGHT
        work = at.sent(f"night-{number}")
        screening.note(by=duty, episode=work, words="Visited.", now=NIGHT)
        together(
            lambda work=work: nights.hand_over(by=duty, episode=work, note="Ring the school.", now=MORNING),
            lambda work=work: nights.hand_over(by=duty, episode=work, note="Ring the aunt.", now=MORNING),
            lambda: nights.sweep(MORNING),
        )
        assert open_asks(work, "handover") == 1


def test_two_of_one_agency_begin_one_disagreement(at):
    officer, why = at.who("officer"), challenging.Disagreement("He is not safe.", "An assessment.", 4)
    for number in range(TIMES):
        work = at.sent(f"challenge-{number}")
        screening.take(by=at.who("screener"), episode=work, seen=0, now=at.now)
        begin = [lambda work=work: challenging.challenge(by=officer, episode=work, disagreement=why, now=at.now)] * 2
        together(*begin)
        with system("proof"):
            assert Episode.objects.filter(parent=work, pathway="challenge").count() == 1


def test_of_two_proposals_about_an_adult_one_is_open(at):
    worker = at.who("adult.social.worker")
    for number in range(TIMES):
        work = worry(at, f"adult-{number}")
        wish = adults.Wish("no-further-action", WHY)
        propose = [
            lambda work=work, wish=wish: adults.decide(by=worker, episode=work, wish=wish, seen=0, now=at.now)
        ] * 2
        together(*propose)
        assert open_asks(work, "second-check") == 1


def worry(at: Scene, intent: str):
    """A worry about an adult, of whom everything is known that a no rests on."""
    worker, told = at.who("adult.social.worker"), Adult(Evidence("Thistlewood", "Ernest"), role="adult-at-risk")
    letter = Referral("adult", adults=(told,), what_happened="Found without heating.", consent="agreed")
    work = referring.send(by=at.who("officer"), referral=letter, intent=intent, now=at.now).episode
    limbs = dict.fromkeys(adults.LIMBS, adults.Limb("no", "He says he is well, and so does his sister."))
    adults.answer_limbs(by=worker, episode=work, limbs=limbs, now=at.now)
    personal = adults.Personal("asked", wants="To stay.", capacity="not-considered", advocacy="not-needed")
    adults.make_personal(by=worker, episode=work, personal=personal, now=at.now)
    return work
