"""Zero wrong deadlines: every day of twenty-five years, against an oracle that works them out in another way."""

import random
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knownto.worktime import BeyondCalendar, ClockStopped, Pause, Rule, Term, Unit, due, england, limits

from . import oracle

CALENDAR = england()
LAW = "Working Together 2023"
CLOSES, OPENS = time(17), time(9)
# The last minutes of a day, opening, closing, and the minutes around the clocks' change.
TIMES = [time(0), time(0, 59), time(1), time(1, 30), time(2), time(8, 59), time(9), time(12, 34),
         time(17), time(17, 1), time(22, 59), time(23), time(23, 59)]


def limit(amount: int, unit: Unit, at: time | None = None) -> Rule:
    return Rule(amount, unit, LAW, True, at)


def each_start(last: date, seed: int = 1):
    """Every day of the table, each at one of the times that matter, in turn and by chance."""
    chance = random.Random(seed)
    for day in oracle.ALL_DAYS:
        if day <= last:
            yield datetime.combine(day, chance.choice(TIMES), UTC)


CASES = [
    *[(limit(n, Unit.WORKING_DAYS), partial(oracle.working_days, amount=n, at=CLOSES)) for n in (1, 3, 10, 15, 45)],
    (limit(1, Unit.WORKING_DAYS, time(23, 59)), partial(oracle.working_days, amount=1, at=time(23, 59))),
    *[(limit(n, Unit.CALENDAR_DAYS), partial(oracle.calendar_days, amount=n, at=CLOSES)) for n in (1, 10, 42)],
    (limit(1, Unit.CALENDAR_DAYS, time(1, 30)), partial(oracle.calendar_days, amount=1, at=time(1, 30))),
    *[(limit(n, Unit.MONTHS), partial(oracle.months, amount=n, at=CLOSES)) for n in (1, 3, 6, 12)],
    *[(limit(n, Unit.HOURS), lambda start, n=n: start + n * oracle.HOUR) for n in (1, 24, 72)],
    (limit(1, Unit.BEFORE_NEXT_WORKING_DAY), partial(oracle.next_opening, opens=OPENS)),
]


@pytest.mark.parametrize(("rule", "expected"), CASES, ids=lambda case: getattr(case, "unit", ""))
def test_it_gives_the_right_deadline_for_every_day_of_twenty_five_years(rule, expected):
    for start in each_start(date(2040, 9, 30)):
        assert due(start, rule, CALENDAR) == expected(start), start


def test_it_counts_working_hours_like_someone_who_watches_the_clock():
    chance = random.Random(7)
    starts = list(each_start(date(2039, 11, 30)))
    around_changes = [start for start in starts if start.month in (3, 10) and start.day > 23]
    for start in chance.sample(starts, 120) + chance.sample(around_changes, 40):
        hours = chance.choice([1, 4, 9, 20])
        is_open = partial(oracle.is_open, opens=OPENS, closes=CLOSES)
        start = start.replace(second=0)
        assert due(start, limit(hours, Unit.WORKING_HOURS), CALENDAR) == oracle.walked(start, hours * 60, is_open)


minutes = st.integers(0, 60 * 24 * 40)
pauses = st.lists(st.tuples(minutes, st.integers(0, 60 * 24 * 6)), max_size=4)
BASES = [datetime(2026, 3, 25, 8, tzinfo=UTC), datetime(2026, 10, 20, 8, tzinfo=UTC),
         datetime(2024, 2, 20, 8, tzinfo=UTC), datetime(2025, 12, 15, 8, tzinfo=UTC)]


def _stops(base: datetime, drawn) -> list[Pause]:
    return [Pause(base + since * oracle.MINUTE, base + (since + length) * oracle.MINUTE) for since, length in drawn]


def _paused(stops: list[Pause], moment: datetime) -> bool:
    return any(pause.starts <= moment < pause.ends for pause in stops)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BASES), minutes, pauses, st.integers(1, 40))
