"""The steps of those who work at the front door, as sentences about them. Each knows pages by what is written there."""

import re
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from playwright.sync_api import expect

from tests.browser.visitor import Visitor

LONDON = ZoneInfo("Europe/London")
REFERENCE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]\b")
RATIONALE = {
    "known": "Two calls this month, a mark on the arm that nobody explains, and what he said at school.",
    "analysis": "The mark is where an adult's hand holds. He is afraid of going home.",
    "voice": "He said that he was slow, and that it was his fault.",
    "why_level": "There is reasonable cause to suspect significant harm.",
    "next": "A strategy discussion today, with everybody who knows him.",
}


class Practitioner(Visitor):
    """Anybody who works with children, and has something to do here."""

    def remembers_the_reference(self) -> str:
        found = REFERENCE.search(self.reads)
        assert found, "there is a reference on the page"
        return found[0]

    def fills_in(self, **answers: object) -> Self:
        """Fill in those of these fields that the page has."""
        for name, value in answers.items():
            field = self.page.locator(f'[name="{name}"]')
            if field.count() and field.first.is_visible():
                field.first.fill(str(value))
        return self

    def ticks(self, name: str, *values: str) -> Self:
        for value in values:
            self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        return self

    def picks(self, name: str, words: str) -> Self:
        self.page.locator(f'select[name="{name}"]').select_option(label=words)
        return self

    def opens_the_work(self, reference: str) -> Self:
        """By its reference, as somebody does who was told it on the telephone."""
        self.goes_to("/front-door/find/").fills(reference=reference)
        self.page.locator("main form button").first.click()
        if "/find/" in self.path:
            self.page.get_by_role("link", name=reference).first.click()
        return self

    @property
    def work(self) -> str:
        """The address of the piece of work that is open."""
        found = re.search(r"/front-door/[0-9a-f-]{36}/", self.page.url)
        assert found, self.page.url
        return found[0]

    def takes_it_back_from_the_night_if_it_is_night(self) -> Self:
        """The tests run at any hour; what comes at night is with the night."""
        leave = self.page.locator("#act-to-day")
        if leave.count():
            leave.locator("summary").click()
            leave.locator("textarea, input[type=text]").first.fill("The hub is here, and takes it.")
            here = self.page.url
            leave.locator("button").click()
            self.page.wait_for_load_state()
            self.goes_to(here)
        return self

    def opens_the_newest_notice(self, words: str) -> Self:
        self.goes_to("/work/notices/")
        self.page.locator("main").get_by_role("link", name=words).first.click()
        return self

    def answers(self, words: str) -> Self:
        self.chooses("answer", "answered")
        return self.fills(known=words).clicks("Send the answer")


class Referrer(Practitioner):
    """Writes a referral page by page."""

    def when_she_begins(self) -> Self:
        self.goes_to("/front-door/refer/").chooses("kind", "child")
        self.page.locator("main form button").first.click()
        return self

    def when_she_goes_through_the_pages(self, typed: dict[str, dict[str, object]]) -> Self:
        """Each page says by its address what it asks; what she does not know she leaves out."""
        for _ in range(20):
            if self.path.endswith("/check/"):
                return self
            code = self.path.split("/")[4] if len(self.path.split("/")) > 5 else "overview"
            self._answer(typed.get(code, {}))
            self.clicks("Save and continue")
        raise AssertionError(f"still at {self.path}")

    def _answer(self, answers: dict[str, object]) -> None:
        for name, value in answers.items():
            one = self.page.locator(f'[name="{name}"]').first
            if one.get_attribute("type") == "radio":
                self.chooses(name, str(value))
            elif one.get_attribute("type") == "checkbox":
                one.check()
            else:
                one.fill(str(value))

    def then_it_is_stored(self) -> str:
        expect(self.page.locator("main")).to_contain_text("Your reference")
        return self.remembers_the_reference()


def the_clock(minutes: int) -> dict[str, object]:
    """A day and a time of day, so many minutes from now, as London's clocks show it."""
    at = datetime.now(LONDON) + timedelta(minutes=minutes)
    return {"day_day": at.day, "day_month": at.month, "day_year": at.year, "at": f"{at:%H:%M}"}
