"""One fictional borough, lived for a year, in slices that are made one at a time.

A slice is some 25,000 people: a small town is one slice, a region many. Every slice depends on the seed and its
own number alone, so slices can be made again, in any order, and never all at once.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from knownto.town import identifiers
from knownto.town.agencies import Agency, Shelf
from knownto.town.habits import Habit, habits
from knownto.town.happenings import Year
from knownto.town.people import Population, Setting
from knownto.town.places import Streets, words
from knownto.town.population import Settler
from knownto.town.stories import NHS_SERIALS, SERIALS, Story, tell


@dataclass(frozen=True, slots=True)
class Size:
    """`families` makes homes with children commoner, so that a small town has enough of them to try things on."""

    people: int
    slices: int
    boroughs: int
    schools: int
    families: float


SIZES = {
    "small": Size(3_000, 1, 1, 6, 1.7),
    # Walsall: about 284,100 people (Census 2021). Schools: one primary to about 3,000 people (derived from England).
    "borough": Size(285_000, 12, 1, 118, 1.0),
    # The West Midlands metropolitan county: about 2.9 million in seven boroughs.
    "region": Size(3_000_000, 120, 10, 1_180, 1.0),
}


@dataclass(frozen=True, slots=True)
class Slice:
    """Part of the town: its people, and what each agency holds of them."""

    number: int
    population: Population
    shelves: dict[str, Shelf]
    stories: tuple[Story, ...] = ()


@dataclass(slots=True)
class Town:
    size: str
    seed: int
    ends: date
    kept: dict[int, Slice] = field(default_factory=dict, repr=False)

    @property
    def plan(self) -> Size:
        return SIZES[self.size]

    @property
    def first(self) -> date:
        """The opening day: the year has 365 days and ends on `ends`."""
        return self.ends - timedelta(days=364)

    def slices(self) -> Iterator[Slice]:
        return (self.slice(number) for number in range(self.plan.slices))

    def slice(self, number: int) -> Slice:
        """One slice, made anew each time, save that a town of a single slice keeps it."""
        if number in self.kept:
            return self.kept[number]
        made = self._slice(number)
        if self.plan.slices == 1:
            self.kept[number] = made
        return made

    def population(self, number: int) -> Population:
        rng = self._random("people", number)
        settler = Settler(self._setting(number), self._streets(number, rng), rng)
        return settler.settle()

    def _random(self, what: str, number: int) -> Random:
        return Random(f"{self.seed}/{what}/{number}")

    def _streets(self, number: int, rng: Random) -> Streets:
        in_borough = self.plan.slices // self.plan.boroughs
        borough = words()["boroughs"][number // in_borough]
        return Streets(number, tuple(borough), number % in_borough, rng)

    def _setting(self, number: int) -> Setting:
        plan = self.plan
        serials = NHS_SERIALS - SERIALS
        return Setting(
            slice_no=number,
            people=plan.people // plan.slices,
            last=self.ends.toordinal(),
            families=plan.families,
            schools=_share(range(1, plan.schools + 1), number, plan.slices),
            nhs_from=serials * number // plan.slices,
            nhs_to=serials * (number + 1) // plan.slices,
            phones=_share(self._phones(), number, plan.slices),
        )

    def _phones(self) -> tuple[str, ...]:
        few = identifiers.MOBILES[:-20] + identifiers.HOME_LANDLINES
        return few if self.size == "small" else few + identifiers.MORE_LANDLINES

    def _slice(self, number: int) -> Slice:
        population = self.population(number)
        agencies = self._agencies(number)
        memory = {code: habit.history_months for code, habit in habits().items()}
        first, last = self.first.toordinal(), self.ends.toordinal()
        year = Year(population, first, last, memory, self._random("year", number))
        for incident in year.incidents():
            agencies[incident.kind.agency].take(incident)
        shelves = {code: agency.shelf() for code, agency in agencies.items()}
        told: tuple[Story, ...] = ()
        if number == 0:
            told = tell(population, shelves, self.first, self.ends)
        return Slice(number, population, shelves, told)

    def _agencies(self, number: int) -> dict[str, Agency]:
        first, last = self.first.toordinal(), self.ends.toordinal()
        return {
            code: Agency(habit, number, first, last, self._memory(habit), self._random(code, number))
            for code, habit in habits().items()
        }

    def _memory(self, habit: Habit) -> int:
        return self.first.toordinal() - int(habit.history_months * 365.25 / 12)


def build(size: str, seed: int, ends: date) -> Town:
    """A town of one of `SIZES`, whose year ends on `ends`. Cheap: people are made when they are asked for."""
    if size not in SIZES:
        raise ValueError(f"A town is one of {', '.join(SIZES)}.")
    return Town(size, seed, ends)


def _share(things: Iterable, number: int, slices: int) -> tuple:
    """The part of `things` that falls to one slice; at least one of them."""
    things = tuple(things)
    start = len(things) * number // slices
    return things[start : max(start + 1, len(things) * (number + 1) // slices)]


def stories(town: Town) -> tuple[Story, ...]:
    """The people with a story, by the order in which a demonstration tells them."""
    return town.slice(0).stories
