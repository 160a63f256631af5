"""Conference, plan, core group and reviews: the chair decides, and each limit counts from the meeting before it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts
from knownto.casework.models import Clock, Episode
from knownto.pathways.frontdoor import conferences
from knownto.pathways.frontdoor.conferences import NotNow
from knownto.pathways.frontdoor.tests import cases
from knownto.worktime import LONDON


@pytest.fixture
def due(borough, viewer_of, now):
    """Work that waits for its conference."""
    episode = cases.protection(now)
    cases.held(viewer_of, cases.called(viewer_of, episode, now), now)
    cases.decided(viewer_of, episode, "enquire", now)
    cases.decided(viewer_of, episode, "conference", now + timedelta(days=5))
    return episode


def held(viewer_of, episode, now, *, kind="conference", sign_in="chair", absent=(), **more):
    by = viewer_of(sign_in)
    calling = cases.calling(episode, now, kind=kind, concerns=())
    meeting = conferences.call(by=by, episode=episode.id, calling=calling, now=now - timedelta(days=1))
    record = cases.held_by(meeting, now, absent=absent, **more)
    seen = cases.fresh(episode).decided
    return conferences.hold(by=by, episode=episode.id, meeting=meeting.pk, held=record, seen=seen, now=now)


def chaired(viewer_of, episode, move, now, sign_in="chair"):
    return cases.decided(viewer_of, episode, move, now, sign_in=sign_in, level=None)


def test_the_chair_decides_and_nobody_else(due, viewer_of, now):
    day = now + timedelta(days=12)
    with pytest.raises(acts.NotYetKnown):
        chaired(viewer_of, due, "plan", day)
    held(viewer_of, due, day)
    for name in ("hub.manager", "out.of.hours", "social.worker"):
        with pytest.raises(NotYours):
            chaired(viewer_of, due, "plan", day, sign_in=name)
    decision = chaired(viewer_of, due, "plan", day)
    assert (decision.power, decision.to) == ("chair", "plan")


def test_the_core_group_and_the_first_review_count_from_the_conference(due, viewer_of, now):
    day = now + timedelta(days=12)
    held(viewer_of, due, day)
    chaired(viewer_of, due, "plan", day + timedelta(days=2))
    with system("test"):
        running = {row.limit: row for row in Clock.objects.filter(episode=due, stopped_at=None, runs="decision")}
    assert set(running) == {"assessment", "core-group", "review-first"}
    assert {row.started_at for code, row in running.items() if code != "assessment"} == {day}
    assert running["review-first"].due_at.astimezone(LONDON).date().isoformat() == "2027-02-28"


def test_the_core_group_ends_its_time_limit_by_meeting(due, viewer_of, now):
    day = now + timedelta(days=12)
    held(viewer_of, due, day)
    chaired(viewer_of, due, "plan", day)
    later = day + timedelta(days=6)
    held(viewer_of, due, later, kind="core-group")
    assert cases.clock(due, "core-group").stopped_at == later
    assert cases.fresh(due).state == "plan"


def test_each_review_sets_the_next_six_months_on(due, viewer_of, now):
    first = now + timedelta(days=12)
    held(viewer_of, due, first)
    chaired(viewer_of, due, "plan", first)
    second, third = first + timedelta(days=80), first + timedelta(days=200)
    with pytest.raises(acts.NotYetKnown):
        chaired(viewer_of, due, "reviewed", second)
    held(viewer_of, due, second, kind="review")
    chaired(viewer_of, due, "reviewed", second)
    assert cases.clock(due, "review").started_at == second
    with pytest.raises(acts.NotYetKnown):
        chaired(viewer_of, due, "reviewed-again", second + timedelta(hours=1))
    held(viewer_of, due, third, kind="review")
    chaired(viewer_of, due, "reviewed-again", third)
    with system("test"):
        [clock] = Clock.objects.filter(episode=due, limit="review", stopped_at=None)
    assert clock.started_at == third


def test_no_plan_passes_to_support_that_is_owned(due, viewer_of, now):
    day = now + timedelta(days=12)
    held(viewer_of, due, day)
    chaired(viewer_of, due, "no-plan", day)
    with system("test"):
        support = Episode.objects.get(parent=due)
        assert support.pathway == "support" and support.next_due and support.team.code == "family-safeguarding"


def test_a_conference_is_called_only_when_one_is_due(borough, viewer_of, now):
    episode = cases.protection(now)
    with pytest.raises(NotNow):
        conferences.call(
            by=viewer_of("hub.manager"),
            episode=episode.id,
            calling=cases.calling(episode, now, kind="conference", concerns=()),
            now=now,
        )


@pytest.mark.parametrize(
    ("discussed", "last_day"),
    [
        (datetime(2027, 3, 5, 14, 0, tzinfo=UTC), "2027-03-30"),  # over Easter, and the clocks go forward
        (datetime(2027, 3, 5, 23, 59, tzinfo=UTC), "2027-03-30"),  # the day is what counts, not the hour
        (datetime(2026, 10, 12, 23, 30, tzinfo=UTC), "2026-11-03"),  # 00:30 on the 13th in London; clocks go back
        (datetime(2026, 12, 18, 10, 0, tzinfo=UTC), "2027-01-13"),  # Christmas, Boxing Day (kept on Monday), New Year
    ],
)
def test_fifteen_working_days_are_londons(borough, viewer_of, discussed, last_day):
    episode = cases.protection(discussed)
    calling = cases.calling(episode, discussed)
    assert replace(calling).starts > discussed
    cases.held(viewer_of, cases.called(viewer_of, episode, discussed), discussed)
    cases.decided(viewer_of, episode, "enquire", discussed + timedelta(minutes=40))
    due = cases.clock(episode, "conference").due_at.astimezone(LONDON)
    assert (due.date().isoformat(), due.hour) == (last_day, 17)
