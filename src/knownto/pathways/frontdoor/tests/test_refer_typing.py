"""Typing in a browser: saved by itself, gone on with on another device, and never said to be saved when it is not."""

import pytest

from knownto.access import clock
from knownto.access.viewer import viewer_of
from knownto.face.tests.stage import chromium
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import drafts
from knownto.pathways.frontdoor.tests.refer import signed_in
from knownto.pathways.frontdoor.writing import Written

SAID = "[data-autosave-said]"


@pytest.fixture
def at(borough_committed, request, settings, monkeypatch):
    """A device of the officer's, as a function, and a draft of theirs."""
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    server = request.getfixturevalue("live_server")
    settings.ALLOWED_HOSTS = ["*"]
    officer = viewer_of(by_sign_in_name("officer"), second_factor=True)
    draft = drafts.begin(by=officer, written=Written("child", "police"), now=clock.now())
    with chromium() as browser:

        def device():
            context = browser.new_context()
            cookies = signed_in("officer").cookies
            context.add_cookies([{"name": n, "value": c.value, "url": server.url} for n, c in cookies.items()])
            page = context.new_page()
            page.goto(f"{server.url}/front-door/refer/{draft}/happened/")
            return page

        yield device


def test_what_is_typed_is_there_on_another_device_and_a_lost_line_is_said(at):
    page = at()
    page.get_by_label("What happened, or what have you noticed?").fill("Hiding in the bath.")
    page.keyboard.press("Tab")
    page.locator(SAID, has_text="Saved at").wait_for()
    other = at()
    assert other.get_by_label("What happened, or what have you noticed?").input_value() == "Hiding in the bath."
    page.context.set_offline(True)
    page.get_by_label("When?").fill("Tonight")
    page.keyboard.press("Tab")
    page.locator(SAID, has_text="Not saved yet").wait_for()
    page.context.set_offline(False)
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/consent/")
    other.reload()
    assert other.get_by_label("When?").input_value() == "Tonight"
