"""What happens to people: the contacts that agencies have with them, in the volumes that are published.

The volumes are `data/volumes.csv`, each with its source; who they happen to is `data/happenings.csv`. A count is
for 284,100 people (Walsall, Census 2021) and is scaled by population; it is spread over households by their need.
"""

import csv
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from math import exp
from random import Random

from knownto.town.days import in_term
from knownto.town.names import DATA
from knownto.town.people import Person, Population
from knownto.town.records import Evidence, Record

POPULATION = 284_100
YEAR = 365.25
MONTH = YEAR / 12
# Children are 61% of missing incidents (National Crime Agency).
MISSING_CHILDREN = 0.61
# About 70,000 arrests of children (2018, Howard League) of about 700,000 in all.
CHILDREN_ARRESTED = 0.10
# About half of domestic-abuse calls show that there are children (Research in Practice).
CALLS_WITH_CHILDREN = 0.5


@dataclass(frozen=True, slots=True)
class Kind:
    """One category of contact and whom it happens to."""

    agency: str
    category: str
    who: str
    from_age: float
    to_age: float
    need: float
    days: int
    siblings: float
    touch: int
    years_back: int
    team: str
    starts_a_year: float


@dataclass(slots=True)
class Contact:
    """One contact of one record. Days are ordinals; `ended` 0 is still open; `known` is when it was keyed in."""

    record: Record
    contact_id: str
    category: str
    team: str
    started: int
    ended: int
    touch: int
    known: int
    evidence: Evidence
    removed: int = 0

    def state(self, day: int) -> tuple[int, int]:
        """(last contact, ended or 0) as it stood on `day`."""
        until = self.ended if self.ended and self.ended <= day else 0
        end = until or day
        if self.touch and end > self.started:
            return self.started + (end - self.started) // self.touch * self.touch, until
        return until or self.started, until


