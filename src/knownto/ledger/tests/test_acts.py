"""An entry belongs to its act's transaction, and nobody can change it afterwards."""

import pytest
from django.db import DatabaseError, connection, transaction

from knownto.ledger import acts
from knownto.ledger.models import Entry

BY = acts.Actor(None, "police", "officer")


def test_it_refuses_to_write_outside_a_transaction(committed, now):
    with pytest.raises(acts.NoTransaction):
        acts.record(kind="search", by=BY, now=now)


def test_it_seals_the_detail(db, now):
    entry = acts.record(kind="search", by=BY, detail={"name": "Zebedee Quill"}, now=now)
    assert b"Zebedee" not in bytes(Entry.objects.get(pk=entry.pk).sealed)


def test_it_disappears_with_the_act_it_describes(committed, now):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        acts.record(kind="search", by=BY, now=now)
        raise ZeroDivisionError
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    "statement",
    ["UPDATE ledger_entry SET agency = 'x'", "DELETE FROM ledger_entry", "TRUNCATE ledger_entry CASCADE"],
)
@pytest.mark.parametrize("role", ["knownto_app", "postgres"])
def test_it_cannot_be_changed_by_anybody(db, now, statement, role):
    acts.record(kind="search", by=BY, now=now)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("RESET ROLE" if role == "postgres" else f"SET ROLE {role}")
        cursor.execute(statement)
