"""Asking is recorded before anything is shown, leads only where it led, and closes after an hour."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from knownto.access.acts import Request, asking
from knownto.access.refusals import NoLawfulReason, NotPossibleNow, NotYours
from knownto.disclosure.models import How
from knownto.footprint import acts, open_search, reads
from knownto.footprint.answers import CouldNotCheck, Found, Looked, NothingKnown, SharedAddress, Sure, TooCommon
from knownto.footprint.models import Query, Search, Wrong
from knownto.footprint.picture import Says
from knownto.footprint.question import Question
from knownto.footprint.tests.partnership import borough
from knownto.footprint.why import Why
from knownto.identity import reads as identity
from knownto.ledger.models import About, Entry
from knownto.policy import Permission

WHY = Why("child-concern", "C-104")
AMY = Question(given="Amelia", family="Okafor-Lunt", born=date(2016, 2, 3))


def ask(viewer, question, now, why=WHY):
    made = acts.search(by=viewer, question=question, why=why, now=now)
    return open_search.own(viewer, made.id, now)


def look(viewer, search, now, place=1, how=How.VIEW):
    return acts.open_footprint(by=viewer, search=search, place=place, how=how, now=now)


def says(footprint):
    return {row.agency: row.says for row in footprint.rows}


def entries(kind):
    return list(Entry.objects.filter(kind=kind).order_by("id"))


def test_it_finds_the_person_and_says_why(town, now):
    found = ask(town.viewer("screener"), AMY, now).answer
    assert isinstance(found, Found) and found.sure is Sure.MATCH
    [amy, *_] = found.candidates
    assert (amy.name, amy.born, amy.district) == ("Amelia Okafor-Lunt", "Born 2016", "QK1")
    assert "Same date of birth" in amy.reasons


def test_it_records_the_search_before_it_answers_with_what_was_asked_sealed(town, now):
    viewer = town.viewer("screener")
    ask(viewer, AMY, now)
    [entry] = entries("search")
    assert (entry.worker, entry.purpose) == (viewer.worker_id, "child-concern")
    tokens = identity.searched_tokens(AMY.evidence(now.date()))
    assert set(About.objects.filter(entry=entry).values_list("subject", flat=True)) == set(tokens)
    assert b"Amelia" not in bytes(entry.sealed)


def test_it_says_no_contact_found_only_when_every_feed_was_looked_at(town, now):
    nobody = Question(given="Nemone", family="Absentia", born=date(2011, 5, 6))
    found = ask(town.viewer("screener"), nobody, now).answer
    assert isinstance(found, NothingKnown)
    assert {each.agency for each in found.coverage.looked(Looked.NOT_CONNECTED)} == {"adult-social-care", "fire"}


def test_it_could_not_check_when_a_feed_is_late(db, now):
    town = borough(now, late=("hospital",))
    town.tell()
    nobody = Question(given="Nemone", family="Absentia", born=date(2011, 5, 6))
    found = ask(town.viewer("screener"), nobody, now).answer
    assert isinstance(found, CouldNotCheck)
    assert [each.agency for each in found.coverage.could_not] == ["hospital"]


def test_it_refuses_a_question_that_could_be_of_anybody(town, now):
    with pytest.raises(acts.TooLittle):
        ask(town.viewer("screener"), Question(family="Okafor-Lunt"), now)
    assert not entries("search")


def test_it_refuses_a_purpose_that_is_not_of_the_role(town, now):
    with pytest.raises(NoLawfulReason):
        ask(town.viewer("school-lead", "school"), AMY, now, Why("section-47", "C-1"))
    assert not Search.objects.exists()


def test_it_asks_how_the_family_stands_below_section_47(town, now):
    viewer = town.viewer("screener")
    with pytest.raises(NoLawfulReason):
        ask(viewer, AMY, now, Why("section-17", "C-1"))
    assert ask(viewer, AMY, now, Why("section-17", "C-1", "told")).why.family == "told"


def test_it_never_says_no_contact_to_a_question_that_could_name_nobody(town, now):
    viewer = town.viewer("screener")
    assert isinstance(ask(viewer, Question(given="Amelia", age=10), now).answer, TooCommon)
    assert isinstance(ask(viewer, Question(nhs_number="999 000 0026"), now).answer, NothingKnown)


def test_it_finds_by_an_nhs_number_alone(town, now):
    found = ask(town.viewer("screener"), Question(nhs_number="999 000 0018"), now).answer
    assert isinstance(found, Found) and found.candidates[0].name == "Amelia Okafor-Lunt"


@pytest.mark.parametrize("phone", ["07700 900123", "+44 7700 900123"])
def test_it_finds_by_a_phone_number_alone(town, now, phone):
    found = ask(town.viewer("screener"), Question(phone=phone), now).answer
    assert isinstance(found, Found) and found.candidates[0].name == "Amelia Okafor-Lunt"


def test_it_shows_the_household_of_an_address(town, now):
    found = ask(town.viewer("officer", "police"), Question(address="12 Millrace Lane", postcode="QK1 2AB"), now)
    assert isinstance(found.answer, Found) and found.answer.sure is Sure.HOUSEHOLD
    assert {each.name.split()[0] for each in found.answer.candidates} == {"Amelia", "Joseph"}


def test_it_shows_nobody_of_a_shared_house(town, now):
    found = ask(town.viewer("screener"), Question(address="40 Station Parade", postcode="QK9 1ZZ"), now)
    assert isinstance(found.answer, SharedAddress)
    assert found.people == ()


def test_it_shows_one_row_for_every_agency(town, now):
    viewer = town.viewer("screener")
    found = look(viewer, ask(viewer, AMY, now), now)
    assert says(found) == {
        "police": Says.CONTACT,
        "childrens-social-care": Says.CONTACT,
        "hospital": Says.CONTACT,
        "school": Says.NONE,
        "adult-social-care": Says.NOT_CONNECTED,
        "fire": Says.NOT_CONNECTED,
    }
    police = found.rows[0]
    assert (police.counts, police.restricted, police.asks) == ((("Missing episode", 2),), True, True)
    assert found.rows[1].open_teams == ("family-safeguarding",)


def test_it_says_earlier_involvement_and_no_more_of_what_is_older_than_a_year(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, Question(given="Dorothea", family="Tranterwick", born=date(1988, 11, 30)), now)
    hospital = look(viewer, search, now).rows[2]
    assert (hospital.says, hospital.earlier, hospital.counts, hospital.last) == (Says.NONE, True, (), None)


def test_it_gives_a_receipt_under_the_agreements_shown(town, now):
    viewer = town.viewer("screener")
    receipt = look(viewer, ask(viewer, AMY, now), now).receipt
    assert [stamp.split()[0] for stamp in receipt.agreements] == [
        "childrens-social-care",
        "hospital",
        "police",
        "school",
    ]
    assert receipt.entry.kind == "view"


def test_it_does_not_fill_in_a_row_that_the_agreement_does_not_cover(town, now):
    viewer = town.viewer("screener")
    found = look(viewer, ask(viewer, AMY, now, Why("adult-concern", "C-1")), now)
    assert says(found)["school"] is Says.NOT_SHARED
    assert "school" not in {stamp.split()[0] for stamp in found.receipt.agreements}


def test_it_hides_who_is_known_only_to_those_that_do_not_share(town, now, monkeypatch):
    monkeypatch.setattr(
        "knownto.footprint.coverage._covers", lambda agency, *rest: agency not in ("hospital", "police")
    )
    dorothea = Question(given="Dorothea", family="Tranterwick", born=date(1988, 11, 30))
    assert isinstance(ask(town.viewer("screener"), dorothea, now).answer, NothingKnown)


def test_it_shows_a_role_no_more_than_its_fields(town, now):
    viewer = town.viewer("school-lead", "school")
    found = look(viewer, ask(viewer, AMY, now), now)
    assert found.fields == frozenset({"agency", "open", "team"})
    assert (found.household, found.addresses) == ((), ())


def test_it_shows_an_officer_the_household_but_not_other_addresses(town, now):
    viewer = town.viewer("officer", "police")
    found = look(viewer, ask(viewer, AMY, now), now)
    assert [member.who.name for member in found.household] == ["Joseph Okafor-Lunt"]
    assert found.addresses == ()


def test_it_records_the_household_as_seen_and_opens_theirs_without_asking_again(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    [joe] = [member.person for member in look(viewer, search, now).household]
    [entry] = entries("household")
    assert About.objects.filter(entry=entry, subject=str(joe)).exists()
    again = open_search.own(viewer, search.id, now)
    assert again.reached == (joe,)
    assert look(viewer, again, now, place=again.place_of(joe)).who.name == "Joseph Okafor-Lunt"


def test_it_does_not_lead_on_from_household_to_household(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    look(viewer, search, now)
    again = open_search.own(viewer, search.id, now)
    look(viewer, again, now, place=len(again.people) + 1)
    assert open_search.own(viewer, search.id, now).reached == again.reached


@pytest.mark.parametrize("place", [0, -1, 2, 99])
def test_it_opens_nobody_that_the_search_did_not_lead_to(town, now, place):
    viewer = town.viewer("screener")
    with pytest.raises(NotYours):
        look(viewer, ask(viewer, AMY, now), now, place=place)
    assert not entries("view")


def test_it_opens_nobody_elses_search(town, now):
    search = ask(town.viewer("screener"), AMY, now)
    with pytest.raises(NotYours):
        open_search.own(town.viewer("screener", name="Another Worker"), search.id, now)
    with pytest.raises(NotYours):
        open_search.own(town.viewer("officer", "police"), search.id, now)


def test_it_closes_after_an_hour(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    open_search.own(viewer, search.id, now + timedelta(minutes=59))
    with pytest.raises(NotPossibleNow):
        open_search.own(viewer, search.id, now + timedelta(minutes=60))


def test_it_destroys_what_was_asked_once_it_has_closed(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    assert acts.close_lapsed(now=now + timedelta(minutes=59)) == 0
    assert acts.close_lapsed(now=now + timedelta(minutes=61)) == 1
    with pytest.raises(NotPossibleNow):
        open_search.own(viewer, search.id, now)
    acts.close_lapsed(now=now + timedelta(hours=12))
    with pytest.raises(NotYours):
        open_search.own(viewer, search.id, now)


def test_it_prints_only_for_those_who_may(town, now):
    screener, officer = town.viewer("screener"), town.viewer("officer", "police")
    assert look(screener, ask(screener, AMY, now), now, how=How.PRINT).receipt.how == "print"
    assert len(entries("print")) == 1
    with pytest.raises(NotYours):
        look(officer, ask(officer, AMY, now), now, how=How.PRINT)


def test_it_sends_what_is_wrong_to_the_agency_whose_record_it_is(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    acts.say_wrong(
        by=viewer, search=search, place=1, agency="police", wrong=Wrong.TEAM, words="Zebedee moved on", now=now
    )
    police, hospital = town.viewer("data-manager", "police"), town.viewer("data-manager", "hospital")
    [(query, record_id)] = reads.queries(police, now)
    assert (query.wrong, record_id, query.from_agency) == ("team", "P1", "childrens-social-care")
    assert b"Zebedee" not in bytes(query.sealed)
    assert reads.queries(hospital, now) == []
    assert len(entries("query")) == 1


def test_it_takes_no_query_for_an_agency_that_holds_nothing(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    with pytest.raises(acts.NothingHeld):
        acts.say_wrong(by=viewer, search=search, place=1, agency="school", wrong=Wrong.NAME, words="x", now=now)


def test_it_keeps_searches_and_queries_behind_the_second_wall(town, now):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)
    acts.say_wrong(by=viewer, search=search, place=1, agency="police", wrong=Wrong.TEAM, words="x", now=now)
    assert not Search.objects.exists() and not Query.objects.exists()
    elsewhere = replace(viewer, agency="police")
    with asking(elsewhere, Request(Permission.AGREEMENTS), kind="test", now=now):
        assert not Search.objects.exists()
    with asking(viewer, Request(Permission.AGREEMENTS), kind="test", now=now):
        assert Search.objects.exists() and not Query.objects.exists()


def test_it_shows_nothing_when_the_ledger_cannot_be_written(town, now, monkeypatch):
    viewer = town.viewer("screener")
    search = ask(viewer, AMY, now)

    def broken(**_):
        raise OSError

    monkeypatch.setattr("knownto.ledger.acts.record", broken)
    with pytest.raises(OSError):
        ask(viewer, AMY, now)
    with pytest.raises(OSError):
        look(viewer, search, now)


def test_it_leaves_nothing_of_what_was_asked_in_the_clear(town, now):
    ask(town.viewer("screener"), AMY, now)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        cursor.execute("SELECT footprint_search::text FROM footprint_search")
        text = cursor.fetchone()[0]
    assert "Okafor" not in text and b"Okafor".hex() not in text and "C-104" not in text


def test_it_knows_no_search_by_a_made_up_id(town, now):
    with pytest.raises(NotYours):
        open_search.own(town.viewer("screener"), uuid4(), now)
