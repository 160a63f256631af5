"""What a decision that rests on health and a GP practice waits for, and for nothing else."""

from dataclasses import replace

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, answering
from knownto.casework.models import Answer, Ask
from knownto.disclosure.models import Disclosure, How
from knownto.pathways.frontdoor import checking, health
from knownto.pathways.frontdoor.gate import NothingSaid
from knownto.pathways.frontdoor.health import Analysis, Source
from knownto.pathways.frontdoor.known import checks_back, gp_used, health_signed
from knownto.pathways.frontdoor.tests.test_checking import A_MINUTE, agree, answered, ask, opened

MEANS = Analysis("He is under-fed", "His weight fell two centiles", "Nobody has seen his sister", "Named nurse")
HELD = Source("health-visitor", "known", "Weight fell", "L. Ames")
NOTHING = Source("camhs", "nothing-known", "")


@pytest.fixture
def asked(viewer_of, borough, now):
    """A contact on which health has been asked."""
    work = opened(now)
    agree(viewer_of("screener"), work, now)
    [check] = ask(viewer_of("screener"), work, now, "hospital")
    return work, check


def decide(viewer, work, now, seen=1):
    with system("test"):
        choice = acts.Choice("advice", "council", "A conversation with the school is enough.", level=2)
        return acts.decide(episode=work, choice=choice, by=viewer.actor, seen=seen, now=now)


def add(viewer_of, work, now, source=HELD):
    return health.add_source(by=viewer_of("hub.health"), episode=work.id, source=source, now=now)


def sign(viewer_of, work, now, analysis=MEANS):
    return health.sign(by=viewer_of("hub.health"), episode=work.id, analysis=analysis, now=now)


def signed(work):
    with system("test"):
        return health_signed(work)


@pytest.mark.parametrize("blank", health.MUST_SAY)
def test_a_blank_cannot_be_signed_and_blocks_the_decision_that_rests_on_it(viewer_of, asked, now, blank):
    work, _ = asked
    add(viewer_of, work, now)
    with pytest.raises(NothingSaid) as left_out:
        sign(viewer_of, work, now, replace(MEANS, **{blank: " "}))
    assert left_out.value.name == blank
    with pytest.raises(acts.NotYetKnown):
        decide(viewer_of("screener"), work, now)
    sign(viewer_of, work, now)
    assert decide(viewer_of("screener"), work, now)


def test_an_answer_without_an_analysis_blocks_it_and_so_does_a_correction(viewer_of, asked, now):
    work, check = asked
    answered(check, now)
    with pytest.raises(acts.NotYetKnown) as waits:
        decide(viewer_of("screener"), work, now)
    assert waits.value.sentences == ["Health's information has not been analysed and signed."]
    add(viewer_of, work, now)
    sign(viewer_of, work, now + A_MINUTE)
    assert signed(work) == ""
    health.save_draft(by=viewer_of("hub.health"), episode=work.id, analysis=MEANS, now=now + 2 * A_MINUTE)
    with pytest.raises(acts.NotYetKnown):
        decide(viewer_of("screener"), work, now)


def test_what_was_signed_before_the_answer_came_in_does_not_cover_it(viewer_of, asked, now):
    work, _ = asked
    add(viewer_of, work, now)
    sign(viewer_of, work, now)
    [second] = ask(viewer_of("screener"), work, now + A_MINUTE, "hospital", seen=1)
    assert signed(work) == "Health has been asked and has not answered."
    answered(second, now + 2 * A_MINUTE)
    assert "analysed and signed" in signed(work)
    sign(viewer_of, work, now + 3 * A_MINUTE)
    assert signed(work) == ""


