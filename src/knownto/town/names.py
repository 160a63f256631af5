"""Names as people of an English borough carry them: which name a person has, and how it is put together.

The lists are data (`data/names.toml`); this file knows only the habits of each tradition: that a Kaur may be
written with or without her family name, that a Pakistani father and son may share no surname, that a Pole's
surname has a gender.
"""

import csv
import tomllib
from collections.abc import Callable
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
    old, mid, young = (bag(table[f"{sex}_{age}"]) for age in ("old", "mid", "young"))
    return old, mid, young


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


@dataclass(frozen=True, slots=True)
class Naming:
    """Somebody to be named. `family` is the name of the household, `father` the father's given name or ""."""

    tradition: Tradition
    sex: str
    year: int
    first: str
    family: str
    father: str
    rng: Random

    def another(self, years_earlier: int = 0) -> str:
        """A second given name, or "" where the dice give the first again."""
        name = given(self.tradition, self.sex, self.year - years_earlier, self.rng)
        return "" if name == self.first else name

    def after(self) -> str:
        """What is written after a woman's own name instead of a surname: Bibi, Begum, Khatun."""
        return self.tradition.after.draw(self.rng) if self.tradition.after else self.family


def name_for(tradition: Tradition, sex: str, birth_year: int, family: str, father: str, rng: Random) -> FullName:
    """A person's full name, in the way of the tradition."""
    first = given(tradition, sex, birth_year, rng)
    return _ORDERS[tradition.order](Naming(tradition, sex, birth_year, first, family, father, rng))


def _western(who: Naming) -> FullName:
    return FullName(who.first, who.another(25) if who.rng.random() < 0.62 else "", who.family)


def _slavic(who: Naming) -> FullName:
    return FullName(who.first, who.another() if who.rng.random() < 0.4 else "", gendered(who.family, who.sex))


def gendered(family: str, sex: str) -> str:
    """Kowalski's wife and daughter are Kowalska; other Polish surnames do not change."""
    if sex == "F" and family.endswith(("ski", "cki", "dzki")):
        return family[:-1] + "a"
    return family


def _pakistani(who: Naming) -> FullName:
    chance = who.rng.random()
    if who.sex == "F":
        if chance < 0.3 and who.year < 1996:
            return FullName(who.first, "", who.after())
        return FullName(who.first, who.after() if chance < 0.42 else "", who.family)
    if chance < 0.34 and who.tradition.before:
        return FullName(who.tradition.before.draw(who.rng), who.first, who.family)
    # One son in ten has his father's own name as his last, so that the household shares no surname.
    return FullName(who.first, "", who.father or who.family) if chance < 0.44 else FullName(who.first, "", who.family)


def _bangladeshi(who: Naming) -> FullName:
    chance = who.rng.random()
    if who.sex == "F":
        return FullName(who.first, "", who.after() if chance < 0.6 else who.family)
    return FullName("Mohammed", who.first, who.family) if chance < 0.35 else FullName(who.first, "", who.family)


def _sikh(who: Naming) -> FullName:
    title = "Kaur" if who.sex == "F" else "Singh"
    return FullName(who.first, "", title) if who.rng.random() < 0.38 else FullName(who.first, title, who.family)


def _gujarati(who: Naming) -> FullName:
    return FullName(who.first, who.father if who.rng.random() < 0.55 else "", who.family)


def _african(who: Naming) -> FullName:
    return FullName(who.first, who.another(), who.family)


def _chain(who: Naming) -> FullName:
    """Own name, father's name, grandfather's name."""
    return FullName(who.first, who.father or given(who.tradition, "M", who.year, who.rng), who.family)


def _arabic(who: Naming) -> FullName:
    return FullName(who.first, who.father if who.rng.random() < 0.5 else "", who.family)


def _family_first(who: Naming) -> FullName:
    return FullName(who.first, "", who.family)


_ORDERS: dict[str, Callable[[Naming], FullName]] = {
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
