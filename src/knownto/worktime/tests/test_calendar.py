from datetime import UTC, date, datetime, time

import pytest

from knownto.worktime import calendar, england, freeze

from . import oracle

CALENDAR = england()


def test_the_frozen_table_is_what_its_source_says():
    frozen = freeze.TABLE.read_text(encoding="utf-8")
    version = frozen.splitlines()[0].removeprefix("# version: england-")
    assert freeze.table(version) == frozen


def test_it_knows_every_working_day_of_twenty_years():
    assert [day for day in oracle.ALL_DAYS if CALENDAR.is_working_day(day)] == oracle.WORKING
    assert (CALENDAR.first, CALENDAR.last) == (oracle.ALL_DAYS[0], oracle.ALL_DAYS[-1])


# From https://www.gov.uk/bank-holidays, not from the package.
@pytest.mark.parametrize("day", [
    "2020-05-08", "2020-12-28", "2021-12-27", "2021-12-28", "2022-01-03", "2022-06-02", "2022-06-03", "2022-09-19",
    "2022-12-26", "2022-12-27", "2023-01-02", "2023-05-08", "2024-03-29", "2024-04-01", "2025-04-18", "2025-05-26",
    "2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31", "2026-12-25", "2026-12-28", "2027-01-01",
])
def test_it_knows_the_bank_holidays_that_were_proclaimed(day):
    assert not CALENDAR.is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2020-05-04", "2022-05-30", "2026-04-02", "2026-12-29", "2025-08-04"])
def test_it_takes_no_working_day_for_a_holiday(day):
    assert CALENDAR.is_working_day(date.fromisoformat(day))


def test_it_knows_what_londons_clocks_show_at_every_hour_around_every_change():
    for year in range(2015, 2042):
        for month in (3, 10):
            for day in range(24, 32):
                for minute in range(0, 1440, 30):
                    at = time(minute // 60, minute % 60)
                    assert CALENDAR.moment(date(year, month, day), at) == oracle.utc(date(year, month, day), at)


def with_overrides(monkeypatch, *rows: str):
    given = "date,change,name,authority\n" + "\n".join(rows)
    frozen = calendar._table("bank_holidays_england.csv")
    monkeypatch.setattr(calendar, "_table", lambda name: given if name == "overrides.csv" else frozen)
    return england.__wrapped__()  # read anew: what the product read is kept


def test_an_override_adds_or_removes_a_day_and_changes_the_version(monkeypatch):
    changed = with_overrides(monkeypatch, "2027-06-04,add,One-off holiday,Proclamation", "2026-08-31,remove,,Moved")
    assert not changed.is_working_day(date(2027, 6, 4))
    assert changed.is_working_day(date(2026, 8, 31))
    assert changed.version != CALENDAR.version


@pytest.mark.parametrize("row", ["2027-06-04,remove,,x", "2027-06-04,perhaps,Name,x", "2027-06-04,add,,x"])
def test_it_refuses_an_override_that_makes_no_sense(monkeypatch, row):
    with pytest.raises(ValueError, match="what is to be done on 2027-06-04"):
        with_overrides(monkeypatch, row)


def test_it_refuses_a_day_that_closes_before_it_opens():
    with pytest.raises(ValueError, match="opens before it closes"):
        england(opens=time(17), closes=time(9))


def test_it_answers_in_utc():
    assert CALENDAR.moment(date(2026, 7, 1), time(9)).tzinfo is UTC
    assert CALENDAR.local(datetime(2026, 7, 1, 8, tzinfo=UTC)).hour == 9
