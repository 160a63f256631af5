"""The contract as partners get it: JSON Schema, Table Schema, and an example as CSV and as a workbook.

All of it is made from `contract.Row` and the agency's agreement, so that what is published is what is checked.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import xlsxwriter

from knownto.feeds.contract import COLUMNS, REQUIRED, Row
from knownto.linkage import identifiers
from knownto.partners.agreement import agreements
from knownto.partners.models import Team

FORMS = {
    "date": "YYYY-MM-DD or DD/MM/YYYY",
    "integer": "whole number",
    "several": "several, with ; between them",
}
DATES = {"date_of_birth", "expected_birth_date", "started_on", "last_contact_on", "ended_on"}
SEVERAL = {"other_names", "earlier_postcodes"}
CODES = {
    "sex": "F, M, X or empty",
    "status": "open or closed",
    "change": "upsert or remove; in a delta only",
    "category": "a code of the agreement, below",
    "team": "a code of a team, below",
}
# People who do not exist: NHS numbers from the range kept for tests, drama telephone numbers, a postcode area
# that England does not have.
PEOPLE = (
    ("Okafor", "Adaeze Grace", "2014-03-27", "F", "14 Heron Row", "QK1 2AB"),
    ("Sandhu", "Harjit", "2009-11-02", "M", "Flat 3, 20 Mill Lane", "QK3 4CD"),
    ("Whitlock", "Tamsin", "1991-06-18", "F", "7 Cooper Street", "QK2 5EF"),
)


@dataclass(frozen=True)
class ColumnSaid:
    """A column as the contract page lists it."""

    name: str
    required: bool
    form: str
    longest: int | None
    says: str


def columns() -> Iterator[ColumnSaid]:
    for name, field in Row.model_fields.items():
        longest = next((m.max_length for m in field.metadata if hasattr(m, "max_length")), None)
        yield ColumnSaid(name, name in REQUIRED, _form(name), longest, field.description or "")


def _form(name: str) -> str:
    if name in CODES:
        return CODES[name]
    if name in DATES:
        return FORMS["date"]
    if name in SEVERAL:
        return FORMS["several"]
    return FORMS["integer"] if name == "estimated_age" else "text"


def codes(agency: str) -> tuple[list[str], list[str]]:
    """The categories that the agency may send, and the codes of its teams."""
    agreement = agreements().get(agency)
    categories = [c.code for c in agreement.categories.values() if c.hold in ("full", "limited")] if agreement else []
    return categories, list(Team.objects.filter(agency=agency).order_by("code").values_list("code", flat=True))


def json_schema(agency: str) -> dict[str, Any]:
    """The JSON Schema of a row, with this agency's own codes."""
    schema = Row.model_json_schema(by_alias=False)
    categories, teams = codes(agency)
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    schema["properties"]["category"]["enum"] = categories
    schema["properties"]["team"]["enum"] = teams
    return schema


def table_schema(agency: str) -> dict[str, Any]:
    """The Table Schema (Frictionless) of a file."""
    categories, teams = codes(agency)
    fields = [_field(column, {"category": categories, "team": teams}) for column in columns()]
    return {"fields": fields, "primaryKey": ["record_id", "contact_id"], "missingValues": [""]}


def _field(column: ColumnSaid, enums: dict[str, list[str]]) -> dict[str, Any]:
    sort = "integer" if column.name == "estimated_age" else "string"
    limits: dict[str, Any] = {"required": column.required}
    if column.longest:
        limits["maxLength"] = column.longest
    if column.name in enums:
        limits["enum"] = enums[column.name]
    return {"name": column.name, "type": sort, "description": column.says, "constraints": limits}


def example_rows(agency: str, day: date) -> list[list[str]]:
    """A few rows that would be accepted from this agency on that day, in the order of COLUMNS."""
    categories, teams = codes(agency)
    return [
        [_example(number, person, categories, teams, day).get(column, "") for column in COLUMNS]
        for number, person in enumerate(PEOPLE, 1)
    ]


def _example(
    number: int, person: tuple[str, ...], categories: list[str], teams: list[str], day: date
) -> dict[str, str]:
    family, given, born, sex, street, postcode = person
    closed = number == 3
    return {
        "record_id": f"EXAMPLE-P{number}",
        "contact_id": f"EXAMPLE-C{number}",
        "family_name": family,
        "given_names": given,
        "date_of_birth": born,
        "sex": sex,
        "address_line_1": street,
        "town": "Hallowbridge",
        "postcode": postcode,
        "nhs_number": _invented_nhs_number(number),
        "phone": f"07700 90012{number}",
        "email": f"person{number}@example.org",
        "household_id": f"EXAMPLE-H{number}",
        "category": categories[number % len(categories)] if categories else "",
        "started_on": str(day - timedelta(days=30 * number)),
        "last_contact_on": str(day - timedelta(days=7)),
        "ended_on": str(day - timedelta(days=7)) if closed else "",
        "status": "closed" if closed else "open",
        "team": teams[0] if teams else "",
    }


def _invented_nhs_number(number: int) -> str:
    """A valid number of the range that is never given to anybody."""
    nine = f"9990000{number:02d}"
    return next((n for digit in "0123456789" if (n := identifiers.nhs_number(nine + digit))), "")


def example_csv(agency: str, day: date) -> bytes:
    page = io.StringIO()
    csv.writer(page).writerows([COLUMNS, *example_rows(agency, day)])
    return ("\ufeff" + page.getvalue()).encode()


def example_xlsx(agency: str, day: date) -> bytes:
    """The same rows as a workbook whose every column is text, so that nothing is rounded or turned into a date."""
    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True}) as book:
        sheet, text, bold = book.add_worksheet("contacts"), book.add_format({"num_format": "@"}), book.add_format()
        bold.set_bold()
        sheet.set_column(0, len(COLUMNS) - 1, 18, text)
        sheet.write_row(0, 0, COLUMNS, bold)
        for number, row in enumerate(example_rows(agency, day), 1):
            for column, cell in enumerate(row):
                sheet.write_string(number, column, cell, text)
        sheet.freeze_panes(1, 2)
    return page.getvalue()
