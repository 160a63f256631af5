"""What is owed, in words for a page or a sheet: a time with its distance, and lateness said rather than coloured."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlencode
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from knownto.casework.owing import Item, When
from knownto.face import times
from knownto.face.parts import Column, Line, Link, Pages, Table, Tag
from knownto.policy import PURPOSES

WHENS = {When.ALL: "Everything", When.LATE: "Late", When.TODAY: "Due today", When.WEEK: "Due in the next 7 days"}
URGENCIES = {"red": "Red", "amber": "Amber", "green": "Green"}
MARKS = {"Overdue": "red", "Close to its time": "yellow", "Paused": "grey"}
NAMELESS = "Open it to see"


def address(route: str, of: UUID | int | None) -> str:
    """The address of that page of that thing; "" where the product was installed without it."""
    if not route:
        return ""
    try:
        return reverse(route, args=[] if of is None else [of])
    except NoReverseMatch:
        return ""


def standing(item: Item) -> str:
    """Late, close or paused, in words; "" while there is time."""
    return "Overdue" if item.late else "Paused" if item.paused else "Close to its time" if item.soon else ""


def due_cell(item: Item, now: datetime) -> SafeString:
    """When it is due, how far off that is, and for what."""
    word, moment = standing(item), times.due(item.due, now)
    return format_html(
        '{}<time datetime="{}">{}</time>, {}<br><span class="govuk-hint kt-small">{}</span>',
        format_html("{} ", Tag(word, MARKS[word])) if word else "",
        moment.when.isoformat(),
        moment.said,
        moment.distance,
        item.limit,
    )


def what_cell(item: Item) -> SafeString:
    """What it is, as a link to where it is done, with its reference and its urgency."""
    href = address(item.page, item.page_of)
    said = Link(item.kind, href, about=item.reference) if href else item.kind
    urgency = URGENCIES.get(item.urgency, "")
    below = ", ".join(filter(None, (item.reference, f"rated {urgency.lower()}" if urgency else "")))
    return format_html('{}<br><span class="govuk-hint kt-small">{}</span>', said, below)


def names_cell(item: Item) -> SafeString | str:
    return format_html_join(", ", "{}", ((name,) for name in item.names)) if item.names else NAMELESS


def has_it(item: Item, me: UUID) -> str:
    """Who has it, or that nobody does."""
    return "You" if item.worker == me else item.who or "Nobody yet"


def work_table(items: Sequence[Item], *, me: UUID, now: datetime, caption: str, empty: str) -> Table:
    """A list of what is owed."""
    columns = [Column("What"), Column("About"), Column("Waits for"), Column("Due", wide=True), Column("Who has it")]
    rows = [
        Line(
            [what_cell(item), names_cell(item), _waits_for(item), due_cell(item, now), has_it(item, me)],
            mark="late" if item.late else "soon" if item.soon else "",
        )
        for item in items
    ]
    return Table(caption, columns, rows, dense=True, hide_caption=True, empty=empty)


def _waits_for(item: Item) -> str:
    return f"Your answer to {item.team or item.agency}" if item.ask else item.stands


def work_sheet(items: Sequence[Item], *, me: UUID) -> Table:
    """The same to take away."""
    headings = ("Reference", "What", "About", "Waits for", "Rated", "Due", "Due for", "State", "Who has it")
    rows = [
        [
            item.reference,
            item.kind,
            ", ".join(item.names),
            _waits_for(item),
            URGENCIES.get(item.urgency, ""),
            item.due,
            item.limit,
            standing(item),
            has_it(item, me),
        ]
        for item in items
    ]
    return Table("Work", [Column(heading) for heading in headings], rows)


def asked_table(items: Sequence[Item], *, now: datetime, empty: str) -> Table:
    """A list of what others owe."""
    columns = [Column("What"), Column("About"), Column("Asked of"), Column("Due", wide=True), Column("So far")]
    rows = [
        Line(
            [what_cell(item), names_cell(item), f"{item.team}, {item.agency}", due_cell(item, now), _so_far(item, now)],
            mark="late" if item.late else "soon" if item.soon else "",
        )
        for item in items
    ]
    return Table("What you wait for", columns, rows, dense=True, hide_caption=True, empty=empty)


def back_table(items: Sequence[Item], *, now: datetime) -> Table:
    """What has come back."""
    columns = [Column("What"), Column("About"), Column("Asked of"), Column("Answer"), Column("Came")]
    rows = [
        [what_cell(i), names_cell(i), f"{i.team}, {i.agency}", i.stands, _came(i.answered or i.due, now)] for i in items
    ]
    return Table("Come back in the last 7 days", columns, rows, dense=True)


def _came(at: datetime, now: datetime) -> str:
    moment = times.happened(at, now)
    return f"{moment.said}, {moment.distance}"


def _so_far(item: Item, now: datetime) -> str:
    reminded = f". Reminded {times.happened(item.reminded, now).distance}" if item.reminded else ""
    return f"{item.stands}{reminded}"


def asked_sheet(items: Sequence[Item]) -> Table:
    """The same to take away."""
    headings = ("Reference", "What", "About", "Team", "Agency", "Asked", "Due", "State", "Seen", "Reminded")
    rows = [
        [i.reference, i.kind, ", ".join(i.names), i.team, i.agency, i.opened, i.due, standing(i), i.seen, i.reminded]
        for i in items
    ]
    return Table("Asked", [Column(heading) for heading in headings], rows)


def filters(current: When) -> list[Link]:
    """The ways to see less of it."""
    return [Link(said, f"?when={when.value}", current=when is current) for when, said in WHENS.items()]


def pages(page: int, more: bool, **kept: str) -> Pages:
    """The page before and the page after."""
    here = {name: value for name, value in kept.items() if value}
    return Pages(
        previous="?" + urlencode(here | {"page": page - 1}) if page > 1 else "",
        next="?" + urlencode(here | {"page": page + 1}) if more else "",
    )


def purpose_words(code: str) -> str:
    return PURPOSES[code].name if code in PURPOSES else ""
