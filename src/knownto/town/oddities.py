"""What makes people hard to tell apart: cousins of one name, children whose name changed."""

from random import Random

from knownto.town.names import traditions
from knownto.town.people import Person

# Children who were adopted or took another surname: an assumption, no share is published.
RENAMED = 0.007
ADOPTED = 0.3  # of those


def namesakes(people: list[Person], last: int, rng: Random) -> None:
    """Cousins of one name and one year of birth, in different homes: one pair to 1,500 people (assumption)."""
    children = [p for p in people if 0 < p.age_on(last) < 18 and not p.traits]
    for _ in range(max(2, len(people) // 1500)):
        one, other = rng.sample(children, 2)
        if one.household != other.household:
            _become_cousins(one, other, last, rng)


def _become_cousins(one: Person, other: Person, last: int, rng: Random) -> None:
    other.given, other.middle, other.family = one.given, "", one.family
    other.sex, other.tradition = one.sex, one.tradition
    new_year = one.born - one.born % 365
    other.born = min(last - 1, new_year + rng.randrange(365))
    for child in (one, other):
        child.traits += ("cousin of one name",)


def rename_some(people: list[Person], last: int, rng: Random) -> None:
    """Children who have another name than they were born with; some agencies still hold the first one."""
    for person in people:
        if person.age_on(last) < 18 and person.born < last - 500 and rng.random() < RENAMED:
            _rename(person, last, rng)


def _rename(child: Person, last: int, rng: Random) -> None:
    tradition, adopted = traditions()[child.tradition], rng.random() < ADOPTED
    given = child.given
    if adopted and rng.random() < 0.4:
        given = (tradition.female if child.sex == "F" else tradition.male)[2].draw(rng)
    child.former.append(f"{given} {tradition.family.draw(rng)}")
    child.renamed = rng.randint(child.born + 200, last - 60)
    child.traits += ("adopted" if adopted else "changed surname",)
