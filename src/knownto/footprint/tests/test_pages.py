"""The pages: a question that comes back filled in, an answer that says what was not looked at, nothing in addresses."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access import clock
from knownto.feeds.models import Feed
from knownto.footprint import acts
from knownto.footprint.models import Search
from knownto.footprint.tests.partnership import borough, sign_in
from knownto.ledger.models import Entry

WHY = {"purpose": "child-concern", "work": "C-104"}
AMY = {"given": "Amelia", "family": "Okafor-Lunt", "born_day": "3", "born_month": "2", "born_year": "2016"}
NOBODY = AMY | {"given": "Nemone", "family": "Absentia"}
NAMES = ("Amelia", "Okafor", "Joseph", "Millrace", "C-104")


def somebody(town, role="screener", agency="childrens-social-care"):
    client = Client()
    sign_in(client, town.worker(role, agency))
    return client


def ask(client, who=AMY, why=WHY, **more):
    return client.post(reverse("footprint:search"), why | who | more)


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def title(response):
    return re.search(r"<title>(.*?)</title>", response.content.decode(), re.S)[1]


@pytest.fixture
def screener(town_today):
    return somebody(town_today)


@pytest.fixture
def found(screener):
    """(client, address of the answer) of a search for Amy."""
    return screener, ask(screener).url


def test_it_offers_only_the_purposes_of_the_role_with_their_law(town_today):
    page = text(somebody(town_today, "school-lead", "school").get(reverse("footprint:search")))
    assert "Early help" in page and "Children Act 2004, section 10" in page
    assert "Section 47" not in page


def test_it_sends_the_asker_to_an_address_that_says_nothing(found):
    client, url = found
    assert re.fullmatch(r"/search/[0-9a-f-]{36}/", url)
    assert client.get(url).status_code == 200


def test_whoever_finds_nobody_is_told_of_rows_that_could_not_be_taken(screener):
    """Somebody in such a row is known to a partner, and not found here."""
    said = "Some rows that partners sent could not be taken"
    for rows, in_words in ((0, ""), (1, "1 row of its files"), (1200, "1,200 rows of its files")):
        Feed.objects.filter(agency="police").update(put_aside=rows)
        page = text(screener.get(ask(screener, NOBODY).url))
        assert "No contact found" in page
        assert (said in page, in_words in page, page.count("could not be taken: ")) == (
            bool(rows),
            True,
            int(bool(rows)),
        )


def test_it_gives_a_bad_question_back_as_it_was_filled_in(screener):
    response = ask(screener, AMY | {"given": "Am*"}, born_day="31")
    page = response.content.decode()
    assert "Error: " in title(response)
    assert 'value="Okafor-Lunt"' in page and 'value="Am*"' in page and 'value="31"' in page
    assert "must be a real date" in page and "cannot have * ? % or _ in it" in page
    assert not Search.objects.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"family": "Okafor-Lunt"}, "Enter two things you know"),
        (AMY | {"nhs_number": "999 000 0019"}, "the last is a check on the others"),
        (AMY | {"phone": "123"}, "with its area code"),
        (AMY | {"postcode": "QK1"}, "must be a whole postcode"),
        (AMY | {"age": "9"}, "not both"),
        (AMY | {"born_year": "2199"}, "must be in the past"),
        (AMY | {"age": "200"}, "must be 120 or less"),
    ],
)
def test_it_says_what_to_put_right(screener, sent, said):
    assert said in text(ask(screener, sent))


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ({"purpose": "child-concern"}, "Enter the reference of the piece of work"),
        ({"work": "C-1"}, "Select the purpose"),
        ({"purpose": "section-17", "work": "C-1"}, "Select whether the family has been told"),
        (
            {"purpose": "early-help", "work": "C-1", "family_early-help": "dispensed"},
            "Enter why the family has not been told",
        ),
        ({"purpose": "police-attendance", "work": "C-1"}, "select one of the answers shown"),
    ],
)
def test_it_asks_for_a_lawful_reason(screener, why, said):
    assert said in text(ask(screener, why=why))


def test_it_takes_how_the_family_stands(screener):
    why = {"purpose": "section-17", "work": "C-9", "family_section-17": "dispensed"}
    response = ask(screener, why=why | {"family_why_section-17": "It would put her at risk"})
    page = text(screener.get(response.url))
    assert "It would put her at risk" in page


def test_it_keeps_the_reason_for_the_next_search_of_the_same_work(found):
    client, _ = found
    page = client.get(reverse("footprint:search")).content.decode()
    assert 'name="kept"' in page and "C-104" in page and 'type="radio" value="child-concern"' not in page
    again = client.post(reverse("footprint:search"), WHY | NOBODY | {"kept": "1"})
    assert again.status_code == 302


def test_it_lets_the_reason_be_changed(found):
    client, _ = found
    page = client.get(reverse("footprint:search") + "?change=1").content.decode()
    assert 'type="radio" value="child-concern" checked' in page and 'name="kept"' not in page


def test_it_shows_a_kept_reason_again_when_it_no_longer_holds(found):
    client, _ = found
    page = client.post(reverse("footprint:search"), {"kept": "1", "purpose": "nonsense", "work": ""} | AMY)
    assert 'type="radio"' in page.content.decode() and "Enter the reference" in text(page)


def test_it_does_not_keep_a_reason_for_longer_than_an_hour(found):
    client, _ = found
    session = client.session
    session["why"] = session["why"] | {"at": (clock.now() - timedelta(minutes=61)).isoformat()}
    session.save()
    assert 'name="kept"' not in client.get(reverse("footprint:search")).content.decode()


def test_it_says_who_it_is_and_why_and_what_speaks_against(found):
    client, url = found
    page = text(client.get(url))
    assert "One person fits" in page and "Amelia Okafor-Lunt" in page and "Born 2016, QK1" in page
    assert "Why we think so Same date of birth" in page or "Same date of birth" in page
    assert "What speaks against it" in page


def test_it_says_what_was_not_looked_at(screener):
    page = text(screener.get(ask(screener, NOBODY).url))
    assert "No contact found" in page
    assert "Fire service : Vulnerable people" in page and "Not connected" in page
    assert "Up to yesterday" in page


def test_it_says_could_not_check_and_never_not_known(db):
    town = borough(clock.now(), late=("hospital",))
    town.tell()
    client = somebody(town)
    page = text(client.get(ask(client, NOBODY).url))
    assert "Hospital could not be checked" in page
    assert "No contact found" not in page and "Nothing found" not in page


def test_it_says_on_the_footprint_what_could_not_be_checked(db):
    town = borough(clock.now(), late=("hospital",))
    town.tell()
    client = somebody(town)
    page = text(client.get(f"{ask(client).url}1/"))
    assert "Known to 2 agencies" in page and "Could not check: Hospital." in page
    assert "This is not &#x27;no contact&#x27;" in page


def test_it_warns_on_the_footprint_of_somebody_who_may_not_be_the_one(screener):
    url = ask(screener, {"given": "Amy", "family": "Lunt", "age": "10"}).url
    assert "Nobody fits for certain" in text(screener.get(url))
    page = text(screener.get(f"{url}1/"))
    assert "This may not be who you asked about" in page and "What speaks against it" in page


def test_it_asks_for_more_when_what_was_given_could_name_nobody(screener):
    page = text(screener.get(ask(screener, {"given": "Amelia", "age": "10"}).url))
    assert "Too little to go on" in page and "No contact found" not in page


def test_it_says_how_a_household_member_was_reached(found):
    client, url = found
    client.get(f"{url}1/")
    page = text(client.get(f"{url}2/"))
    assert "Joseph" in page and "Reached through the household" in page


def test_it_asks_for_a_name_in_a_shared_house(screener):
    page = text(screener.get(ask(screener, {"address": "40 Station Parade", "postcode": "QK9 1ZZ"}).url))
    assert "This address is shared" in page
    assert not any(name in page for name in ("Quillfeather", "Varnishka", "Penhallow", "Abernetty"))


def test_it_shows_the_footprint_with_whom_to_ring_first(found):
    client, url = found
    page = text(client.get(f"{url}1/"))
    assert "Known to 3 agencies" in page
    assert page.index("Open now: ring them first") < page.index("What each agency")
    assert "01632 960203" in page and "Child protection plan: 1" in page and "Missing episode: 2" in page
    assert "Restricted: ring them" in page and "No contact in this feed in 12 months" in page
    assert "tells only on request: ask" in page
    assert "Joseph Okafor-Lunt" in page and "12 Millrace Lane" in page
    assert re.search(r"Receipt \w{4}-\w{4}-\w", page)


def test_it_shows_a_school_whom_to_ring_and_no_more(town_today):
    client = somebody(town_today, "school-lead", "school")
    page = text(client.get(f"{ask(client).url}1/"))
    assert "01632 960203" in page and "Open now" in page
    for hidden in ("Missing episode", "Child protection plan", "Joseph", "Millrace", "In 12 months", "First "):
        assert hidden not in page
    assert "Print this footprint" not in page


def test_it_says_nothing_personal_in_titles_or_addresses(found):
    client, url = found
    for address in (reverse("footprint:search"), url, f"{url}1/", f"{url}1/pack/", f"{url}1/wrong/"):
        response = client.get(address)
        assert response.status_code == 200, address
        assert not any(name in title(response) for name in NAMES)
        links = re.findall(r'(?:href|action)="([^"]*)"', response.content.decode())
        assert not any(name in link for link in links for name in NAMES)


def test_it_prints_with_where_everything_came_from(found):
    client, url = found
    page = text(client.get(f"{url}1/pack/"))
    for said in (
        "OFFICIAL-SENSITIVE",
        "Asked by Test Worker",
        "C-104",
        "Children Act 2004",
        "Receipt",
        "up to",
        "police 1.0",
    ):
        assert said in page, said
    assert "Open the footprint" not in page
    assert Entry.objects.filter(kind="print").count() == 1


def test_it_does_not_print_for_an_officer(town_today):
    client = somebody(town_today, "officer", "police")
    url = ask(client).url
    assert client.get(f"{url}1/pack/").status_code == 404


def test_it_sends_a_query_to_the_data_manager(found, town_today):
    client, url = found
    said = {"agency": "police", "wrong": "team", "words": "They moved to another team"}
    response = client.post(f"{url}1/wrong/", said, follow=True)
    assert "sent to the agency" in text(response)
    page = text(somebody(town_today, "data-manager", "police").get(reverse("footprint:queries")))
    assert "P1" in page and "They moved" not in page and "Amelia" not in page


def test_it_asks_again_when_a_query_says_too_little(found):
    client, url = found
    page = client.post(f"{url}1/wrong/", {"agency": "school", "wrong": "name", "words": "Spelt otherwise"})
    assert "holds nothing of this person" in text(page) and "Spelt otherwise" in page.content.decode()


def test_it_is_not_found_for_anybody_else(found, town_today):
    _, url = found
    officer = somebody(town_today, "officer", "police")
    for address in (url, f"{url}1/", f"{url}1/wrong/"):
        response = officer.get(address)
        assert response.status_code == 404 and "Amelia" not in response.content.decode()


@pytest.mark.parametrize("place", [0, 2, 99])
def test_it_does_not_let_places_be_tried_out(found, place):
    client, url = found
    assert client.get(f"{url}{place}/").status_code == 404


def test_it_says_that_a_search_has_closed(found):
    client, url = found
    acts.close_lapsed(now=clock.now() + timedelta(minutes=61))
    response = client.get(url)
    assert response.status_code == 403 and "closed after 60 minutes" in text(response)
    assert "Amelia" not in response.content.decode()


@pytest.mark.parametrize("role", ["data-manager", "privacy-officer", "administrator", "scrutineer"])
def test_it_is_not_there_for_those_who_may_not_search(town_today, role):
    assert somebody(town_today, role).get(reverse("footprint:search")).status_code == 404
