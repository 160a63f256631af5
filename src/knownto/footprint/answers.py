"""What a search can come back with. An outage must never read as 'not known', so they are different types."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class Looked(StrEnum):
    """Whether an agency's feed was looked at."""

    SEARCHED = "searched"
    STALE = "stale"  # the feed that should have come did not: what it would have said is not known
    NEVER = "never"  # connected, but nothing has landed yet
    MATCHING = "matching"  # landed, but not every record has been matched to its person yet
    UNREADABLE = "unreadable"  # a record that may be of the person could not be opened
    NOT_SHARED = "not-shared"  # its agreement does not cover this agency or this purpose
    NOT_CONNECTED = "not-connected"


COULD_NOT = frozenset({Looked.STALE, Looked.NEVER, Looked.MATCHING, Looked.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Searched:
    """One agency's part in the answer. `up_to` is the day its last file describes; `put_aside` counts its rows that
    were not taken, in which nobody is found."""

    agency: str
    name: str
    looked: Looked
    up_to: date | None = None
    put_aside: int = 0


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at and what was not, one line an agency."""

    agencies: tuple[Searched, ...]

    def looked(self, *states: Looked) -> tuple[Searched, ...]:
        return tuple(each for each in self.agencies if each.looked in states)

    @property
    def could_not(self) -> tuple[Searched, ...]:
        """The agencies that should have been looked at and could not be."""
        return self.looked(*COULD_NOT)

    @property
    def put_aside(self) -> int:
        return sum(each.put_aside for each in self.agencies)


class Sure(StrEnum):
    """How the candidates stand to the question."""

    MATCH = "match"  # one person, and the evidence is strong
    POSSIBLE = "possible"  # one person or a few, and the evidence is not strong enough
    SEVERAL = "several"  # more than one fits well: what was asked cannot tell them apart
    HOUSEHOLD = "household"  # asked by address alone: who is held to live there


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody it may be: no more of them than it takes to tell them from another."""

    person: UUID
    name: str
    born: str
    district: str
    reasons: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """At least one person, at most ten."""

    sure: Sure
    candidates: tuple[Candidate, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class SharedAddress:
    """Several households are held at that address. Strangers are not shown to each other's callers: ask by
    name.
    """

    coverage: Coverage


@dataclass(frozen=True, slots=True)
class TooCommon:
    """Too many share what was asked to look through them. No answer, rather than 'no': another fact is
    needed.
    """

    coverage: Coverage


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """Every connected feed was looked at, and none has a contact with this person."""

    coverage: Coverage


@dataclass(frozen=True, slots=True)
class CouldNotCheck:
    """Nobody was found, and at least one feed could not be looked at: no answer, rather than 'no'."""

    coverage: Coverage


Answer = Found | SharedAddress | TooCommon | NothingKnown | CouldNotCheck
