"""An export: rows in their shape, as CSV or a workbook, with nothing in them that a spreadsheet would run."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter

from knownto.access.acts import Granted, Permission, Viewer
from knownto.access.refusals import NotPossibleNow
from knownto.casework.entering import listing
from knownto.casework.models import Episode
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.models import How
from knownto.face import sheets
from knownto.face.parts import Column, Table
from knownto.firewall import audiences
from knownto.partners import offices
from knownto.pathways.frontdoor import facts
from knownto.pathways.frontdoor.documenting import purpose_of
from knownto.pathways.frontdoor.exports import rows
from knownto.pathways.frontdoor.exports.mapping import Column as MappedColumn
from knownto.pathways.frontdoor.exports.mapping import Mapped, Shape
from knownto.pathways.frontdoor.exports.rows import MOST, Line, Period

DECIDING_OFFICES = ("hub", "night", "adults")


class TooMany(NotPossibleNow):
    """More contacts than one file may hold: whoever takes it in could not check them."""

    def __init__(self) -> None:
        super().__init__("too-many", f"There are more than {MOST} contacts in that time. Choose a shorter time.")


class NotTheirs(NotPossibleNow):
    """What was decided is exported by whoever decides."""

    def __init__(self) -> None:
        super().__init__("not-deciding", "Your agency decides no contacts. Export what it referred.")


@dataclass(frozen=True)
class Wanted:
    """Which contacts: those that the agency "decided" or "referred", of which days, in which shape."""

    mapped: Mapped
    of: str
    period: Period


@dataclass(frozen=True)
class Export:
    """What would be in the file. `held_back`: (reference, why) of each contact that may not leave.

    `unmapped`: (heading, our code) of each code in it for which the mapping has none of theirs: the cell holds ours.
    `too_long`: headings under which something is longer than their system takes; nothing is cut.
    """

    headings: tuple[str, ...]
    cells: tuple[tuple[str, ...], ...]
    contacts: int
    held_back: tuple[tuple[str, str], ...] = ()
    unmapped: tuple[tuple[str, str], ...] = ()
    too_long: tuple[str, ...] = ()


def decides(agency: str) -> bool:
    """Is it an agency that decides contacts here?"""
    return agency in set(_deciding())


def _deciding() -> Iterator[str]:
    """Whose the deciding offices are. One that is not set up yet decides nothing."""
    for office in DECIDING_OFFICES:
        with suppress(offices.NoSuchOffice):
            yield offices.team_of(office).agency_id


def dry_run(*, by: Viewer, wanted: Wanted, now: datetime) -> Export:
    """What the file would hold, to look at. Recorded as looked at; nothing leaves. Raises TooMany, NotTheirs."""
    with listing(by, Permission.COPIES, kind="export-looked-at", now=now):
        export, _ = _made(by, wanted, now)
    return export


def take(*, by: Viewer, wanted: Wanted, now: datetime) -> Export:
    """The file's content, recorded as exported: each contact is let across on its own. Raises TooMany, NotTheirs."""
    with listing(by, Permission.COPIES, kind="exported", now=now) as granted:
        export, sent = _made(by, wanted, now)
        for episode in sent:
            _cross(by, episode, wanted.of, granted, now)
    return export


def _cross(by: Viewer, episode: Episode, of: str, granted: Granted, now: datetime) -> None:
    decided = episode.team.agency_id if episode.team else episode.from_agency_id
    owner = episode.from_agency_id if of == "decided" else decided
    crossing = Crossing(episode.id, How.EXPORT, owner, by.agency, purpose_of(episode), worker=by.worker_id)
    cross(crossing, entry=granted.entry, now=now)


def _made(by: Viewer, wanted: Wanted, now: datetime) -> tuple[Export, list[Episode]]:
    agency = by.agency
    if wanted.of == "decided" and not decides(agency):
        raise NotTheirs
    episodes = rows.contacts(agency, wanted.of, wanted.period)
    if len(episodes) > MOST:
        raise TooMany
    may, held_back = _sorted_out(episodes, agency, now)
    found = rows.lines(may, of=wanted.of, system=wanted.mapped.shape.system, reader=audiences.on_paper(by))
    there = {line.episode for line in found}
    return shaped(wanted.mapped.shape, found, held_back), [each for each in may if each.id in there]


def _sorted_out(
    episodes: Iterable[Episode], agency: str, now: datetime
) -> tuple[list[Episode], tuple[tuple[str, str], ...]]:
    """Those that may leave, and why the others may not."""
    told = [(episode, facts.may_be_told(episode, f"agency:{agency}", now=now)) for episode in episodes]
    held = tuple((episode.reference, each.because) for episode, each in told if not each.may)
    return [episode for episode, each in told if each.may], held


def shaped(shape: Shape, lines: Sequence[Line], held_back: tuple[tuple[str, str], ...] = ()) -> Export:
    """Those rows under their headings, in their codes."""
    cells = tuple(tuple(_cell(shape, column, line) for column in shape.column) for line in lines)
    return Export(
        headings=tuple(column.heading for column in shape.column),
        cells=cells,
        contacts=len({line.episode for line in lines}),
        held_back=held_back,
        unmapped=tuple(dict.fromkeys(_unmapped(shape, lines))),
        too_long=tuple(
            column.heading
            for number, column in enumerate(shape.column)
            if column.longest and any(len(row[number]) > column.longest for row in cells)
        ),
    )


def _cell(shape: Shape, column: MappedColumn, line: Line) -> str:
    text = column.fixed or line.values.get(column.field, "")
    return shape.codes[column.codes].get(text, text) if column.codes else text


def _unmapped(shape: Shape, lines: Sequence[Line]) -> Iterator[tuple[str, str]]:
    for column in shape.column:
        for line in lines if column.codes else ():
            code = line.values.get(column.field, "")
            if code and code not in shape.codes[column.codes]:
                yield column.heading, code


def to_csv(export: Export) -> bytes:
    """UTF-8 with a mark, for Excel. A text that a spreadsheet would evaluate has an apostrophe before it."""
    table = Table("", [Column(heading) for heading in export.headings], export.cells)
    return sheets.to_csv(table).encode()


def to_xlsx(export: Export, name: str) -> bytes:
    """A workbook of text and nothing but text: no formula, no link, no number that loses its noughts."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet, bold, text = (
            book.add_worksheet(name),
            book.add_format({"bold": True}),
            book.add_format({"num_format": "@"}),
        )
        for column, heading in enumerate(export.headings):
            sheet.write_string(0, column, heading, bold)
        for row, cells in enumerate(export.cells, 1):
            for column, cell in enumerate(cells):
                sheet.write_string(row, column, cell, text)
        sheet.set_column(0, len(export.headings) - 1, 20)
        sheet.freeze_panes(1, 2)
    return content.getvalue()
