"""In a real browser: broken by keyboard alone, on every page, emptied at its hour; nothing left after signing out."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from knownto.access import clock
from knownto.face.tests.stage import chromium
from knownto.footprint.tests import partnership
from knownto.glass.tests.conftest import seat
from knownto.partners.models import Worker
from knownto.site.tests import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
NAMES = ("Amelia", "Okafor", "Millrace")


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as found:
        yield found
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def officer(committed, settings):
    settings.DEMO = False
    found = partnership.borough(clock.now())
    found.tell()
    return seat(found)


@pytest.fixture
def page(browser, live_server, officer):
    """A window in which the officer signed in so long ago that they must prove it again."""
    from django.conf import settings
    from django.test import Client

    from knownto.access import fresh

    client = Client()
    people.sign_in(client, Worker.objects.get(pk=officer.officer.worker_id))
    session = client.session
    session[fresh.PROVED] = {}
    session.save()
    context = browser.new_context(viewport={"width": 1280, "height": 900}, base_url=live_server.url)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
    yield context.new_page()
    context.close()


def faults(page):
    found = Axe().run(page).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:120]}" for each in found]


def break_by_keyboard(page, delay=0):
    """What a worker's hands do, from any page: no mouse. `delay` in milliseconds is between two keys."""
    page.goto("/agreements/")
    link = page.get_by_role("link", name="A life depends on it").first
    link.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("A life depends on it")
    page.get_by_label("Given names").focus()
    for words in ("Amelia", "Okafor-Lunt", "3", "2", "2016"):
        page.keyboard.type(words, delay=delay)
        page.keyboard.press("Tab")
    page.get_by_label("A child is in danger now").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")  # past the line in one's own words
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type(people.PASSWORD, delay=delay)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Amelia Okafor-Lunt")


def test_it_is_broken_by_keyboard_alone_and_is_on_every_page(page):
    break_by_keyboard(page)
    assert faults(page) == []
    page.goto("/search/")
    expect(page.get_by_text("You have somebody open because a life depends on it")).to_be_visible()
    assert not any(name in page.title() for name in NAMES)


def test_the_page_empties_itself_at_the_hour(page):
    break_by_keyboard(page)
    page.evaluate("document.querySelector('[data-shut-at]').dataset.shutAt = new Date().toISOString()")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.get_by_text("12 Millrace Lane")).to_have_count(0)


def test_nothing_of_them_is_left_after_signing_out(page):
    break_by_keyboard(page)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        assert not any(name in page.content() + page.title() + page.url for name in NAMES)
    kept = "Object.keys(localStorage).length + Object.keys(sessionStorage).length"
    assert page.evaluate(kept) == 0 and page.evaluate("caches.keys().then((all) => all.length)") == 0
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_what_was_half_written_is_back_after_unlocking(page):
    page.goto("/break-glass/")
    page.get_by_label("Given names").fill("Amelia")
    page.get_by_label("A child is in danger now").check()
    page.get_by_label("Your password").fill("half a pass")
    page.get_by_role("link", name="Lock this screen").click()
    page.wait_for_url("**/locked/**")
    assert "Amelia" not in page.content()
    page.get_by_label("Your password").fill(people.PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_label("Given names")).to_have_value("Amelia")
    expect(page.get_by_label("A child is in danger now")).to_be_checked()
    expect(page.get_by_text("It has not been sent")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    seen = {}
    page.goto("/break-glass/")
    seen["form"] = faults(page)
    page.get_by_role("button", name="Open this person").click()
    expect(page.get_by_role("heading", name="Prove again that it is you")).to_be_visible()
    seen["proof"] = faults(page)
    break_by_keyboard(page)
    seen["open"] = faults(page)
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{wide} px too wide"
    page.get_by_role("link", name="Say what came of it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What came of it?")
    seen["outcome"] = faults(page)
    assert {name: found for name, found in seen.items() if found} == {}
