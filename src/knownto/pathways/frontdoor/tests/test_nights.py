"""The hub's hours to the minute, the nights on which the clocks change, and a hand-over that nothing falls out of."""

from datetime import UTC, date, datetime, timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Ask, Clock, Episode, Notice
from knownto.partners import offices
from knownto.pathways.frontdoor import nights
from knownto.pathways.frontdoor.tests.closing import ADULT, decide, refer
from knownto.worktime import LONDON

MINUTE = timedelta(minutes=1)
FRIDAY_NIGHT = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def london(*parts):
    return datetime(*parts, tzinfo=LONDON)


@pytest.mark.parametrize(
    ("moment", "night"),
    [
        (london(2026, 11, 16, 8, 44), True),
        (london(2026, 11, 16, 8, 45), False),
        (london(2026, 11, 16, 17, 14), False),
        (london(2026, 11, 16, 17, 15), True),
        (london(2026, 11, 21, 12, 0), True),  # a Saturday
        (london(2026, 12, 25, 12, 0), True),
        (london(2026, 12, 28, 12, 0), True),  # in place of Boxing Day, which was a Saturday
        (london(2026, 12, 29, 12, 0), False),
        (datetime(2026, 7, 1, 7, 44, tzinfo=UTC), True),  # summer: London is an hour on
        (datetime(2026, 7, 1, 7, 45, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 16, 15, tzinfo=UTC), True),
        (datetime(2026, 3, 27, 8, 44, tzinfo=UTC), True),  # the Friday before the clocks go forward
        (datetime(2026, 3, 30, 7, 45, tzinfo=UTC), False),  # and the Monday after
        (datetime(2026, 10, 23, 7, 45, tzinfo=UTC), False),  # the Friday before they go back
        (datetime(2026, 10, 26, 7, 45, tzinfo=UTC), True),  # and the Monday after
        (datetime(2026, 10, 26, 8, 45, tzinfo=UTC), False),
    ],
)
def test_when_it_is_night(moment, night):
    assert nights.is_night(moment) is night
    assert nights.office_for("child", moment) == ("night" if night else "hub")
    assert nights.office_for("adult", moment) == ("night" if night else "adults")


def test_every_opening_and_closing_of_a_year_by_another_way():
    """Minute by minute around each of London's 8:45 and 17:15, weekends and bank holidays counted from their table."""
    closed = {date(2026, 1, 1), date(2026, 4, 3), date(2026, 4, 6), date(2026, 5, 4), date(2026, 5, 25),
              date(2026, 8, 31), date(2026, 12, 25), date(2026, 12, 28)}  # fmt: skip
    day = date(2026, 1, 1)
    while day.year == 2026:
        works = day.weekday() < 5 and day not in closed
        for hour, minute, by_day in ((8, 44, False), (8, 45, works), (17, 14, works), (17, 15, False)):
            assert nights.is_night(london(day.year, day.month, day.day, hour, minute)) is not by_day
        day += timedelta(days=1)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        (london(2026, 11, 20, 17, 15), london(2026, 11, 23, 8, 45)),
        (london(2026, 11, 23, 8, 44), london(2026, 11, 23, 8, 45)),
        (london(2026, 11, 23, 8, 45), london(2026, 11, 24, 8, 45)),
        (london(2026, 12, 24, 18, 0), london(2026, 12, 29, 8, 45)),
        (london(2026, 3, 28, 23, 0), london(2026, 3, 30, 8, 45)),
        (london(2026, 10, 24, 23, 0), london(2026, 10, 26, 8, 45)),
    ],
)
def test_when_it_opens_next_and_opened_last(now, opens):
    assert nights.next_opening(now) == opens
    assert nights.last_opening(opens) == opens
    assert nights.last_opening(opens - MINUTE) <= now < nights.next_opening(now)


@pytest.fixture
def night(viewer_of):
    return viewer_of("out.of.hours")


@pytest.fixture
def screener(viewer_of):
    return viewer_of("screener")


def handovers(episode):
    with system("test"):
        return list(Ask.objects.filter(episode=episode, kind="handover").select_related("clock", "to_team"))


def to_the_night(hub, episode, now):
    decide(hub, episode, "to-night", now, tell=False)


def test_what_is_handed_over_is_owed_by_the_day_until_the_end_of_the_next_working_day(viewer_of, night, now):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    to_the_night(night, episode, FRIDAY_NIGHT)
    with pytest.raises(nights.NoNote):
        nights.hand_over(by=night, episode=episode.id, note="  ", now=FRIDAY_NIGHT)
    nights.hand_over(by=night, episode=episode.id, note="Visited; safe tonight. See the school.", now=FRIDAY_NIGHT)
    [ask] = handovers(episode)
    assert ask.to_team.code == "mash"
    assert ask.clock.due_at.astimezone(LONDON).date() == date(2026, 11, 23)
    with pytest.raises(nights.HandedOverAlready):
        nights.hand_over(by=night, episode=episode.id, note="Again", now=FRIDAY_NIGHT)


