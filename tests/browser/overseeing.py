"""The steps of those who watch over the tracker: who looked, how much it is used, and who has an account."""

from typing import Self

from playwright.sync_api import Locator, expect

from knownto.town.stories import Known
from tests.browser.asking import facts
from tests.browser.visitor import Visitor


class Overseer(Visitor):
    """A data protection officer or a scrutineer."""

    def when_she_asks_who_looked_at(self, known: Known) -> Self:
        self.goes_to("/").follows("Who looked").follows("Who looked at this person?")
        asked = {name: value for name, value in facts(known).items() if value}
        return self.fills(why="SAR-118", **asked).clicks("Show who looked")

    def then_she_sees_that(self, who: str, *what: str) -> Self:
        row = self._newest_look(who)
        for words in what:
            expect(row).to_contain_text(words)
        return self

    def _newest_look(self, who: str) -> Locator:
        return self.page.get_by_role("table").first.get_by_role("row").filter(has_text=who).first

    def when_she_reads_every_page_she_has(self) -> str:
        """Everything that her menu leads to, in one string."""
        self.goes_to("/")
        links = self.page.locator("#everything a")
        addresses = [link.get_attribute("href") or "" for link in links.all()]
        return " ".join(self.goes_to(address).reads for address in addresses)


class Administrator(Visitor):
    """Whoever opens accounts."""

    def when_she_opens_an_account(self, name: str, sign_in_name: str, *, agency: str, role: str) -> str:
        """Gives the first password, which is shown this once."""
        self.goes_to("/accounts/").clicks("Open an account")
        self.fills(name=name, sign_in_name=sign_in_name).chooses("roles", role)
        self.page.locator('select[name="agency"]').select_option(agency)
        self.clicks("Open the account").then_she_reads("The account is open", sign_in_name)
        return self.page.locator(".govuk-inset-text .kt-code").inner_text()
