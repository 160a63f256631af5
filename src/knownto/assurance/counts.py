"""Counts of use without anybody in them: small numbers are held back, and those from which they could be worked out.

The same uses are counted by agency, by role and by purpose, so a number held back in one table could be found by
subtracting from a total in another. Hence, month by month: 1 to 5 is held back; one number alone is never held
back in a table (the next smallest goes with it); and where what is held back adds up to so little that it could
still be guessed, more goes, or the whole month does. Roles belong to agencies, so one table's number could still be
taken from another's: that is why every number that is shown is rounded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALL = 5
LEAST_HELD_BACK = 2
ROUNDED_TO = 5
TOTAL_ROUNDED_TO = 10  # more coarsely: at the edge of two roundings a total would still give a number away
ROOM = 3  # how many more than one each the numbers held back must add up to

Table = Mapping[str, int]
Safe = dict[str, int | None]  # None is held back


@dataclass(frozen=True)
class Month:
    """One month's tables, safe to show, in the order given; `total` is None when it is held back."""

    tables: Sequence[Safe]
    total: int | None


def safe(tables: Sequence[Table]) -> Month:
    """Make one month's tables safe. Each counts the same uses, so all have one total.

    >>> safe([{"police": 41, "school": 3, "hospital": 9}]).tables
    [{'police': 40, 'school': None, 'hospital': None}]
    """
    total = sum(tables[0].values()) if tables else 0
    if 0 < total <= SMALL:
        return Month([_all_hidden(table) for table in tables], None)
    hidden = [_hidden(table) for table in tables]
    if any(held is None for held in hidden):
        return Month([_all_hidden(table) for table in tables], None)
    shown = [_shown(table, held or set()) for table, held in zip(tables, hidden, strict=True)]
    return Month(shown, _rounded(total, TOTAL_ROUNDED_TO))


def _hidden(table: Table) -> set[str] | None:
    """The labels to hold back, or None when holding back all of them would still not be enough."""
    held = {label for label, n in table.items() if 0 < n <= SMALL}
    waiting = sorted((label for label, n in table.items() if n > SMALL), key=lambda label: (table[label], label))
    while held and not _enough(table, held):
        if not waiting:
            return None
        held.add(waiting.pop(0))
    return held


def _enough(table: Table, held: set[str]) -> bool:
    return len(held) >= LEAST_HELD_BACK and sum(table[label] for label in held) - len(held) >= ROOM


def _shown(table: Table, held: set[str]) -> Safe:
    return {label: None if label in held else _rounded(n) for label, n in table.items()}


def _rounded(n: int, to: int = ROUNDED_TO) -> int:
    return (n + to // 2) // to * to


def _all_hidden(table: Table) -> Safe:
    return {label: n if n == 0 else None for label, n in table.items()}
