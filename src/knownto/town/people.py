"""The people of the town and the homes they live in: plain rows, no behaviour. Days are `date` ordinals."""

from dataclasses import dataclass, field

from knownto.town.places import Place

NEVER = 0
Homes = list[tuple[int, Place, int]]  # (from day, place, household number), oldest first


@dataclass(slots=True)
class Person:
    """One true person. Children share the `homes` of whom they live with."""

    id: str
    tradition: str
    sex: str
    born: int
    given: str
    middle: str
    family: str
    homes: Homes
    need: float
    household: int
    former: list[str] = field(default_factory=list)
    mother: "Person | None" = None
    father: "Person | None" = None
    second_home: Place | None = None
    nhs_number: str = ""
    upn: str = ""
    pnc: str = ""
    phone: str = ""
    email: str = ""
    school: str = ""
    traits: tuple[str, ...] = ()
    renamed: int = NEVER

    def home_on(self, day: int) -> int:
        """The place in `homes` where the person lives on `day`."""
        homes = self.homes
        at = len(homes) - 1
        while at and homes[at][0] > day:
            at -= 1
        return at

    def age_on(self, day: int) -> float:
        return (day - self.born) / 365.25

    @property
    def name(self) -> str:
        return f"{self.given} {self.family}"


@dataclass(slots=True)
class Household:
    """People who live together. `kind` is family, lone parent, alone, couple, three generations, adult children,
    shared house, hostel, refuge, care home, site, or story."""

    number: int
    kind: str
    tradition: str
    place: Place
    since: int
    people: list[Person] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a slice is built with. `last` is the ordinal of the last day of the town's year."""

    slice_no: int
    people: int
    last: int
    families: float
    schools: tuple[int, ...]
    nhs_from: int
    nhs_to: int
    phones: tuple[str, ...]


@dataclass(slots=True)
class Population:
    """The people and households of one slice."""

    people: list[Person]
    households: list[Household]
