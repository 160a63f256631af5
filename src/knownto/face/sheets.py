"""Give a list of work away as a spreadsheet, with nothing in it that a spreadsheet would run.

Only for lists of work: what a search found is never downloaded.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from io import StringIO
from typing import Any

from django.http import HttpResponse
from django.utils.timezone import localtime

from knownto.face.parts import Line, Link, Phone, Table, Tag

# Spreadsheet programs evaluate a cell that begins with one of these, also after the tab or return that they skip.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def download(table: Table, name: str) -> HttpResponse:
    """Answer with the table as CSV. `name` has no personal data in it and no ending; UTF-8 with a mark, for Excel."""
    response = HttpResponse(to_csv(table), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    return response


def to_csv(table: Table) -> str:
    """Return the table as CSV text, its headings first."""
    page = StringIO()
    page.write("\ufeff")
    csv.writer(page).writerows(_lines(table))
    return page.getvalue()


def _lines(table: Table) -> Iterator[Sequence[Any]]:
    yield [harmless(column.heading) for column in table.columns]
    for row in table.rows:
        yield [harmless(cell) for cell in (row.cells if isinstance(row, Line) else row)]


def harmless(cell: Any) -> str | int | float:
    """Return what a cell says; a text that would be evaluated gets an apostrophe before it."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    text = _said(cell)
    return f"'{text}" if text.lstrip(" \xa0").startswith(DANGEROUS) or text.startswith(DANGEROUS) else text


def _said(cell: Any) -> str:
    if isinstance(cell, Tag | Link):
        return cell.text
    if isinstance(cell, Phone):
        return cell.number
    if isinstance(cell, datetime):
        return f"{localtime(cell):%Y-%m-%d %H:%M}"
    return cell.isoformat() if isinstance(cell, date) else str("" if cell is None else cell)
