"""Every column that is kept in the clear is on a list, with the reason why it may be."""

import csv
from pathlib import Path

from django.db import connections

LIST = Path(__file__).parent / "clear_columns.csv"
# Tables of others, that hold no person: what is put into them is ours to watch, and their own tests do.
NOT_OURS = ("django_migrations", "django_content_type", "auth_")


def in_the_databases():
    """Every column that is not bytes, of every table of ours and of what we use: {(table, column)}."""
    found = set()
    for alias in ("default", "keys"):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT table_name, column_name FROM information_schema.columns"
                " WHERE table_schema = 'public' AND data_type <> 'bytea'"
            )
            found |= {(table, column) for table, column in cursor.fetchall() if not table.startswith(NOT_OURS)}
    return found


def on_the_list():
    with LIST.open() as file:
        return {(line["table"], line["column"]): line["why"] for line in csv.DictReader(file)}


def test_every_column_in_the_clear_is_listed_with_a_reason(db):
    unlisted = in_the_databases() - on_the_list().keys()
    assert not unlisted, f"kept in the clear and not listed: {sorted(unlisted)}"
    assert all(len(why) > 3 for why in on_the_list().values())


def test_nothing_is_listed_that_is_not_there(db):
    gone = on_the_list().keys() - in_the_databases()
    assert not gone, f"listed, and not there: {sorted(gone)}"


def test_a_new_column_in_the_clear_is_noticed(db):
    """The negative control."""
    with connections["default"].cursor() as cursor:
        cursor.execute("RESET ROLE; ALTER TABLE feeds_record ADD COLUMN family_name text")
    assert ("feeds_record", "family_name") in in_the_databases() - on_the_list().keys()
