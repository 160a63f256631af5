"""A check from end to end: what is found, what is told, and what may be stopped at any moment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection

from knownto.access.acts import rows_open
from knownto.feeds.models import Contact, Feed, Record
from knownto.identity import acts as identity
from knownto.identity.tests.conftest import BY
from knownto.ledger.models import About, Entry
from knownto.quality import acts, checking
from knownto.quality.models import Check, Finding, Number, Phase, Steady
from knownto.quality.tests.conftest import DAY, NOW, person


@pytest.fixture
def differing(borough, figures):
    """Six people whom all hold; of each the police give another date of birth than the others do."""
    figures(least=5)
    people = [person(n, birth_date=date(2014, 3, 10 + n)) for n in range(6)]
    borough.others(*people)
    ours = borough.send(*[replace(p, birth_date=p.birth_date.replace(year=2015)) for p in people])
    borough.check()
    return ours


def test_it_tells_that_others_agree_on_another_date_once_the_record_has_stood_still(borough, differing):
    assert borough.differing() == set()
    borough.wait(28)
    assert borough.differing() == {("born-differs", record) for record in differing}
    assert borough.differing("hospital") == set()


def test_it_says_when_it_compares_nothing_yet(borough, differing):
    assert Check.objects.get(agency="police").settling == 6


def test_it_compares_once_a_week_however_many_files_land(borough, differing):
    for _ in range(6):
        borough.wait(1)
    assert Check.objects.filter(agency="police", against=True).count() == 1
    borough.wait(1)
    assert Check.objects.filter(agency="police", against=True).count() == 2


def test_it_tells_nothing_of_people_whom_only_one_other_knows(borough, figures):
    said = person(1)
    borough.others(person(20))
    borough.send(said, agency="hospital")
    borough.send(replace(said, birth_date=said.birth_date.replace(year=2013)))
    borough.check()
    borough.wait(28)
    assert borough.differing() == set()


def test_contacts_that_are_shared_only_in_part_do_not_even_count(borough):
    said = person(1)
    borough.others(person(20))
    for agency in ("hospital", "school"):
        borough.send(said, agency=agency, category="")
    borough.send(replace(said, birth_date=said.birth_date.replace(year=2013)))
    borough.check()
    borough.wait(28)
    assert borough.differing() == set()


def test_it_would_have_told_had_they_been_shared_in_full(borough):
    """The negative control of the two before."""
    said = person(1)
    borough.others(person(20))
    for agency in ("hospital", "school"):
        borough.send(said, agency=agency)
    [ours] = borough.send(replace(said, birth_date=said.birth_date.replace(year=2013)))
    borough.check()
    borough.wait(28)
    assert borough.differing() == {("born-differs", ours)}


def test_a_field_that_too_few_others_hold_is_not_compared(borough):
    """Only two of three others have NHS numbers at all: "two of them" would say which."""
    said = person(1, nhs_number="9990000018")
    borough.send(person(20), agency="housing")
    theirs = [borough.send(said, agency=agency)[0] for agency in ("hospital", "school")]
    [ours] = borough.send(replace(said, nhs_number="9990000026"))
    borough.check()
    for other in theirs:  # a number that differs waits for a person to say that it is the same child
        identity.link(records=(other, ours), reason="seen the letter", by=BY, now=NOW)
    borough.wait(28)
    assert borough.differing() == set()
    borough.send(person(30, nhs_number="9990000042"), agency="housing")
    borough.wait(7)
    borough.wait(7)
    assert borough.differing() == {("nhs-superseded", ours)}


def test_it_finds_one_number_on_two_records_of_two_people(borough):
    one, two = borough.send(person(1, nhs_number="9990000018"), person(9, nhs_number="9990000018"))
    borough.check()
    assert {("nhs-two-people", one, two), ("nhs-two-people", two, one)} <= borough.found()
    assert not Number.objects.exists()


def test_it_finds_two_records_of_one_person(borough):
    same = person(1)
    one, two = borough.send(same, same)
    three, four = borough.send(
        person(9, nhs_number="9990000018"), person(9, nhs_number="9990000018", birth_date=date(2012, 10, 9))
    )
    borough.check()
    assert {("twice", one, two), ("twice", two, one)} <= borough.found()
    assert {("two-dates", three, four), ("two-dates", four, three)} <= borough.found()


def test_another_agencys_record_never_joins_two_of_ours(borough):
    """That both are like a third agency's record is what that agency holds, and not ours to hear."""
    whole = person(1, nhs_number="9990000018", emails=("a@example.org",))
    borough.send(whole, agency="hospital")
    borough.send(
        replace(whole, nhs_number="", emails=(), phones=()),
        replace(whole, given_names="", birth_date=None, family_name="", addresses=(), phones=()),
    )
    borough.check()
    assert not {code for code, _, _ in borough.found()} & {"twice", "two-dates"}


