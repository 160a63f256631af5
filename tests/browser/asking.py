"""The steps of somebody who asks who a person is known to, and reads the answer."""

import re
from typing import Self

from playwright.sync_api import Locator, expect

from knownto.town import agencies, teams
from knownto.town.stories import Known, Story
from tests.browser.visitor import Visitor

CONNECTED = {agency.code: agency.name for agency in agencies() if agency.connected}
ELSEWHERE = {agency.code: agency.name for agency in agencies() if not agency.connected}
ROUTES = {(team.agency, team.code): team for team in teams("small")}
WORK = "C-20771"


def facts(known: Known) -> dict[str, object]:
    """What somebody who asks would type, by the form's fields."""
    return {
        "given": known.given_names,
        "family": known.family_name,
        "born": known.birth_date,
        "age": known.estimated_age,
        "address": known.address_line_1,
        "postcode": known.postcode,
        "nhs_number": known.nhs_number,
        "phone": known.phone,
    }


class Asker(Visitor):
    """A practitioner with a worry and a search page."""

    # asking

    def when_she_asks_about(self, known: Known, *, purpose: str = "child-concern", **more: object) -> Self:
        self.when_she_says_why(purpose)
        return self.fills(**facts(known) | more).clicks("Search")

    def when_she_says_why(self, purpose: str = "child-concern", work: str = WORK) -> Self:
        return self.goes_to("/search/?change=1").chooses("purpose", purpose).fills(work=work)

    def when_she_asks_again_for_the_same_work(self, known: Known) -> Self:
        self.page.get_by_role("link", name="Search again for the same piece of work").first.click()
        expect(self.page.locator(".kt-ask__why")).to_contain_text(WORK)
        return self.fills(**facts(known)).clicks("Search")

    def when_she_asks_who_lives_at(self, known: Known) -> Self:
        return self.when_she_says_why().fills(address=known.address_line_1, postcode=known.postcode).clicks("Search")

    def when_she_opens_the_footprint(self, place: int = 1) -> Self:
        self.page.locator(f'a[href$="/{place}/"]', has_text="Open the footprint").click()
        return self

    # the answer

    def then_one_person_fits(self, story: Story) -> Self:
        self.then_she_reads("One person fits", "Why we think so", "What speaks against it")
        expect(self.candidates.first).to_contain_text(re.compile(story.name.split()[0], re.I))
        return self

    def then_nobody_is_certain(self) -> Self:
        return self.then_she_reads("Nobody fits for certain", "Why we think so")

    def then_more_than_one_fits(self, fit: int) -> Self:
        self.then_she_reads("More than one person fits")
        expect(self.candidates).to_have_count(fit)
        return self

    def then_no_contact_is_found(self) -> Self:
        """Said of the feeds, never of the child; with what was searched and what was not."""
        self.then_she_reads("No contact found", "it does not mean that nobody knows them")
        for name in CONNECTED.values():
            expect(self._searched(name)).to_contain_text("Searched")
        for name in ELSEWHERE.values():
            expect(self._searched(name)).to_contain_text("Not connected")
        return self

    @property
    def candidates(self) -> Locator:
        return self.page.locator(".kt-candidate")

    def _searched(self, name: str) -> Locator:
        return self.page.get_by_role("table", name="What was searched").get_by_role("row").filter(has_text=name)

    # the footprint

    def row(self, agency: str) -> Locator:
        named = self.page.get_by_role("rowheader", name=CONNECTED[agency], exact=True)
        return self.page.locator(".kt-rows").get_by_role("row").filter(has=named)

    def then_it_says_who_knows(self, story: Story) -> Self:
        """Each agency's count of contacts in 12 months, and whether it has something open."""
        held = {each.agency: each for each in story.footprint}
        for agency in CONNECTED:
            if agency in held and (held[agency].in_year or held[agency].open):
                self._then_its_row_says(agency, held[agency].in_year, bool(held[agency].open))
            else:
                expect(self.row(agency)).to_contain_text("No contact in this feed in 12 months")
        return self

    def _then_its_row_says(self, agency: str, in_year: int, is_open: bool) -> None:
        row = self.row(agency)
        expect(row).to_contain_text("Contact in the last 12 months")
        expect(row.get_by_role("cell").nth(1)).to_contain_text("Open now" if is_open else "Not open")
        counted = sum(int(said.rsplit(": ", 1)[1]) for said in row.locator(".kt-count").all_inner_texts())
        assert counted == in_year, f"{agency}: {counted} contacts shown, {in_year} held"

    def then_she_knows_whom_to_ring(self, agency: str, team: str) -> Self:
        """The team's name and number, as a link that a telephone can follow."""
        route = ROUTES[agency, team]
        expect(self.row(agency)).to_contain_text(route.name)
        number = self.row(agency).get_by_role("link", name=re.compile(re.escape(route.phone)))
        assert (number.first.get_attribute("href") or "").startswith("tel:")
        return self

    def then_what_is_open_comes_first(self, agency: str, team: str) -> Self:
        first = self.page.locator(".kt-open__one").filter(has_text=CONNECTED[agency])
        expect(first).to_contain_text(ROUTES[agency, team].phone)
        return self

    def then_the_row_says(self, agency: str, *sentences: str) -> Self:
        for sentence in sentences:
            expect(self.row(agency)).to_contain_text(sentence)
        return self

    def then_the_household_is(self, *names: str) -> Self:
        expect(self.page.locator(".kt-household > li")).to_have_count(len(names))
        for name in names:
            expect(self.page.locator(".kt-household")).to_contain_text(re.compile(name, re.I))
        return self

    def receipt(self) -> str:
        return self.page.locator(".kt-receipt h2").inner_text().removeprefix("Receipt").strip()

    def then_she_is_shown_a_pointer_only(self) -> Self:
        """Whom to ring and whether something is open: no kinds, counts, dates, household or addresses."""
        for hidden in (".kt-count", ".kt-household", ".kt-places", ".kt-strip", "h2:has-text('Household')"):
            expect(self.page.locator(hidden)).to_have_count(0)
        expect(self.page.get_by_role("columnheader", name="In 12 months")).to_have_count(0)
        return self.then_she_does_not_read("Domestic abuse incident", "Last ", "First ")

    # on paper

    def when_she_prints_it(self) -> Self:
        self.follows_button("Print this footprint")
        self.clicks("Continue without a password (demonstration)")
        self.page.emulate_media(media="print")
        return self

    def follows_button(self, name: str) -> Self:
        """A link that is dressed as a button."""
        return self.clicks(name)

    def then_the_paper_says_where_it_comes_from(self, receipt: str) -> Self:
        self.then_she_reads(receipt, WORK, "Asked by", "Printed", "Out of date after", *CONNECTED.values())
        for no_use_on_paper in (".govuk-service-navigation", ".kt-header__out", "[data-print]", ".govuk-back-link"):
            assert not self.page.locator(no_use_on_paper).first.is_visible()
        return self


class Typist(Asker):
    """Somebody who never touches a mouse: everything is reached with Tab and done with keys."""

    MOST_STOPS = 90

    def when_she_types_a_search(self, known: Known) -> Self:
        self.goes_to("/search/")
        self.presses("Space", at='input[name="purpose"]')
        self.types(WORK, at='input[name="work"]')
        typed = {name: value for name, value in facts(known).items() if value and name != "born"}
        for name, value in typed.items():
            self.types(str(value), at=f'[name="{name}"]')
        if known.birth_date:
            for part in ("day", "month", "year"):
                self.types(str(getattr(known.birth_date, part)), at=f'[name="born_{part}"]')
        self.page.keyboard.press("Enter")
        return self

    def presses(self, key: str, *, at: str) -> Self:
        self._tabs_to(at)
        self.page.keyboard.press(key)
        return self

    def types(self, words: str, *, at: str) -> Self:
        self._tabs_to(at)
        self.page.keyboard.type(words)
        return self

    def _tabs_to(self, wanted: str) -> None:
        for _ in range(self.MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
                return
        raise AssertionError(f"{wanted} is not reached by Tab")
