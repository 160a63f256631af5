"""What may not be shown is not shown by another way round; what could not be opened is never 'no contact'."""

from datetime import date

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from knownto.access.acts import system
from knownto.access.refusals import NoLawfulReason
from knownto.feeds.models import Record
from knownto.footprint import acts
from knownto.footprint.answers import CouldNotCheck, Found, Looked, NothingKnown, SharedAddress, Sure
from knownto.footprint.models import Wrong
from knownto.footprint.picture import Says
from knownto.footprint.question import Question
from knownto.footprint.tests.partnership import AMY, AMYS_NUMBER, JOE, borough, sign_in
from knownto.footprint.tests.test_acts import AMY as ASKED
from knownto.footprint.tests.test_acts import WHY, ask, entries, look, says
from knownto.footprint.why import Why
from knownto.keyring import acts as keyring

ADULT = Why("adult-concern", "C-1")  # a purpose that the school's agreement does not cover
HOME = Question(address="12 Millrace Lane", postcode="QK1 2AB")
HER_PHONE, HIS_ADDRESS = "07700 900777", {"address_line_1": "9 Tanner Steps", "postcode": "QK3 3CD"}


@pytest.fixture
def town(db, now):
    """The school alone holds a phone number of Amy's, and a home of hers that nobody else knows, with a cousin."""
    found = borough(now)
    hers = AMY | AMYS_NUMBER | {"phone": HER_PHONE} | HIS_ADDRESS
    found.knows("school", "S1", hers, "bullying", "school-01", 9)
    cousin = JOE | {"given_names": "Perdita", "date_of_birth": "2012-05-05"} | HIS_ADDRESS
    found.knows("school", "S2", cousin, "bullying", "school-01", 9)
    found.knows("hospital", "R9", cousin | {"address_line_1": "77 Elder Way"}, "admission", "maternity", 9)
    found.tell()
    return found


def test_a_role_without_the_household_is_not_shown_it_by_asking_for_the_address(town, now):
    with pytest.raises(NoLawfulReason):
        ask(town.viewer("school-lead", "school"), HOME, now)
    assert isinstance(ask(town.viewer("officer", "police"), HOME, now).answer, Found)


def test_it_says_so_on_the_form(town_today):
    client = Client()
    sign_in(client, town_today.worker("school-lead", "school"))
    sent = {"purpose": "child-concern", "work": "C-1", "address": "12 Millrace Lane", "postcode": "QK1 2AB"}
    page = client.post(reverse("footprint:search"), sent).content.decode()
    assert "Enter something of the child as well" in page


def test_it_finds_nobody_by_what_only_an_agency_that_does_not_share_holds(town, now):
    screener = town.viewer("screener")
    assert isinstance(ask(screener, Question(phone=HER_PHONE), now).answer, Found)
    assert isinstance(ask(screener, Question(phone=HER_PHONE), now, ADULT).answer, NothingKnown)


def test_it_gives_no_reason_that_only_an_agency_that_does_not_share_could_give(town, now):
    asked = Question(given="Amelia", family="Okafor-Lunt", born=date(2016, 2, 3), phone=HER_PHONE)
    with_school, without = (ask(town.viewer("screener", name=str(why)), asked, now, why).answer for why in (WHY, ADULT))
    assert "Same phone number" in with_school.candidates[0].reasons
    assert "Same phone number" not in without.candidates[0].reasons
    assert (without.sure, without.candidates[0].name) == (Sure.MATCH, "Amelia Okafor-Lunt")


def test_it_shows_no_household_that_only_an_agency_that_does_not_share_knows_of(town, now):
    screener = town.viewer("screener")
    names = [
        {member.who.name for member in look(screener, ask(screener, ASKED, now, why), now).household}
        for why in (WHY, ADULT)
    ]
    assert names == [{"Joseph Okafor-Lunt", "Perdita Okafor-Lunt"}, {"Joseph Okafor-Lunt"}]


def test_it_shows_nobody_at_an_address_that_only_an_agency_that_does_not_share_holds(town, now):
    there = Question(address="9 Tanner Steps", postcode="QK3 3CD")
    screener = town.viewer("screener")
    assert isinstance(ask(screener, there, now).answer, Found)
    assert not isinstance(ask(screener, there, now, ADULT).answer, Found | SharedAddress)


def test_a_query_that_comes_to_nothing_is_recorded_all_the_same(town, now):
    """'That agency holds nothing' is an answer about a person."""
    viewer = town.viewer("screener")
    search = ask(viewer, ASKED, now, ADULT)
    with pytest.raises(acts.NothingHeld):
        acts.say_wrong(by=viewer, search=search, place=1, agency="school", wrong=Wrong.NAME, words="x", now=now)
    assert len(entries("query")) == 1


def test_a_record_that_cannot_be_opened_is_never_no_contact(town, now):
    """A keys database put back from an old copy, or an altered row: somebody is there, and nobody can say who."""
    viewer = town.viewer("screener")
    dorothea = Question(given="Dorothea", family="Tranterwick", born=date(1988, 11, 30))
    with system("test"):
        keyring.shred(Record.objects.filter(agency="hospital").values_list("key", flat=True))
    answer = ask(viewer, dorothea, now).answer
    assert isinstance(answer, CouldNotCheck)
    assert [each.agency for each in answer.coverage.looked(Looked.UNREADABLE)] == ["hospital"]
    found = look(viewer, ask(viewer, ASKED, now), now)
    assert says(found)["hospital"] is Says.COULD_NOT_CHECK and says(found)["police"] is Says.CONTACT
    assert says(found.household[0])["hospital"] is Says.NONE  # of Joe it never had a record


def test_an_altered_record_is_never_no_contact(town, now):
    viewer = town.viewer("screener")
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; UPDATE feeds_record SET sealed = sealed || 'x' WHERE agency_id = 'police'")
        cursor.execute("SET ROLE knownto_app")
    found = look(viewer, ask(viewer, ASKED, now), now)
    assert says(found)["police"] is Says.COULD_NOT_CHECK


def test_it_answers_nothing_while_the_keys_cannot_be_reached(town_today, monkeypatch):
    client = Client(raise_request_exception=False)
    sign_in(client, town_today.worker("screener"))

    def away(*_):
        raise OperationalError

    sent = {"purpose": "child-concern", "work": "C-1", "given": "Nemone", "family": "Absentia", "age": "9"}
    monkeypatch.setattr(keyring.ORDINARY, "fetch", away)
    answer = client.post(reverse("footprint:search"), sent)
    assert answer.status_code == 500 and "does not mean that somebody is not known" in answer.content.decode()
