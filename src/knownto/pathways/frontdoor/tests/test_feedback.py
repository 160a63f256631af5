"""Every referrer is told, in words that hold nothing of partners', or stands on the list of those who are not."""

from datetime import timedelta

import pytest

from knownto.access.acts import Permission, system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Answer, Ask, Clock, Episode, Notice, Statement
from knownto.disclosure.models import Disclosure, How
from knownto.partners import offices
from knownto.pathways.frontdoor import facts, feedback
from knownto.pathways.frontdoor.pathway import ADULT, CONTACT
from knownto.pathways.frontdoor.tests.closing import decide, part, refer

HOUR = timedelta(hours=1)


@pytest.fixture
def school(viewer_of):
    return viewer_of("school.lead")


@pytest.fixture
def hub(viewer_of):
    return viewer_of("hub.manager")


@pytest.fixture
def opened(borough):
    with system("test"):
        yield


def outcome_ask(episode):
    with system("test"):
        return Ask.objects.select_related("clock").get(episode=episode, kind="outcome")


def read(viewer, episode, now):
    with entering(viewer, episode.id, Permission.EPISODE, kind="outcome-seen", now=now) as entered:
        return feedback.read_outcome(entered=entered, by=viewer, now=now)


def not_told(viewer, now):
    with system("test"):
        return {each.episode.id: each for each in feedback.not_told(now)}


def test_there_are_words_for_every_decision_that_ends_a_worry():
    ends = {("contact", m.code) for m in CONTACT.moves if m.to != "same" and CONTACT.state(m.to).closed}
    ends |= {("adult", m.code) for m in ADULT.moves if m.to != "same" and ADULT.state(m.to).closed}
    assert ends <= feedback.drafts().keys()


def test_the_referrer_is_asked_to_read_it_with_a_receipt_and_a_time_limit(school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now + HOUR, level=2)
    ask = outcome_ask(episode)
    with system("test"):
        assert (ask.to_agency, ask.to_worker) == ("school", school.worker_id)
        assert Clock.objects.get(pk=ask.clock_id).limit == "outcome-seen"
        assert Disclosure.objects.get(work=episode.id, how=How.OUTCOME).to_agency == "school"
        assert Notice.objects.filter(kind="decided", to_worker=school.worker_id, episode=episode).exists()
    assert episode.id not in not_told(hub, now + 2 * HOUR)


def test_opening_it_answers_the_ask_and_a_supervisor_does_not_answer_for_the_referrer(viewer_of, hub, now):
    officer, sergeant = viewer_of("officer"), viewer_of("police.supervisor")
    episode = refer(officer, now)
    decide(hub, episode, "advice", now + HOUR, level=2, words="A talk at school is enough.")
    assert read(sergeant, episode, now + 2 * HOUR)[0][1]["words"] == "A talk at school is enough."
    assert outcome_ask(episode).answered_at is None
    read(officer, episode, now + 3 * HOUR)
    assert outcome_ask(episode).answer == Answer.ANSWERED
    assert outcome_ask(episode).answered_by == officer.worker_id


def test_nobody_else_can_read_it(viewer_of, school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now + HOUR, level=2)
    with pytest.raises(NotYours):
        read(viewer_of("gp"), episode, now + 2 * HOUR)


def test_what_a_partner_said_in_a_check_cannot_be_passed_on(school, hub, now):
    episode = refer(school, now)
    theirs = "Mother was detained under section 136 in March and discharged herself the same night."
    with system("test"):
        question = acts.Question("check", offices.front_door_of("police"), "What do you know?")
        ask = acts.ask(episode=episode, question=question, by=hub.actor, by_team=None, now=now)
        acts.answer(ask=ask, answer=Answer.ANSWERED, plain={"answer": theirs}, by=hub.actor, now=now)
    with pytest.raises(feedback.SaysTooMuch):
        decide(
            hub, episode, "advice", now, level=2, words="We know that she was Detained under section 136 in March, and"
        )
    with system("test"):
        assert Episode.objects.get(pk=episode.pk).closed_at is None
    decide(hub, episode, "advice", now, level=2, words="The police had nothing that changes our advice.")


