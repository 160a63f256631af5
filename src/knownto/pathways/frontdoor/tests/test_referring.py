"""Sending: stored once, whoever is down; a night; a supervisor; what was considered before."""

import threading
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.db import connections, transaction

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.access.viewer import viewer_of as as_viewer
from knownto.casework import reads
from knownto.casework.models import Ask, Decision, Episode, Notice, Participation
from knownto.casework.recognising import seen_before
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.models import Entry
from knownto.linkage import Evidence
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import referring, sending_more
from knownto.pathways.frontdoor.models import Submission
from knownto.pathways.frontdoor.referral import Child, Referral
from knownto.pathways.frontdoor.referring import SameIntentOtherBody, TooBare, send
from knownto.pathways.frontdoor.tests.refer import child, referral


@pytest.fixture
def officer(viewer_of):
    return viewer_of("officer")


def sent(officer, now, intent="one", **more):
    found = send(by=officer, referral=referral(**more), intent=intent, now=now)
    with system("test"):
        return found, Episode.objects.select_related("team", "from_team").get(pk=found.episode)


def crossings(episode):
    with system("test"):
        return list(Disclosure.objects.filter(work=episode.id, how=How.REFERRAL))


def test_it_is_with_the_hub_with_its_clock_its_people_and_its_words(officer, now):
    receipt, episode = sent(officer, now)
    assert receipt.reference == episode.reference and not receipt.again
    assert (episode.pathway, episode.state, episode.team.code) == ("contact", "received", "mash")
    assert (episode.from_agency_id, episode.from_team.code, episode.from_worker) == (
        "police", "response", officer.worker_id,
    )  # fmt: skip
    with system("test"):
        assert [known.role for known in reads.people([episode])[episode.id]] == ["subject", "parent"]
        [(_, said)] = reads.statements(episode, "referral")
        assert Referral.from_json(said) == referral()
        again = seen_before(
            Evidence(family_name="Renshaw", given_names="Tobias", birth_date=child().evidence.birth_date)
        )
    assert [seen.participation.episode_id for seen in again] == [episode.id]


def test_it_crosses_to_the_council_and_within_one_agency_nothing_crosses(officer, viewer_of, now):
    _, episode = sent(officer, now)
    [crossed] = crossings(episode)
    assert (crossed.from_agency, crossed.to_agency, crossed.purpose) == (
        "police", "childrens-social-care", "child-concern",
    )  # fmt: skip
    _, own = sent(viewer_of("social.worker"), now)
    assert not crossings(own)


def test_a_supervisor_of_the_writers_team_owes_a_look_at_it(officer, now):
    _, episode = sent(officer, now)
    with system("test"):
        [ask] = Ask.objects.filter(episode=episode).select_related("to_team", "clock")
    assert (ask.kind, ask.to_team.code, ask.by_worker) == ("supervision", "response", officer.worker_id)
    assert ask.clock.due_at > now


def test_only_what_the_referrer_calls_red_is_taken_in_hand_as_red(officer, now):
    assert sent(officer, now, "a", urgency_asked="red")[1].urgency == "red"
    assert sent(officer, now, "b", urgency_asked="green")[1].urgency == ""


def test_at_night_it_is_with_the_emergency_duty_team_by_a_named_rule(officer, now):
    night = datetime(2026, 11, 16, 23, 30, tzinfo=ZoneInfo("Europe/London"))
    _, episode = sent(officer, night)
    assert (episode.state, episode.team.code) == ("with-night", "emergency-duty")
    with system("test"):
        [decision] = Decision.objects.filter(episode=episode)
        assert (decision.kind, decision.power, decision.worker) == ("to-night", "rule", None)
        assert [clock.limit for clock in reads.running(episode) if clock.runs == "state"] == ["night"]
    assert sent(officer, now, "by day")[1].state == "received"


def test_an_adult_goes_to_adult_social_care(officer, now):
    grown = Evidence(family_name="Orchard", given_names="Winifred")
    adults = (referral().adults[0].__class__(grown, role="adult-at-risk"),)
    _, episode = sent(officer, now, kind="adult", children=(), adults=adults)
    assert (episode.pathway, episode.team.agency_id) == ("adult", "adult-social-care")
    assert [crossed.purpose for crossed in crossings(episode)] == ["adult-concern"]


def test_the_same_intent_twice_is_one_referral_and_the_same_receipt(officer, now):
    first, _ = sent(officer, now)
    again = send(by=officer, referral=referral(), intent="one", now=now + timedelta(hours=2))
    assert (again.reference, again.episode, again.receipt, again.again) == (
        first.reference, first.episode, first.receipt, True,
    )  # fmt: skip
    with system("test"):
        assert Episode.objects.count() == Submission.objects.count() == 1
    assert Entry.objects.filter(kind="referral-sent").count() == 1


