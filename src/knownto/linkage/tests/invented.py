"""Invented families, and how two agencies would each write them down: labelled records to measure against.

Error rates are half, for each side, of the disagreement that HMPPS measured between records of one person (names
12%, dates of birth 5%, postcodes 29%). The families hold what fools a matcher: twins, sons with their father's
name, cousins of one name, shared phones, and customary names that are left out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random

from knownto.linkage import Address, Evidence, tables

_SYLLABLES = ["ba", "be", "dor", "fen", "gal", "hem", "ish", "jor", "kel", "lan", "mor", "nev", "or", "pil"]
_SYLLABLES += ["quin", "ros", "sel", "tam", "ur", "ven", "wic", "yar", "zel"]
_VARIANTS: dict[str, list[str]] = {}
for _variant, _name in tables.STANDARD_GIVEN.items():
    _VARIANTS.setdefault(_name, []).append(_variant)
_FAMILY_VARIANTS: dict[str, list[str]] = {}
for _variant, _name in tables.STANDARD_FAMILY.items():
    _FAMILY_VARIANTS.setdefault(_name, []).append(_variant)
_SHORT = {r["full"]: r["short"].split() for r in tables.rows("nicknames.csv")}


@dataclass(frozen=True)
class Person:
    """Somebody, as they truly are. `tradition` is that of the family's names."""

    number: int
    family: str
    given: tuple[str, ...]
    born: date
    sex: str
    home: Address
    before: Address
    phone: str
    nhs: str
    tradition: str


def nhs_numbers() -> Iterator[str]:
    """Numbers from the range that is never issued, with good check digits."""
    for serial in range(999_000_001, 1_000_000_000):
        check = 11 - sum(int(d) * w for d, w in zip(str(serial), range(10, 1, -1), strict=True)) % 11
        if check != 10:
            yield f"{serial}{check % 11}"


class Registry:
    """Draws families from the frequency tables; the same seed gives the same people."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)
        self._nhs = nhs_numbers()
        self._families = self._table("families.csv")
        self._forenames = self._table("forenames.csv")
        self._count = 0
        self._taken: set[str] = set()

    def people(self, wanted: int) -> list[Person]:
        found: list[Person] = []
        while len(found) < wanted:
            found += self._family()
        return found

    @staticmethod
    def _table(name: str) -> dict[str, tuple[list[str], list[float]]]:
        by: dict[str, tuple[list[str], list[float]]] = {}
        for r in tables.rows(name):
            names, weights = by.setdefault(r["tradition"], ([], []))
            names.append(r["name"])
            weights.append(float(r["per_100000"]))
        return by

    def _family(self) -> list[Person]:
        c = self.chance
        tradition = self._tradition()
        name = self._surname(tradition)
        self._taken = set()
        home, before = self._address(), self._address()
        phone = f"07700 900{c.randrange(1000):03}"
        father = self._person(tradition, name, self._day(1960, 1992), "M", home, before, phone)
        mother = self._person(tradition, name, self._day(1962, 1995), "F", home, before, phone)
        family = [father, mother]
        for _ in range(c.choices([0, 1, 2, 3, 4], [20, 25, 30, 15, 10])[0]):
            born = self._day(2006, 2024)
            child = self._person(tradition, name, born, c.choice("FM"), home, before, phone)
            if child.sex == "M" and c.random() < 0.05:
                child = replace(child, given=(father.given[0], *child.given[1:]))
            family.append(child)
            if c.random() < 0.03:
                family.append(self._person(tradition, name, born, c.choice("FM"), home, before, phone))
        return family

    def _tradition(self) -> str:
        traditions = ["english", "muslim", "punjabi", "gujarati", "eastern_european", "african"]
        return self.chance.choices(traditions, [68, 16, 8, 3, 3, 2])[0]

    def _person(
        self, tradition: str, name: str, born: date, sex: str, home: Address, before: Address, phone: str
    ) -> Person:
        self._count += 1
        given = (self._forename(tradition, sex), self._forename(tradition, sex))
        if tradition == "punjabi":
            given, name = (given[0], "SINGH" if sex == "M" else "KAUR"), name
        if tradition == "muslim" and sex == "M" and self.chance.random() < 0.4 and given[0] != "MOHAMMED":
            given = ("MOHAMMED", given[0])
        nhs = next(self._nhs)
        return Person(self._count, name, given, born, sex, home, before, phone, nhs, tradition)

    def _surname(self, tradition: str) -> str:
        if tradition in ("english", "african") and self.chance.random() < 0.5 or self.chance.random() < 0.2:
            return self._syllables()
        return self.chance.choices(*self._families[tradition])[0]

    def _forename(self, tradition: str, sex: str) -> str:
        """A name is always the same sex's here, whichever; brothers and sisters never share one."""
        while True:
            rare = self.chance.random() < 0.1
            name = self._syllables() if rare else self.chance.choices(*self._forenames[tradition])[0]
            if "FM"[sum(name.encode()) % 2] == sex and name not in self._taken:
                self._taken.add(name)
                return name

    def _syllables(self) -> str:
        return "".join(self.chance.choices(_SYLLABLES, k=self.chance.choice([2, 3, 3]))).upper()

    def _day(self, first: int, last: int) -> date:
        start = date(first, 1, 1)
        return start + timedelta(days=self.chance.randrange((date(last, 12, 31) - start).days))

    def _address(self) -> Address:
        c = self.chance
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        code = f"QK{c.randrange(1, 15)} {c.randrange(1, 10)}{c.choice(letters)}{c.choice(letters)}"
        flat = f"Flat {c.randrange(1, 9)}, " if c.random() < 0.1 else ""
        return Address((f"{flat}{c.randrange(1, 120)} Mill Lane",), code)


