"""Disagreeing: both sides, each stage with its time, the chair's view, and that none at all can be shown."""

from datetime import timedelta

import pytest

from knownto.access.acts import Permission, system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Ask, Decision, Episode, Notice
from knownto.pathways.frontdoor import challenging, disagreements
from knownto.pathways.frontdoor.challenging import Disagreement
from knownto.pathways.frontdoor.tests.closing import ADULT, decide, refer

HOUR = timedelta(hours=1)
WRONG = Disagreement("He has been hungry every Monday since September.", "An assessment, before Christmas.", 4)


@pytest.fixture
def school(viewer_of):
    return viewer_of("school.lead")


@pytest.fixture
def hub(viewer_of):
    return viewer_of("hub.manager")


@pytest.fixture
def chair(viewer_of):
    return viewer_of("chair")


@pytest.fixture
def contact(school, hub, now):
    episode = refer(school, now)
    decide(hub, episode, "advice", now + HOUR, level=2)
    return episode


@pytest.fixture
def begun(school, contact, now):
    return challenging.challenge(by=school, episode=contact.id, disagreement=WRONG, now=now + 2 * HOUR)


def owed(challenge):
    with system("test"):
        return list(
            Ask.objects.filter(episode=challenge, kind="challenge-answer", answered_at=None).select_related("clock")
        )


def seen(challenge):
    with system("test"):
        return Episode.objects.get(pk=challenge.pk).decided


def further(by, challenge, now):
    return challenging.take_further(
        by=by, challenge=challenge.id, why="This does not answer it.", seen=seen(challenge), now=now
    )


def test_whoever_decided_owes_an_answer_by_the_time_of_the_stage(hub, contact, begun):
    [ask] = owed(begun)
    assert (ask.to_worker, ask.clock.limit) == (hub.worker_id, "challenge-1")
    with system("test"):
        assert begun.parent_id == contact.id and begun.team.code == "mash"
        assert [plain["why"] for _, plain in reads.statements(begun, "disagreement")] == [WRONG.why]
        assert Notice.objects.filter(kind="challenge", to_worker=hub.worker_id).exists()


def test_only_who_takes_part_can_disagree_and_once_at_a_time(viewer_of, school, contact, begun, now):
    with pytest.raises(NotYours):
        challenging.challenge(by=viewer_of("gp"), episode=contact.id, disagreement=WRONG, now=now)
    with pytest.raises(challenging.OneIsOpen) as refused:
        challenging.challenge(by=school, episode=contact.id, disagreement=WRONG, now=now)
    assert refused.value.challenge.id == begun.id


def test_nothing_decided_is_nothing_to_disagree_with(school, now):
    episode = refer(school, now)
    with pytest.raises(challenging.NothingToChallenge):
        challenging.challenge(by=school, episode=episode.id, disagreement=WRONG, now=now)
    with pytest.raises(challenging.NotSaid):
        challenging.challenge(by=school, episode=episode.id, disagreement=Disagreement(" ", "x"), now=now)


def test_both_sides_see_it_and_nobody_else(viewer_of, school, hub, begun, now):
    for viewer in (school, hub):
        with entering(viewer, begun.id, Permission.CHALLENGE, kind="test", now=now):
            pass
    for other in ("gp", "officer", "chair", "social.worker"):
        with pytest.raises(NotYours), entering(viewer_of(other), begun.id, Permission.CHALLENGE, kind="test", now=now):
            pass


def test_every_stage_has_its_own_time_and_the_chair_can_read_the_decisions_only_then(
    school, chair, contact, begun, now
):
    stages = []
    for step in range(3):
        with pytest.raises(NotYours), entering(chair, contact.id, Permission.EPISODE, kind="test", now=now):
            pass
        further(school, begun, now + (3 + step) * HOUR)
        [ask] = owed(begun)
        stages.append((ask.clock.limit, ask.to_team_id == begun.team_id))
    assert stages == [("challenge-2", True), ("challenge-3", True), ("challenge-4", False)]
    with entering(chair, contact.id, Permission.EPISODE, kind="test", now=now) as entered:
        assert entered.sections == {"referral", "people", "decisions", "outcome"}
    with pytest.raises(acts.NotFromHere):
        further(school, begun, now + 9 * HOUR)


def test_the_chairs_view_ends_it_and_both_sides_are_told(school, hub, chair, begun, now):
    with pytest.raises(NotYours):
        challenging.stands(by=chair, challenge=begun.id, why="Too early.", seen=seen(begun), now=now)
    for step in range(3):
        further(school, begun, now + (3 + step) * HOUR)
    with pytest.raises(NotYours):
        challenging.stands(by=hub, challenge=begun.id, why="It is ours.", seen=seen(begun), now=now)
    challenging.stands(by=chair, challenge=begun.id, why="It was weighed.", seen=seen(begun), now=now + 9 * HOUR)
    with system("test"):
        row = Episode.objects.get(pk=begun.pk)
        assert (row.state, row.closed_at is not None) == ("stands", True)
        assert Decision.objects.filter(episode=row).order_by("number").last().power == "chair"
        told = set(Notice.objects.filter(episode=row, kind="decided").values_list("to_worker", flat=True))
    assert told == {school.worker_id, hub.worker_id}
    assert owed(begun) == []


