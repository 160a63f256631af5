"""A footprint as it is shown: on the screen, and on paper. Shows no field that policy did not grant."""

from dataclasses import dataclass
from datetime import date

from knownto.face.charts import FootprintStrip
from knownto.face.times import ago, long_date
from knownto.firewall.checks import not_shown
from knownto.footprint import strip
from knownto.footprint.answers import Looked
from knownto.footprint.pages import looked
from knownto.footprint.picture import AgencyRow, Says
from knownto.footprint.reads import Footprint, Member
from knownto.footprint.routes import Route, Routes
from knownto.identity.answers import KnownAddress

ORDER = (Says.CONTACT, Says.COULD_NOT_CHECK, Says.NOT_SHARED, Says.NONE, Says.NOT_CONNECTED)


@dataclass(frozen=True, slots=True)
class Line:
    """One agency's row, in words. `state` is for the tag's colour only: `says` says it all."""

    agency: str
    name: str
    state: str
    says: str
    fresh: str
    open: bool
    counts: tuple[str, ...]
    dates: str
    notes: tuple[str, ...]
    routes: tuple[Route, ...]


@dataclass(frozen=True, slots=True)
class OpenNow:
    """Somebody has this open: the short-cut that saves half of all calls."""

    agency: str
    route: Route


@dataclass(frozen=True, slots=True)
class Living:
    """One of the household. `place` is 0 when this search does not lead to their footprint."""

    name: str
    born: str
    reasons: tuple[str, ...]
    known_to: str
    place: int


@dataclass(frozen=True, slots=True)
class Place:
    """One address, and who holds it."""

    text: str
    now: bool
    held_by: str


class Shown:
    """One footprint, ready for a template."""

    def __init__(self, found: Footprint, routes: Routes) -> None:
        self.found, self.routes = found, routes
        self.names = {row.agency: row.name for row in found.rows}

    def __getattr__(self, name: str) -> object:
        return getattr(self.found, name)

    @property
    def may(self) -> dict[str, bool]:
        """Which fields may be shown."""
        return dict.fromkeys(self.found.fields, True)

    @property
    def lines(self) -> list[Line]:
        """Every connected agency, those that know the person first."""
        rows = [row for row in self.found.rows if row.says is not Says.NOT_CONNECTED]
        ordered = sorted(rows, key=lambda row: (ORDER.index(row.says), not row.open))
        return [self._line(row) for row in ordered]

    @property
    def not_connected(self) -> list[tuple[str, tuple[Route, ...]]]:
        rows = [row for row in self.found.rows if row.says is Says.NOT_CONNECTED]
        return [(row.name, self.routes.front_door(row.agency)) for row in rows]

    @property
    def open_now(self) -> list[OpenNow]:
        return [
            OpenNow(row.name, route)
            for row in self.found.rows
            if row.open
            for route in self._routes(row, row.open_teams)[:1]
        ]

    @property
    def known_to(self) -> str:
        """The page's heading says how many agencies, never who the person is."""
        number = sum(row.says is Says.CONTACT for row in self.found.rows)
        if number:
            return f"Known to {number} {'agency' if number == 1 else 'agencies'} in the last 12 months"
        if any(row.says is Says.COULD_NOT_CHECK for row in self.found.rows):
            return "No contact found where we could look, and not everything could be looked at"
        return "No contact in the last 12 months in the feeds that were searched"

    @property
    def could_not(self) -> str:
        """The agencies that could not be looked at, or not for anything newer."""
        return looked.names(self.found.coverage.could_not)

    @property
    def outcome(self) -> str:
        if any(row.says is Says.CONTACT for row in self.found.rows):
            return "found"
        unchecked = any(row.says is Says.COULD_NOT_CHECK for row in self.found.rows)
        return "unchecked" if unchecked else "nothing"

    @property
    def strip(self) -> FootprintStrip | None:
        return strip.strip(self.found.rows, self.found.today) if "dates" in self.found.fields else None

    @property
    def places(self) -> list[Place]:
        return [self._place(each) for each in self.found.addresses]

    @property
    def no_address(self) -> str:
        """What is said where none is shown: the same, whether none is held or it is not for this reader."""
        return not_shown()

    def living(self, place_of: "dict[object, int]") -> list[Living]:
        """The household, each with who knows them."""
        return [self._living(member, place_of.get(member.person, 0)) for member in self.found.household]

    def _line(self, row: AgencyRow) -> Line:
        fields = self.found.fields
        return Line(
            row.agency,
            row.name,
            row.says,
            says(row),
            looked.as_at(row.up_to, self.found.today) if row.up_to else "",
            row.open,
            tuple(f"{name}: {number}" for name, number in row.counts) if "categories" in fields else (),
            dates(row, self.found.today) if "dates" in fields else "",
            notes(row, fields),
            self._routes(row, row.teams),
        )

    def _routes(self, row: AgencyRow, teams: tuple[str, ...]) -> tuple[Route, ...]:
        return self.routes.instead(row.agency) if row.kept_back else self.routes.to(row.agency, teams)

    def _living(self, member: Member, place: int) -> Living:
        known = [f"{row.name} (open)" if row.open else row.name for row in member.rows if row.says is Says.CONTACT]
        unchecked = [row.name for row in member.rows if row.says is Says.COULD_NOT_CHECK]
        said = ", ".join(known) or "No contact in these feeds in 12 months"
        if unchecked:
            said += f". Could not check: {', '.join(unchecked)}"
        return Living(member.who.name, member.who.born, member.reasons, said, place)

    def _place(self, each: KnownAddress) -> Place:
        text = ", ".join(filter(None, (*each.address.lines, each.address.postcode)))
        return Place(text, each.current, ", ".join(self.names.get(code, code) for code in sorted(each.agencies)))


def says(row: AgencyRow) -> str:
    """What the row says of the feed: a statement about the feed, never about the person's life."""
    return {
        Says.CONTACT: "Contact in the last 12 months",
        Says.NONE: "No contact in this feed in 12 months",
        Says.COULD_NOT_CHECK: "Could not check",
        Says.NOT_SHARED: "Not shared for this purpose: ask",
        Says.NOT_CONNECTED: "Not connected",
    }[row.says]


def dates(row: AgencyRow, today: date) -> str:
    """First and last, as far as the 12 months go."""
    if row.says is not Says.CONTACT:
        return ""
    last = f"Last {long_date(row.last)} ({ago(row.last, today)})" if row.last else "Last more than 12 months ago"
    if row.restricted and not row.counts:
        return last
    if row.first == row.last and row.first:
        return last
    first = f"First {long_date(row.first)}" if row.first else "Began more than 12 months ago"
    return f"{last}. {first}"


def notes(row: AgencyRow, fields: frozenset[str]) -> tuple[str, ...]:
    """What else must be said beside the row so that it is not read for more, or less, than it is."""
    stale = row.says is Says.CONTACT and row.looked is not Looked.SEARCHED
    said = (
        (row.says is Says.COULD_NOT_CHECK, looked.SAID[row.looked][2] + " This is not 'no contact'."),
        (stale, f"Could not check for anything newer. {looked.SAID[row.looked][2]}"),
        (row.restricted and "categories" in fields, "Restricted: ring them"),
        (row.earlier, "Earlier involvement: ask"),
        (row.asks, "Holds kinds of contact that it tells only on request: ask"),
    )
    return tuple(sentence for needed, sentence in said if needed)
