"""What identity answers: each kind of answer is a type of its own, so that none is taken for another."""

from dataclasses import dataclass
from uuid import UUID

from knownto import linkage


@dataclass(frozen=True, slots=True)
class Likeness:
    """A person who may be the one asked for: `comparison` is with the record that fits best, `record`."""

    person: UUID
    record: int
    comparison: linkage.Comparison


@dataclass(frozen=True, slots=True)
class Found:
    """One person fits well, the first of `people`; the others, at most nine, are possible."""

    people: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Several:
    """More than one fits well, and nothing given tells them apart. The best first, at most ten."""

    people: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class Possible:
    """Somebody may fit: a worker must look. The best first, at most ten."""

    people: tuple[Likeness, ...]


@dataclass(frozen=True, slots=True)
class NothingKnown:
    """Nobody held fits, as far as could be read. `unopened` are records that may, and could not be opened."""

    unopened: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TooCommon:
    """What was given is shared by too many to search through: another fact is needed. It is not 'nothing known'."""


Answer = Found | Several | Possible | NothingKnown | TooCommon


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """One partner's record of a person, as it was given, and cleaned."""

    id: int
    agency: str
    evidence: linkage.Evidence
    cleaned: linkage.Cleaned


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """A person as partners know them: their records, the oldest first."""

    id: UUID
    records: tuple[HeldRecord, ...]


@dataclass(frozen=True, slots=True)
class HouseholdMember:
    """Somebody of a household, their records, and why they are thought to be of it."""

    person: UUID
    records: tuple[int, ...]
    reasons: tuple[linkage.Reason, ...]


@dataclass(frozen=True, slots=True)
class KnownAddress:
    """An address of a person, and the codes of the agencies that hold it. `current`: some agency's present one."""

    address: linkage.Address
    current: bool
    agencies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Household:
    """The one household that partners know at an address."""

    members: tuple[HouseholdMember, ...]


@dataclass(frozen=True, slots=True)
class SharedHouse:
    """Unrelated people live there: nobody of them is shown for the sake of the address alone."""


@dataclass(frozen=True, slots=True)
class NobodyThere:
    """No partner holds anybody who lives there now."""


@dataclass(frozen=True, slots=True)
class NotExact:
    """No one home: no number, no postcode, a hostel, no fixed abode."""


AtAddress = Household | SharedHouse | NobodyThere | NotExact
