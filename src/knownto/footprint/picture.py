"""One row an agency: what its feed says of one person, and whom to ring. Pure: rows in, rows out.

A row is a statement about a feed, never about a life. It says one of: contact in the last 12 months; no
contact in this feed; not connected; not shared for this purpose; could not check. What is older than 12
months shows as 'earlier involvement: ask' and nothing more, so that a plan that closed 13 months ago does
not read as safe.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType

from knownto.footprint.answers import COULD_NOT, Coverage, Looked, Searched
from knownto.footprint.question import years_before
from knownto.partners.agreement import Agreement

YEARS_SHOWN, YEARS_HELD = 1, 3
MOST_TEAMS = 3


@dataclass(frozen=True, slots=True)
class Held:
    """One headline contact, as the tracker holds it. `category` is "" where the agreement masks it."""

    agency: str
    category: str
    started: date
    open: bool
    team: str
    record: int = 0
    last: date | None = None
    ended: date | None = None

    def touched(self, today: date) -> date:
        """The last day on which it is known to have been alive."""
        return min(today, max(self.started, self.last or self.started, self.ended or self.started))


class Says(StrEnum):
    """What an agency's row says."""

    CONTACT = "contact"
    NONE = "none"
    COULD_NOT_CHECK = "could-not-check"
    NOT_SHARED = "not-shared"
    NOT_CONNECTED = "not-connected"


TOLD = frozenset({Says.CONTACT, Says.NONE, Says.COULD_NOT_CHECK})  # what is held may be told of


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """What one agency's feed says of this person.

    `counts` are (name of the kind of contact, how many) in 12 months; `restricted` says that there is
    contact of a kind the agreement masks. `first` is None when it began before the 12 months. `teams` are
    codes, the one to ring first at the front. `earlier` is involvement 12 to 36 months ago, undetailed.
    `asks` says that the agency also holds kinds of contact that it tells only on request: true of
    everybody, so it discloses nothing. `kept_back`: where they are is kept from this reader, and so is every team, for
    a team can be a school or a surgery.
    """

    agency: str
    name: str
    says: Says
    looked: Looked
    up_to: date | None = None
    open: bool = False
    counts: tuple[tuple[str, int], ...] = ()
    restricted: bool = False
    first: date | None = None
    last: date | None = None
    teams: tuple[str, ...] = ()
    open_teams: tuple[str, ...] = ()
    earlier: bool = False
    asks: bool = False
    held: tuple[Held, ...] = ()
    kept_back: bool = False

    @property
    def total(self) -> int:
        return sum(number for _, number in self.counts)


@dataclass(frozen=True, slots=True)
class Window:
    """The 12 months that are shown and the 36 that are held, ending today."""

    today: date

    @property
    def shown_from(self) -> date:
        return years_before(self.today, YEARS_SHOWN)

    @property
    def held_from(self) -> date:
        return years_before(self.today, YEARS_HELD)

    @property
    def months(self) -> tuple[date, ...]:
        """First days of the calendar months that the 12 months touch: thirteen, the first and last in part."""
        first = self.shown_from.year * 12 + self.shown_from.month - 1
        last = self.today.year * 12 + self.today.month - 1
        return tuple(date(month // 12, month % 12 + 1, 1) for month in range(first, last + 1))

    def shows(self, contact: Held) -> bool:
        return contact.started <= self.today and (contact.open or contact.touched(self.today) >= self.shown_from)

    def is_earlier(self, contact: Held) -> bool:
        return not contact.open and self.was_earlier(contact.touched(self.today))

    def was_earlier(self, day: date | None) -> bool:
        return day is not None and self.held_from <= day < self.shown_from


def rows(
    contacts: Iterable[Held],
    coverage: Coverage,
    agreements: Mapping[str, Agreement],
    today: date,
    earlier: Mapping[str, date] = MappingProxyType({}),
) -> tuple[AgencyRow, ...]:
    """One row for every agency of `coverage`, in its order, whatever is held.

    `earlier` is the last day of contacts that an agency no longer sends because of their age, by agency.
    """
    window, by_agency = Window(today), _by_agency(contacts)
    found = []
    for each in coverage.agencies:
        row = _row(each, by_agency.get(each.agency, []), agreements.get(each.agency), window)
        also_earlier = row.says in TOLD and window.was_earlier(earlier.get(each.agency))
        found.append(replace(row, earlier=True) if also_earlier else row)
    return tuple(found)


def _by_agency(contacts: Iterable[Held]) -> dict[str, list[Held]]:
    found: dict[str, list[Held]] = {}
    for contact in contacts:
        found.setdefault(contact.agency, []).append(contact)
    return found


def _row(each: Searched, held: list[Held], agreement: Agreement | None, window: Window) -> AgencyRow:
    if each.looked is Looked.NOT_CONNECTED:
        return AgencyRow(each.agency, each.name, Says.NOT_CONNECTED, each.looked)
    if each.looked is Looked.NOT_SHARED or agreement is None:
        return AgencyRow(each.agency, each.name, Says.NOT_SHARED, Looked.NOT_SHARED)
    allowed = [contact for contact in held if _level(contact, agreement) in ("full", "limited")]
    shown = [contact for contact in allowed if window.shows(contact)]
    earlier = [contact for contact in allowed if window.is_earlier(contact)]
    full = [contact for contact in shown if _level(contact, agreement) == "full"]
    return AgencyRow(
        each.agency,
        each.name,
        _says(each, shown),
        each.looked,
        each.up_to,
        open=any(contact.open for contact in shown),
        counts=_counts(full, agreement),
        restricted=len(full) < len(shown),
        first=_first(full, window),
        last=_last(shown, window),
        teams=_teams(shown or earlier, window.today),
        open_teams=_teams([contact for contact in shown if contact.open], window.today),
        earlier=bool(earlier),
        asks=bool(agreement.only_on_request()),
        held=tuple(full),
    )


def _says(each: Searched, shown: Sequence[Held]) -> Says:
    """What is held is said even when the feed is stale; that nothing is held then says nothing."""
    if shown:
        return Says.CONTACT
    return Says.COULD_NOT_CHECK if each.looked in COULD_NOT else Says.NONE


def _level(contact: Held, agreement: Agreement) -> str:
    """How much of it may be shown today. The agreement may have changed since the file landed: it decides."""
    category = agreement.categories.get(contact.category)
    return category.hold if category else "limited"


def _counts(full: Sequence[Held], agreement: Agreement) -> tuple[tuple[str, int], ...]:
    numbers = Counter(contact.category for contact in full)
    named = [(agreement.categories[code].name, number) for code, number in numbers.items()]
    return tuple(sorted(named, key=lambda each: (-each[1], each[0])))


def _first(full: Sequence[Held], window: Window) -> date | None:
    first = min((contact.started for contact in full), default=None)
    return first if first and first >= window.shown_from else None


def _last(shown: Sequence[Held], window: Window) -> date | None:
    last = max((contact.touched(window.today) for contact in shown), default=None)
    return last if last and last >= window.shown_from else None


def _teams(contacts: Sequence[Held], today: date) -> tuple[str, ...]:
    """Their teams, once each: who has it open comes first, then whoever was last in touch."""
    ordered = sorted(contacts, key=lambda contact: (not contact.open, -contact.touched(today).toordinal()))
    return tuple(dict.fromkeys(contact.team for contact in ordered if contact.team))[:MOST_TEAMS]