def test_it_lets_no_hour_pass_within_a_pause(base, after, drawn, hours):
    start, stops = base + after * oracle.MINUTE, _stops(base, drawn)
    expected = oracle.walked(start, hours * 60, lambda moment: not _paused(stops, moment))
    assert due(start, limit(hours, Unit.HOURS), CALENDAR, stops) == expected


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(BASES), minutes, pauses, st.integers(1, 20))
def test_it_lets_no_working_hour_pass_within_a_pause(base, after, drawn, hours):
    start, stops = base + after * oracle.MINUTE, _stops(base, drawn)

    def counts(moment):
        return oracle.is_open(moment, OPENS, CLOSES) and not _paused(stops, moment)

    assert due(start, limit(hours, Unit.WORKING_HOURS), CALENDAR, stops) == oracle.walked(start, hours * 60, counts)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(BASES), minutes, pauses, st.integers(1, 45), st.booleans())
def test_it_counts_no_day_that_closes_within_a_pause(base, after, drawn, amount, working):
    start, stops = base + after * oracle.MINUTE, _stops(base, drawn)
    first = oracle.london(start).date()
    days = [day for day in (oracle.WORKING if working else oracle.ALL_DAYS) if 0 < (day - first).days < 120]
    left = [day for day in days if not _paused(stops, oracle.utc(day, CLOSES))]
    unit = Unit.WORKING_DAYS if working else Unit.CALENDAR_DAYS
    assert due(start, limit(amount, unit), CALENDAR, stops) == oracle.utc(left[amount - 1], CLOSES)


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.BEFORE_NEXT_SCHOOL_DAY])
def test_nothing_is_due_while_the_clock_stands_still(unit):
    start = datetime(2026, 5, 5, 10, tzinfo=UTC)
    with pytest.raises(ClockStopped):
        due(start, limit(1, unit), CALENDAR, [Pause(start)])


@pytest.mark.parametrize(("since", "until", "expected"), [(17, 18, 25), (16, 17, 24), (9, 16, 24)])
def test_a_day_counts_if_the_clock_runs_at_the_moment_it_closes(since, until, expected):
    stop = Pause(datetime(2026, 11, 24, since, tzinfo=UTC), datetime(2026, 11, 24, until, tzinfo=UTC))
    start = datetime(2026, 11, 23, 12, tzinfo=UTC)
    assert due(start, limit(1, Unit.WORKING_DAYS), CALENDAR, [stop]) == datetime(2026, 11, expected, 17, tzinfo=UTC)


def test_a_limit_that_ran_out_before_the_pause_stays_due():
    start = datetime(2026, 5, 5, 10, tzinfo=UTC)
    late = [Pause(start + timedelta(days=2))]
    assert due(start, limit(1, Unit.WORKING_DAYS), CALENDAR, late) == datetime(2026, 5, 6, 16, tzinfo=UTC)


@pytest.mark.parametrize(("start", "rule", "expected"), [
    # Maundy Thursday 2026: Good Friday, the weekend and Easter Monday do not count.
    ("2026-04-02T16:59+01:00", limit(1, Unit.WORKING_DAYS), "2026-04-07T17:00+01:00"),
    # Received on Saturday: Monday is the first day.
    ("2026-11-21T10:00+00:00", limit(1, Unit.WORKING_DAYS), "2026-11-23T17:00+00:00"),
    # A child comes home two hours before the clocks go forward: seventy-two hours are seventy-two hours.
    ("2026-03-28T23:00+00:00", limit(72, Unit.HOURS), "2026-04-01T00:00+01:00"),
    ("2026-10-24T23:00+01:00", limit(72, Unit.HOURS), "2026-10-27T22:00+00:00"),
    # A time that does not exist, and one that comes twice.
    ("2026-03-28T12:00+00:00", limit(1, Unit.CALENDAR_DAYS, time(1, 30)), "2026-03-29T01:00+00:00"),
    ("2026-10-24T12:00+01:00", limit(1, Unit.CALENDAR_DAYS, time(1, 30)), "2026-10-25T01:30+01:00"),
    # Leap days.
    ("2024-01-31T12:00+00:00", limit(1, Unit.MONTHS), "2024-02-29T17:00+00:00"),
    ("2024-02-29T12:00+00:00", limit(12, Unit.MONTHS), "2025-02-28T17:00+00:00"),
    # Three in the morning of a Monday: before that Monday starts. At the very start: the next day.
    ("2026-11-23T03:00+00:00", limit(1, Unit.BEFORE_NEXT_WORKING_DAY), "2026-11-23T09:00+00:00"),
    ("2026-11-23T09:00+00:00", limit(1, Unit.BEFORE_NEXT_WORKING_DAY), "2026-11-24T09:00+00:00"),
    # Christmas and New Year 2026/27, Boxing Day's substitute on Monday the 28th.
    ("2026-12-24T16:00+00:00", limit(2, Unit.WORKING_HOURS), "2026-12-29T10:00+00:00"),
    ("2026-12-24T10:00+00:00", limit(5, Unit.WORKING_DAYS), "2027-01-05T17:00+00:00"),
    # Hours that end at closing time end then, not at the next opening.
    ("2026-11-23T09:00+00:00", limit(8, Unit.WORKING_HOURS), "2026-11-23T17:00+00:00"),
    ("2026-11-27T18:00+00:00", limit(8, Unit.WORKING_HOURS), "2026-11-30T17:00+00:00"),
    ("2026-11-23T17:00+00:00", limit(0, Unit.WORKING_DAYS), "2026-11-23T17:00+00:00"),
    # Nothing to wait for: the same working day, or the next one if it has closed.
    ("2026-11-23T10:00+00:00", limit(0, Unit.WORKING_DAYS), "2026-11-23T17:00+00:00"),
    ("2026-11-27T18:00+00:00", limit(0, Unit.WORKING_DAYS), "2026-11-30T17:00+00:00"),
])
def test_it_gives_the_deadline_that_a_practitioner_expects(start, rule, expected):
    assert due(datetime.fromisoformat(start), rule, CALENDAR) == datetime.fromisoformat(expected)


