"""How files and feeds look: states in a word, dates in full."""

from django.urls import reverse
from django.utils.timezone import localtime

from knownto.face.parts import Column, Link, Progress, Table, Tag
from knownto.face.times import long_date
from knownto.feeds.models import Mode, State
from knownto.feeds.reads import Freshness, Listed

COLOURS = {
    State.HELD: "yellow",
    State.LANDED: "green",
    State.REFUSED: "red",
    State.TURNED_AWAY: "grey",
    State.SAME: "grey",
    State.CHECKED: "purple",
}


def state_tag(state: State) -> Tag:
    return Tag(State(state).label, COLOURS.get(State(state), ""))


def file_table(files: list[Listed]) -> Table:
    columns = (
        Column("Received"),
        Column("About"),
        Column("What"),
        Column("State"),
        Column("Rows", numeric=True),
        Column("Bad", numeric=True),
        Column("Name", wide=True),
    )
    rows = [
        (
            Link(f"{localtime(f.received_at):%d/%m/%Y %H:%M}", reverse("feeds:file", args=[f.id])),
            long_date(f.as_of),
            Mode(f.mode).label,
            state_tag(f.state),
            f.rows,
            f.rows_bad,
            f.name or "(no longer kept)",
        )
        for f in files
    ]
    return Table("Your agency's files", columns, rows, hide_caption=True, dense=True, empty="No file has come yet.")


def feed_table(feeds: list[Freshness]) -> Table:
    columns = (
        Column("Agency"),
        Column("State"),
        Column("Up to"),
        Column("Landed"),
        Column("Next expected"),
        Column("Records", numeric=True),
        Column("Contacts", numeric=True),
    )
    rows = [
        (
            feed.name,
            feed_tag(feed),
            long_date(feed.last_as_of) if feed.last_as_of else "",
            _moment(feed.last_landed_at),
            _moment(feed.expected_by),
            feed.records if feed.connected else "",
            feed.contacts if feed.connected else "",
        )
        for feed in feeds
    ]
    return Table("Every partner's feed", columns, rows, hide_caption=True, dense=True)


def feed_tag(feed: Freshness) -> Tag:
    if not feed.connected:
        return Tag("Not connected", "grey")
    if feed.last_as_of is None:
        return Tag("Nothing yet", "red")
    if feed.stale:
        return Tag("Late", "red")
    return Tag("Being matched", "yellow") if feed.still_matching else Tag("Up to date", "green")


def _moment(when: object) -> str:
    return f"{localtime(when):%d/%m/%Y %H:%M}" if when else ""  # type: ignore[arg-type]


def progress_bar(file: Listed) -> Progress:
    done, of = file.progress
    label = "Saving the rows" if file.state == State.LANDING else "Checking the rows"
    return Progress(label, min(done, of) if of else done, of)
