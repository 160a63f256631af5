"""Entries as a table, and the form that narrows them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from knownto.assurance.reads import Filter, Line
from knownto.face import forms
from knownto.face.parts import Column, Link, Table, Tag
from knownto.partners import reads as partners

COLUMNS = ("When", "Who", "Agency", "What", "Why", "For which work", "Asked for")


class Narrow(forms.Form):
    """Days and agency: nothing about anybody, so it may be in the address."""

    since = forms.Date(label="From", required=False)
    until = forms.Date(label="Until", required=False)
    agency = forms.Pick(label="Agency", required=False, options=[])

    def __init__(self, data: Any = None, **rest: Any) -> None:
        super().__init__(data, **rest)
        self.fields["agency"].offer([("", "All"), *partners.agency_names().items()])

    @property
    def chosen(self) -> Filter:
        said = self.cleaned_data if self.is_valid() else {}
        return Filter(said.get("since"), said.get("until"), said.get("agency") or "")


def table(lines: Sequence[Line], caption: str, empty: str = "Nothing.") -> Table:
    rows = [_row(line) for line in lines]
    return Table(caption, [Column(name) for name in COLUMNS], rows, dense=True, scroll=True, empty=empty)


def as_sheet(request: HttpRequest) -> bool:
    """Is it to be taken away?"""
    return "csv" in request.GET


def sheet(lines: Sequence[Line], caption: str) -> Table:
    """The same for a spreadsheet, with what identifies the entry."""
    columns = ("Entry", *COLUMNS, "Rule", "Invented", "About")
    rows = [
        (
            str(line.event),
            line.at,
            *_row(line)[1:],
            line.because,
            "yes" if line.simulated else "no",
            " ".join(line.about),
        )
        for line in lines
    ]
    return Table(caption, [Column(name) for name in columns], rows)


def _row(line: Line) -> tuple:
    when = Link(f"{localtime(line.at):%d/%m/%Y %H:%M:%S}", reverse("assurance:entry", args=[line.event]))
    what = Tag(line.what, "red") if line.kind in ("refusal", "sign-in-failed") else line.what
    return when, line.who, line.agency, what, line.purpose or line.because, line.work, line.asked
