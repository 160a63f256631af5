"""Stories of those who watch over the tracker."""

import pytest

from tests.browser.asking import WORK, Asker
from tests.browser.overseeing import Administrator, Overseer

pytestmark = pytest.mark.browser


@pytest.fixture
def looked(given_a, story):
    """A child whom the screener has just looked at, and the person who looked."""
    screener = given_a("screener", kind=Asker)
    screener.when_she_asks_about(story("known-to-four").known)
    screener.when_she_opens_the_footprint()
    return screener, story("known-to-four")


def test_a_privacy_officer_sees_who_looked_at_a_child_just_now_and_why(given_a, looked):
    _, child = looked
    officer = given_a("privacy", kind=Overseer)
    officer.when_she_asks_who_looked_at(child.known)
    officer.then_she_sees_that("Sunita Rao", "Hallowbridge Children's Services", "A worry about a child", WORK)
    officer.then_she_does_not_read("Domestic abuse incident", "Lantern Row")


def test_a_privacy_officer_finds_out_what_was_shown_under_a_receipt(given_a, looked):
    screener, child = looked
    receipt = screener.receipt()
    officer = given_a("privacy", kind=Overseer)
    officer.goes_to("/assurance/receipt/").fills(receipt=receipt)
    officer.page.locator("main form button").first.click()
    officer.then_she_reads("Sunita Rao")
    officer.then_she_does_not_read(child.name.split()[-1])


def test_a_privacy_officer_checks_that_nobody_changed_the_log(given_a, looked):
    officer = given_a("privacy", kind=Overseer)
    officer.goes_to("/assurance/ledger/").clicks("Check the whole log now")
    officer.then_she_reads("Every entry is as it was written")


def test_a_scrutineer_sees_how_much_and_never_whom(given_a, looked, product):
    scrutineer = given_a("scrutineer", kind=Overseer)
    seen = scrutineer.when_she_reads_every_page_she_has().casefold()
    assert "month by month" in seen and "hallowbridge police" in seen
    named = {word.casefold() for each in product.stories.values() for word in each.name.split() if len(word) > 4}
    assert not {name for name in named | {"sunita", WORK.casefold()} if name in seen}
    for not_hers in ("/assurance/", "/search/", "/accounts/"):
        scrutineer.goes_to(not_hers).then_she_reads("There is nothing here that you can see")


def test_an_administrator_cannot_give_herself_a_role(given_a):
    administrator = given_a("administrator", kind=Administrator)
    administrator.goes_to("/accounts/").follows("Kofi Lennox")
    administrator.then_she_reads("This is your own account")
    administrator.goes_to(f"{administrator.path}roles/")
    administrator.then_she_does_not_read("Save")
