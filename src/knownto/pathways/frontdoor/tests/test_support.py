"""Support: early help to plan to review, stepped up and down with a level and a reason, closed; who is told."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts
from knownto.casework.models import Ask, Clock, Episode, Notice
from knownto.partners import offices
from knownto.pathways.frontdoor import deciding, support
from knownto.pathways.frontdoor.tests.contacts import anew, contact


def decided(viewer_of, now, move="early-help", level=3):
    """(the contact, the support that followed)."""
    made = contact(now)
    deciding.decide(
        by=viewer_of("hub.manager"), episode=made.id, move=move, level=level, rationale="Because.", seen=0, now=now
    )
    with system("test"):
        return made, Episode.objects.get(parent=made)


def go(by, work, now, move, level=None, **more):
    return support.move(
        by=by,
        episode=work.id,
        move=move,
        level=level,
        rationale="What changed.",
        seen=anew(work).decided,
        now=now,
        **more,
    )


def test_early_help_goes_to_plan_and_review_and_each_review_starts_the_next(viewer_of, now):
    screener, (_, work) = viewer_of("screener"), decided(viewer_of, now)
    assert anew(work).team.code == "early-help" and anew(work).level == 3
    go(screener, work, now, "start-early-help", 3)
    assert (anew(work).state, anew(work).team.code) == ("early-help", "early-help")
    go(screener, work, now, "plan")
    due = anew(work).next_due
    go(screener, work, now + timedelta(days=20), "reviewed")
    assert anew(work).state == "early-help-plan" and anew(work).next_due > due


def test_an_assessment_has_forty_five_working_days(viewer_of, now):
    worker, (_, work) = viewer_of("social.worker"), decided(viewer_of, now, "assessment", 4)
    go(worker, work, now, "start-assessment", 4)
    with system("test"):
        assert Clock.objects.get(episode=work, stopped_at=None).limit == "assessment"
    go(worker, work, now, "child-in-need", 4)
    assert (anew(work).state, anew(work).team.code) == ("child-in-need", "family-safeguarding")


def test_it_steps_up_and_whoever_raised_it_is_told(viewer_of, now):
    made, work = decided(viewer_of, now)
    screener = viewer_of("screener")
    go(screener, work, now, "start-early-help", 3)
    decision = go(screener, work, now, "step-up", 4, words="A social worker assesses now.")
    assert (decision.level_before, decision.level, anew(work).team.code) == (3, 4, "assessment")
    with system("test"):
        assert Ask.objects.filter(episode=made, kind="outcome").count() == 2


def test_it_steps_down_to_early_help_with_a_level(viewer_of, now):
    made, work = decided(viewer_of, now, "assessment", 4)
    worker = viewer_of("social.worker")
    go(worker, work, now, "start-assessment", 4)
    with pytest.raises(support.NoLevel):
        go(worker, work, now, "step-down")
    go(worker, work, now, "step-down", 2)
    assert (anew(work).state, anew(work).level, anew(work).team.code) == ("early-help", 2, "early-help")
    with system("test"):
        assert Ask.objects.filter(episode=made, kind="outcome").count() == 1  # not told of what need not be known


def test_harm_steps_it_up_to_a_strategy_discussion(viewer_of, now):
    _, work = decided(viewer_of, now)
    go(viewer_of("screener"), work, now, "start-early-help", 3)
    go(viewer_of("screener"), work, now, "strategy", 4)
    with system("test"):
        assert Episode.objects.get(parent=work).pathway == "protection"
    assert anew(work).state == "stepped-up" and anew(work).closed_at


def test_it_is_closed_with_a_level(viewer_of, now):
    _, work = decided(viewer_of, now)
    go(viewer_of("screener"), work, now, "close", 1)
    assert anew(work).state == "closed" and anew(work).level == 1
    with pytest.raises(acts.NotFromHere):
        go(viewer_of("screener"), work, now, "close", 1)


def test_a_worker_of_that_team_gets_it_and_is_told(viewer_of, now):
    _, work = decided(viewer_of, now, "assessment", 4)
    worker, team = viewer_of("social.worker"), offices.team_of("assessment")
    support.allocate(by=worker, episode=work.id, team=team, worker=worker.worker_id, now=now)
    assert anew(work).worker_id == worker.worker_id
    with system("test"):
        assert Notice.objects.filter(kind="allocated", to_worker=worker.worker_id).count() == 1
    for wrong, whom in ((offices.team_of("police"), None), (team, viewer_of("screener").worker_id)):
        with pytest.raises(support.NotThatTeam):
            support.allocate(by=worker, episode=work.id, team=wrong, worker=whom, now=now)


@pytest.mark.parametrize("sign_in", ["school.lead", "officer", "gp", "chair"])
def test_nobody_else_decides_on_it(viewer_of, now, sign_in):
    _, work = decided(viewer_of, now)
    with pytest.raises(NotYours):
        go(viewer_of(sign_in), work, now, "start-early-help", 3)
    assert anew(work).decided == 0


def test_the_second_of_two_is_told(viewer_of, now):
    _, work = decided(viewer_of, now)
    go(viewer_of("screener"), work, now, "start-early-help", 3)
    with pytest.raises(acts.Overtaken):
        support.move(
            by=viewer_of("hub.manager"), episode=work.id, move="close", level=1, rationale="No.", seen=0, now=now
        )