def test_a_decision_need_not_wait_where_somebody_says_why_or_it_is_withdrawn(viewer_of, asked, now):
    work, check = asked
    checking.not_wait(by=viewer_of("screener"), episode=work.id, asks=[check.id], why="Red tonight", now=now)
    assert signed(work) == ""
    other = opened(now)
    agree(viewer_of("screener"), other, now)
    [check] = ask(viewer_of("screener"), other, now, "hospital")
    answering.withdraw(by=viewer_of("screener"), ask=check.id, because="He has moved", now=now)
    assert signed(other) == ""


def test_it_is_answered_by_signing_alone_and_crosses_with_a_receipt(viewer_of, asked, now):
    work, check = asked
    with pytest.raises(answering.NotThatWay):
        answering.reply(by=viewer_of("health.visitor"), ask=check.id, answer=Answer.NOTHING_KNOWN, now=now)
    add(viewer_of, work, now)
    said = sign(viewer_of, work, now)
    with system("test"):
        told = Disclosure.objects.get(work=work.id, how=How.ANSWER)
        assert Ask.objects.get(pk=check.pk).answered_by == said.worker
    assert (told.from_agency, told.to_agency) == ("hospital", "childrens-social-care")


def test_nothing_known_is_said_only_where_every_source_that_was_looked_at_holds_nothing(viewer_of, asked, now):
    work, check = asked
    with pytest.raises(health.NothingLookedAt):
        sign(viewer_of, work, now)
    add(viewer_of, work, now, NOTHING)
    sign(viewer_of, work, now)
    with system("test"):
        assert Ask.objects.get(pk=check.pk).answer == Answer.NOTHING_KNOWN
    other = opened(now)
    agree(viewer_of("screener"), other, now)
    [check] = ask(viewer_of("screener"), other, now, "hospital")
    add(viewer_of, other, now, NOTHING)
    add(viewer_of, other, now, Source("gp", "could-not-look", "No access"))
    sign(viewer_of, other, now)
    with system("test"):
        assert Ask.objects.get(pk=check.pk).answer == Answer.ANSWERED


@pytest.mark.parametrize("who", ["screener", "hub.manager", "health.visitor", "gp"])
def test_nobody_else_signs_for_health(viewer_of, asked, now, who):
    work, _ = asked
    with pytest.raises(NotYours):
        health.sign(by=viewer_of(who), episode=work.id, analysis=MEANS, now=now)


def test_health_puts_nothing_together_where_it_was_not_asked(viewer_of, borough, now):
    work = opened(now)
    with pytest.raises(NotYours):
        add(viewer_of, work, now)


def test_what_is_said_of_a_source_again_takes_the_place_of_what_was_said(viewer_of, asked, now):
    work, _ = asked
    add(viewer_of, work, now)
    add(viewer_of, work, now + A_MINUTE, Source("health-visitor", "known", "Weight is steady"))
    with system("test"):
        pack = health.pack(work)
    assert [each.summary for each in pack.held] == ["Weight is steady"]
    assert pack.completeness == "1 of 10 sources looked at"
    for wrong in (Source("nowhere", "known", "x"), Source("gp", "guessed", "x"), Source("gp", "could-not-look", " ")):
        with pytest.raises(NothingSaid):
            add(viewer_of, work, now, wrong)


def test_a_gp_answer_is_not_left_lying(viewer_of, borough, now):
    work, screener = opened(now), viewer_of("screener")
    agree(screener, work, now)
    one, two = ask(screener, work, now, "gp", "police")
    answered(one, now)
    answered(two, now)
    with system("test"):
        assert not checks_back(work) and gp_used(work)
    with pytest.raises(acts.NotYetKnown) as waits:
        decide(screener, work, now)
    assert waits.value.sentences == ["A GP practice has answered. Say how its answer was used."]
    checking.say_used(by=screener, episode=work.id, ask=two.id, words="Read", now=now)  # of the police: not enough
    with pytest.raises(acts.NotYetKnown):
        decide(screener, work, now)
    checking.say_used(by=screener, episode=work.id, ask=one.id, words="It settled the level", now=now)
    assert decide(screener, work, now)