def test_accepting_brings_it_to_the_day_and_into_somebodys_hands(viewer_of, night, screener):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    to_the_night(night, episode, FRIDAY_NIGHT)
    nights.hand_over(by=night, episode=episode.id, note="See the school.", now=FRIDAY_NIGHT)
    nights.accept(by=screener, episode=episode.id, take=True, now=MONDAY)
    [ask] = handovers(episode)
    assert (ask.answer, ask.answered_by, ask.answered_at) == ("answered", screener.worker_id, MONDAY)
    with system("test"):
        after = Episode.objects.select_related("team").get(pk=episode.pk)
        assert (after.state, after.team.code, after.worker_id) == ("received", "mash", screener.worker_id)
    with pytest.raises(nights.NothingToAccept):
        nights.accept(by=screener, episode=episode.id, take=False, now=MONDAY)


def test_nobody_accepts_for_another_team(viewer_of, night):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    to_the_night(night, episode, FRIDAY_NIGHT)
    nights.hand_over(by=night, episode=episode.id, note="See the school.", now=FRIDAY_NIGHT)
    for other in ("out.of.hours", "adult.social.worker", "school.lead"):
        with pytest.raises(NotYours):
            nights.accept(by=viewer_of(other), episode=episode.id, take=False, now=MONDAY)
    assert handovers(episode)[0].answered_at is None


def test_what_nobody_accepts_turns_red_and_the_manager_is_told(viewer_of, night):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    to_the_night(night, episode, FRIDAY_NIGHT)
    nights.hand_over(by=night, episode=episode.id, note="See the school.", now=FRIDAY_NIGHT)
    acts.sweep(MONDAY + timedelta(days=1))
    with system("test"):
        clock = Clock.objects.get(pk=handovers(episode)[0].clock_id)
        assert clock.reddened_at is not None
        told = Notice.objects.filter(kind="red", ask=handovers(episode)[0])
        assert told.filter(to_team=offices.team_of("hub")).exists()


def test_what_nobody_handed_over_is_handed_over_when_the_hub_opens_and_once(viewer_of, night):
    with_them, decided = refer(viewer_of("officer"), FRIDAY_NIGHT), refer(viewer_of("gp"), FRIDAY_NIGHT)
    untouched = refer(viewer_of("school.lead"), FRIDAY_NIGHT - timedelta(hours=8))
    to_the_night(night, with_them, FRIDAY_NIGHT)
    decide(night, decided, "advice", FRIDAY_NIGHT, level=2)
    assert nights.sweep(FRIDAY_NIGHT + timedelta(hours=3)) == 0  # still night
    opening = london(2026, 11, 23, 8, 45)
    assert nights.sweep(opening - MINUTE) == 0
    assert nights.sweep(opening) == 2
    assert nights.sweep(opening + MINUTE) == 0
    assert len(handovers(with_them)) == len(handovers(decided)) == 1
    assert handovers(untouched) == []
    with system("test"):
        assert reads.asks(decided, "handover")[0][1]["question"] == nights.NOBODY_DID


def test_what_was_handed_over_and_touched_again_is_handed_over_again(viewer_of, night, screener):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    to_the_night(night, episode, FRIDAY_NIGHT)
    nights.hand_over(by=night, episode=episode.id, note="See the school.", now=FRIDAY_NIGHT)
    nights.accept(by=screener, episode=episode.id, take=False, now=MONDAY)
    assert nights.sweep(MONDAY + MINUTE) == 0
    monday_night = MONDAY + timedelta(hours=12)
    decide(night, episode, "advice", monday_night, level=2)
    assert nights.sweep(MONDAY + timedelta(days=1)) == 1
    assert len(handovers(episode)) == 2


def test_what_was_closed_at_night_is_handed_over_as_the_work_that_it_led_to(viewer_of, night):
    episode = refer(viewer_of("officer"), FRIDAY_NIGHT)
    decide(night, episode, "strategy", FRIDAY_NIGHT, level=4)
    follows = refer(viewer_of("officer"), FRIDAY_NIGHT, pathway_code="protection", parent=episode)
    assert nights.sweep(MONDAY) == 1
    assert (len(handovers(episode)), len(handovers(follows))) == (0, 1)


def test_worries_about_adults_go_to_adult_social_care_and_come_from_the_night_too(viewer_of, night):
    lorna = viewer_of("adult.social.worker")
    people = (("adult-at-risk", ADULT),)
    episode = refer(viewer_of("gp"), FRIDAY_NIGHT, people=people, pathway_code="adult")
    to_the_night(night, episode, FRIDAY_NIGHT)
    with system("test"):
        assert episode.id in {row.id for row in nights.with_night()}
    nights.sweep(MONDAY)
    [ask] = handovers(episode)
    assert ask.to_team.code == "front-door" and ask.to_agency == "adult-social-care"
    with pytest.raises(NotYours):
        nights.accept(by=viewer_of("screener"), episode=episode.id, take=False, now=MONDAY)
    nights.accept(by=lorna, episode=episode.id, take=True, now=MONDAY)
    with system("test"):
        assert Episode.objects.get(pk=episode.pk).worker_id == lorna.worker_id


def test_the_night_sees_what_the_day_left_that_falls_due_before_it_is_back(viewer_of, now):
    friday = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)
    episode = refer(viewer_of("officer"), friday)
    with system("test"):
        acts.decide(
            episode=episode, choice=acts.Choice("rate", "council", "Tonight", urgency="red"),
            by=viewer_of("screener").actor, seen=0, now=friday,
        )  # fmt: skip
        found = nights.due_before(nights.next_opening(FRIDAY_NIGHT))
    assert episode.id in {row.id for row in found}
