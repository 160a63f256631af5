"""No number small enough to point at somebody is shown, nor one from which it could be worked out."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knownto.assurance.counts import SMALL, safe


@st.composite
def months(draw):
    """Three tables that count the same uses."""
    uses = draw(st.lists(st.tuples(*[st.sampled_from("abcd")] * 3), max_size=60))
    return [{label: sum(use[at] == label for use in uses) for label in "abcd"} for at in range(3)]


@pytest.mark.parametrize(
    ("table", "shown"),
    [
        ({}, {}),
        ({"a": 0, "b": 40}, {"a": 0, "b": 40}),
        ({"a": 6, "b": 40}, {"a": 5, "b": 40}),
        ({"a": 8, "b": 42}, {"a": 10, "b": 40}),
        ({"a": 5, "b": 9, "c": 41}, {"a": None, "b": None, "c": 40}),
        ({"a": 1, "b": 1, "c": 40}, {"a": None, "b": None, "c": None}),
        ({"a": 3, "b": 4, "c": 40}, {"a": None, "b": None, "c": 40}),
        ({"a": 3, "b": 0}, {"a": None, "b": 0}),
    ],
)
def test_it_holds_back(table, shown):
    assert safe([table]).tables == [shown]


def test_it_holds_back_a_small_total():
    assert safe([{"a": 3, "b": 1}]).total is None
    assert safe([{"a": 30, "b": 10}]).total == 40


@given(months())
def test_it_never_shows_a_small_number(tables):
    for table in safe(tables).tables:
        assert all(n is None or n == 0 or (n >= SMALL and n % 5 == 0) for n in table.values())


@given(months())
def test_it_never_lets_a_small_number_be_worked_out(tables):
    """An attacker knows every shown number, and the total from any table, each to the nearest five. Each hidden
    one keeps several answers."""
    month = safe(tables)
    totals = {sum(t.values()) for t in month.tables if None not in t.values()} | {month.total} - {None}
    for real, shown in zip(tables, month.tables, strict=True):
        hidden = [label for label, n in shown.items() if n is None]
        seen = [n for n in shown.values() if n]
        for total in totals if 0 < len(hidden) < 4 else ():  # the search below is exhaustive, so it is kept small
            left, rounded = total - sum(seen), 2 * (len(seen) + 1)
            most = max(left + rounded, 0)
            possible = [c for c in product(range(1, most + 1), repeat=len(hidden)) if left - rounded <= sum(c) <= most]
            for place, label in enumerate(hidden):
                assert len({c[place] for c in possible}) > 1, (real, shown, label)


def worlds(screeners=range(16, 36), nights=range(6, 18), nurses=range(8, 22)):
    """Two roles of social care, one of a school and one of a hospital: who reads the tables knows which is whose."""
    for screener, night, lead, nurse in product(screeners, nights, range(1, 6), nurses):
        agencies = {"care": screener + night, "school": lead, "hospital": nurse}
        yield lead, [agencies, {"screener": screener, "night": night, "lead": lead, "nurse": nurse}]


def published(tables):
    month = safe(tables)
    return (month.total, *(tuple(sorted(table.items(), key=str)) for table in month.tables))


def worked_out():
    """How often what is published leaves one answer only, of all answers well inside the worlds."""
    leads, inside = {}, {published(tables) for _, tables in worlds(range(23, 28), range(9, 13), range(13, 17))}
    for lead, tables in worlds():
        leads.setdefault(published(tables), set()).add(lead)
    return sum(len(leads[one]) == 1 for one in inside)


def test_it_lets_no_small_number_be_worked_out_from_which_role_belongs_to_which_agency():
    assert worked_out() == 0


def test_it_notices_that_unrounded_numbers_would_let_it_be_worked_out(monkeypatch):
    monkeypatch.setattr("knownto.assurance.counts._rounded", lambda n, *_: n)
    assert worked_out() > 0


def test_it_notices_a_number_that_could_be_worked_out():
    """The control of the test above: hiding one number alone leaves one answer."""
    left = 49 - 40
    assert len([n for n in range(1, left + 1) if n == left]) == 1