def test_everybody_whose_referral_was_joined_is_told(viewer_of, school, hub, now):
    officer = viewer_of("officer")
    first, second = refer(school, now), refer(officer, now + HOUR)
    decide(hub, second, "join", now + HOUR, tell=False)
    with system("test"):
        Episode.objects.filter(pk=second.pk).update(joined_to=first)
    assert second.id not in not_told(hub, now + HOUR)
    decide(hub, first, "advice", now + 2 * HOUR, level=2)
    assert outcome_ask(first).to_agency == "school"
    assert outcome_ask(second).to_agency == "police"


def test_joined_after_the_decision_it_stands_on_the_list_until_it_is_sent(viewer_of, school, hub, now):
    officer = viewer_of("officer")
    first = refer(school, now)
    decide(hub, first, "advice", now + HOUR, level=2, words="A talk is enough.")
    second = refer(officer, now + HOUR)
    decide(hub, second, "join", now + HOUR, tell=False)
    with system("test"):
        Episode.objects.filter(pk=second.pk).update(joined_to=first)
    assert second.id in not_told(hub, now + HOUR)
    feedback.tell_again(by=hub, episode=second.id, now=now + 2 * HOUR)
    assert second.id not in not_told(hub, now + 2 * HOUR)
    assert read(officer, second, now + 3 * HOUR)[0][1]["words"] == "A talk is enough."


def test_a_worry_from_no_account_is_on_the_list_until_somebody_rings(hub, now):
    episode = refer(None, now)
    decide(hub, episode, "advice", now + HOUR, level=2)
    found = not_told(hub, now + HOUR)[episode.id]
    assert "no account" in found.because
    with pytest.raises(feedback.NotToldHow):
        feedback.told_otherwise(by=hub, episode=episode.id, who="", how="telephone", when=now, now=now + HOUR)
    with pytest.raises(feedback.NotToldHow):
        feedback.told_otherwise(
            by=hub, episode=episode.id, who="The aunt", how="telephone", when=now + 5 * HOUR, now=now + HOUR
        )
    feedback.told_otherwise(by=hub, episode=episode.id, who="The aunt", how="telephone", when=now, now=now + 2 * HOUR)
    assert episode.id not in not_told(hub, now + 2 * HOUR)


def test_who_may_not_be_told_is_not_and_the_decision_not_to_share_is_recorded(school, hub, now):
    episode = refer(school, now)
    order = facts.Recording(
        "do-not-tell", (), "record", now.date(), audiences=("school",), note="A relative works there"
    )
    facts.record(by=hub, episode=episode.id, fact=order, now=now)
    decide(hub, episode, "advice", now + HOUR, level=2)
    with system("test"):
        assert not Ask.objects.filter(episode=episode, kind="outcome").exists()
        assert Disclosure.objects.get(work=episode.id).how == How.NOT_SHARED
    assert not_told(hub, now + HOUR)[episode.id].because == "Somebody decided that they are not told."
    assert read(school, episode, now + HOUR) == []
    with pytest.raises(feedback.MayNotBeTold):
        feedback.tell_again(by=hub, episode=episode.id, now=now + HOUR)


def test_told_but_not_read_in_time_comes_onto_the_list(school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now, level=2)
    later = outcome_ask(episode).clock.due_at + timedelta(minutes=1)
    assert episode.id not in not_told(hub, later - HOUR)
    assert not_told(hub, later)[episode.id].because == feedback.NOT_READ
    read(school, episode, later)
    assert episode.id not in not_told(hub, later)


def test_decided_and_never_told_by_anybody_is_on_the_list(school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now, level=2, tell=False)
    assert episode.id in not_told(hub, now)


def test_an_account_that_is_closed_leaves_it_to_the_team(school, hub, now):
    episode = refer(school, now)
    with system("test"):
        Episode.objects.filter(pk=episode.pk).update(from_worker=None)
    decide(hub, episode, "advice", now, level=2)
    assert outcome_ask(episode).to_worker is None


def test_it_says_how_it_was_told(school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now, level=2)
    with system("test"):
        said = reads.statements(episode, "outcome")[0][1]
        assert (said["name"], said["level"]) == ("Advice and information", 2)
        assert feedback.receipt_of(episode)
        assert not Statement.objects.filter(episode=episode, kind="not-told").exists()
    assert part(episode, "subject")
