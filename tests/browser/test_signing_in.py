"""Stories of signing in, being away from the screen, and signing out."""

import re
from secrets import token_hex

import pytest
from playwright.sync_api import expect

from tests.browser.asking import WORK, facts
from tests.browser.overseeing import Administrator
from tests.browser.signing_in import PASSWORD, NewWorker, code_now

pytestmark = pytest.mark.browser


def test_a_new_worker_signs_in_with_a_password_and_an_app_and_again_with_a_recovery_code(given_a, story):
    name = f"new.worker.{token_hex(4)}"
    administrator = given_a("administrator", kind=Administrator)
    first = administrator.when_she_opens_an_account("Priya Nolan", name, agency="police", role="officer")
    worker = given_a("", kind=NewWorker)
    worker.when_she_signs_in(name, first)
    worker.when_she_chooses_her_own_password(first)
    worker.when_she_sets_up_her_app()
    worker.when_she_keeps_her_recovery_codes()
    worker.then_she_reads("What you can do here", "Police officer")
    worker.when_she_signs_out()
    worker.when_she_signs_in(name, PASSWORD).when_she_gives_the_code("000000")
    worker.then_she_reads("That code is not right")
    worker.when_she_gives_the_code(code_now(worker.secret))
    worker.then_she_reads("What you can do here")
    worker.when_she_signs_out()
    worker.when_she_signs_in(name, PASSWORD).when_she_gives_the_code(worker.recovery[0])
    worker.then_she_reads("What you can do here")
    worker.when_she_asks_about(story("known-to-four").known, purpose="police-attendance")
    worker.then_one_person_fits(story("known-to-four"))


def test_a_wrong_password_says_no_more_than_that(given_a):
    worker = given_a("", kind=NewWorker)
    worker.when_she_signs_in("screener", "not the password at all")
    worker.then_she_reads("The sign-in name or the password is not right")
    worker.when_she_signs_in("nobody.by.this.name", "not the password at all")
    worker.then_she_reads("The sign-in name or the password is not right")


def test_a_search_that_was_sent_when_the_screen_had_locked_is_kept_and_sent_after_unlocking(given_a, story):
    child = story("known-to-four")
    screener = given_a("screener")
    screener.when_she_says_why().fills(**facts(child.known))
    elsewhere = screener.context.new_page()
    elsewhere.goto("/locked/")
    screener.clicks("Search")
    screener.then_she_reads("What you had typed is kept for you")
    screener.then_she_does_not_read("Hartshorne")
    screener.clicks("Unlock without a password (demonstration)")
    screener.then_she_reads("It was kept for you, and has not been sent")
    screener.clicks("Send it now").then_one_person_fits(child)


def test_a_screen_left_alone_empties_itself_and_comes_back_where_it_was(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("known-to-four").known)
    answer = screener.path
    screener.page.clock.install()
    screener.page.reload()
    screener.page.clock.run_for(301_000)
    screener.then_she_reads("Your screen is locked").then_she_does_not_read("Amelia")
    screener.clicks("Unlock without a password (demonstration)")
    screener.then_one_person_fits(story("known-to-four"))
    assert screener.path == answer


def test_after_signing_out_the_back_button_shows_nothing(given_a, story):
    screener = given_a("screener", kind=NewWorker)
    screener.when_she_asks_about(story("known-to-four").known)
    screener.when_she_opens_the_footprint()
    screener.then_she_reads("Amelia")
    screener.when_she_signs_out()
    for _ in range(3):
        screener.page.wait_for_load_state()
        screener.page.go_back()
        expect(screener.page.locator("body")).not_to_contain_text(re.compile(f"Amelia|Hartshorne|{WORK}", re.I))
