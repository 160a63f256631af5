"""Reading what arrived, as a stream: a table with the contract's columns, or a reason why it cannot be one.

`open_table` looks at the bytes, not at the name: `texts` reads CSV, `sheets` reads workbooks (their size is
measured before anything is unpacked), and `headings` finds the contract's columns in the first row.
"""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits
from knownto.feeds.reading import headings, sheets, texts

Opener = Callable[[], io.BufferedReader]

# What a file begins with when it is something else.
SIGNS = (
    (b"\xd0\xcf\x11\xe0", "old-excel"),
    (b"\x1f\x8b", "compressed"),
    (b"7z\xbc\xaf", "compressed"),
    (b"Rar!", "compressed"),
    (b"BZh", "compressed"),
    (b"%PDF", "pdf"),
    (b"<", "web-page"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
)


@dataclass
class Table:
    """A file's rows. `columns` are the contract's names in the file's order.

    `rows` gives (line, cells): the line of a CSV file, or the row of a sheet, on which the row begins. Blank rows are
    left out. `line_ended` and `last_row_short` are known once all rows were read.
    """

    columns: tuple[str, ...]
    rows: Iterator[tuple[int, list[str]]]
    ending: texts.Ending = field(default_factory=texts.Ending)

    @property
    def line_ended(self) -> bool:
        return self.ending.line_ended

    @property
    def last_row_short(self) -> bool:
        return self.ending.last_cells < len(self.columns)


def open_table(opener: Opener) -> Table:
    """The table in the file that `opener` opens (more than once if need be). Raises Unreadable."""
    with opener() as stream:
        head = stream.read(64 * 1024)
    if not head.strip(b"\x00\t\r\n \xef\xbb\xbf"):
        raise Unreadable("empty")
    if head.startswith(b"PK"):
        return _named(sheets.rows(opener), texts.Ending())
    for sign, code in SIGNS:
        if head.startswith(sign):
            raise Unreadable(code)
    ending = texts.Ending()
    return _named(texts.rows(opener, head, ending), ending)


def _named(rows: Iterator[tuple[int, list[str]]], ending: texts.Ending) -> Table:
    first = next(rows, None)
    if first is None:
        raise Unreadable("empty")
    columns = headings.find(first[1])
    ending.last_cells = len(columns)
    return Table(columns, _counted(rows, len(columns), ending), ending)


def _counted(
    rows: Iterator[tuple[int, list[str]]], width: int, ending: texts.Ending
) -> Iterator[tuple[int, list[str]]]:
    """The rows, without empty cells beyond the headings. Raises Unreadable when there are too many."""
    most = limits().rows
    for count, (line, cells) in enumerate(rows, 1):
        if count > most:
            raise Unreadable("too-many-rows", most)
        while len(cells) > width and not cells[-1]:
            cells.pop()
        ending.last_cells = len(cells)
        yield line, cells
