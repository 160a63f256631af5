"""Screening: one takes it, the other is told who; urgency gives no more time; the same child is recognised."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Ask, Notice, Statement
from knownto.disclosure.models import Disclosure, How
from knownto.ledger.models import Entry
from knownto.partners import offices
from knownto.pathways.frontdoor import deciding, recognised, screening
from knownto.pathways.frontdoor.tests.contacts import ORLA, PRIYA, TOBIAS, anew, contact


@pytest.fixture
def screener(viewer_of):
    return viewer_of("screener")


def close(by, episode, now, move="advice", level=1, **more):
    seen = anew(episode).decided
    return deciding.decide(
        by=by, episode=episode.id, move=move, level=level, rationale="Enough is known.", seen=seen, now=now, **more
    )


def sorts(by, episode, now):
    return [each.sort for each in screening.look(by=by, episode=episode.id, now=now)]


def test_one_takes_it_and_the_other_is_told_who(screener, viewer_of, now):
    made = contact(now)
    screening.take(by=screener, episode=made.id, seen=0, now=now)
    with pytest.raises(acts.Overtaken) as refused:
        screening.take(by=viewer_of("hub.manager"), episode=made.id, seen=0, now=now)
    assert refused.value.decision.worker == screener.worker_id
    assert anew(made).state == "screening" and anew(made).worker_id == screener.worker_id


@pytest.mark.parametrize("sign_in", ["school.lead", "officer", "social.worker", "chair", "hub.health", "administrator"])
def test_nobody_else_takes_it(viewer_of, now, sign_in):
    made = contact(now)
    with pytest.raises(NotYours):
        screening.take(by=viewer_of(sign_in), episode=made.id, seen=0, now=now)
    assert anew(made).state == "received"


def test_rating_it_gives_no_more_time_and_needs_a_reason(screener, now):
    made = contact(now)
    screening.take(by=screener, episode=made.id, seen=0, now=now)
    later = now + timedelta(hours=1)
    screening.rate(by=screener, episode=made.id, urgency="red", why="A fresh injury.", seen=1, now=later)
    assert anew(made).next_due == now + timedelta(hours=4)
    with pytest.raises(acts.NoRationale):
        screening.rate(by=screener, episode=made.id, urgency="green", why=" ", seen=2, now=later)
    with pytest.raises(KeyError):
        screening.rate(by=screener, episode=made.id, urgency="purple", why="No", seen=2, now=later)


def test_the_night_decides_in_its_own_power_and_leaves_it_for_the_day(screener, viewer_of, now):
    made = contact(now)
    screening.to_night(by=screener, episode=made.id, why="After hours, and he is at home.", seen=0, now=now)
    assert anew(made).team.code == "emergency-duty"
    decision = screening.to_day(by=viewer_of("out.of.hours"), episode=made.id, why="Seen, safe.", seen=1, now=now)
    assert decision.power == "emergency-duty" and anew(made).team.code == "mash"


def test_it_is_given_to_a_colleague_of_the_team_and_to_nobody_else(screener, viewer_of, now):
    made, manager = contact(now), viewer_of("hub.manager")
    screening.give(by=screener, episode=made.id, worker=manager.worker_id, now=now)
    assert anew(made).worker_id == manager.worker_id
    with pytest.raises(screening.NobodyThere):
        screening.give(by=screener, episode=made.id, worker=viewer_of("officer").worker_id, now=now)
    with system("test"):
        assert Notice.objects.filter(kind="allocated", to_worker=manager.worker_id).count() == 1


def test_an_open_contact_about_the_same_child_may_be_a_duplicate(screener, now):
    first, second, other = contact(now), contact(now, writer="officer"), contact(now, PRIYA)
    [found] = screening.look(by=screener, episode=second.id, now=now)
    assert (found.sort, found.episode, found.sure) == ("possible-duplicate", first.id, True)
    assert found.reasons
    assert sorts(screener, other, now) == []


def test_a_referral_within_twelve_months_is_a_re_referral_and_a_contact_is_not(screener, viewer_of, now):
    taken_up, advised = contact(now - timedelta(days=200)), contact(now - timedelta(days=100), ORLA)
    then = now - timedelta(days=100)
    close(viewer_of("hub.manager"), taken_up, now - timedelta(days=200), "assessment", 4)
    close(screener, advised, then)
    assert "re-referral" in sorts(screener, contact(now), now)
    assert sorts(screener, contact(now, ORLA), now) == ["earlier-contact"]


def test_after_twelve_months_it_is_neither(screener, now):
    old = contact(now - timedelta(days=400))
    close(screener, old, now - timedelta(days=400))
    assert sorts(screener, contact(now), now) == []


def test_open_work_of_the_same_child_comes_first(screener, viewer_of, now):
    close(viewer_of("hub.manager"), contact(now), now, "assessment", 4)
    assert sorts(screener, contact(now), now)[0] == "already-open"


def test_what_was_found_is_written_down_once_for_the_board(screener, now):
    contact(now)
    made = contact(now, writer="officer")
    assert recognised.catch_up(now) == 2
    assert recognised.catch_up(now) == 0
    with system("test"):
        [(_, plain)] = reads.statements(anew(made), "seen-before")
    assert plain["found"][0]["sort"] == "possible-duplicate"


def test_a_known_case_goes_to_its_worker_and_the_referrer_is_told(screener, viewer_of, now):
    made, worker = contact(now), viewer_of("social.worker")
    team = offices.team_of("assessment")
    decision = screening.route(
        by=screener,
        episode=made.id,
        to=team,
        worker=worker.worker_id,
        case="",
        why="Tom Hallam has this family.",
        seen=0,
        now=now,
    )
    assert decision.to == "routed" and anew(made).closed_at
    with system("test"):
        ask = Ask.objects.get(episode=made, kind="known-case")
        assert ask.to_team == team and ask.to_worker == worker.worker_id and ask.clock.stopped_at is None
        assert Ask.objects.filter(episode=made, kind="outcome", to_agency="school").count() == 1
        assert "allocated" in reads.parts_of(worker, anew(made))
        assert Disclosure.objects.filter(work=made.id, how=How.OUTCOME, to_agency="school").count() == 1
    assert Entry.objects.filter(kind="known-case-routed").count() == 1


def test_it_is_not_routed_to_another_agency_nor_to_a_worker_of_another_team(screener, viewer_of, now):
    made = contact(now)
    for team, worker in ((offices.team_of("police"), None), (offices.team_of("assessment"), screener.worker_id)):
        with pytest.raises(screening.NobodyThere):
            screening.route(by=screener, episode=made.id, to=team, worker=worker, why="No", seen=0, now=now)
    assert anew(made).state == "received"


def test_a_note_is_sealed_and_says_something(screener, now):
    made = contact(now)
    screening.note(by=screener, episode=made.id, words="The school rang back.", now=now)
    with pytest.raises(screening.NoWords):
        screening.note(by=screener, episode=made.id, words="  ", now=now)
    with system("test"):
        row = Statement.objects.get(episode=made, kind="screening-note")
    assert b"school rang" not in bytes(row.sealed)


def test_two_children_of_one_home_are_not_one(screener, now):
    contact(now, ORLA)
    assert "possible-duplicate" not in sorts(screener, contact(now, TOBIAS), now)
