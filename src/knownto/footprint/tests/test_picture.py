"""A row is a statement about a feed: it never reassures falsely, and never tells more than was agreed."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.footprint.answers import Coverage, Looked, Searched
from knownto.footprint.picture import Held, Says, Window, rows
from knownto.footprint.strip import strip
from knownto.partners.agreement import agreements

TODAY = date(2026, 11, 16)
FRESH = date(2026, 11, 15)


def contact(agency="police", category="missing", days=10, **more):
    held = {"open": False, "team": "missing-persons"} | more
    return Held(agency, category, TODAY - timedelta(days=days), **held)


def row_of(*contacts, agency="police", looked=Looked.SEARCHED):
    coverage = Coverage((Searched(agency, "Police", looked, FRESH),))
    [row] = rows(contacts, coverage, agreements(), TODAY)
    return row


def test_it_counts_each_kind_of_contact_in_twelve_months():
    row = row_of(contact(days=1), contact(days=300), contact(category="custody"), contact(days=400))
    assert row.says is Says.CONTACT
    assert row.counts == (("Missing episode", 2), ("Custody", 1))
    assert (row.first, row.last) == (TODAY - timedelta(days=300), TODAY - timedelta(days=1))


def test_it_says_no_contact_in_this_feed_with_its_day():
    row = row_of()
    assert (row.says, row.up_to, row.open) == (Says.NONE, FRESH, False)


@pytest.mark.parametrize("looked", [Looked.STALE, Looked.NEVER, Looked.MATCHING])
def test_it_never_says_no_contact_for_a_feed_that_could_not_be_looked_at(looked):
    assert row_of(looked=looked).says is Says.COULD_NOT_CHECK


def test_it_still_says_what_a_stale_feed_told_before():
    row = row_of(contact(), looked=Looked.STALE)
    assert (row.says, row.looked) == (Says.CONTACT, Looked.STALE)


def test_it_tells_nothing_that_the_agreement_does_not_cover():
    row = row_of(contact(open=True), looked=Looked.NOT_SHARED)
    assert (row.says, row.open, row.teams, row.counts, row.earlier) == (Says.NOT_SHARED, False, (), (), False)


def test_it_tells_nothing_of_an_agency_that_is_not_connected():
    assert row_of(agency="fire", looked=Looked.NOT_CONNECTED).says is Says.NOT_CONNECTED


@pytest.mark.parametrize("category", ["exploitation", ""])
def test_it_shows_a_masked_kind_only_as_restricted(category):
    row = row_of(contact(category=category, days=20, open=True))
    assert (row.restricted, row.counts, row.open, row.first) == (True, (), True, None)
    assert row.teams == ("missing-persons",)


@pytest.mark.parametrize("category", ["sexual_offence"])
def test_it_shows_nothing_of_a_kind_that_is_told_only_on_request(category):
    row = row_of(contact(category=category))
    assert (row.says, row.restricted, row.asks) == (Says.NONE, False, True)


def test_it_shows_nothing_of_a_kind_that_may_not_be_held():
    row = row_of(contact(agency="hospital", category="sexual_health"), agency="hospital")
    assert (row.says, row.restricted, row.teams) == (Says.NONE, False, ())


def test_it_does_not_let_a_plan_that_closed_thirteen_months_ago_read_as_safe():
    row = row_of(contact(days=800, ended=TODAY - timedelta(days=395)))
    assert (row.says, row.earlier, row.counts, row.first, row.last) == (Says.NONE, True, (), None, None)
    assert row.teams == ("missing-persons",)


def test_it_says_nothing_of_what_is_older_than_may_be_held():
    assert not row_of(contact(days=1100)).earlier


def test_it_shows_what_is_open_however_long_ago_it_began_but_not_when():
    row = row_of(contact(days=500, open=True))
    assert (row.says, row.open, row.first, row.last) == (Says.CONTACT, True, None, None)
    assert row.total == 1


def test_it_puts_the_team_that_has_it_open_first():
    row = row_of(contact(days=1, team="response"), contact(days=90, team="domestic-abuse", open=True))
    assert row.teams == ("domestic-abuse", "response")
    assert row.open_teams == ("domestic-abuse",)


def test_it_draws_as_many_marks_as_it_counts():
    row = row_of(contact(days=1), contact(days=364), contact(days=500, open=True), contact(days=70))
    [lane] = strip([row], TODAY).lanes
    assert sum(month.contacts for month in lane.months) == row.total == 4
    assert all(month.open for month in lane.months)


def test_it_draws_a_restricted_contact_as_words_only():
    [lane] = strip([row_of(contact(category="exploitation"))], TODAY).lanes
    assert (lane.note, lane.words) == ("ask", "Restricted: ring them")


def test_it_draws_a_stale_feed_as_unchecked_never_as_empty():
    [lane] = strip([row_of(looked=Looked.STALE)], TODAY).lanes
    assert lane.note == "unchecked"


def test_it_says_how_far_a_lane_goes_when_nobody_could_look_further():
    [lane] = strip([row_of(contact(), looked=Looked.STALE)], TODAY).lanes
    assert lane.agency == "Police, up to 15 November 2026 only"


CONTACTS = st.builds(
    contact,
    category=st.sampled_from(["missing", "custody", "exploitation", "sexual_offence", "", "unheard_of"]),
    days=st.integers(0, 1500),
    open=st.booleans(),
    last=st.none() | st.dates(date(2022, 1, 1), date(2027, 1, 1)),
    ended=st.none() | st.dates(date(2022, 1, 1), date(2027, 1, 1)),
)


@given(st.lists(CONTACTS, max_size=6), st.sampled_from(list(Looked)))
def test_it_holds_to_its_own_words_whatever_is_held(contacts, looked):
    row = row_of(*contacts, looked=looked)
    window = Window(TODAY)
    assert row.says is not Says.NONE or looked is Looked.SEARCHED
    assert row.says is Says.CONTACT or not (row.counts or row.restricted or row.open or row.last)
    assert all(day is None or window.shown_from <= day <= TODAY for day in (row.first, row.last))
    assert all(held.category in ("missing", "custody") for held in row.held)
    [lane, *_] = strip([row], TODAY).lanes or [None]
    if lane and not lane.note:
        assert sum(month.contacts for month in lane.months) == row.total


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_it_shows_thirteen_calendar_months_whatever_the_day(today):
    months = Window(today).months
    assert len(months) == 13
    assert months[0] <= Window(today).shown_from and months[-1] <= today


def test_it_is_the_agreement_today_that_decides(monkeypatch):
    police = agreements()["police"]
    missing = replace(police.categories["missing"], hold="nothing")
    narrower = {"police": replace(police, categories=police.categories | {"missing": missing})}
    coverage = Coverage((Searched("police", "Police", Looked.SEARCHED, FRESH),))
    [row] = rows([contact(open=True)], coverage, narrower, TODAY)
    assert (row.says, row.open) == (Says.NONE, False)
