from datetime import UTC, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.worktime import Rule, Unit, describe, distance, england, spoken

CALENDAR = england()
NOW = datetime(2026, 11, 20, 14, 30, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(("due", "expected"), [
    ("2026-11-20T16:30", "in 2 hours"), ("2026-11-20T15:29", "in 59 minutes"), ("2026-11-20T15:30", "in 1 hour"),
    ("2026-11-20T14:30:59", "now"), ("2026-11-20T14:29:01", "now"), ("2026-11-20T14:31", "in 1 minute"),
    ("2026-11-23T17:00", "in 1 working day"), ("2026-11-25T17:00", "in 3 working days"),
    ("2026-11-21T14:29", "in 23 hours"), ("2026-11-21T14:30", "in 1 day"), ("2026-11-22T17:00", "in 2 days"),
    ("2026-11-20T14:00", "30 minutes late"), ("2026-11-20T09:00", "5 hours late"),
    ("2026-11-17T17:00", "3 working days late"), ("2026-11-19T14:00", "1 working day late"),
    ("2027-01-05T17:00", "in 29 working days"),
])
def test_it_says_how_far_off_a_deadline_is(due, expected):
    assert distance(datetime.fromisoformat(due).replace(tzinfo=UTC), NOW, CALENDAR) == expected


@pytest.mark.parametrize(("due", "expected"), [
    ("2026-11-20T16:30", "16:30 today, in 2 hours"),
    ("2026-11-19T09:00", "09:00 yesterday, 1 working day late"),
    ("2026-11-21T06:00", "06:00 tomorrow, in 15 hours"),
    ("2026-11-25T17:00", "17:00 on Wednesday 25 November 2026, in 3 working days"),
    ("2026-08-03T16:00", "17:00 on Monday 3 August 2026, 78 working days late"),
])
def test_it_says_a_time_and_a_distance(due, expected):
    assert spoken(datetime.fromisoformat(due).replace(tzinfo=UTC), NOW, CALENDAR) == expected


moments = st.datetimes(datetime(2020, 2, 1), datetime(2039, 11, 1)).map(lambda naive: naive.replace(tzinfo=UTC))


@given(moments, moments)
def test_it_never_mistakes_late_for_early(due, now):
    said = distance(due, now, CALENDAR)
    assert said == "now" or said.startswith("in ") == (due > now)


@pytest.mark.parametrize(("rule", "expected"), [
    (Rule(45, Unit.WORKING_DAYS, "Working Together 2023", True),
     "Within 45 working days (statutory: Working Together 2023)"),
    (Rule(1, Unit.WORKING_DAYS, "MASH protocol"), "Within 1 working day (local setting: MASH protocol)"),
    (Rule(72, Unit.HOURS, "Missing children guidance", True),
     "Within 72 hours (statutory: Missing children guidance)"),
    (Rule(4, Unit.WORKING_HOURS, "MASH protocol"), "Within 4 working hours (local setting: MASH protocol)"),
    (Rule(1, Unit.MONTHS, "x"), "Within 1 month (local setting: x)"),
    (Rule(10, Unit.CALENDAR_DAYS, "x", at=time(16, 30)), "Within 10 calendar days by 16:30 (local setting: x)"),
    (Rule(1, Unit.BEFORE_NEXT_SCHOOL_DAY, "Operation Encompass", True),
     "Before the start of the next school day (statutory: Operation Encompass)"),
    (Rule(2, Unit.BEFORE_NEXT_WORKING_DAY, "x"),
     "Before the start of the 2nd following working day (local setting: x)"),
    (Rule(0, Unit.WORKING_DAYS, "x"), "The same day (local setting: x)"),
    (Rule(0, Unit.HOURS, "x"), "At once (local setting: x)"),
])
def test_it_describes_a_rule_with_its_authority(rule, expected):
    assert describe(rule) == expected


@pytest.mark.parametrize("wrong", [
    {"amount": -1}, {"authority": ""}, {"unit": Unit.HOURS, "at": time(9)}, {"at": time(9, tzinfo=UTC)},
    {"amount": 0, "unit": Unit.BEFORE_NEXT_WORKING_DAY},
])
def test_it_refuses_a_rule_that_makes_no_sense(wrong):
    with pytest.raises(ValueError, match="time"):
        Rule(**{"amount": 1, "unit": Unit.WORKING_DAYS, "authority": "x", **wrong})
