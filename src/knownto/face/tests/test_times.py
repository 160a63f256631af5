"""A time limit is said as a time and a distance, rightly across nights, years and clock changes."""

from datetime import UTC, date, datetime, timedelta

import pytest

from knownto.face import times

NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "said", "distance", "state"),
    [
        (datetime(2026, 11, 22, 16, 30, tzinfo=UTC), "16:30 today", "in 2 hours", "soon"),
        (datetime(2026, 11, 22, 15, 50, tzinfo=UTC), "15:50 today", "in 1 hour 20 minutes", "soon"),
        (datetime(2026, 11, 22, 14, 31, tzinfo=UTC), "14:31 today", "in 1 minute", "soon"),
        (NOW, "14:30 today", "in less than a minute", "soon"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "09:00 tomorrow", "in 18 hours", "later"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "09:00 on Thursday 26 November", "in 3 days", "later"),
        (datetime(2027, 1, 4, 9, 0, tzinfo=UTC), "09:00 on 4 January 2027", "in 42 days", "later"),
        (datetime(2026, 11, 21, 23, 0, tzinfo=UTC), "23:00 yesterday", "overdue by 15 hours", "late"),
        (
            datetime(2026, 11, 22, 14, 29, 59, tzinfo=UTC),
            "14:29 today",
            "overdue by less than a minute",
            "late",
        ),
    ],
)
def test_it_says_a_time_limit(when, said, distance, state):
    moment = times.due(when, NOW)
    assert (moment.said, moment.distance, moment.state) == (said, distance, state)


def test_it_counts_real_hours_across_the_night_when_clocks_go_back():
    now = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)  # 23:00 in London, still summer time
    moment = times.due(now + timedelta(hours=10), now)
    assert (moment.said, moment.distance) == ("08:00 tomorrow", "in 10 hours")


def test_it_never_says_more_time_than_there_is():
    assert times.length(timedelta(hours=1, minutes=59, seconds=59)) == "1 hour 59 minutes"
    assert times.length(timedelta(days=2, hours=-1)) == "47 hours"
    assert times.length(timedelta(days=3, seconds=-1)) == "2 days"


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 11, 22), "today"),
        (date(2026, 11, 21), "yesterday"),
        (date(2026, 11, 2), "20 days ago"),
        (date(2026, 10, 20), "4 weeks ago"),
        (date(2026, 3, 23), "7 months ago"),
        (date(2026, 3, 22), "8 months ago"),
        (date(2014, 3, 27), "12 years ago"),
        (date(2026, 11, 29), "in 7 days"),
    ],
)
def test_it_says_how_long_ago_a_day_was(day, said):
    assert times.ago(day, date(2026, 11, 22)) == said
