"""Deciding: each decision, in whose power, what it opens, whom it tells, and what it departs from."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Ask, Decision, Episode, Notice
from knownto.pathways.frontdoor import deciding
from knownto.pathways.frontdoor.departing import NoOverrideReason
from knownto.pathways.frontdoor.tests.contacts import anew, contact

WHY = "What we know, what it means, and why this level."
DECIDED = [
    ("no-further-action", 1, "screener", "no-further-action", None),
    ("advice", 2, "screener", "advice", None),
    ("early-help", 3, "screener", "early-help", "support"),
    ("assessment", 4, "hub.manager", "assessment", "support"),
    ("strategy", 4, "hub.manager", "strategy", "protection"),
]


def decide(by, episode, now, move="advice", level=2, **more):
    more = {"rationale": WHY, "seen": anew(episode).decided} | more
    return deciding.decide(by=by, episode=episode.id, move=move, level=level, now=now, **more)


@pytest.mark.parametrize(("move", "level", "who", "state", "follows"), DECIDED)
def test_each_decision_closes_it_opens_what_follows_and_tells_the_referrer(
    viewer_of, now, move, level, who, state, follows
):
    made = contact(now)
    decide(viewer_of(who), made, now, move, level)
    work = anew(made)
    assert (work.state, work.level, bool(work.closed_at)) == (state, level, True)
    with system("test"):
        assert [each.pathway for each in Episode.objects.filter(parent=made)] == ([follows] if follows else [])
        assert Ask.objects.filter(episode=made, kind="outcome", to_agency="school").count() == 1
        for each in Episode.objects.filter(parent=made):
            people = reads.people([made, each])
            assert [p.name for p in people[each.id]] == [p.name for p in people[made.id]]
            assert each.team_id and each.next_due


@pytest.mark.parametrize("move", ["assessment", "strategy"])
def test_what_is_a_managers_to_decide_a_screener_does_not(viewer_of, now, move):
    made = contact(now)
    with pytest.raises(NotYours):
        decide(viewer_of("screener"), made, now, move, 4)
    assert anew(made).state == "received"


def test_whoever_wrote_it_does_not_decide_it(viewer_of, now):
    made = contact(now, writer="social.worker")  # holds the council's power, but the work is not with them
    with pytest.raises(NotYours):
        decide(viewer_of("social.worker"), made, now)
    assert anew(made).decided == 0


def test_a_level_that_does_not_go_with_it_is_refused(viewer_of, now):
    made = contact(now)
    with pytest.raises(acts.NotFromHere):
        decide(viewer_of("screener"), made, now, "no-further-action", 3)


def test_what_a_referrer_thought_is_kept_beside_what_is_decided(viewer_of, now):
    made = contact(now, level_thought=4)
    with pytest.raises(NoOverrideReason) as refused:
        decide(viewer_of("screener"), made, now)
    assert refused.value.departures == ["The referrer thought level 4, and level 2 is decided."]
    decision = decide(viewer_of("screener"), made, now, override_why="The mark was a birthmark.")
    assert (decision.level_before, decision.level, decision.override) == (4, 2, True)
    with system("test"):
        [plain] = [plain for _, plain in reads.decisions(anew(made))]
    assert plain["override_why"] == "The mark was a birthmark." and plain["departs"]


def test_agreeing_with_the_referrer_is_no_override(viewer_of, now):
    made = contact(now, level_thought=2)
    assert decide(viewer_of("screener"), made, now).override is False


def test_significant_harm_without_a_strategy_discussion_needs_its_reason(viewer_of, now):
    made = contact(now, significant_harm=True)
    with pytest.raises(NoOverrideReason):
        decide(viewer_of("screener"), made, now, "early-help", 3)
    decide(viewer_of("hub.manager"), made, now, "strategy", 4)
    assert anew(made).state == "strategy"


def test_after_its_time_limit_a_decision_says_why_it_is_late(viewer_of, now):
    made, late = contact(now), now + timedelta(days=5)
    with pytest.raises(NoOverrideReason):
        decide(viewer_of("screener"), made, late)
    assert decide(viewer_of("screener"), made, late, override_why="Nobody could reach the school.").override


def test_partners_are_waited_for(viewer_of, now):
    screener, made = viewer_of("screener"), contact(now)
    with system("test"):
        from knownto.partners.offices import front_door_of

        question = acts.Question("check", front_door_of("police"), "What do you know?")
        acts.ask(episode=anew(made), question=question, by=screener.actor, by_team=None, now=now)
    with pytest.raises(acts.NotYetKnown) as refused:
        decide(screener, made, now)
    assert "Say why you do not wait" in refused.value.sentences[0]
    assert decide(viewer_of("hub.manager"), made, now, "strategy", 4).to == "strategy"  # harm does not wait for checks


def test_the_second_of_two_is_told_and_nothing_of_theirs_is_left(viewer_of, now):
    made = contact(now)
    decide(viewer_of("screener"), made, now, "early-help", 3, seen=0)
    with pytest.raises(acts.Overtaken) as refused:
        decide(viewer_of("hub.manager"), made, now, "strategy", 4, seen=0)
    assert refused.value.decision.worker == viewer_of("screener").worker_id
    with system("test"):
        assert [each.pathway for each in Episode.objects.filter(parent=made)] == ["support"]


def test_a_wrong_decision_is_followed_by_another_and_stays_to_be_read(viewer_of, now):
    made, manager = contact(now), viewer_of("hub.manager")
    first = decide(viewer_of("screener"), made, now, "no-further-action", 1)
    second = deciding.correct(
        by=manager, episode=made.id, move="assessment", level=4, rationale="It was overlooked.", seen=1, now=now
    )
    assert second.supersedes_id == first.pk and anew(made).state == "assessment" and anew(made).closed_at
    with system("test"):
        assert Decision.objects.filter(episode=made).count() == 2
        assert Episode.objects.filter(parent=made, pathway="support").count() == 1
        assert Ask.objects.filter(episode=made, kind="outcome").count() == 2
        assert reads.rebuilt_state(anew(made), "received") == "assessment"
    third = deciding.correct(
        by=manager, episode=made.id, move="assessment", level=4, rationale="Better said.", seen=2, now=now
    )
    with system("test"):
        assert third.supersedes_id == second.pk
        assert Episode.objects.filter(parent=made).count() == 1  # the same outcome opens nothing twice


def test_whoever_has_what_a_wrong_decision_opened_is_told_once(viewer_of, now):
    made, manager = contact(now), viewer_of("hub.manager")
    decide(manager, made, now, "strategy", 4)
    for seen in (1, 2):  # the second has the same outcome, better said: no news for them
        deciding.correct(
            by=manager, episode=made.id, move="no-further-action", level=1, rationale="Mistaken.", seen=seen, now=now
        )
    with system("test"):
        (opened,) = Episode.objects.filter(parent=made)
        told = Notice.objects.filter(kind="put-right")
        assert [(each.episode_id, each.to_team_id) for each in told] == [(opened.id, opened.team_id)]
        assert opened.closed_at is None


def test_what_is_open_is_decided_and_not_corrected(viewer_of, now):
    made = contact(now)
    decide(viewer_of("screener"), made, now, "take", None)
    with pytest.raises(acts.NotFromHere):
        deciding.correct(
            by=viewer_of("screener"), episode=made.id, move="advice", level=1, rationale=WHY, seen=1, now=now
        )


def test_it_offers_only_what_the_viewer_may_decide(viewer_of, now):
    from knownto.access.acts import Permission
    from knownto.casework.entering import entering

    made = contact(now)
    offered = {}
    for who in ("screener", "hub.manager"):
        viewer = viewer_of(who)
        with entering(viewer, made.id, Permission.EPISODE, kind="test", now=now) as entered:
            offered[who] = {option.move.code for option in deciding.options(entered, viewer)}
    assert offered["hub.manager"] - offered["screener"] == {"assessment", "strategy"}
    assert "join" not in offered["screener"]
