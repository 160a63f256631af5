"""Names as people of an English borough carry them: which name a person has, and how it is put together.

The lists are data (`data/names.toml`); this file knows only the habits of each tradition: that a Kaur may be
written with or without her family name, that a Pakistani father and son may share no surname, that a Pole's
surname has a gender.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Bag:
    """Names to draw from, the commonest first."""

    names: tuple[str, ...]
    weights: tuple[float, ...]

    def draw(self, rng: Random) -> str:
        return rng.choices(self.names, cum_weights=self.weights)[0]


@dataclass(frozen=True, slots=True)
class Tradition:
    code: str
    share: float
    children: float
    order: str
    female: tuple[Bag, Bag, Bag]
    male: tuple[Bag, Bag, Bag]
    family: Bag
    after: Bag | None
    before: Bag | None


@dataclass(frozen=True, slots=True)
class FullName:
    given: str
    middle: str
    family: str


def bag(text: str, flatten: float = 3.0) -> Bag:
    """A name's weight is 1 / (place in the list + `flatten`), which is close to how names really thin out."""
    names = tuple(word.replace("_", " ") for word in text.split())
    return Bag(names, tuple(accumulate(1 / (place + flatten) for place in range(len(names)))))


def _ages(table: dict, sex: str) -> tuple[Bag, Bag, Bag]:
    """Three bags, for people born before 1965, before 1996 and since; most traditions have one for all."""
    if sex in table:
        only = bag(table[sex])
        return only, only, only
    return tuple(bag(table[f"{sex}_{age}"]) for age in ("old", "mid", "young"))


def _families(table: dict) -> Bag:
    """Common surnames, and a long tail of rare ones built from the pieces that English place-names use."""
    if "stem" not in table:
        return bag(table["family"])
    tail = [stem + end for stem in table["stem"].split() for end in table["ending"].split()]
    common = bag(table["family"], flatten=8.0)
    share = common.weights[-1] * 0.6 / len(tail)
    top = common.weights[-1]
    weights = common.weights + tuple(top + share * (n + 1) for n in range(len(tail)))
    return Bag(common.names + tuple(tail), weights)


@cache
def traditions() -> dict[str, Tradition]:
    """Every tradition by its code."""
    tables = tomllib.loads((DATA / "names.toml").read_text(encoding="utf-8"))
    return {code: _tradition(code, table) for code, table in tables.items()}


def _tradition(code: str, table: dict) -> Tradition:
    return Tradition(
        code=code,
        share=table["share"],
        children=table["children"],
        order=table["order"],
        female=_ages(table, "female"),
        male=_ages(table, "male"),
        family=_families(table),
        after=bag(table["after"]) if "after" in table else None,
        before=bag(table["before"]) if "before" in table else None,
    )


@cache
def spellings() -> dict[str, tuple[str, ...]]:
    """Name -> the other ways it is written or said."""
    with (DATA / "spellings.csv").open(encoding="utf-8", newline="") as lines:
        return {row["name"]: tuple(row["variants"].split("|")) for row in csv.DictReader(lines)}


def given(tradition: Tradition, sex: str, birth_year: int, rng: Random) -> str:
    age = 0 if birth_year < 1965 else 1 if birth_year < 1996 else 2
    return (tradition.female if sex == "F" else tradition.male)[age].draw(rng)


def name_for(tradition: Tradition, sex: str, birth_year: int, family: str, father: str, rng: Random) -> FullName:
    """A person's full name. `family` is the name of the household, `father` the father's given name or ""."""
    first = given(tradition, sex, birth_year, rng)
    return _ORDERS[tradition.order](tradition, sex, birth_year, first, family, father, rng)


def _western(tradition, sex, year, first, family, father, rng) -> FullName:
    middle = given(tradition, sex, year - 25, rng) if rng.random() < 0.62 else ""
    return FullName(first, "" if middle == first else middle, family)


def _slavic(tradition, sex, year, first, family, father, rng) -> FullName:
    middle = given(tradition, sex, year, rng) if rng.random() < 0.4 else ""
    return FullName(first, "" if middle == first else middle, gendered(family, sex))


def gendered(family: str, sex: str) -> str:
    """Kowalski's wife and daughter are Kowalska; other Polish surnames do not change."""
    if sex == "F" and family.endswith(("ski", "cki", "dzki")):
        return family[:-1] + "a"
    return family


def _pakistani(tradition, sex, year, first, family, father, rng) -> FullName:
    chance = rng.random()
    if sex == "F":
        if chance < 0.3 and year < 1996:
            return FullName(first, "", tradition.after.draw(rng))
        return FullName(first, tradition.after.draw(rng) if chance < 0.42 else "", family)
    if chance < 0.34:
        return FullName(tradition.before.draw(rng), first, family)
    if chance < 0.44:
        # The father's own name is the son's last: no surname is shared by the household.
        return FullName(first, "", father or family)
    return FullName(first, "", family)


def _bangladeshi(tradition, sex, year, first, family, father, rng) -> FullName:
    chance = rng.random()
    if sex == "F":
        return FullName(first, "", tradition.after.draw(rng) if chance < 0.6 else family)
    if chance < 0.35:
        return FullName("Mohammed", first, family)
    return FullName(first, "", family)


def _sikh(tradition, sex, year, first, family, father, rng) -> FullName:
    title = "Kaur" if sex == "F" else "Singh"
    if rng.random() < 0.38:
        return FullName(first, "", title)
    return FullName(first, title, family)


def _gujarati(tradition, sex, year, first, family, father, rng) -> FullName:
    middle = father if rng.random() < 0.55 else ""
    return FullName(first, middle, family)


def _african(tradition, sex, year, first, family, father, rng) -> FullName:
    middle = given(tradition, sex, year, rng)
    return FullName(first, "" if middle == first else middle, family)


def _chain(tradition, sex, year, first, family, father, rng) -> FullName:
    """Own name, father's name, grandfather's name."""
    return FullName(first, father or given(tradition, "M", year, rng), family)


def _arabic(tradition, sex, year, first, family, father, rng) -> FullName:
    return FullName(first, father if rng.random() < 0.5 else "", family)


def _family_first(tradition, sex, year, first, family, father, rng) -> FullName:
    return FullName(first, "", family)


_ORDERS = {
    "western": _western,
    "slavic": _slavic,
    "pakistani": _pakistani,
    "bangladeshi": _bangladeshi,
    "sikh": _sikh,
    "gujarati": _gujarati,
    "african": _african,
    "chain": _chain,
    "arabic": _arabic,
    "family_first": _family_first,
}
