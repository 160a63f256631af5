"""What the database itself holds and lets be seen: no plain value, and no row that no audited act has opened."""

from dataclasses import replace

import pytest
from django.db import DatabaseError, connection, transaction

from knownto.access import acts as access
from knownto.feeds.models import Record
from knownto.identity import acts, blind, catching_up, reads
from knownto.identity.answers import NothingKnown
from knownto.identity.models import Belief, Cleaned, Member, Pending, Person, Ruling
from knownto.identity.tests.conftest import AMINA, BY
from knownto.linkage import Evidence

WHOLE = replace(
    AMINA,
    other_names=("Amina Adeyemi",),
    nhs_number="9990000018",
    phones=("07700 900123",),
    emails=("amina@example.org",),
    household="HX77",
)
SAID = ["Okonjo", "Amina", "Adeyemi", "Harbour", "QK1", "999000", "7700900", "example.org", "HX77", "2014-03-09"]
SAID += ["20140309", "735301", "Zebedee"]  # 735301 is the day's number, as cleaned forms hold it
TABLES = ("blindkey", "cleaned", "pending", "person", "member", "belief", "ruling")


def dumped() -> str:
    """Every identity table, as its owner would dump it: as text, and sealed bytes as characters too."""
    text = []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for table in TABLES:
            cursor.execute(f"SELECT * FROM identity_{table}")
            values = [value for row in cursor.fetchall() for value in row]
            text += [bytes(v).decode("latin-1") if isinstance(v, memoryview) else str(v) for v in values]
        cursor.execute("SET ROLE knownto_app")
    return "\n".join(text).lower()


@pytest.fixture
def lived(partners, now):
    ids = partners.send(WHOLE, WHOLE, replace(WHOLE, given_names="Blessing"))
    acts.catch_up(now=now)
    acts.forbid(records=(ids[0], ids[2]), reason="Zebedee says twins", by=BY, now=now)
    partners.land(ids[:1])
    return ids


def test_it_holds_no_plain_value(lived):
    text = dumped()
    assert len(text) > 1000
    assert [said for said in SAID if said.lower() in text] == []


def test_it_would_find_a_plain_value_if_there_were_one(lived):
    Belief.objects.update(levels="family=okonjo")
    assert "okonjo" in dumped()


@pytest.mark.parametrize("model", [Cleaned, Pending, Person, Member, Belief, Ruling])
def test_it_shows_no_row_that_no_act_has_opened(lived, model):
    assert model.objects.exists()
    with access.rows_open("", ""):
        assert not model.objects.exists()


def test_it_finds_nobody_where_no_act_has_opened_the_rows(lived, now):
    with access.rows_open("", ""):
        assert reads.find(WHOLE, now) == NothingKnown()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM identity_blindkey",
        "SELECT count(*) FROM identity_blindkey WHERE bucket = 1",
        "INSERT INTO identity_blindkey VALUES (1, 0, '{1}')",
        "UPDATE identity_blindkey SET page = 1",
        "DELETE FROM identity_blindkey",
    ],
)
def test_it_lets_the_plain_role_touch_no_blind_key_directly(lived, statement):
    with pytest.raises(DatabaseError, match="permission"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_it_lets_only_the_products_own_jobs_write_blind_keys(lived):
    with pytest.raises(DatabaseError), transaction.atomic(), access.rows_open("somebody's search", "police"):
        blind.replace({}, {1: blind.tokens([("names", "x")])})


def _counted() -> float:
    """How many blind keys the planner thinks there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'identity_blindkey'::regclass")
        return cursor.fetchone()[0]


def test_it_lets_the_plain_role_tell_the_planner_how_many_keys_there_are(lived):
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; DELETE FROM identity_blindkey")
        cursor.execute(
            "INSERT INTO identity_blindkey SELECT n, 0, '{1}' FROM generate_series(1, 777) n; SET ROLE knownto_app"
        )
    blind.analyse()
    assert _counted() == 777


def test_it_lets_nobody_but_the_products_own_jobs_do_so(lived):
    with pytest.raises(DatabaseError, match="own jobs"), transaction.atomic(), access.rows_open("a search", "police"):
        blind.analyse()


def test_it_tells_the_planner_after_a_bulk_load_by_itself(partners, now, monkeypatch):
    monkeypatch.setattr(catching_up, "MANY", 3)
    done = []
    monkeypatch.setattr(blind, "analyse", lambda: done.append(1))
    partners.send(AMINA)
    acts.catch_up(now=now)
    assert done == []
    partners.send(AMINA, AMINA, AMINA)
    acts.catch_up(now=now)
    assert done == [1, 1]  # before they are compared, and after


def test_it_does_not_let_a_schema_of_the_callers_own_stand_in_for_the_keys(lived, now):
    """A function that runs as its owner must not be talked into reading another table."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE identity_blindkey (bucket int, page int, keys bigint[])")
    assert reads.find(Evidence(nhs_number="9990000018"), now) != NothingKnown()


def test_it_sets_a_record_aside_that_was_altered_and_goes_on(partners, now, caplog):
    altered, whole = partners.send(AMINA, AMINA)
    Record.objects.filter(pk=altered).update(sealed=Record.objects.get(pk=whole).sealed)
    acts.catch_up(now=now)
    assert list(Member.objects.values_list("record", flat=True)) == [whole]
    assert acts.still_matching() == {"police"}
    assert "altered" in caplog.text and "Okonjo" not in caplog.text


def test_it_still_finds_others_when_a_cleaned_form_was_put_in_anothers_place(lived, now, caplog):
    other = Cleaned.objects.get(pk=lived[1])
    Cleaned.objects.filter(pk=lived[0]).update(sealed=other.sealed, key=other.key)
    found = reads.find(WHOLE, now)
    assert lived[0] not in {likeness.record for likeness in found.people} != set()
    assert "altered" in caplog.text and "Okonjo" not in caplog.text


def test_it_matches_a_record_again_that_was_altered_and_is_sent_again(partners, now):
    [record] = partners.send(AMINA)
    sealed = Record.objects.get(pk=record).sealed
    Record.objects.filter(pk=record).update(sealed=b"\x01" + bytes(40))
    acts.catch_up(now=now)
    Record.objects.filter(pk=record).update(sealed=sealed)
    partners.land([record])
    acts.catch_up(now=now)
    assert Member.objects.filter(pk=record).exists()
