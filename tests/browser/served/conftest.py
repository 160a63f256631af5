"""Windows onto the product as these tests' own process serves it: for what was made through acts, moments ago."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client

from knownto.partners.reads import by_sign_in_name
from tests.matrix.walk import sign_in


@pytest.fixture(scope="module")
def browser(browser):
    """The same browser as the other tests', beside which Django's own thread may ask the database."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    yield browser
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@pytest.fixture
def visit(browser, live_server):
    """A window of a persona's own, signed in."""
    opened = []

    def window(name, width=1280, javascript=True):
        client = Client()
        sign_in(client, by_sign_in_name(name))
        context = browser.new_context(
            viewport={"width": width, "height": 900}, base_url=live_server.url, java_script_enabled=javascript
        )
        context.add_cookies([{"name": "knownto", "value": client.session.session_key, "url": live_server.url}])
        opened.append(context)
        return context.new_page()

    yield window
    for context in opened:
        context.close()


def presses(page, name, role="button"):
    """Press what leads to another page, and wait until that is there: a click alone does not."""
    with page.expect_navigation():
        page.get_by_role(role, name=name).first.click()


def types(page, key):
    """One key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def readable(page):
    """No fault that a machine can find on the whole of a page, and nothing that must be scrolled sideways."""
    page.wait_for_load_state()
    faults = [f"{each['id']}: {each['help']}" for each in Axe().run(page).response["violations"]]
    assert not faults, (page.url, faults)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
