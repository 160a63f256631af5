"""Stories of those who ask who somebody is known to."""

from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.asking import Typist
from tests.browser.visitor import PHONE

pytestmark = pytest.mark.browser


def test_a_screener_learns_in_one_search_that_four_agencies_know_a_child(given_a, story):
    child = story("known-to-four")
    screener = given_a("screener")
    screener.when_she_asks_about(child.known)
    screener.then_one_person_fits(child)
    screener.when_she_opens_the_footprint()
    screener.then_she_reads("Known to 4 agencies in the last 12 months")
    screener.then_it_says_who_knows(child)
    screener.then_what_is_open_comes_first("childrens-social-care", "family-safeguarding")
    screener.then_she_knows_whom_to_ring("childrens-social-care", "family-safeguarding")
    screener.then_she_knows_whom_to_ring("police", "child-abuse")
    screener.then_the_household_is("Oliver", "Kelly", "Dean")


def test_a_screener_who_gives_too_little_is_told_what_to_put_right(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(replace(story("known-to-four").known, given_names="", birth_date=None))
    assert screener.page.title().startswith("Error: ")
    screener.then_she_reads("There is a problem", "Enter two things you know of the person")
    expect(screener.page.locator('[name="family"]')).to_have_value("Hartshorne")


def test_a_screener_is_shown_both_children_of_one_name_and_takes_neither_for_the_other(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("same-name-one").known)
    screener.then_nobody_is_certain()
    expect(screener.candidates).to_have_count(2)
    screener.when_she_asks_again_for_the_same_work(story("same-name-two").known)
    screener.then_one_person_fits(story("same-name-two"))
    screener.when_she_opens_the_footprint()
    screener.then_it_says_who_knows(story("same-name-two"))


def test_a_screener_is_shown_both_twins_when_their_first_name_is_not_known(given_a, story):
    twins = replace(story("twin-one").known, given_names="")
    screener = given_a("screener")
    screener.when_she_asks_about(twins)
    screener.then_she_reads("Maisie", "Macy")
    screener.then_she_does_not_read("One person fits")


def test_a_child_whom_nobody_knows_is_no_contact_found_and_never_safe(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("known-to-nobody").known)
    screener.then_no_contact_is_found()


def test_involvement_that_ended_14_months_ago_is_something_to_ask_about(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("fourteen-months-ago").known)
    screener.when_she_opens_the_footprint()
    screener.then_she_reads("No contact in the last 12 months in the feeds that were searched")
    screener.then_the_row_says("childrens-social-care", "Earlier involvement: ask", "Multi-agency safeguarding hub")


def test_what_is_past_36_months_is_held_no_more(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("past-the-time-limit").known)
    screener.then_no_contact_is_found()


def test_a_limited_category_says_that_somebody_knows_her_and_not_why(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("limited-only").known)
    screener.when_she_opens_the_footprint()
    screener.then_the_row_says("hospital", "Restricted: ring them", "Safeguarding children nurses")
    screener.then_she_does_not_read("Self-harm", "Self harm")
    expect(screener.row("hospital").locator(".kt-count")).to_have_count(0)


def test_strangers_at_a_shared_address_are_not_shown_for_the_address_alone(given_a, story):
    lodger = story("shared-house")
    screener = given_a("screener")
    screener.when_she_asks_who_lives_at(lodger.known)
    screener.then_she_reads("This address is shared")
    screener.then_she_does_not_read("Wilczek", "WILCZEK", "Bielawa", "BIELAWA", "Pinkerstone", "PINKERSTONE")
    screener.when_she_asks_about(lodger.known)
    screener.when_she_opens_the_footprint()
    screener.then_it_says_who_knows(lodger)
    screener.then_she_reads("Nobody is tied to this person by an address and something more.")


def test_an_unborn_child_is_found_by_the_family_name_and_postcode(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("unborn").known)
    screener.then_she_reads("Not yet born")
    screener.when_she_opens_the_footprint()
    screener.then_it_says_who_knows(story("unborn"))


def test_a_sikh_girl_is_one_person_whichever_of_her_names_comes_last(given_a, story):
    gurleen = story("kaur-family")
    screener = given_a("screener")
    screener.when_she_asks_about(gurleen.known)
    screener.then_nobody_is_certain()  # Kaur says little of whose daughter she is
    screener.when_she_opens_the_footprint()
    screener.then_it_says_who_knows(gurleen)
    screener.when_she_asks_about(replace(gurleen.known, family_name="Thandi"))
    screener.then_one_person_fits(gurleen)


def test_an_officer_at_the_door_asks_by_the_address_on_a_phone(given_a, story):
    home = replace(story("known-to-four").known, address_line_1="14 Lantern Row", postcode="QK10 1AB")
    officer = given_a("officer", width=PHONE)
    officer.when_she_says_why("police-attendance")
    officer.fills(address=home.address_line_1, postcode=home.postcode).clicks("Search")
    officer.then_she_reads("Held to live at this address", "Oliver")
    officer.when_she_opens_the_footprint()
    officer.then_she_reads("in the last 12 months", "Open now")
    assert officer.page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert not officer.page.get_by_text("Print this footprint").count()


def test_a_school_lead_sees_whom_to_ring_and_no_more(given_a, story):
    child = story("known-to-four")
    lead = given_a("school.lead")
    lead.when_she_asks_about(child.known)
    lead.when_she_opens_the_footprint()
    lead.then_she_reads("Known to 4 agencies in the last 12 months")
    lead.then_she_is_shown_a_pointer_only()
    lead.then_she_knows_whom_to_ring("childrens-social-care", "family-safeguarding")


def test_an_out_of_hours_worker_prints_what_they_found(given_a, story):
    child = story("known-to-four")
    worker = given_a("out.of.hours")
    worker.when_she_asks_about(child.known, purpose="immediate-danger")
    worker.when_she_opens_the_footprint()
    worker.then_it_says_who_knows(child)
    worker.when_she_prints_it()
    receipt = worker.page.locator("main").get_by_text("Receipt").last.inner_text().rsplit(maxsplit=1)[-1]
    worker.then_the_paper_says_where_it_comes_from(receipt)


def test_a_health_visitor_says_that_something_shown_is_wrong(given_a, story):
    visitor = given_a("health.visitor")
    visitor.when_she_asks_about(story("changed-surname").known)
    visitor.when_she_opens_the_footprint()
    visitor.row("police").get_by_role("link", name="This is wrong").click()
    visitor.clicks("Send").then_she_reads("Select what is wrong")
    visitor.page.locator('input[name="wrong"]').first.check()
    visitor.fills(words="The family name has been Ardwell since the spring.")
    visitor.clicks("Send").then_she_reads("It has been sent to the agency's data manager")


def test_without_javascript_the_search_is_the_same(given_a, story):
    child = story("known-to-four")
    screener = given_a("screener", javascript=False)
    screener.when_she_asks_about(child.known)
    screener.then_one_person_fits(child)
    screener.when_she_opens_the_footprint()
    screener.then_it_says_who_knows(child)


def test_with_the_keyboard_alone_the_search_is_the_same(given_a, story):
    child = story("known-to-four")
    screener = given_a("screener", kind=Typist)
    screener.when_she_types_a_search(child.known)
    screener.then_one_person_fits(child)
    screener.presses("Enter", at='a[href$="/1/"]')
    screener.then_it_says_who_knows(child)


def test_nobody_is_in_an_address_or_a_title(given_a, story):
    screener = given_a("screener")
    screener.when_she_asks_about(story("known-to-four").known)
    titles = [screener.page.title()]
    screener.when_she_opens_the_footprint()
    titles.append(screener.page.title())
    screener.when_she_prints_it()
    titles.append(screener.page.title())
    screener.then_she_reads("Amelia")
    assert len(screener.went_to) > len(titles) == 3
    for said in (*screener.went_to, *titles):
        assert not any(part in said.casefold() for part in ("amelia", "hartshorne", "c-20771", "2017", "qk10"))