def test_the_same_intent_with_other_words_is_refused_and_nothing_is_kept_of_it(officer, now):
    sent(officer, now)
    with pytest.raises(SameIntentOtherBody):
        send(by=officer, referral=referral(wants="Nothing"), intent="one", now=now)
    sent(officer, now, "another", wants="Nothing")
    with system("test"):
        assert Episode.objects.count() == 2


def test_another_agencys_key_of_the_same_name_is_another_referral(officer, viewer_of, now):
    sent(officer, now)
    send(by=viewer_of("school.lead"), referral=referral(), intent="one", now=now)
    with system("test"):
        assert Episode.objects.count() == 2


@pytest.mark.parametrize("bare", [{"children": ()}, {"what_happened": "  "}])
def test_without_anybody_or_anything_that_happened_it_is_not_sent(officer, now, bare):
    with pytest.raises(TooBare) as refused:
        send(by=officer, referral=referral(**bare), intent="one", now=now)
    assert refused.value.sentences
    with system("test"):
        assert not Episode.objects.exists() and not Submission.objects.exists()


def test_a_child_who_is_not_born_and_one_without_a_name_can_be_referred(officer, now):
    unborn = Child(Evidence(family_name="Wrenshaw", unborn=True, born_from=now.date(), born_to=now.date()))
    unnamed = Child(Evidence(born_from=now.date(), born_to=now.date()), school="Mill Lane Primary")
    _, episode = sent(officer, now, children=(unborn, unnamed))
    with system("test"):
        names = [known.name for known in reads.people([episode])[episode.id]]
    assert {"Wrenshaw", "Name not known"} < set(names)


def test_it_is_stored_when_matching_and_the_tracker_are_down(officer, now):
    down = mock.Mock(side_effect=RuntimeError("down"))
    with (
        mock.patch("knownto.identity.reads.find", down),
        mock.patch("knownto.footprint.finding.answer", down),
        mock.patch("knownto.casework.recognising.seen_before", down),
        mock.patch("django.core.mail.send_mail", down),
    ):
        assert sent(officer, now)[1].state == "received"
    assert not down.called


def test_who_may_not_refer_does_not(viewer_of, now):
    with pytest.raises(NotYours):
        send(by=viewer_of("scrutineer"), referral=referral(), intent="one", now=now)


def test_when_something_fails_nothing_of_it_is_kept(officer, now):
    with (
        mock.patch.object(referring.copies, "put_copies", side_effect=RuntimeError),
        pytest.raises(RuntimeError),
        transaction.atomic(),
    ):
        send(by=officer, referral=referral(), intent="one", now=now)
    with system("test"):
        assert not Episode.objects.exists() and not Submission.objects.exists()
    assert sent(officer, now)[1].state == "received"


def test_the_referrer_adds_and_puts_right_and_whoever_has_it_is_told(officer, viewer_of, now):
    receipt, episode = sent(officer, now)
    sending_more.add(
        by=officer, episode=receipt.episode, kind="more", words="He has a sister.", now=now + timedelta(minutes=1)
    )
    sending_more.add(
        by=officer, episode=receipt.episode, kind="correction", words="It was 20:10.", now=now + timedelta(minutes=2)
    )
    with system("test"):
        said = reads.statements(episode, "referral", "more", "correction")
        assert [row.kind for row, _ in said] == ["referral", "more", "correction"]
        assert said[2][0].corrects_id == said[0][0].id
        assert Notice.objects.filter(kind="known-case", to_team=episode.team).count() == 2
    assert len(crossings(episode)) == 3
    with pytest.raises(NotYours):
        sending_more.add(by=viewer_of("school.lead"), episode=receipt.episode, kind="more", words="x", now=now)
    with pytest.raises(sending_more.NoWords):
        sending_more.add(by=officer, episode=receipt.episode, kind="more", words=" ", now=now)


def test_an_agencys_own_system_sends_for_its_team(officer, now):
    with system("test"):
        team = referring.usual_team("police")
    for _ in range(2):
        found = referring.send_by_key(
            agency="police", team=team, referral=referral(), intent="K-1", body=b"{}", now=now
        )
    assert found.again
    with pytest.raises(SameIntentOtherBody):
        referring.send_by_key(agency="police", team=team, referral=referral(), intent="K-1", body=b"[]", now=now)
    with system("test"):
        [part] = Participation.objects.filter(episode=found.episode, role="referrer")
    assert (part.worker, part.team_id) == (None, team.pk)


def test_the_same_intent_at_the_same_moment_is_one_referral(borough_committed, now):
    officer, answers, ready = as_viewer(by_sign_in_name("officer"), second_factor=True), [], threading.Barrier(4)

    def at_once():
        ready.wait()
        try:
            answers.append(send(by=officer, referral=referral(), intent="race", now=now))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=at_once) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.again for answer in answers) == [False, True, True, True]
    assert len({answer.reference for answer in answers}) == 1
    with system("test"):
        assert Episode.objects.count() == 1