TERMS = (Term("autumn", date(2026, 9, 2), date(2026, 12, 18), frozenset({date(2026, 9, 3)})),
         Term("spring", date(2027, 1, 5), date(2027, 3, 24)))


@pytest.mark.parametrize(("start", "expected"), [
    ("2026-12-18T20:00+00:00", "2027-01-05T09:00+00:00"),
    ("2026-09-02T20:00+01:00", "2026-09-04T09:00+01:00"),
    ("2026-09-07T03:00+01:00", "2026-09-07T09:00+01:00"),
])
def test_it_tells_the_school_before_its_next_day_starts(start, expected):
    rule = limit(1, Unit.BEFORE_NEXT_SCHOOL_DAY)
    assert due(datetime.fromisoformat(start), rule, england(terms=TERMS)) == datetime.fromisoformat(expected)


@pytest.mark.parametrize(("start", "rule", "calendar"), [
    (datetime(2041, 12, 30, tzinfo=UTC), limit(3, Unit.WORKING_DAYS), CALENDAR),
    (datetime(2014, 12, 30, tzinfo=UTC), limit(3, Unit.WORKING_DAYS), CALENDAR),
    (datetime(2027, 3, 25, tzinfo=UTC), limit(1, Unit.BEFORE_NEXT_SCHOOL_DAY), england(terms=TERMS)),
    (datetime(2027, 3, 25, tzinfo=UTC), limit(1, Unit.BEFORE_NEXT_SCHOOL_DAY), CALENDAR),
])
def test_it_refuses_rather_than_guess_beyond_its_tables(start, rule, calendar):
    with pytest.raises(BeyondCalendar):
        due(start, rule, calendar)


def test_it_refuses_a_moment_without_a_time_zone():
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 5, 5), limit(1, Unit.HOURS), CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        Pause(datetime(2026, 5, 5))


@settings(max_examples=200, deadline=None)
@given(st.datetimes(datetime(2020, 1, 1), datetime(2034, 1, 1)), st.integers(0, 50),
       st.sampled_from([unit for unit in Unit if unit is not Unit.BEFORE_NEXT_SCHOOL_DAY]))
def test_a_deadline_is_never_before_its_start_and_later_starts_are_never_due_earlier(naive, amount, unit):
    start, rule = naive.replace(tzinfo=UTC), limit(max(amount, 1), unit)
    assert due(start, rule, CALENDAR) >= start
    assert due(start + timedelta(hours=5), rule, CALENDAR) >= due(start, rule, CALENDAR)


def test_the_oracle_notices_a_seeded_mistake(monkeypatch):
    """Negative control: were bank holidays forgotten, the comparison above would turn red."""
    monkeypatch.setitem(limits._WAYS, Unit.WORKING_DAYS, lambda start, rule, calendar, pauses: limits._day(
        start, rule.amount, rule, calendar, pauses, lambda day: day.weekday() < 5))
    with pytest.raises(AssertionError):
        test_it_gives_the_right_deadline_for_every_day_of_twenty_five_years(*CASES[0])
