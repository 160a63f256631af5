"""What people worry about in the borough's year: about whom, when, who raises it, and what is likely to come of it.

Pure, drawn from a seed. Who raises what, how often, and what comes of it is in `data/worries.toml`, with the source of
each figure; `frontdoor` lives it through acts.
"""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from random import Random
from typing import Any

from knownto.linkage import Address, Evidence
from knownto.town.happenings import POPULATION, Pool
from knownto.town.names import DATA
from knownto.town.people import Household, Person
from knownto.town.places import Place
from knownto.town.town import Town

CHILD = 18.0
DAYTIME, NIGHT = (8, 18), (18, 24)
BUSY_DAYS = 3  # the last days of the year are busy ones, so that a board is full when it is first seen
BUSY = 40


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of worry, as the table has it."""

    code: str
    share: float
    by: tuple[str, ...]
    urgency: dict[str, float]
    harm: float
    outcomes: dict[str, float]
    factor: str
    where: tuple[str, ...]
    happened: tuple[str, ...]
    words: tuple[str, ...]
    impact: tuple[str, ...]
    sexual: bool = False
    unborn: bool = False


@dataclass(frozen=True, slots=True)
class Worry:
    """One worry about a child's household: who raises it, when, and how it will go. `chance` draws what is left open.

    `again` is that it is about a family that was referred earlier in the year; `open_already` that social care has
    the family's case.
    """

    number: int
    at: datetime
    kind: Kind
    by: str
    children: tuple[Person, ...]
    adults: tuple[Person, ...]
    urgency: str
    harm: bool
    outcome: str
    night: bool
    happened: str
    chance: Random = field(compare=False, repr=False)

    @property
    def day(self) -> int:
        return self.at.date().toordinal()


@dataclass(frozen=True, slots=True)
class AdultWorry:
    """One worry about an adult."""

    number: int
    at: datetime
    by: str
    adult: Person
    happened: str
    section_42: bool
    night: bool
    chance: Random = field(compare=False, repr=False)


@cache
def table() -> dict[str, Any]:
    return tomllib.loads((DATA / "worries.toml").read_text(encoding="utf-8"))


@cache
def kinds() -> tuple[Kind, ...]:
    lists = ("by", "where", "happened", "words", "impact")
    return tuple(
        Kind(**{name: tuple(value) if name in lists else value for name, value in row.items()})
        for row in table()["worry"]
    )


def worries(town: Town) -> list[Worry]:
    """Those of the town's first slice, in the order in which they are raised."""
    rng = Random(f"{town.seed}/worries")
    families = _families(town)
    pool = Pool(
        [children[0] for children, _ in families.values()], lambda child: sum(c.need for c in families[child.id][0])
    )
    raised = sorted(_moments(town, rng, table()["a_year"]))
    made: list[Worry] = []
    for number, at in enumerate(raised):
        made.append(_worry(number, at, pool, families, made, rng))
    return made


def adult_worries(town: Town) -> list[AdultWorry]:
    """Those about adults, in the order in which they are raised."""
    rng = Random(f"{town.seed}/adult-worries")
    last = town.ends.toordinal()
    grown = [p for p in town.slice(0).population.people if p.age_on(last) >= CHILD + 1]
    pool = Pool(grown, lambda person: person.need + (3.0 if person.age_on(last) > 75 else 0.0))
    made = []
    for number, at in enumerate(sorted(_moments(town, rng, table()["adults_a_year"]))):
        chance = Random(rng.random())
        happened = chance.choice(table()["adult"]["happened"])
        made.append(
            AdultWorry(
                number,
                at,
                chance.choice(table()["adult"]["by"]),
                pool.draw(chance),
                happened,
                chance.random() < 0.29,  # of concerns become enquiries (England, 2024-25)
                _is_night(at),
                chance,
            )
        )
    return made


