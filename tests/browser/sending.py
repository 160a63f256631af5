"""The steps of a partner's data manager, whose files are made by hand from what the contract page says."""

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from secrets import choice, randbelow, token_hex
from typing import Self

import xlsxwriter
from playwright.sync_api import Locator, expect

from knownto.town.stories import Known
from tests.browser.asking import Asker
from tests.browser.visitor import Visitor

TODAY = date.today()  # noqa: DTZ011 (what a partner writes on a file is the day where they are)
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MATCHED_WITHIN = 20  # tries to find somebody, a second apart, before a landed file counts as never matched


def _a_day_of_birth() -> date:
    """Any of five thousand: of two children who shared name and day the answer would rightly say that both fit."""
    return date(2005, 1, 1) + timedelta(days=randbelow(5000))


def _a_family_name() -> str:
    return choice("BDFGKLMNPRSTVW") + "".join("aeiou"[randbelow(5)] + choice("bdfglmnprstvz") for _ in range(4))


@dataclass
class Newcomer:
    """A child in nobody's file yet, with a family name and a day of birth that nobody else has."""

    family: str = field(default_factory=_a_family_name)
    given: str = field(default_factory=lambda: choice(("Xanthe", "Ottoline", "Evander", "Calliope", "Leopold")))
    born: date = field(default_factory=_a_day_of_birth)

    @property
    def known(self) -> Known:
        return Known(given_names=self.given, family_name=self.family, birth_date=self.born)

    def row(self, **said: object) -> dict[str, object]:
        """One contact, with only the columns that somebody in a hurry would fill in."""
        row: dict[str, object] = {
            "record_id": f"HAND-{token_hex(4)}",
            "contact_id": f"HAND-{token_hex(4)}",
            "family_name": self.family,
            "given_names": self.given,
            "date_of_birth": self.born,
            "category": "",
            "started_on": TODAY - timedelta(days=20),
            "status": "open",
            "team": "",
        }
        return row | said


def as_heading(column: str) -> str:
    """As a person writes it: 'Record id', 'Date of birth'."""
    return column.replace("_", " ").capitalize()


def as_csv(rows: list[dict[str, object]]) -> bytes:
    page = io.StringIO()
    sheet = csv.writer(page)
    sheet.writerow([as_heading(column) for column in rows[0]])
    sheet.writerows([_in_csv(cell) for cell in row.values()] for row in rows)
    return page.getvalue().encode()


def _in_csv(cell: object) -> object:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def as_workbook(rows: list[dict[str, object]]) -> bytes:
    """A workbook as a spreadsheet program saves it: dates are real dates."""
    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_row(0, 0, [as_heading(column) for column in rows[0]])
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row.values()):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, datetime.combine(cell, datetime.min.time()), day)
                else:
                    sheet.write(number, column, cell)
    return page.getvalue()


class DataManager(Visitor):
    """Whoever looks after one agency's feed."""

    columns: frozenset[str] = frozenset()
    category: str = ""
    team: str = ""

    def when_she_reads_what_she_may_send(self) -> Self:
        """The contract page's own tables are all that she has to make a file from."""
        self.goes_to("/feeds/files/").follows("What you may send")
        self.columns = frozenset(self._first_column("Columns"))
        self.category = self._first_column("Categories", that_says="Its headline is held")[0]
        self.team = self._first_column("Teams")[0]
        return self

    def _first_column(self, table: str, that_says: str = "") -> list[str]:
        rows = self.page.get_by_role("table", name=table, exact=True).locator("tbody tr").filter(has_text=that_says)
        return [row.locator("th, td").first.inner_text().strip() for row in rows.all()]

    def row(self, child: Newcomer, **said: object) -> dict[str, object]:
        made = child.row(category=self.category, team=self.team) | said
        assert set(made) <= self.columns, "the page names every column that was used"
        return made

    def when_she_sends(self, agency: str, content: bytes, *, mode: str = "delta", day: date = TODAY) -> Self:
        kind, ending = (XLSX, "xlsx") if content.startswith(b"PK") else (CSV, "csv")
        self.goes_to("/feeds/files/").clicks("Send a file")
        file = {"name": f"{agency}_{mode}_{day}.{ending}", "mimeType": kind, "buffer": content}
        self.page.locator('input[name="file"]').set_input_files(file)  # type: ignore[arg-type]
        return self.clicks("Send the file")

    def when_she_decides(self, decision: str, why: str) -> Self:
        return self.chooses("decision", decision).fills(reason=why).clicks("Save the decision")

    def then_it_has_landed(self) -> Self:
        expect(self.page.locator("main")).to_contain_text("It has landed", timeout=20_000)
        return self

    def then_it_says_of_line(self, line: int, column: str, reason: str) -> Self:
        row = self._bad_row(line)
        expect(row).to_contain_text(column)
        expect(row).to_contain_text(reason)
        return self

    def _bad_row(self, line: int) -> Locator:
        first = re.compile(rf"^\s*{line}\s*$")
        return self.page.locator("table tbody tr").filter(has=self.page.locator("th, td").filter(has_text=first))


class Waiter(Asker):
    """Somebody who asks again until what has landed is matched."""

    def then_she_can_soon_find(self, child: Newcomer) -> Self:
        for _ in range(MATCHED_WITHIN):
            self.when_she_asks_about(child.known)
            if "One person fits" in self.reads:
                break
            self.page.wait_for_timeout(1000)
        return self.then_she_reads("One person fits", child.given)
