"""Serve sample pages to a real browser from memory, under a stricter policy than we ship."""

import mimetypes
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Route, sync_playwright

from knownto.face.tests import sample

STATIC = Path(__file__).resolve().parents[1] / "static"
NONCE = "bm9uY2U"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SITE = "http://face.test"
# Without a graphics card, and without the errands that a browser runs for its maker.
FLAGS = ("no-sandbox", "disable-gpu", "disable-background-networking", "disable-component-update", "disable-sync")
OTHER_PAGES = {"/lock": "<title>Locked</title>", "/part": "<p>Fetched a moment ago</p>"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=_installed(), args=[f"--{flag}" for flag in FLAGS])
        try:
            yield browser
        finally:
            browser.close()


def _installed() -> str:
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    assert found, "the browser tests need Chromium: apt-get install chromium"
    return found


class Stage:
    """One page of the browser, and every complaint that the policy or the scripts made on it."""

    def __init__(self, browser: Browser, *, width: int = 1280, javascript: bool = True, **options: Any) -> None:
        options = {"viewport": {"width": width, "height": 900}, "java_script_enabled": javascript} | options
        self.context = browser.new_context(**options)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.posted: list[str] = []
        self.page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.html = ""
        self.page.route("**/*", self._answer)

    def show(self, template: str, values: dict[str, Any] | None = None) -> Page:
        """Open the page made from a sample template."""
        self.html = sample.render(template, values or sample.context(), nonce=NONCE)
        self.page.goto(f"{SITE}/", wait_until="load")
        return self.page

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        found = STATIC / path.removeprefix("/static/")
        if route.request.method == "POST":
            self.posted.append(path)
        if path.startswith("/static/") and found.is_file():
            kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
            route.fulfill(body=found.read_bytes(), content_type=kind)
        elif path.startswith("/static/"):
            route.fulfill(status=404, body="")
        else:
            headers = {"Content-Security-Policy": POLICY}
            html = OTHER_PAGES.get(path, self.html)
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
