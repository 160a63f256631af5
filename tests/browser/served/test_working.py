"""The lists of work and an ask in a real browser: readable for everybody, at a desk and on a telephone."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from knownto.access import clock
from knownto.casework.tests.conftest import Casework
from knownto.town.living import found
from tests.browser.served.conftest import presses, readable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
PAGES = ("/work/", "/work/team/", "/work/asked/", "/work/notices/")


@pytest.fixture
def busy(committed, settings):
    """A hub with work of every standing, and police who are asked three things."""
    settings.DEMO = False
    now = clock.now()
    found("small", now=now - timedelta(days=30))
    casework = Casework(now)
    casework.contact(now=now - timedelta(days=4), urgency="amber")
    casework.contact(urgency="red", worker=casework.worker("screener"))
    first = casework.contact(urgency="green")
    wanted = [
        {"code": "calls", "label": "Calls to the address", "hint": "Since March, with their dates"},
        {"code": "harm", "label": "Harm to a child or an adult", "hint": ""},
    ]
    casework.ask(first, words="What do you know of this family since March?", more={"fields": wanted})
    casework.ask(first, now=now - timedelta(days=6))
    casework.ask(first, to=casework.worker("gp").team, kind="gp-request")
    return casework


@pytest.mark.parametrize("width", [1280, 320])
def test_a_team_finds_what_it_owes_and_answers_it(busy, visit, width):
    page = visit("police.hub", width)
    for address in PAGES:
        page.goto(address)
        readable(page)
    page.goto("/work/")
    with page.expect_navigation():
        page.get_by_role("link", name="Partner check").last.click()
    readable(page)
    presses(page, "I'll answer this")
    expect(page.get_by_text("It has your name on it now.")).to_be_visible()
    presses(page, "Send the answer")
    expect(page.get_by_role("link", name="Select your answer")).to_be_visible()
    readable(page)
    page.get_by_label("This is what we know").check()
    page.get_by_label("Calls to the address").fill("Two in May, both about noise.")
    presses(page, "Send the answer")
    expect(page.get_by_text("Your answer has been sent.")).to_be_visible()
    readable(page)


@pytest.mark.parametrize("width", [1280, 320])
def test_whoever_asked_follows_what_they_wait_for(busy, visit, width):
    page = visit("screener", width)
    for address in PAGES:
        page.goto(address)
        readable(page)
    page.goto("/work/asked/")
    expect(page.get_by_text("Overdue").first).to_be_visible()
    presses(page, "Partner check", "link")
    readable(page)
    presses(page, "Remind them")
    expect(page.get_by_text("They have been reminded.")).to_be_visible()
    presses(page, "Take this back", "link")
    readable(page)
