"""Gives people their numbers: NHS, pupil, school, phone, mail. Each from a range that belongs to nobody."""

from collections.abc import Iterator
from random import Random

from knownto.town import identifiers
from knownto.town.mistakes import plain
from knownto.town.people import Household, Person, Population, Setting

YEAR = 365.25
SCHOOL_AGES = (4, 21)  # who is or was lately at school: their records outlast them
PRIMARY = 11
BLOCKS = 37  # blocks of 1,000 pupil numbers to a slice


def number_all(population: Population, setting: Setting, rng: Random) -> None:
    """The young first: the test range holds fewer NHS numbers (909,090) than a region has people."""
    serials = nhs_numbers(setting.nhs_from, setting.nhs_to)
    pupils = 0
    for person in sorted(population.people, key=lambda p: -p.born):
        person.nhs_number = next(serials, "")
        if SCHOOL_AGES[0] <= person.age_on(setting.last) < SCHOOL_AGES[1]:
            pupils += 1
            _to_school(person, setting, pupils)
    _phones(population.households, setting, rng)


def nhs_numbers(start: int, stop: int) -> Iterator[str]:
    """Valid test numbers of these serials, in order."""
    return (number for serial in range(start, stop) if (number := identifiers.nhs_number(serial)))


def _to_school(person: Person, setting: Setting, pupil: int) -> None:
    schools = setting.schools
    primary = schools[: max(1, len(schools) * 4 // 5)]
    secondary = schools[len(primary) :] or primary
    choice = primary if person.age_on(setting.last) < PRIMARY else secondary
    person.school = f"school-{choice[person.household % len(choice)]:02d}"
    # The serial runs on within a slice, the school's digits tell the slices apart.
    block = setting.slice_no * BLOCKS + pupil // 1000
    person.upn = identifiers.upn(block, int(person.born / YEAR) + 5, pupil)


def _phones(households: list[Household], setting: Setting, rng: Random) -> None:
    """Each number goes to one person only, so that a phone says something; the ranges are small and run out."""
    numbers = list(setting.phones)
    rng.shuffle(numbers)
    for home in rng.sample(households, len(households)):
        for adult in [p for p in home.people if p.age_on(setting.last) >= 18][:2]:
            adult.phone = numbers.pop() if numbers else ""
            if rng.random() < 0.3:
                adult.email = _email(adult, rng)


def _email(adult: Person, rng: Random) -> str:
    name = plain(f"{adult.given}.{adult.family}").lower()
    letters = "".join(c for c in name if c in ".abcdefghijklmnopqrstuvwxyz")
    return f"{letters}{rng.randint(1, 9999)}@example.org"
