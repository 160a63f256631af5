"""Stories of a partner's data manager, and of the child in the file."""

from datetime import timedelta

import pytest

from tests.browser.sending import TODAY, DataManager, Newcomer, Waiter, as_csv, as_workbook

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("made_as", [as_csv, as_workbook])
def test_a_file_made_by_hand_from_the_contract_page_lands_and_the_child_in_it_is_found(given_a, made_as):
    child = Newcomer()
    manager = given_a("hospital.data", kind=DataManager)
    manager.when_she_reads_what_she_may_send()
    manager.when_she_sends("hospital", made_as([manager.row(child)]))
    manager.then_it_has_landed()
    screener = given_a("screener", kind=Waiter)
    screener.then_she_can_soon_find(child)
    screener.when_she_opens_the_footprint()
    screener.then_the_row_says("hospital", "Contact in the last 12 months", "Open now")


def test_a_broken_file_says_which_line_which_column_and_what_to_do(given_a):
    child = Newcomer()
    manager = given_a("police.data", kind=DataManager)
    manager.when_she_reads_what_she_may_send()
    good = [manager.row(child) for _ in range(4)]
    bad = [
        manager.row(child, started_on="31/02/2026"),
        manager.row(child, status="ongoing"),
        manager.row(child, team="night-watch"),
    ]
    manager.when_she_sends("police", as_csv([*good, *bad]))
    manager.then_it_has_landed()
    manager.then_she_reads("What was put aside")
    manager.then_it_says_of_line(6, "started_on", "31/02/2026")
    manager.then_it_says_of_line(7, "status", "open, closed")
    manager.then_it_says_of_line(8, "team", "night-watch")


def test_a_column_that_is_not_in_the_contract_is_named(given_a):
    manager = given_a("police.data", kind=DataManager)
    manager.when_she_reads_what_she_may_send()
    manager.when_she_sends("police", as_csv([manager.row(Newcomer()) | {"shoe_size": "4"}]))
    manager.then_she_reads("It was refused: nothing of it was taken", "not in the contract: 'Shoe size'")


def test_an_older_file_is_held_until_somebody_says_that_it_is_right(given_a):
    child = Newcomer()
    manager = given_a("hospital.data", kind=DataManager)
    manager.when_she_reads_what_she_may_send()
    manager.when_she_sends("hospital", as_csv([manager.row(child)]), day=TODAY - timedelta(days=9))
    manager.then_she_reads("It is held")
    manager.clicks("Save the decision").then_she_reads("Select what should happen to the file", "Say why")
    manager.when_she_decides("release", "It was left out when the others were sent.")
    manager.then_it_has_landed()
    given_a("screener", kind=Waiter).then_she_can_soon_find(child)


def test_a_snapshot_that_would_drop_nearly_everybody_is_held_and_turned_away(given_a, story):
    manager = given_a("police.data", kind=DataManager)
    manager.when_she_reads_what_she_may_send()
    manager.when_she_sends("police", as_csv([manager.row(Newcomer())]), mode="snapshot")
    manager.then_she_reads("It is held")
    manager.when_she_decides("turn-away", "Only the first page was exported.")
    manager.then_she_reads("It was turned away by your agency")
    screener = given_a("screener")
    screener.when_she_asks_about(story("known-to-four").known)
    screener.then_one_person_fits(story("known-to-four"))


def test_a_data_manager_sees_that_a_record_of_hers_is_said_to_be_wrong(given_a, story):
    nurse = given_a("health.visitor")
    nurse.when_she_asks_about(story("two-records-at-one-agency").known)
    nurse.when_she_opens_the_footprint()
    nurse.row("school").get_by_role("link", name="This is wrong").click()
    nurse.page.locator('input[name="wrong"]').first.check()
    nurse.fills(words="He has left that school.").clicks("Send")
    nurse.then_she_reads("It has been sent to the agency's data manager")
    manager = given_a("school.data", kind=DataManager)
    manager.goes_to("/").follows("Said to be wrong")
    manager.then_she_reads("Hallowbridge Healthcare")
    manager.then_she_does_not_read("He has left that school", "Oakenfull", "OAKENFULL")