def _families(town: Town) -> dict[str, tuple[list[Person], list[Person]]]:
    """By the id of its eldest child: the children and the adults of each household that has any."""
    last, found = town.ends.toordinal(), {}
    for home in town.slice(0).population.households:
        children, adults = _who_lives_there(home, last)
        if children:
            found[children[0].id] = (children, adults)
    return found


def _who_lives_there(home: Household, day: int) -> tuple[list[Person], list[Person]]:
    there = sorted(home.people, key=lambda person: (person.born, person.id))
    children = [person for person in there if 0 <= person.age_on(day) < CHILD - 1]
    return children, [person for person in there if person.age_on(day) >= CHILD]


def _moments(town: Town, rng: Random, a_year: float) -> Iterator[datetime]:
    """When worries are raised: more by day than at night, fewer at weekends, many in the last days."""
    plan = town.plan
    share = plan.people / plan.slices / POPULATION
    for n in range(365):
        day = town.first + timedelta(days=n)
        weekend = 0.45 if day.weekday() >= 5 else 1.22
        busy = BUSY if n >= 365 - BUSY_DAYS else 1
        expected = a_year * share / 365 * weekend * busy
        for _ in range(_poisson(expected, rng)):
            yield _moment(day, rng)


def _moment(day: date, rng: Random) -> datetime:
    hours = NIGHT if rng.random() < table()["at_night"] or day.weekday() >= 5 else DAYTIME
    return datetime.combine(day, time(rng.randrange(*hours), rng.randrange(60)), UTC)


def _is_night(at: datetime) -> bool:
    return at.weekday() >= 5 or not DAYTIME[0] < at.hour < DAYTIME[1] - 1


def _poisson(mean: float, rng: Random) -> int:
    """How many come in a day (Knuth): small means only."""
    from_one, count = rng.random(), 0
    enough = 2.718281828459045**-mean
    while from_one > enough:
        from_one *= rng.random()
        count += 1
    return count


def _worry(
    number: int,
    at: datetime,
    pool: Pool,
    families: dict[str, tuple[list[Person], list[Person]]],
    before: Sequence[Worry],
    rng: Random,
) -> Worry:
    chance = Random(rng.random())
    again = before and chance.random() < table()["again_within_a_year"]
    eldest = chance.choice(before).children[0] if again else pool.draw(chance)
    children, adults = families[eldest.id]
    kind = chance.choices(kinds(), [kind.share for kind in kinds()])[0]
    outcome = _drawn(kind.outcomes, chance)
    harm = outcome == "strategy" or chance.random() < kind.harm / 2
    return Worry(
        number,
        at,
        kind,
        chance.choice(kind.by),
        tuple(children),
        tuple(adults),
        "red" if harm and chance.random() < 0.7 else _drawn(kind.urgency, chance),
        harm,
        outcome,
        _is_night(at),
        chance.choice(kind.happened),
        chance,
    )


def _drawn[T](shares: dict[T, float], rng: Random) -> T:
    return rng.choices(list(shares), list(shares.values()))[0]


def as_known(person: Person, day: int, chance: Random) -> Evidence:
    """What somebody who worries knows of them: mostly all of it, sometimes no date of birth or only a first name."""
    place: Place = person.homes[person.home_on(day)][1]
    lines = tuple(line for line in (place.line_1, place.line_2, place.town) if line)
    return Evidence(
        family_name="" if chance.random() < 0.02 else person.family,
        given_names=person.given,
        birth_date=None if chance.random() < 0.06 else date.fromordinal(person.born),
        sex=person.sex,
        addresses=(Address(lines, place.postcode),),
        phones=(person.phone,) if person.phone and chance.random() < 0.3 else (),
    )


def expected(day: int, chance: Random) -> Evidence:
    """An unborn child, by the days around the date that is expected."""
    due = date.fromordinal(day + chance.randint(40, 150))
    return Evidence(unborn=True, born_from=due - timedelta(days=21), born_to=due + timedelta(days=21))
