"""A borough that was copied in is the one that was founded; and a copy that lacks a row is noticed."""

import pytest
from django.db import connections

from conftest import FOUNDED, _be_plain, _found_at_first
from knownto.ledger.models import Entry
from knownto.partners.models import Team, Worker
from tests.settled import BOTH, _rows, _sequences, settled


def held():
    return {alias: (_rows(alias, _be_plain), _sequences(alias, _be_plain)) for alias in BOTH}


def test_it_puts_back_every_row_that_founding_wrote(db, now):
    kept = FOUNDED[now] = FOUNDED.get(now) or settled(lambda: _found_at_first(now), _be_plain)
    for alias in BOTH:
        with connections[alias].cursor() as cursor:
            cursor.execute("RESET ROLE; SET session_replication_role = replica")
            for table in kept.rows[alias]:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        _be_plain(connections[alias])
    assert not Team.objects.exists()
    kept.put_back(_be_plain)
    for alias, (rows, sequences) in held().items():
        for table, wanted in kept.rows[alias].items():
            assert sorted(rows[table].splitlines()) == sorted(wanted.splitlines()), table
        assert all(sequences[name] >= last for name, last in kept.sequences[alias].items())


def test_a_borough_put_back_works_as_one_that_was_founded(borough, viewer_of):
    assert Team.objects.count() > 20 and Worker.objects.count() > 20 and Entry.objects.exists()
    assert viewer_of("screener").second_factor


def test_a_table_that_had_rows_before_and_changed_is_refused(borough):
    with pytest.raises(ValueError, match="partners_team"):
        settled(_renamed, _be_plain)


def _renamed():
    with connections["default"].cursor() as cursor:
        cursor.execute("RESET ROLE; UPDATE partners_team SET name = 'Another'")
