"""The one decision. Deny by default: whatever no rule allows is refused, and a missing fact counts against."""

from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from knownto.policy.glass import LIFE_REASONS, Breaking, BrokenGlass
from knownto.policy.parts import PARTS, SECTIONS
from knownto.policy.permissions import NEEDS_PART, NEEDS_PURPOSE, NEEDS_THE_WHOLE, OWN_AGENCY_ONLY, Permission
from knownto.policy.purposes import FAMILY_STANDING, PURPOSES
from knownto.policy.roles import HEADLINE, ROLES, SURROUNDINGS, Role

# A footprint stays open this long after the search that found it; then it must be asked for again.
MINUTES_A_FOOTPRINT_STAYS_OPEN = 60


@dataclass(frozen=True)
class Asker:
    """Who asks: an agency's code, the codes of the roles held now, and whether the account is open."""

    agency: str
    roles: frozenset[str]
    active: bool = True
    second_factor: bool = True


@dataclass(frozen=True)
class Request:
    """What is asked, and why.

    `of_agency` is whose material it is, where it is one agency's. `found_by_own_search` is whether a search
    of this worker's own, still open, led to the person. `family` is a code of FAMILY_STANDING. `parts` are the codes of
    PARTS in which they take part in the piece of work, and `powers` those in any of which a decision may be made.
    `broken_glass` is the glass that they broke, put forward with `person`, whom they would see through it, and `at`,
    the database's time. `breaking` is what is put forward for breaking one.
    """

    permission: Permission
    purpose: str = ""
    work: str = ""
    family: str = ""
    family_reason: str = ""
    of_agency: str = ""
    found_by_own_search: bool = False
    about_self: bool = False
    parts: frozenset[str] = frozenset()
    powers: tuple[str, ...] = ()
    person: str = ""
    at: datetime | None = None
    broken_glass: BrokenGlass | None = None
    breaking: Breaking | None = None


@dataclass(frozen=True)
class Allow:
    """Granted: the fields that may be shown, for how many minutes, and the rule that said so."""

    fields: frozenset[str] = field(default=frozenset())
    minutes: int = 0
    because: str = ""


@dataclass(frozen=True)
class Refuse:
    """Not granted. `code` is for the ledger and the page; `because` is a sentence for the worker."""

    code: str
    because: str


Answer = Allow | Refuse


def decide(asker: Asker, request: Request) -> Answer:
    """May this worker do this, for this reason? The first rule that refuses ends it.

    >>> decide(Asker("police", frozenset({"officer"})), Request(Permission.PACK)).code
    'not-your-role'
    """
    if not asker.active:
        return Refuse("account-closed", "This account is closed.")
    if not asker.second_factor and request.permission is not Permission.SIGN_IN:
        return Refuse("second-factor", "Set up a second factor before going on.")
    through_glass = request.permission is Permission.FOOTPRINT and request.broken_glass is not None
    roles = _roles_that_may(asker, Permission.BREAK_GLASS if through_glass else request.permission)
    if not roles:
        return Refuse("not-your-role", "Your role does not include this.")
    if through_glass:
        return _through_glass(roles, request)
    if request.permission is Permission.BREAK_GLASS:
        return _break_glass(roles, request.breaking)
    if request.permission in OWN_AGENCY_ONLY and request.of_agency != asker.agency:
        return Refuse("another-agency", "This belongs to another agency.")
    if request.permission is Permission.WORKERS and request.about_self:
        return Refuse("own-account", "Nobody may change their own roles.")
    if request.permission in NEEDS_PURPOSE:
        return _with_purpose(roles, request)
    if request.permission in NEEDS_PART:
        return _with_part(roles, request)
    return Allow(because=f"role {roles[0].code}")


def _roles_that_may(asker: Asker, permission: Permission) -> list[Role]:
    held = [ROLES[code] for code in sorted(asker.roles) if code in ROLES]
    return [role for role in held if permission in role.permissions]