def test_an_answer_then_agreement(viewer_of, school, hub, begun, now):
    challenging.answer(by=hub, challenge=begun.id, words="The nurse saw him on Monday.", now=now + 3 * HOUR)
    assert owed(begun) == []
    with pytest.raises(acts.AlreadyAnswered):
        challenging.answer(by=hub, challenge=begun.id, words="Again.", now=now + 3 * HOUR)
    with pytest.raises(acts.NotFromHere):  # whoever was disagreed with cannot say that the others agree
        challenging.agree(by=hub, challenge=begun.id, why="They agree.", seen=seen(begun), now=now + 4 * HOUR)
    challenging.agree(by=school, challenge=begun.id, why="That answers it.", seen=seen(begun), now=now + 4 * HOUR)
    with system("test"):
        assert Episode.objects.get(pk=begun.pk).state == "agreed"


def test_a_changed_decision_is_made_anew_about_the_same_people_and_whoever_raised_it_is_told_again(
    school, hub, contact, begun, now
):
    with system("test"):
        acts.say(episode=contact, kind="referral", plain={"what_happened": "Hungry"}, by=school.actor, now=now)
    again = challenging.change(
        by=hub, challenge=begun.id, why="An assessment is right.", seen=seen(begun), now=now + 5 * HOUR
    )
    with system("test"):
        assert (again.pathway, again.state, again.parent_id) == ("contact", "received", contact.id)
        assert again.from_worker == school.worker_id and again.id != contact.id
        names = [known.name for known in reads.people([again])[again.id]]
        assert names[0] == "Tobias Wrenshaw" and len(names) == 3
        [(row, plain)] = reads.statements(again, "referral")
        assert plain["what_happened"] == "Hungry" and row.agency == "school"
        assert Episode.objects.get(pk=begun.pk).state == "changed"
    decide(hub, again, "assessment", now + 6 * HOUR, level=4)
    with system("test"):
        assert Ask.objects.get(episode=again, kind="outcome").to_worker == school.worker_id


def test_a_screener_cannot_change_what_a_manager_decides(viewer_of, begun, now):
    with pytest.raises(NotYours):
        challenging.change(by=viewer_of("screener"), challenge=begun.id, why="I think so.", seen=0, now=now)


def test_early_help_that_was_disagreed_with_steps_up(viewer_of, hub, now):
    worker = viewer_of("social.worker")
    episode = refer(worker, now, pathway_code="support", team=None, parent=refer(worker, now))
    decide(hub, episode, "start-early-help", now, level=3, tell=False)
    row = challenging.challenge(by=worker, episode=episode.id, disagreement=WRONG, now=now)
    again = challenging.change(by=hub, challenge=row.id, why="Right.", seen=0, now=now + HOUR)
    assert (again.id, again.state) == (episode.id, "assessment")


def test_two_who_take_it_further_at_once(school, begun, now):
    further(school, begun, now + 3 * HOUR)
    with pytest.raises(acts.Overtaken):
        challenging.take_further(by=school, challenge=begun.id, why="Me too.", seen=0, now=now + 3 * HOUR)


def test_adults_disagreements_go_to_adult_social_care(viewer_of, now):
    gp, lorna = viewer_of("gp"), viewer_of("adult.social.worker")
    episode = refer(gp, now, people=(("adult-at-risk", ADULT),), pathway_code="adult")
    decide(lorna, episode, "protect-tonight", now, tell=False)
    row = challenging.challenge(by=gp, episode=episode.id, disagreement=WRONG, now=now)
    assert row.team.agency_id == "adult-social-care"


def test_a_quarter_without_one_says_none_and_of_how_many(school, hub, contact, now):
    with system("test"):
        [count] = disagreements.counts(now - timedelta(days=90))
    assert (count.quarter, count.agency, count.opened, count.decided) == ("2026-27 Q3", "", 0, 1)


def test_they_are_counted_by_agency_stage_and_end(school, begun, now):
    further(school, begun, now + 3 * HOUR)
    challenging.agree(by=school, challenge=begun.id, why="Settled.", seen=seen(begun), now=now + 4 * HOUR)
    with system("test"):
        [count] = disagreements.counts(now - timedelta(days=90))
    assert (count.agency, count.opened, dict(count.stages), dict(count.ended)) == (
        "school", 1, {"stage-2": 1}, {"agreed": 1},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("month", "quarter"),
    [
        (1, "2025-26 Q4"),
        (3, "2025-26 Q4"),
        (4, "2026-27 Q1"),
        (7, "2026-27 Q2"),
        (10, "2026-27 Q3"),
        (12, "2026-27 Q3"),
    ],
)
def test_quarters_are_those_of_the_financial_year(now, month, quarter):
    assert disagreements.quarter_of(now.replace(month=month)) == quarter