@cache
def kinds() -> tuple[Kind, ...]:
    with (DATA / "volumes.csv").open(encoding="utf-8", newline="") as lines:
        volumes = {(r["agency"], r["category"]): float(r["starts_a_year"]) for r in csv.DictReader(lines)}
    with (DATA / "happenings.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(_kind(row, volumes[row["agency"], row["category"]]) for row in csv.DictReader(lines))


def _kind(row: dict[str, str], starts: float) -> Kind:
    return Kind(
        agency=row["agency"],
        category=row["category"],
        who=row["who"],
        from_age=float(row["from_age"]),
        to_age=float(row["to_age"]),
        need=float(row["need"]),
        days=int(row["days"]),
        siblings=float(row["siblings"]),
        touch=int(row["touch"]),
        years_back=int(row["years_back"]),
        team=row["team"],
        starts_a_year=starts,
    )


class Pool:
    """People to draw from, each as often as `weigh` says."""

    def __init__(self, people: list[Person], weigh: Callable[[Person], float]):
        self.people: list[Person] = []
        weights: list[float] = []
        for person in people:
            weight = weigh(person)
            if weight > 0:
                self.people.append(person)
                weights.append(weight)
        self.sums = list(accumulate(weights))

    def draw(self, rng: Random) -> Person:
        return self.people[bisect(self.sums, rng.random() * self.sums[-1])]


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that happened to one person on one day, before any agency has written it down."""

    kind: Kind
    person: Person
    started: int
    ended: int


class Year:
    """Everything that happens in a slice from the start of the agencies' memory to the last day."""

    def __init__(self, population: Population, first: int, last: int, memory: dict[str, int], rng: Random):
        """`first` and `last` are the days of the town's year, `memory` the months each agency looks back."""
        self.population, self.first, self.last, self.rng = population, first, last, rng
        self.memory = {agency: first - int(months * MONTH) for agency, months in memory.items()}
        self.scale = len(population.people) / POPULATION
        self.homes = {home.number: home.people for home in population.households}

    def incidents(self) -> list[Incident]:
        found: list[Incident] = []
        for kind in kinds():
            if kind.category == "maternity":
                found += self._births(kind)
            else:
                found += self._of(kind)
        found.sort(key=lambda incident: incident.started)
        return found

    def _of(self, kind: Kind) -> list[Incident]:
        earliest = self.memory[kind.agency] - int(kind.years_back * YEAR)
        days = self.last - earliest + 1
        wanted = kind.starts_a_year * self.scale * days / YEAR
        count = int(wanted + self.rng.random())
        # Two pools where published figures split children from adults, one otherwise.
        pools = self._pools(kind, earliest)
        found: list[Incident] = []
        counted = 0
        while counted < count and pools:
            made = self._one(kind, pools, earliest, days)
            counted += min(len(made), 1) if kind.who == "couple" else len(made)
            found += made
        return found

    def _pools(self, kind: Kind, earliest: int) -> list[tuple[float, Pool]]:
        people = self.population.people
        spread = (self.last - earliest) / YEAR

        def weigh(low: float, high: float) -> Callable[[Person], float]:
            def weight(person: Person) -> float:
                age = person.age_on(self.last)
                if not low <= age < high + spread or (kind.who == "pupil" and not person.upn and age < 18):
                    return 0.0
                return person.need**kind.need * _AGES.get(kind.category, _flat)(age)

            return weight

        splits = {"missing": MISSING_CHILDREN, "custody": CHILDREN_ARRESTED}
        if kind.who not in splits:
            pool = Pool(people, weigh(kind.from_age, kind.to_age))
            return [(1.0, pool)] if pool.sums else []
        children, adults = Pool(people, weigh(kind.from_age, 18)), Pool(people, weigh(18, kind.to_age))
        return [(splits[kind.who], children), (1.0, adults)]

    def _one(self, kind: Kind, pools: list[tuple[float, Pool]], earliest: int, days: int) -> list[Incident]:
        rng = self.rng
        share, pool = pools[0]
        limits = (kind.from_age, 18 if len(pools) > 1 else kind.to_age)
        if len(pools) > 1 and rng.random() > share:
            pool, limits = pools[1][1], (18, kind.to_age)
        person = pool.draw(rng)
        day = earliest + rng.randrange(days)
        if not limits[0] <= person.age_on(day) < limits[1] or (kind.agency == "school" and not self._at_school(day)):
            return []
        return [self._incident(kind, who, day) for who in self._with(kind, person, day)]

    def _at_school(self, day: int) -> bool:
        return in_term(day) and day % 7 not in (6, 0)

    def _with(self, kind: Kind, person: Person, day: int) -> list[Person]:
        """The others that a contact is about: brothers and sisters, or everybody at a domestic incident."""
        rng, home = self.rng, self.homes[person.household]
        if kind.who == "couple":
            return self._couple(person, home, day)
        if not kind.siblings:
            return [person]
        shared = [p for p in home if p is not person and p.mother is not None and p.mother is person.mother]
        same = [p for p in shared if kind.from_age <= p.age_on(day) < kind.to_age]
        return [person] + [p for p in same if rng.random() < kind.siblings]

    def _couple(self, person: Person, home: list[Person], day: int) -> list[Person]:
        partners = [p for p in home if p.sex != person.sex and p.age_on(day) >= 17 and p.mother is None]
        about = [person, *partners[:1]]
        if self.rng.random() < CALLS_WITH_CHILDREN:
            about += [p for p in home if 0 <= p.age_on(day) < 18]
        return about

    def _incident(self, kind: Kind, person: Person, day: int) -> Incident:
        return Incident(kind, person, day, self._end(kind, day))

    def _end(self, kind: Kind, day: int) -> int:
        if kind.days < 3:
            # 79 to 86% of missing people are found within 24 hours.
            return day + (kind.days if self.rng.random() < 0.82 else kind.days * 2)
        return day + max(1, int(self.rng.gammavariate(2.0, kind.days / 2)))

    def _births(self, kind: Kind) -> list[Incident]:
        """A booking at about 10 weeks for the mother, a row for the baby on the day of birth."""
        found, told = [], set()
        for child in self.population.people:
            if child.mother is None or not self.memory["hospital"] < child.born < self.last + 210:
                continue
            booked = child.born - self.rng.randint(190, 215)
            pregnancy = (child.mother.id, child.born)
            if booked > self.memory["hospital"] and pregnancy not in told:
                told.add(pregnancy)
                found.append(Incident(kind, child.mother, booked, child.born + 10))
            if child.born <= self.last:
                found.append(Incident(kind, child, child.born, child.born + 10))
        return found


def _flat(age: float) -> float:
    return 1.0


def _hospital(age: float) -> float:
    """Small children and the old go most."""
    return 1.9 if age < 5 else 2.2 if age > 78 else 1.0


def _teens(age: float) -> float:
    return exp(-(((age - 18) / 7) ** 2)) + 0.15


def _young_adults(age: float) -> float:
    return exp(-(((age - 29) / 13) ** 2)) + 0.02


_AGES = {
    "emergency_attendance": _hospital,
    "admission": _hospital,
    "missing": _teens,
    "self_harm": _teens,
    "custody": _young_adults,
    "domestic_abuse": _young_adults,
    "suspension": _teens,
}
