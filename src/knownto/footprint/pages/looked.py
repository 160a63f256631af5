"""What was looked at and what was not, in words: on every answer and every footprint."""

from datetime import date

from knownto.face.parts import Column, Table, Tag
from knownto.face.times import long_date
from knownto.footprint.answers import Coverage, Looked, Searched

SAID = {
    Looked.SEARCHED: ("Searched", "green", ""),
    Looked.STALE: ("Could not check", "red", "Its file has not come when it should have."),
    Looked.NEVER: ("Could not check", "red", "Nothing has come from it yet."),
    Looked.MATCHING: ("Could not check", "red", "Its newest file is still being matched. Try again soon."),
    Looked.UNREADABLE: ("Could not check", "red", "A record that it sent cannot be opened. Ring it."),
    Looked.NOT_SHARED: ("Not shared", "grey", "Its agreement does not cover your agency for this: ask it."),
    Looked.NOT_CONNECTED: ("Not connected", "grey", "It sends nothing here, so it may know them: ask it."),
}


def table(coverage: Coverage, today: date) -> Table:
    """One line an agency."""
    columns = (Column("Agency"), Column("Searched"), Column("What that means", wide=True))
    rows = [(each.name, _tag(each.looked), meaning(each, today)) for each in coverage.agencies]
    return Table("What was searched", columns, rows, size="m")


def _tag(looked: Looked) -> Tag:
    word, colour, _ = SAID[looked]
    return Tag(word, colour)


def meaning(each: Searched, today: date) -> str:
    """The sentence beside an agency's name."""
    said = SAID[each.looked][2]
    if each.up_to is None:
        return said
    return f"{said} {as_at(each.up_to, today)}. {not_taken(each.put_aside)}".strip()


def not_taken(rows: int) -> str:
    """A child in a row that could not be taken is not found: whoever finds nobody must know of such rows."""
    if not rows:
        return ""
    return f"{rows:,} {'row' if rows == 1 else 'rows'} of its files could not be taken: nobody in them is found here."


def as_at(up_to: date, today: date) -> str:
    """How fresh: "Up to yesterday, 15 November 2026"."""
    days = (today - up_to).days
    near = {0: "today, ", 1: "yesterday, "}.get(days, "")
    return f"Up to {near}{long_date(up_to)}"


def names(agencies: tuple[Searched, ...]) -> str:
    """Agencies in a sentence: "Police", "Police and Hospital", "Police, Hospital and School"."""
    held = [each.name for each in agencies]
    return " and ".join(filter(None, [", ".join(held[:-1]), *held[-1:]]))
