"""What workers would type into a search, with the slips they make, and whom they mean: for accuracy and for load.

A worker on the phone has what the caller says: a name as it sounds, a date half remembered, a postcode. Six in ten
ask about a child; one in eight asks about somebody who is known to nobody or is not of this town at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from knownto.town import mistakes
from knownto.town.names import name_for, traditions
from knownto.town.people import Person
from knownto.town.records import given_and_family
from knownto.town.stories import Known
from knownto.town.town import Slice, Town

STRANGERS = 0.08
UNKNOWN = 0.05
CHILDREN = 0.6
# At most so many slices are made to draw from: a search benchmark need not make a region twice.
DRAWN_FROM = 3
# What the worker has, and how often: assumptions, to be replaced by what a pilot measures.
HAS = (
    (0.34, ("names", "birth_date")),
    (0.22, ("names", "birth_date", "postcode")),
    (0.12, ("names", "postcode")),
    (0.12, ("names", "estimated_age")),
    (0.06, ("names", "address")),
    (0.05, ("nhs_number",)),
    (0.05, ("first_name", "birth_date", "postcode")),
    (0.04, ("names", "phone")),
)


@dataclass(frozen=True, slots=True)
class Search:
    """One search. `person_id` is the person meant, or None for somebody who is in no agency's records.

    `slips` names the mistakes in it; `tradition` and `child` are for measuring by group.
    """

    known: Known
    person_id: str | None
    slips: tuple[str, ...]
    tradition: str
    child: bool


def searches(town: Town, n: int, seed: int, slices: int | None = None) -> tuple[Search, ...]:
    """`n` searches, the same for the same seed; of the town's first `slices`, where no more of it was made."""
    rng = Random(f"{town.seed}/searches/{seed}")
    there = slices or town.plan.slices
    count = min(there, DRAWN_FROM)
    numbers = sorted(rng.sample(range(there), count))
    found: list[Search] = []
    for place, number in enumerate(numbers):
        share = n * (place + 1) // count - n * place // count
        found += _of(town.slice(number), town, share, rng)
    rng.shuffle(found)
    return tuple(found)


def _of(part: Slice, town: Town, n: int, rng: Random) -> Iterator[Search]:
    last = town.ends.toordinal()
    known_ids = {record.person.id for shelf in part.shelves.values() for record in shelf.records}
    people = [p for p in part.population.people if p.born < last - 30 and "story" not in p.traits]
    groups = {
        (child, known): [p for p in people if (p.age_on(last) < 18) is child and (p.id in known_ids) is known]
        for child in (True, False)
        for known in (True, False)
    }
    for _ in range(n):
        yield _one(groups, town, rng)


def _one(groups: dict[tuple[bool, bool], list[Person]], town: Town, rng: Random) -> Search:
    child, roll = rng.random() < CHILDREN, rng.random()
    person = rng.choice(groups[child, roll >= UNKNOWN] or groups[child, True])
    meant: str | None = person.id if roll >= UNKNOWN else None
    if roll > 1 - STRANGERS:
        person, meant = _stranger(person, rng), None
    known, slips = _typed(person, town.ends, rng)
    return Search(known, meant, slips, person.tradition, child)


def _stranger(like: Person, rng: Random) -> Person:
    """Somebody who does not live here, of the same age and tradition as one who does."""
    tradition = traditions()[like.tradition]
    name = name_for(tradition, like.sex, date.fromordinal(like.born).year, tradition.family.draw(rng), "", rng)
    day, place, number = like.homes[-1]
    postcode = f"QZ{rng.randint(1, 9)} {rng.randint(1, 9)}AB"
    far = replace(place, line_1=f"{rng.randint(1, 60)} Elsewhere Road", postcode=postcode)
    return replace(
        like,
        given=name.given,
        middle=name.middle,
        family=name.family,
        former=[],
        homes=[(day, far, number)],
        born=like.born + rng.randint(-200, 25),
        phone="",
        nhs_number="",
    )


def _typed(person: Person, ends: date, rng: Random) -> tuple[Known, tuple[str, ...]]:
    has = rng.choices([h for _, h in HAS], [w for w, _ in HAS])[0]
    if "nhs_number" in has and not person.nhs_number or "phone" in has and not person.phone:
        has = ("names", "birth_date")
    typed, slips = {}, []
    for item in has:
        _TYPES[item](person, ends, rng, typed, slips)
    return Known(**typed), tuple(slips)


def _names(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    """One in eight names is misheard, one in twenty is the short form, one woman in twenty by a former name."""
    given, family, roll = person.given, person.family, rng.random()
    if roll < 0.06:
        given, slip = mistakes.misspelt(given, rng), "misspelt given name"
    elif roll < 0.12:
        family, slip = mistakes.misspelt(family, rng), "misspelt family name"
    elif roll < 0.17:
        given, slip = mistakes.short(given, rng), "short name"
    elif roll < 0.22 and person.former:
        (given, family), slip = given_and_family(person.former[0]), "former name"
    elif roll > 0.99:
        given, family, slip = family, given, "names swapped"
    else:
        slip = ""
    slips += [slip] * bool(slip)
    typed.update(given_names=mistakes.plain(given), family_name=mistakes.plain(family))


def _first_name(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    typed["given_names"] = mistakes.plain(person.given)


def _birth_date(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    born, slip = person.born, mistakes.mistake(mistakes.DATE_MISTAKES[:4], 2.0, rng)
    if slip:
        born = min(mistakes.wrong_date(slip, born, rng), ends.toordinal())
        slips.append(slip.replace("_", " "))
    typed["birth_date"] = date.fromordinal(born)


def _estimated_age(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    typed["estimated_age"] = max(0, int(person.age_on(ends.toordinal())) + rng.choice((-1, 0, 0, 0, 1)))


def _postcode(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    """One in ten gives the postcode of the home before."""
    at = -2 if len(person.homes) > 1 and rng.random() < 0.1 else -1
    slips += ["former address"] * (at == -2)
    typed["postcode"] = person.homes[at][1].postcode


def _address(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    place = person.homes[-1][1]
    typed.update(address_line_1=place.line_1, postcode=place.postcode)


def _nhs_number(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    typed["nhs_number"] = person.nhs_number


def _phone(person: Person, ends: date, rng: Random, typed: dict, slips: list[str]) -> None:
    typed["phone"] = person.phone


_TYPES = {
    "names": _names,
    "first_name": _first_name,
    "birth_date": _birth_date,
    "estimated_age": _estimated_age,
    "postcode": _postcode,
    "address": _address,
    "nhs_number": _nhs_number,
    "phone": _phone,
}
