"""Pictures drawn on the server as SVG: shape and label say it, colour only helps, each has its table.

No style attributes, so that they survive a strict content security policy; classes, so that print and high
contrast can change them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from knownto.face.parts import Column, Table

CELL = 28  # SVG units of one month; twelve of them fill a phone of 320 px at nearly full size


@dataclass(frozen=True, slots=True)
class Month:
    """What one agency had in one month: how many contacts, and whether any involvement was open."""

    contacts: int = 0
    open: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """One agency's row of the strip.

    `note` stands in the months' place when there is nothing to draw: "ask" (the agreement holds these
    contacts back) or "unchecked" (its feed is stale). Neither may look like "nothing known", which is a
    lane of empty months.
    """

    agency: str
    months: Sequence[Month] = ()
    note: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class FootprintStrip:
    """Agencies down, months across. `months` are first days of months, oldest first, as many as in a lane."""

    months: Sequence[date]
    lanes: Sequence[Lane]
    title: str = "Contacts in the last 12 months, by agency"

    def drawn(self) -> list[dict[str, Any]]:
        """Return what the template draws for each agency, with the same said in words."""
        return [self._lane(lane) for lane in self.lanes]

    def headings(self) -> list[dict[str, Any]]:
        """Return each month's short name and place; a line marks where a year begins."""
        return [
            {
                "x": index * CELL + CELL // 2,
                "text": f"{month:%b}",
                "year": month.year if month.month == 1 else "",
            }
            for index, month in enumerate(self.months)
        ]

    def table(self) -> Table:
        """Return the same as a table: one row an agency, its months in words, the latest first."""
        columns = (Column("Agency"), Column("In all"), Column("By month", wide=True), Column("Open now"))
        rows = [(lane.agency, _in_all(lane), self._said(lane), _open_now(lane)) for lane in self.lanes]
        return Table(self.title, columns, rows, size="s")

    @property
    def width(self) -> int:
        """Return the width of a row in SVG units."""
        return max(1, len(self.months)) * CELL

    def _lane(self, lane: Lane) -> dict[str, Any]:
        marks = [_mark(index, month) for index, month in enumerate(lane.months)]
        return {"lane": lane, "marks": marks, "runs": _runs(lane.months),
                "said": self._said(lane), "sum": _sum(lane)}  # fmt: skip

    def _said(self, lane: Lane) -> str:
        if lane.note:
            return lane.words or NOTES[lane.note]
        busy = [
            f"{month:%B %Y}: {_contacts(held.contacts)}"
            for month, held in zip(self.months, lane.months, strict=True)
            if held.contacts
        ]
        return "; ".join(reversed(busy)) or "No contact in this feed"


NOTES = {
    "ask": "Not held here. Ring to ask",
    "unchecked": "Could not check: no recent file",
}


def _mark(index: int, month: Month) -> dict[str, int]:
    return {"x": index * CELL + CELL // 2, "contacts": month.contacts}


def _runs(months: Sequence[Month]) -> list[tuple[int, int]]:
    """Return (from, to) in SVG units of each unbroken stretch of open involvement."""
    runs: list[tuple[int, int]] = []
    for index, month in enumerate(months):
        start, end = index * CELL, (index + 1) * CELL
        if month.open and runs and runs[-1][1] == start:
            runs[-1] = (runs[-1][0], end)
        elif month.open:
            runs.append((start, end))
    return runs


def _in_all(lane: Lane) -> str:
    return "Not known" if lane.note else _sum(lane)


def _open_now(lane: Lane) -> str:
    if lane.note:
        return "Not known"
    return "Yes" if lane.months and lane.months[-1].open else "No"


def _sum(lane: Lane) -> str:
    if lane.note:
        return lane.words or NOTES[lane.note]
    total = sum(month.contacts for month in lane.months)
    return _contacts(total) if total else "No contact in this feed"


def _contacts(count: int) -> str:
    return f"{count} contact{'' if count == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: `said` replaces the bare figure where a unit or a share helps ("12 (40%)")."""

    label: str
    value: float
    said: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A bar chart that is a table: label, figure, bar. `heading` and `figure` head the first two columns."""

    title: str
    bars: Sequence[Bar]
    heading: str = ""
    figure: str = "Number"

    def drawn(self) -> list[dict[str, Any]]:
        """Return each bar with its length of a hundred."""
        most = max((bar.value for bar in self.bars), default=0) or 1
        return [
            {
                "label": bar.label,
                "said": bar.said or f"{bar.value:g}",
                "length": round(bar.value * 100 / most, 1),
            }
            for bar in self.bars
        ]
