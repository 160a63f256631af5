"""A file's way from bytes to records and contacts, and what is written of it."""

from knownto.feeds.models import State
from knownto.feeds.tests.conftest import faults_of, held_contacts, held_people, row


def test_it_lands_good_rows_and_puts_bad_ones_aside(take_in):
    rows = [row(n) for n in range(1, 30)] + [row(30, status="ongoing")]
    file = take_in(rows)
    assert (file.state, file.rows, file.rows_bad, file.added) == (State.LANDED, 30, 1, 29)
    assert faults_of(file) == [(31, "status", "not-one-of")]
    assert len(held_people()) == len(held_contacts()) == 29
    assert held_people()["P1"]["family_name"] == "Okafor"