def written(person: Person, chance: Random) -> Evidence:
    """One agency's record of a person, with that agency's slips."""
    family, given = _named(person, chance)
    maiden = person.sex == "F" and chance.random() < 0.01
    roll = chance.random()
    return Evidence(
        family_name="FORMERNAME" if maiden else family,
        given_names=given,
        birth_date=_born(person.born, chance),
        sex=person.sex if chance.random() > 0.05 else "",
        addresses=() if roll < 0.05 else (person.before if roll < 0.19 else person.home,),
        nhs_number=person.nhs if chance.random() < 0.25 else "",
        phones=(person.phone,) if chance.random() < 0.4 else (),
    )


def _named(person: Person, chance: Random) -> tuple[str, str]:
    family, given = person.family, list(person.given)
    if person.tradition == "punjabi" and chance.random() < 0.15:
        family = given.pop()
    if given[0] == "MOHAMMED" and len(given) > 1 and chance.random() < 0.15:
        given = given[1:]
    elif chance.random() < 0.4:
        given = given[: 2 if given[0] == "MOHAMMED" else 1]
    given[0] = _varied(given[0], _VARIANTS, 0.1, chance)
    family = _varied(family, _FAMILY_VARIANTS, 0.05, chance)
    given[0] = _varied(given[0], _SHORT, 0.04, chance)
    if chance.random() < 0.02:
        family = _slip(family, chance)
    if chance.random() < 0.02:
        given[0] = _slip(given[0], chance)
    if chance.random() < 0.001:
        return " ".join(given), family
    return family.title(), " ".join(given).title()


def _varied(name: str, others: dict[str, list[str]], share: float, chance: Random) -> str:
    return chance.choice(others[name]) if name in others and chance.random() < share else name


def _slip(name: str, chance: Random) -> str:
    at = chance.randrange(len(name) - 1)
    kind = chance.choice(("drop", "swap", "change", "double"))
    if kind == "drop":
        return name[:at] + name[at + 1 :]
    if kind == "swap":
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == "change":
        return name[:at] + chance.choice("AEIOURSTLN") + name[at + 1 :]
    return name[: at + 1] + name[at:]


def _born(born: date, chance: Random) -> date | None:
    roll = chance.random()
    if roll < 0.02:
        return None
    if roll < 0.025 and born.day <= 12:
        return born.replace(month=born.day, day=born.month)
    if roll < 0.033:
        return born.replace(day=born.day % 28 + 1 if chance.random() < 0.5 else min(born.day // 10 * 10 + 1, 28))
    if roll < 0.038:
        return born + timedelta(days=chance.randrange(-1500, 1500))
    return born.replace(month=1, day=1) if roll < 0.043 else born
