"""Every page of every role: nothing for axe to find, nothing that scrolls sideways, nobody in an address or title."""

import pytest

from knownto.town import personas
from tests.browser.asking import WORK, Asker, facts
from tests.browser.looking import Looker, Seen, scrolls_sideways, speaks_of, violations
from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser

PURPOSES = {"officer": "police-attendance"}
ANSWERS = ("known-to-four", "same-name-one", "known-to-nobody", "fourteen-months-ago", "limited-only")
LEAST_PAGES = {"screener": 15, "police.data": 12, "privacy": 15, "administrator": 12, "scrutineer": 8}


@pytest.fixture(scope="package")
def seen(tmp_path_factory, worker_id):
    """What somebody has looked at already: of all processes of this run."""
    base = tmp_path_factory.getbasetemp()
    return Seen((base if worker_id == "master" else base.parent) / "looked-at")


@pytest.fixture
def names(product):
    """Names of the stories' people that are no ordinary words."""
    parts = {word for story in product.stories.values() for word in story.name.casefold().split()}
    return frozenset(word for word in parts if len(word) > 4)


@pytest.fixture
def looker(given_a, seen, names):
    return lambda persona: given_a(persona, kind=Looker, seen=seen, names=names)


def answers(looker, product, purpose, slugs):
    """Addresses of answers to searches that this person makes."""
    for slug in slugs:
        looker.goes_to("/search/?change=1").chooses("purpose", purpose).fills(work=WORK)
        looker.fills(**facts(product.stories[slug].known)).clicks("Search")
        yield looker.path


EVERYBODY = [pytest.param(p.sign_in, marks=pytest.mark.xdist_group(p.sign_in)) for p in personas()]


@pytest.mark.parametrize("persona", EVERYBODY)
def test_nothing_stands_in_anybodys_way(looker, product, persona):
    person = looker(persona)
    asks = person.page.locator(".govuk-service-navigation__link", has_text="Search").count()
    slugs = ANSWERS if persona == "screener" else ANSWERS[:1]
    seeds = answers(person, product, PURPOSES.get(persona, "child-concern"), slugs) if asks else ()
    person.looks_at_everything("/", *seeds)
    assert not person.faults, "\n".join(person.faults)
    assert len(person.visited) >= LEAST_PAGES.get(persona, 5), person.visited


def test_nothing_stands_in_the_way_of_those_who_are_not_signed_in(looker):
    stranger = looker("")
    stranger.looks_at_everything("/sign-in/", "/demo/")
    assert not stranger.faults, "\n".join(stranger.faults)


def test_a_locked_screen_is_as_easy_to_open_again(looker):
    screener = looker("screener").goes_to("/locked/?next=/search/")
    screener.looks()
    screener.clicks("Unlock").then_she_reads("There is a problem")
    screener.looks()
    assert not screener.faults, "\n".join(screener.faults)


def test_refusals_are_as_easy_to_read(looker, product):
    officer = looker("officer")
    addresses = ["/nowhere/", "/accounts/", "/assurance/", "/search/00000000-0000-4000-8000-000000000000/"]
    for address in addresses:
        officer.goes_to(address).then_she_reads("There is nothing here that you can see")
        officer.looks()
    officer.goes_to("/search/").context.clear_cookies(name="csrftoken")
    officer.clicks("Search").then_she_reads("This page had been open too long")
    officer.looks()
    assert not officer.faults, "\n".join(officer.faults)


def test_it_sees_a_label_that_is_missing(given_a):
    screener = given_a("screener", kind=Asker).goes_to("/search/?change=1")
    assert violations(screener.page) == []
    screener.page.evaluate("document.querySelector('label[for=id_family]').remove()")
    assert any(found.startswith("label") for found in violations(screener.page))


def test_it_sees_a_page_that_scrolls_sideways(given_a):
    screener = given_a("screener", kind=Asker, width=PHONE).goes_to("/search/?change=1")
    assert not scrolls_sideways(screener.page)
    screener.page.evaluate("document.querySelector('h1').textContent = 'x'.repeat(200)")
    assert scrolls_sideways(screener.page)


def test_it_hears_the_content_security_policy_complain(given_a):
    screener = given_a("screener", kind=Asker).goes_to("/search/")
    assert screener.complaints == []
    screener.page.evaluate("document.body.appendChild(document.createElement('style')).textContent = 'p{}'")
    screener.page.wait_for_function("true")
    heard, screener.complaints = screener.complaints, []
    assert any("Content Security Policy" in said for said in heard)


def test_it_notices_a_name_or_a_number_in_an_address(names):
    assert speaks_of("/search/?family=Hartshorne", names)
    assert speaks_of("/people/hartshorne/", names)
    assert speaks_of("Amelia Hartshorne - Knownto", names)
    assert speaks_of("/people/nhs9990000018", names)
    assert not speaks_of("/search/6a1f2c34-0000-4000-8000-123456789012/1/", names)