def test_it_finds_what_is_out_of_date(borough):
    old, fresh = borough.send(person(1), person(2))
    Record.objects.filter(pk=old).update(as_of=DAY - timedelta(days=200))
    Contact.objects.filter(record=old).update(as_of=DAY - timedelta(days=200))
    Contact.objects.filter(record=fresh).update(
        open=True, started_on=DAY - timedelta(days=400), last_on=DAY - timedelta(days=400)
    )
    borough.check()
    assert borough.found() == {("record-stale", old, None), ("open-stale", fresh, None)}
    Feed.objects.update(last_snapshot_as_of=DAY)
    borough.wait(1)
    assert borough.found() == {("open-stale", fresh, None)}


def test_a_check_that_is_killed_goes_on_where_it_was(borough, monkeypatch):
    monkeypatch.setattr(checking, "BATCH", 2)
    people = [person(n, nhs_number="" if n else "9990000018") for n in range(5)]
    borough.send(*people, replace(people[0], given_names="Zebedee", family_name="Other"), birth_date=date(2014, 5, 5))
    acts.identity.catch_up(now=NOW)
    assert acts.catch_up(now=NOW, limit=2) == 2
    [check] = Check.objects.all()
    assert (check.phase, check.records) == (Phase.READING, 2) and check.finished_at is None
    while acts.catch_up(now=NOW, limit=1):
        pass
    check.refresh_from_db()
    assert (check.records, check.phase) == (6, Phase.DONE) and check.finished_at
    assert check.counts["nhs-two-people"] == 2
    assert Check.objects.count() == 1 and acts.catch_up(now=NOW) == 0


def test_it_says_in_the_ledger_that_it_checked_and_how_many(borough):
    borough.send(person(1))
    borough.check()
    entry = Entry.objects.get(kind="quality-checked")
    assert About.objects.get(entry=entry).subject == f"quality:{Check.objects.get().pk}"


def test_it_keeps_no_value_of_anybody(borough, differing):
    borough.wait(28)
    text = []
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        for table in ("check", "finding", "number", "steady", "told"):
            cursor.execute(f"SELECT * FROM quality_{table}")
            text += [str(bytes(v) if isinstance(v, memoryview) else v) for row in cursor.fetchall() for v in row]
        cursor.execute("SET ROLE knownto_app")
    whole = " ".join(text).lower()
    assert "born-differs" in whole
    assert not [said for said in ("wick", "harbour", "2014-03", "735301", "qk") if said in whole]


def test_nothing_stays_of_a_record_that_is_held_no_more(borough, differing):
    borough.remove(differing[0])
    borough.wait(7)
    assert not Steady.objects.filter(record=differing[0]).exists()
    assert Steady.objects.filter(record=differing[1]).exists()


def test_only_its_own_agency_reaches_what_was_found(borough, differing):
    with rows_open("", "hospital"):
        assert not Finding.objects.filter(agency="police").exists()
        assert not Check.objects.filter(agency="police").exists()
    with rows_open("", "police"):
        assert Check.objects.filter(agency="police").exists()