def _with_part(roles: list[Role], request: Request) -> Answer:
    parts = [part for part in PARTS if part in request.parts]
    if request.permission in NEEDS_THE_WHOLE:
        parts = [part for part in parts if PARTS[part] == SECTIONS]
    if not parts:
        return Refuse("not-your-work", "This is not your work.")
    if request.permission is not Permission.DECIDE:
        sections: frozenset[str] = frozenset().union(*(PARTS[part] for part in parts))
        return Allow(sections, because=f"role {roles[0].code}, part {parts[0]}")
    held = [power for power in request.powers if any(power in role.powers for role in roles)]
    if not held:
        return Refuse("not-your-power", "This decision is made by somebody else.")
    return Allow(frozenset(held), because=f"role {roles[0].code}, part {parts[0]}, power {held[0]}")


def _with_purpose(roles: list[Role], request: Request) -> Answer:
    roles = [role for role in roles if request.purpose in role.purposes]
    purpose = PURPOSES.get(request.purpose)
    if purpose is None or not roles:
        return Refuse("no-lawful-purpose", "Choose a purpose that your role may ask for.")
    if not request.work.strip():
        return Refuse("no-work", "Say which piece of work this is for.")
    if purpose.family_must_know and request.family not in FAMILY_STANDING:
        return Refuse("family-not-told", "Say whether the family has been told or agrees.")
    if purpose.family_must_know and request.family == "dispensed" and not request.family_reason.strip():
        return Refuse("no-reason-to-dispense", "Say why the family has not been told.")
    if request.permission is not Permission.SEARCH and not request.found_by_own_search:
        return Refuse("not-found-by-you", "Search for the person first.")
    fields: frozenset[str] = frozenset().union(*(role.fields for role in roles))
    because = f"role {roles[0].code}, purpose {purpose.code}"
    return Allow(fields, MINUTES_A_FOOTPRINT_STAYS_OPEN, because)


def _break_glass(roles: list[Role], said: Breaking | None) -> Answer:
    """What must be so before the glass is broken. What the worker can put right is asked for first."""
    if said is None or said.reason not in LIFE_REASONS:
        return Refuse("no-life-reason", "Say why a life depends on it.")
    if not said.sure:
        return Refuse("not-sure", "Confirm that you believe a life depends on it.")
    if not said.fresh:
        return Refuse("not-fresh", "Prove again that it is you.")
    if said.suspended:
        return Refuse("glass-suspended", GLASS_SUSPENDED)
    if said.open_now >= said.most_at_once:
        return Refuse("glass-at-once", "You have as many people open as one worker can act for. Close one first.")
    if said.today >= said.most_a_day or said.searches >= said.most_searches:
        return Refuse("glass-today", "You have done this as often as is allowed in one day. Ring the duty manager.")
    return Allow(because=f"role {roles[0].code}, breaks the glass: {said.reason}")


GLASS_SUSPENDED = "You cannot do this until you have said what came of it the last time, or your supervisor lets you."


def _through_glass(roles: list[Role], request: Request) -> Answer:
    """The one person for whom it was broken, everything of the footprint, and nothing once its time is up."""
    glass = request.broken_glass
    if glass is None or not request.person or glass.person != request.person:
        return Refuse("another-person", "This was opened for one person.")
    if request.at is None or request.at >= glass.until:
        return Refuse("glass-closed", "The time is up. What you need now is asked for in the usual way.")
    left = ceil((glass.until - request.at).total_seconds() / 60)
    because = f"role {roles[0].code}, glass broken for {glass.reason} until {glass.until:%Y-%m-%dT%H:%M:%SZ}"
    return Allow(HEADLINE | SURROUNDINGS, left, because)


@dataclass(frozen=True)
class Everything:
    """A list may show every row."""


@dataclass(frozen=True)
class Nothing:
    """A list may show no row."""


@dataclass(frozen=True)
class OfAgency:
    """A list may show the rows of this agency."""

    agency: str


Reach = Everything | Nothing | OfAgency


def visible(asker: Asker, permission: Permission) -> Reach:
    """Which rows of a list `decide` would allow one by one; `access` turns it into a query.

    Agrees with `decide` for every row of every agency (a property test holds the two together). Permissions
    that need a purpose or a part have no list: people are never browsed, and whoever takes part is asked one by one.
    """
    if permission in NEEDS_PURPOSE or permission in NEEDS_PART:
        return Nothing()
    if permission in OWN_AGENCY_ONLY:
        allowed = isinstance(decide(asker, Request(permission, of_agency=asker.agency)), Allow)
        return OfAgency(asker.agency) if allowed else Nothing()
    return Everything() if isinstance(decide(asker, Request(permission)), Allow) else Nothing()
