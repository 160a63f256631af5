"""Somebody at a browser: what they see, and everything that the browser complained about on the way."""

from collections.abc import Callable
from typing import Any, Self
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, expect

from tests.browser.product import Product

DESK, PHONE = 1280, 320


class Visitor:
    """One browser of their own. `she` reads better than `it`: the steps below are sentences about a person."""

    def __init__(
        self, browser: Browser, product: Product, *, width: int = DESK, javascript: bool = True, **more: Any
    ) -> None:
        self.product = product
        self.javascript = javascript
        self.context: BrowserContext = browser.new_context(
            base_url=product.address,
            viewport={"width": width, "height": 900},
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
            **more,
        )
        self.context.set_default_timeout(15_000)
        self.page: Page = self.context.new_page()
        self.signed_in = False
        self.complaints: list[str] = []
        self.went_to: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._follow)

    def _hear(self, said: ConsoleMessage) -> None:
        """A refusal's own status is no complaint: the page that says so is what is wanted."""
        own_status = said.text.startswith("Failed to load resource") and said.location["url"] == self.page.url
        if said.type == "error" and not own_status:
            self.complaints.append(said.text)

    def _follow(self, request: Request) -> None:
        if request.is_navigation_request():
            self.went_to.append(request.url)

    # going about

    def goes_to(self, address: str) -> Self:
        self.page.goto(address)
        return self

    def becomes(self, persona: str) -> Self:
        """One click on the demonstration's page of people."""
        self.goes_to("/demo/")
        self.page.locator(f'form[action="/demo/{persona}/"] button').click()
        expect(self.page).to_have_url(f"{self.product.address}/")
        self.signed_in = True
        return self

    def clicks(self, name: str, role: str = "button") -> Self:
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        return self

    def follows(self, name: str) -> Self:
        return self.clicks(name, "link")

    def fills(self, **answers: object) -> Self:
        """Fill in fields by their name; a date is filled in its three boxes."""
        for name, value in answers.items():
            if hasattr(value, "year"):
                self.fills(**{f"{name}_day": value.day, f"{name}_month": value.month, f"{name}_year": value.year})
            elif value not in ("", None):
                self.page.locator(f'[name="{name}"]').fill(str(value))
        return self

    def chooses(self, name: str, value: str) -> Self:
        self.page.locator(f'input[name="{name}"][value="{value}"]').check()
        return self

    # looking

    @property
    def reads(self) -> str:
        """What is in the page's main part, as words on single spaces. All of it: a click leads to a page half there."""
        self.page.wait_for_load_state()
        return " ".join(self.page.locator("main").inner_text().split())

    @property
    def heading(self) -> str:
        return " ".join(self.page.locator("h1").first.inner_text().split())

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    def then_she_reads(self, *sentences: str) -> Self:
        for sentence in sentences:
            expect(self.page.locator("main")).to_contain_text(sentence)
        return self

    def then_she_does_not_read(self, *sentences: str) -> Self:
        for sentence in sentences:
            assert sentence not in self.reads, f"{sentence!r} is on the page"
        return self

    def closes(self) -> None:
        self.context.close()


Meet = Callable[..., Visitor]
