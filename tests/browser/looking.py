"""Going through every page that somebody can reach, and looking at each with the eyes of those it was made for.

Links are followed by plain requests; a page is opened in the browser only when nothing that is built like it has
been looked at yet, whoever it was shown to: other words in the same places, or more rows of one kind, break nothing.
Of pages that differ only by an id, two are asked for.
"""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.visitor import DESK, PHONE, Visitor

OF_A_KIND = 2  # pages that differ only by an id
# The front door's pages are many times as many: all of them are looked at in a campaign (KNOWNTO_LOOK_EVERYWHERE=1).
FRONT_DOOR = re.compile(r"^/(front-door|work)/")
OPAQUE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
IDS = re.compile(rf"{OPAQUE.pattern}|(?<=/)\d+(?=/)|(?<==)[^&]+")
AGAIN = re.compile(r"(<(tr|li|section|div)\b(?:(?!<\2\b).)*?</\2>)\1+")  # one after another, built alike
BUILD = {"type", "role", "class", "scope", "hidden", "open", "disabled", "checked", "aria-current"}
FILES = re.compile(r"\.(csv|xlsx|json)$|/download/$|^/static/|[?&]csv")
LEADS_OUT = re.compile(r"^/(sign-in|locked)/")
EMPTY_FORMS = "main form:has(input:not([type=hidden]), textarea, select):not([method=get])"


class Links(HTMLParser):
    """The addresses that a page's links lead to, and how its main part is built, its words left out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a" and said.get("href"):
            self.found.append(said["href"] or "")
        if tag == "main" or self.tags:
            kept = [f"{name}={value}" if name in BUILD else name for name, value in attrs]
            self.tags.append(f"<{tag} {' '.join(kept)}>")

    def handle_endtag(self, tag: str) -> None:
        if self.tags and self.tags[-1] != "</main>":
            self.tags.append(f"</{tag}>")

    @property
    def build(self) -> str:
        end = self.tags.index("</main>") if "</main>" in self.tags else len(self.tags)
        return AGAIN.sub(r"\1", "".join(self.tags[:end]))


class Seen:
    """How the pages are built that somebody has looked at already, in whichever process: a file for each."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def first(self, build: str) -> bool:
        """Is nothing like it looked at yet? Who asks first is told so, and looks."""
        try:
            (self.folder / hashlib.sha256(build.encode()).hexdigest()).touch(exist_ok=False)
        except FileExistsError:
            return False
        return True


class Looker(Visitor):
    """Somebody who opens every page that they can, at a desk and on a phone, and makes every form complain."""

    def __init__(self, *args: Any, seen: Seen, names: frozenset[str], **more: Any) -> None:
        super().__init__(*args, **more)
        self.seen, self.names = seen, names
        self.faults: list[str] = []
        self.visited: list[str] = []

    def looks_at_everything(self, *seeds: str) -> None:
        """From `seeds`, wherever links lead. What is wrong is in `faults`."""
        for address, page in self._reached(list(seeds)):
            self.visited.append(address)
            self._blame(address, speaks_of(address, self.names), "the address names somebody")
            if self.seen.first(page.build) or address == "/":
                self.goes_to(address).looks()
                self._makes_forms_complain(address)

    def looks(self) -> None:
        """At the page that is open, at both widths."""
        here, title = self.path, self.page.title()
        self._blame(here, speaks_of(title, self.names), "the title names somebody")
        self.page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 900})
            for found in violations(self.page):
                self._blame(here, True, f"at {width}: {found}")
        self._blame(here, scrolls_sideways(self.page), "scrolls sideways at 320")
        self.page.set_viewport_size({"width": DESK, "height": 900})

    def _reached(self, waiting: list[str]) -> Iterator[tuple[str, Links]]:
        known, kinds = set(waiting), Counter[str]()
        while waiting:
            address = waiting.pop(0)
            kind = IDS.sub("*", address)
            kinds[kind] += 1
            if kinds[kind] > OF_A_KIND:
                continue
            answer = self.context.request.get(address, max_retries=2)  # a kept connection may just have been closed
            self._blame(address, answer.status >= 400, f"a link leads to {answer.status}")
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            out = LEADS_OUT.match(urlsplit(answer.url).path) and not LEADS_OUT.match(address)
            self._blame(address, bool(out) and self.signed_in, "leads out of the session")
            page = Links(answer.text())
            found = [urljoin(address, to.split("#")[0]) for to in page.found]
            fresh = [to for to in dict.fromkeys(found) if to not in known and _is_a_page(to)]
            known.update(fresh)
            waiting += fresh
            yield address, page

    def _makes_forms_complain(self, address: str) -> None:
        """Send each form with nothing in it, and look at what comes back."""
        for number in range(self.page.locator(EMPTY_FORMS).count()):
            self.goes_to(address)
            with self.page.expect_navigation():
                self.page.locator(EMPTY_FORMS).nth(number).evaluate(EMPTIED)
            if self.page.locator(".govuk-error-summary").count():
                self._blame(address, not self.page.title().startswith("Error: "), "the title does not say 'Error'")
                self.looks()

    def _blame(self, address: str, wrong: bool, what: str) -> None:
        if wrong:
            self.faults.append(f"{IDS.sub('*', address)}: {what}")


EMPTIED = """form => {
  for (const each of form.querySelectorAll('input:not([type=hidden]), textarea, select')) {
    if (each.type === 'radio' || each.type === 'checkbox') each.checked = false; else each.value = '';
  }
  form.noValidate = true;
  form.requestSubmit(form.querySelector('button:not([name]):not([type=button])'));
}"""


def _is_a_page(address: str) -> bool:
    there = urlsplit(address)
    ours = not there.scheme and not there.netloc and address.startswith("/")
    left_out = FRONT_DOOR.match(address) and not os.environ.get("KNOWNTO_LOOK_EVERYWHERE")
    return ours and not left_out and not FILES.search(address) and not address.startswith("/locked/")


def violations(page: Page) -> list[str]:
    """What axe finds, as 'rule: the first element that breaks it'."""
    page.wait_for_load_state()
    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found]


def scrolls_sideways(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))


def speaks_of(words: str, names: frozenset[str]) -> bool:
    """Is one of those names, or an identifier's many digits in a row, in these words?"""
    plain = OPAQUE.sub("", words.casefold())
    return any(name in plain for name in names) or bool(re.search(r"\d{9,}", plain))
