"""Nothing about people is opened without a decision and an entry, and it is closed again afterwards."""

import uuid

import pytest
from django.db import connection, transaction

from knownto.access import acts, refusals, wall
from knownto.access.viewer import Viewer
from knownto.ledger import acts as ledger
from knownto.ledger.models import Entry
from knownto.policy import Permission, Request

SCREENER = Viewer(uuid.uuid4(), "childrens-social-care", frozenset({"screener"}))
MANAGER = Viewer(uuid.uuid4(), "police", frozenset({"data-manager"}))
SEARCH = Request(Permission.SEARCH, purpose="child-concern", work="MASH-1")


@pytest.fixture
def people(db):
    """A table behind the wall, with one row of the police's and one of the school's."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; CREATE TABLE people (agency_id text); CREATE TABLE rows_of (agency_id text)")
        cursor.execute("INSERT INTO people VALUES ('police'), ('school'); INSERT INTO rows_of SELECT * FROM people")
        for operation in (*wall.about_people("people"), wall.of_one_agency("rows_of")):
            cursor.execute(operation.sql)
        cursor.execute(f"GRANT SELECT ON people, rows_of TO {wall.ROLE}; SET ROLE {wall.ROLE}")


def seen(table="people"):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def test_it_shows_no_row_to_raw_sql_outside_an_audited_act(people):
    assert seen() == 0


def test_it_opens_the_rows_for_an_allowed_act_only_and_closes_them(people, now):
    with acts.asking(SCREENER, SEARCH, kind="search", now=now) as granted:
        assert seen() == 2
        assert granted.entry.because == "role screener, purpose child-concern"
    assert seen() == 0


def test_it_opens_nothing_and_records_nothing_when_refused(people, now):
    with pytest.raises(refusals.NotYours), acts.asking(MANAGER, SEARCH, kind="search", now=now):
        pytest.fail("it was opened")
    assert seen() == 0 and not Entry.objects.exists()


def test_it_opens_nothing_when_the_ledger_cannot_be_written(people, now, monkeypatch):
    def full(**_):
        raise OSError("disk full")

    monkeypatch.setattr(ledger, "record", full)
    with pytest.raises(OSError), acts.asking(SCREENER, SEARCH, kind="search", now=now):
        pytest.fail("it was opened")
    assert seen() == 0


def test_it_closes_the_rows_when_the_act_fails(people, now):
    failing = acts.asking(SCREENER, SEARCH, kind="search", now=now)
    with pytest.raises(ZeroDivisionError), transaction.atomic(), failing:
        raise ZeroDivisionError
    assert seen() == 0


def test_it_shows_an_agencys_rows_to_that_agency_and_to_the_products_own_jobs(people, now):
    request = Request(Permission.FEEDS_OWN, of_agency="police")
    with acts.asking(MANAGER, request, kind="feed-view", now=now):
        assert seen("rows_of") == 1
    with acts.system("sweep"):
        assert seen("rows_of") == 2
    assert seen("rows_of") == 0


def test_it_asks_again_for_the_reason_when_it_can_be_put_right(now):
    with pytest.raises(refusals.NoLawfulReason) as refused:
        acts.check(SCREENER, Request(Permission.SEARCH, purpose="child-concern"))
    assert refused.value.code == "no-work"


def test_it_seals_the_work_and_the_reason(db, now):
    with acts.asking(SCREENER, SEARCH, kind="search", now=now) as granted:
        assert b"MASH-1" not in bytes(granted.entry.sealed)


def test_it_records_a_refusal_by_code_and_route(db, now):
    acts.record_refusal(SCREENER, code="not-your-role", what="feeds:upload", now=now)
    entry = Entry.objects.get()
    assert (entry.kind, entry.because, entry.worker) == ("refusal", "not-your-role", SCREENER.worker_id)


def test_it_fails_closed_when_policy_breaks(people, now, monkeypatch):
    def broken(*_):
        raise RuntimeError

    monkeypatch.setattr(acts, "decide", broken)
    with pytest.raises(RuntimeError), acts.asking(SCREENER, SEARCH, kind="search", now=now):
        pytest.fail("it was opened")
    assert seen() == 0
