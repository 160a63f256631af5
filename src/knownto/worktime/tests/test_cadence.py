from datetime import UTC, date, datetime, time, timedelta

import pytest

from knownto.worktime import BeyondCalendar, Cadence, Every, Term, england, expected_by

from . import oracle

CALENDAR = england(terms=(Term("autumn", date(2026, 9, 2), date(2026, 12, 18)),
                          Term("spring", date(2027, 1, 5), date(2027, 3, 24))))
SIX = time(6)


@pytest.mark.parametrize(("every", "last", "expected"), [
    (Every.DAILY, "2026-11-20", "2026-11-21T06:00+00:00"),
    (Every.DAILY, "2026-10-24", "2026-10-25T06:00+00:00"),
    (Every.DAILY, "2026-06-30", "2026-07-01T06:00+01:00"),
    (Every.WORKING_DAILY, "2026-11-20", "2026-11-23T06:00+00:00"),
    (Every.WORKING_DAILY, "2026-04-02", "2026-04-07T06:00+01:00"),
    (Every.WORKING_DAILY, "2026-04-04", "2026-04-07T06:00+01:00"),
    (Every.WEEKLY, "2026-11-16", "2026-11-23T06:00+00:00"),
    (Every.WEEKLY, "2026-11-19", "2026-11-23T06:00+00:00"),  # Monday's, three days late
    (Every.WEEKLY, "2026-11-21", "2026-11-30T06:00+00:00"),  # Monday's, two days early
    (Every.TERMLY, "2026-09-02", "2027-01-05T06:00+00:00"),
    (Every.TERMLY, "2026-11-30", "2027-01-05T06:00+00:00"),
])
def test_it_knows_by_when_the_next_one_should_have_come(every, last, expected):
    assert expected_by(date.fromisoformat(last), Cadence(every, SIX), CALENDAR) == datetime.fromisoformat(expected)


def test_grace_is_added():
    cadence = Cadence(Every.DAILY, SIX, grace=timedelta(hours=2))
    assert expected_by(date(2026, 11, 20), cadence, CALENDAR) == datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_what_came_just_after_midnight_in_london_belongs_to_that_day():
    came = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # half past midnight on 1 July
    assert expected_by(came, Cadence(Every.DAILY, SIX), CALENDAR) == datetime(2026, 7, 2, 5, tzinfo=UTC)


def test_it_is_right_for_every_day_of_twenty_years():
    for day in oracle.ALL_DAYS[:-10]:
        daily = expected_by(day, Cadence(Every.DAILY, SIX), CALENDAR)
        working = expected_by(day, Cadence(Every.WORKING_DAILY, SIX), CALENDAR)
        assert daily == oracle.calendar_days(oracle.utc(day, time(12)), 1, SIX)
        assert working == oracle.working_days(oracle.utc(day, time(12)), 1, SIX)


def test_it_refuses_to_guess_when_the_next_term_starts():
    with pytest.raises(BeyondCalendar):
        expected_by(date(2027, 1, 5), Cadence(Every.TERMLY, SIX), CALENDAR)


@pytest.mark.parametrize("wrong", [{"grace": timedelta(-1)}, {"weekday": 7}, {"at": time(6, tzinfo=UTC)}])
def test_it_refuses_a_cadence_that_makes_no_sense(wrong):
    with pytest.raises(ValueError, match="never negative"):
        Cadence(**{"every": Every.DAILY, "at": SIX, **wrong})
