"""Signing in, being locked out and leaving, in a real browser against the real product."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from knownto.face.tests.stage import chromium
from knownto.site.tests import people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
NAME = "Sam Screener"


@pytest.fixture(scope="module")
def browser():
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with chromium() as found:
        yield found
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture(autouse=True)
def _no_tries_yet():
    """Here the cache is emptied with everything else."""


@pytest.fixture
def screener(committed, settings):
    settings.DEMO = False
    return people.worker("screener", name=NAME)


@pytest.fixture
def visit(browser, live_server):
    """Open pages of the product in a window of its own; `complaints` hears the policy and the scripts."""
    opened = []

    def window(*, width=1280, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, base_url=live_server.url
        )
        opened.append(context)
        page = context.new_page()
        page.complaints = []
        page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
        return page

    yield window
    for context in opened:
        context.close()


def sign_in(page, name="screener.childrens-social-care"):
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(name)
    page.get_by_label("Password", exact=True).fill(people.PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up(page):
    page.get_by_role("button", name="Set up your second factor").click()
    page.get_by_text("I cannot use the picture").click()
    secret = page.locator("code").text_content()
    page.get_by_label("Code", exact=True).fill(people.code(secret))
    page.get_by_role("button", name="Continue").click()
    return secret


def faults(page):
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    page.wait_for_load_state()
    found = Axe().run(page).response["violations"]
    sideways = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [f"{f['id']}: {f['nodes'][0]['html'][:160]}" for f in found] + (["scrolls sideways"] if sideways else [])


@pytest.mark.parametrize(("width", "javascript"), [(320, True), (1280, False)])
def test_a_new_worker_sets_up_a_second_factor_and_signs_in_with_it(visit, screener, width, javascript):
    page = visit(width=width, javascript=javascript)
    sign_in(page)
    if javascript:
        set_up(page)
    else:
        page.get_by_role("button", name="Set up your second factor").click()
        secret = page.locator("code").text_content()
        page.get_by_label("Code", exact=True).fill(people.code(secret))
        page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    recovery = page.locator(".kt-codes code").first.text_content()
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    page.get_by_role("button", name="Sign out").click()
    sign_in(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    assert page.complaints == []


def test_a_screen_left_alone_locks_itself_and_loses_nothing(visit, screener, settings):
    settings.IDLE_LOCK_SECONDS = 3
    page = visit()
    sign_in(page)
    set_up(page)
    page.goto("/agreements/police/")
    page.wait_for_url("**/locked/**", timeout=8000)
    assert "Domestic abuse incident" not in page.content()
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your screen is locked")
    assert "Domestic abuse incident" not in page.content()
    page.goto("/agreements/police/")
    settings.IDLE_LOCK_SECONDS = 300
    page.get_by_label("Your password, or the code").fill(people.PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Police headline contacts")


def test_nothing_is_left_in_the_browser_when_one_has_signed_out(visit, screener):
    page = visit()
    sign_in(page)
    set_up(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text(NAME)
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    for _ in range(3):
        page.go_back()
        assert NAME not in page.content() and NAME not in page.title()
    assert page.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") <= 1
    assert not [c for c in page.context.cookies() if c["name"] == "knownto" and c["value"]]


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_pages_around_the_tracker(visit, screener, settings, width):
    people.worker("administrator", name="Kim Keys")
    page = visit(width=width)
    seen = {}

    def look(name):
        seen[name] = faults(page)

    for path in ("/sign-in/", "/nothing/", "/sign-in/?ended=signed-in-elsewhere"):
        page.goto(path)
        look(path)
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").click()
    look("sign-in, wrong")
    sign_in(page)
    look("account, before")
    page.goto("/account/second-factor/set-up/")
    look("set up")
    page.get_by_role("button", name="Continue").click()
    look("set up, wrong")
    page.goto("/account/")
    set_up(page)
    look("recovery codes")
    for path in (
        "/",
        "/agreements/",
        "/agreements/hospital/",
        "/roles/",
        "/account/",
        "/account/password/",
        "/account/recovery-codes/new/",
        "/sign-out/",
        "/locked/",
    ):
        page.goto(path)
        look(path)
    page.get_by_role("button", name="Unlock").click()
    look("locked, wrong")
    assert {name: found for name, found in seen.items() if found} == {}


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_on_the_administrators_pages(visit, screener, width):
    people.worker("administrator", name="Kim Keys")
    page = visit(width=width)
    sign_in(page, "administrator.childrens-social-care")
    set_up(page)
    seen = {}
    for path in (
        "/accounts/",
        "/accounts/new/",
        f"/accounts/{screener.pk}/",
        f"/accounts/{screener.pk}/roles/",
        f"/accounts/{screener.pk}/close/",
    ):
        page.goto(path)
        seen[path] = faults(page)
    page.goto("/accounts/new/")
    page.get_by_role("button", name="Open the account").click()
    seen["wrong"] = faults(page)
    assert {name: found for name, found in seen.items() if found} == {}
