"""Whom to ask: those that a footprint shows, rather than everybody. Who is not in it is asked only with a reason.

A check names a family to whoever is asked, so each partner that is asked and has nothing is one more that knows there
is a worry. What the footprint says of one agency is never told to another: the grounds stay in the piece of work.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from knownto.access.acts import Viewer
from knownto.disclosure.models import How
from knownto.footprint import acts as tracker
from knownto.footprint import open_search
from knownto.footprint.answers import Found
from knownto.footprint.picture import AgencyRow, Says
from knownto.pathways.frontdoor import asked_of
from knownto.pathways.frontdoor.asked_of import Sheet
from knownto.policy import Permission


class Ground(StrEnum):
    """Why a partner is asked."""

    CONTACT = "contact"  # contact in the last 12 months
    EARLIER = "earlier"  # earlier involvement: ask
    REASON = "reason"  # nothing in a footprint says so: whoever asks says why


SAID: Mapping[Says, str] = {
    Says.CONTACT: "Contact in the last 12 months",
    Says.NONE: "No contact in this feed in 12 months",
    Says.COULD_NOT_CHECK: "Could not check its feed",
    Says.NOT_SHARED: "Its agreement does not let the tracker tell you",
    Says.NOT_CONNECTED: "Not connected to the tracker",
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What footprints that were opened for this work say, agency by agency: codes and receipts, nobody's name."""

    grounds: dict[str, str] = field(default_factory=dict)  # agency: Ground, where a footprint gives one
    says: dict[str, str] = field(default_factory=dict)  # agency: Says
    teams: dict[str, list[str]] = field(default_factory=dict)
    receipts: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        return cls(**found)

    def ground(self, agency: str) -> Ground:
        return Ground(self.grounds.get(agency, Ground.REASON))


@dataclass(frozen=True, slots=True)
class Offered:
    """A footprint that the viewer could use: the place of somebody in a search of theirs made for this work."""

    use: str
    name: str
    born: str
    district: str


@dataclass(frozen=True, slots=True)
class Partner:
    """One partner on the page. `says` in words, "" without a footprint; `ticked` where one shows contact."""

    sheet: Sheet
    says: str
    ground: Ground
    teams: tuple[str, ...] = ()

    @property
    def ticked(self) -> bool:
        return self.ground is Ground.CONTACT


def offered(viewer: Viewer, reference: str, now: datetime) -> list[Offered]:
    """The footprints that searches of the viewer's own, open and made for this piece of work, lead to."""
    if not viewer.may(Permission.FOOTPRINT):
        return []
    searches = [each for each in open_search.mine(viewer, now) if _for_this(each, reference)]
    return [found for each in searches for found in _led_to(each)]


def _for_this(search: open_search.OpenSearch, reference: str) -> bool:
    return reference.casefold() in search.why.work.casefold()


def _led_to(search: open_search.OpenSearch) -> Iterable[Offered]:
    candidates = search.answer.candidates if isinstance(search.answer, Found) else ()
    for place, each in enumerate(candidates, start=1):
        yield Offered(f"{search.id}:{place}", each.name, each.born, each.district)


def shown(*, by: Viewer, reference: str, uses: Sequence[str], now: datetime) -> Shown:
    """Open those footprints, each recorded with its receipt as ever, and take from them whom to ask.

    Raises NotYours for one that is not of a search made for this work, and NotPossibleNow when it has closed.
    """
    rows: list[AgencyRow] = []
    receipts = []
    for use in uses:
        search, place = _read(use)
        opened = open_search.own(by, search, now)
        if not _for_this(opened, reference):
            raise open_search.NotYours
        found = tracker.open_footprint(by=by, search=opened, place=place, how=How.VIEW, now=now)
        rows += found.rows
        receipts += [found.receipt.receipt] if found.receipt else []
    return taken(rows, receipts)


def _read(use: str) -> tuple[UUID, int]:
    search, _, place = use.partition(":")
    try:
        return UUID(search), int(place)
    except ValueError as error:
        raise open_search.NotYours from error


def taken(rows: Iterable[AgencyRow], receipts: Sequence[str]) -> Shown:
    """Of several people's rows, the one that says most of each agency: contact before earlier, either before none."""
    found = Shown(receipts=list(receipts))
    for row in sorted(rows, key=_says_most):
        found.says.setdefault(row.agency, row.says.value)
        if ground := _ground(row):
            found.grounds.setdefault(row.agency, ground.value)
        here = found.teams.setdefault(row.agency, [])
        here += [team for team in (*row.open_teams, *row.teams) if team not in here]
    return found


def _says_most(row: AgencyRow) -> int:
    return (Says.CONTACT, Says.COULD_NOT_CHECK, Says.NOT_SHARED, Says.NONE, Says.NOT_CONNECTED).index(row.says)


def _ground(row: AgencyRow) -> Ground | None:
    if row.says is Says.CONTACT:
        return Ground.CONTACT
    return Ground.EARLIER if row.earlier else None


def partners(found: Shown) -> list[Partner]:
    """Every partner that has a team to answer, those with contact first."""
    here = [_partner(sheet, found) for sheet in asked_of.sheets().values() if sheet.can_be_asked]
    return sorted(here, key=lambda each: list(Ground).index(each.ground))


def _partner(sheet: Sheet, found: Shown) -> Partner:
    says = found.says.get(sheet.agency)
    words = SAID[Says(says)] if says else ""
    ground = found.ground(sheet.agency)
    if ground is Ground.EARLIER:
        words = f"{words}. Earlier involvement: ask"
    return Partner(sheet, words, ground, tuple(found.teams.get(sheet.agency, ())))
