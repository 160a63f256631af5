"""Which column is which: by name, whatever the order, the capitals, or how words are joined."""

import re
from collections.abc import Sequence

from knownto.feeds.contract import COLUMNS, REQUIRED
from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits

_JOINTS = re.compile(r"[\s_\-\u2010-\u2015\u00a0\u200b\ufeff]+")
_PLAUSIBLE = re.compile(r"[A-Za-z][A-Za-z _\-/().?']{0,39}")


def plain(heading: str) -> str:
    """`Record ID`, `record-id` and `RECORD_ID` are one heading."""
    return _JOINTS.sub("", heading).casefold()


_COLUMN = {plain(name): name for name in COLUMNS}


def known(cells: Sequence[str]) -> int:
    """How many of the cells are names of columns."""
    return sum(plain(cell) in _COLUMN for cell in cells)


def find(cells: Sequence[str]) -> tuple[str, ...]:
    """The contract's name of each column, in the file's order. Raises Unreadable, naming what is wrong."""
    while cells and not cells[-1].strip():
        cells = cells[:-1]
    if len(cells) > limits().columns:
        raise Unreadable("too-many-columns", limits().columns)
    if known(cells) < 2:
        raise Unreadable("no-headings")  # what is there instead may be somebody's row, so it isn't repeated
    _check(cells)
    return tuple(_COLUMN[plain(cell)] for cell in cells)


def _check(cells: Sequence[str]) -> None:
    unnamed = [n for n, cell in enumerate(cells, 1) if not plain(cell)]
    if unnamed:
        raise Unreadable("empty-heading", unnamed[0])
    unknown = [_shown(n, cell) for n, cell in enumerate(cells, 1) if plain(cell) not in _COLUMN]
    if unknown:
        raise Unreadable("unknown-headings", ", ".join(unknown[:10]))
    found = [_COLUMN[plain(cell)] for cell in cells]
    repeated = sorted({name for name in found if found.count(name) > 1})
    if repeated:
        raise Unreadable("repeated-headings", ", ".join(repeated))
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise Unreadable("missing-headings", ", ".join(missing))


def _shown(number: int, cell: str) -> str:
    """The heading itself where it looks like one; otherwise only where it stands."""
    return f"'{cell.strip()}'" if _PLAUSIBLE.fullmatch(cell.strip()) else f"column {number}"
