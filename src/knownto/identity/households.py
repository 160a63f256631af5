"""Who lives with whom: people tied by more than an address. Strangers who share a house are never shown together."""

from collections.abc import Iterable
from itertools import combinations
from uuid import UUID

from knownto import linkage
from knownto.identity import blind
from knownto.identity.answers import AtAddress, Household, HouseholdMember, NobodyThere, NotExact, SharedHouse
from knownto.identity.cleaned import Opened
from knownto.identity.finding import ASKED, people_of

MOST_AT_A_HOME = 400  # records; beyond it is a hostel, whatever it calls itself

Homes = dict[UUID, dict[int, linkage.Cleaned]]  # the records, opened, of each person who lives somewhere


def tied_to(person: UUID, records: dict[int, linkage.Cleaned]) -> tuple[HouseholdMember, ...]:
    """The people tied to that person at the present address of any of their records."""
    homes = b"".join(blind.tokens(_present_homes(cleaned)) for cleaned in records.values())
    others = _homes(_reached(homes).records, exclude=person)
    found = []
    for other, theirs in others.items():
        if reasons := _reasons(records, theirs):
            found.append(HouseholdMember(other, tuple(sorted(theirs)), reasons))
    return tuple(sorted(found, key=lambda member: member.records))


def living_at(address: linkage.Address) -> AtAddress:
    """The one household at an exact address, or that there are several, or none."""
    keys = linkage.address_keys(linkage.clean(linkage.Evidence(addresses=(address,))))
    if not keys:
        return NotExact()
    reached = _reached(blind.tokens(("home", key) for key in keys))
    people = {p: r for p, r in _homes(reached.records).items() if _any_lives(r, keys)}
    if not people and not reached.common:
        return NobodyThere()
    if reached.common or not _one_household(people):
        return SharedHouse()
    return Household(tuple(_member(p, people) for p in sorted(people, key=lambda p: min(people[p]))))


def _present_homes(cleaned: linkage.Cleaned) -> list[tuple[str, str]]:
    """The keys of the address that the record gives first, which is the present one."""
    return [("home", key) for key in linkage.address_keys(_at_present(cleaned))]


def _at_present(cleaned: linkage.Cleaned) -> linkage.Cleaned:
    return linkage.Cleaned(places=cleaned.places[:1])


def _any_lives(records: dict[int, linkage.Cleaned], keys: Iterable[str]) -> bool:
    wanted = {("home", key) for key in keys}
    return any(not wanted.isdisjoint(_present_homes(cleaned)) for cleaned in records.values())


def _reached(homes: bytes) -> blind.Reached:
    """The records with one of those homes, unless they are too many to be of one household."""
    return blind.candidates({ASKED: homes}, cap=MOST_AT_A_HOME, best=MOST_AT_A_HOME)[ASKED]


def _homes(records: Iterable[int], exclude: UUID | None = None) -> Homes:
    """The people, other than `exclude`, that those records are of; with those records."""
    person_of = people_of(records)
    found: Homes = {}
    for record, cleaned in Opened().get(i for i, person in person_of.items() if person != exclude).items():
        found.setdefault(person_of[record], {})[record] = cleaned
    return found


def _reasons(mine: dict[int, linkage.Cleaned], theirs: dict[int, linkage.Cleaned]) -> tuple[linkage.Reason, ...]:
    """Why two people seem of one household: the ties of any two of their records, each once."""
    ties = (linkage.tied_as_household(a, b) for a in mine.values() for b in theirs.values())
    return tuple(dict.fromkeys(reason for some in ties for reason in some))


def _one_household(people: Homes) -> bool:
    """Is everybody tied to everybody, at least through others?"""
    tied: dict[UUID, set[UUID]] = {p: set() for p in people}
    for a, b in combinations(people, 2):
        if _reasons(people[a], people[b]):
            tied[a].add(b)
            tied[b].add(a)
    reached, edge = set(), {next(iter(people))}
    while edge:
        reached |= edge
        edge = set().union(*(tied[p] for p in edge)) - reached
    return len(reached) == len(people)


def _member(person: UUID, people: Homes) -> HouseholdMember:
    reasons = (_reasons(people[person], theirs) for other, theirs in people.items() if other != person)
    return HouseholdMember(
        person, tuple(sorted(people[person])), tuple(dict.fromkeys(r for some in reasons for r in some))
    )
