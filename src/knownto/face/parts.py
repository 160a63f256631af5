"""What components are given: plain values that a presenter fills in and a template shows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.html import format_html, html_safe
from django.utils.safestring import SafeString


@html_safe
@dataclass(frozen=True, slots=True)
class Tag:
    """A state in a word or two. `colour` ("" for blue, grey, green, red) only helps: the word says it."""

    text: str
    colour: str = ""

    def __str__(self) -> SafeString:
        colour = f" govuk-tag--{self.colour}" if self.colour else ""
        return format_html('<strong class="govuk-tag{}">{}</strong>', colour, self.text)


@html_safe
@dataclass(frozen=True, slots=True)
class Link:
    """A link; `about` is said to screen readers only, where several links say the same ("Change" what?)."""

    text: str
    href: str
    about: str = ""
    current: bool = False

    def __str__(self) -> SafeString:
        about = format_html('<span class="govuk-visually-hidden"> {}</span>', self.about) if self.about else ""
        return format_html('<a class="govuk-link" href="{}">{}{}</a>', self.href, self.text, about)


@html_safe
@dataclass(frozen=True, slots=True)
class Phone:
    """A number to ring: one touch on an officer's phone."""

    number: str

    def __str__(self) -> SafeString:
        dialled = "".join(mark for mark in self.number if mark.isdigit() or mark == "+")
        return format_html('<a class="govuk-link kt-phone" href="tel:{}">{}</a>', dialled, self.number)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in. `sign_out` is the address that a POST goes to."""

    name: str
    agency: str
    sign_out: str
    role: str = ""


@dataclass(frozen=True, slots=True)
class IdleLock:
    """Lock the screen when nobody is there: seconds until the lock, seconds of warning, and where to go then.

    `still_here` receives a POST at most once a minute while somebody works, so that the server's own limit
    (the one that protects; this is a courtesy) knows about long typing. `keep` receives what was half written when
    the screen locks.
    """

    after: int
    lock: str
    warn: int = 60
    still_here: str = ""
    keep: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `numeric` lines figures up at the right; `wide` lets the longest text have the room."""

    heading: str
    numeric: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A table's row that stands out: `mark` is "late", "soon" or "muted". The words must say so too."""

    cells: Sequence[Any]
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table. Cells are text, numbers, or a Tag, Link or Phone. The first cell of a row is its heading.

    On a phone each row becomes a card, unless `scroll` keeps it a table in a box that scrolls sideways.
    `dense` is for boards. `empty` is said instead of a table with no rows; "" shows the table's headings
    alone.
    """

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any] | Line]
    size: str = "m"
    dense: bool = False
    scroll: bool = False
    hide_caption: bool = False
    empty: str = ""

    def lines(self) -> list[dict[str, Any]]:
        """Return the rows, each cell beside its column."""
        lines = (row if isinstance(row, Line) else Line(row) for row in self.rows)
        return [{"mark": line.mark, "cells": list(zip(self.columns, line.cells, strict=True))} for line in lines]


@dataclass(frozen=True, slots=True)
class Row:
    """A question and its answer in a summary list; `actions` are what one can do about it."""

    key: str
    value: Any
    actions: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do of several. A task without `href` cannot be started yet."""

    title: str
    status: str | Tag
    href: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Pages:
    """Before and after, by opaque cursor. No totals: how many there are is itself information."""

    previous: str = ""
    next: str = ""
    label: str = "Pages of results"


@dataclass(frozen=True, slots=True)
class Progress:
    """Long work: how far it is. `total` of 0 means that nobody knows yet."""

    label: str
    done: int
    total: int
    unit: str = "rows"
    links: Sequence[Link] = field(default=())

    @property
    def per_cent(self) -> int:
        """Return the share done, rounded down, so that 100 means finished."""
        return self.done * 100 // self.total if self.total else 0
