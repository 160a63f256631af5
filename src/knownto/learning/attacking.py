"""What somebody who stole the index alone could guess: they see blind tokens and how many records share each, and have
the public tables of how common names are.

For each kind of key the possible values, in order of how common they should be, are laid beside the tokens in order of
how many records share each. The thief is given each token's kind, which a real index does not say, and that a birthday
may be any in ninety years. Somebody who knew a person's own records could do more: that is not measured here.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from knownto.linkage import Cleaned, keys, tables
from knownto.linkage.sounds import sound

YEARS = 90
DAYS = 372  # of a year, as keys write it: a day and a month the wrong way round are one
_TRADITIONS = {"english": 0.72, "muslim": 0.13, "punjabi": 0.06, "gujarati": 0.03, "eastern_european": 0.03}
_TRADITIONS |= {"african": 0.03}
_BY_CHANCE = {"part_date": YEARS * DAYS, "initials_date": YEARS * DAYS, "given_year": YEARS, "family_year": YEARS}
_BOTH_NAMES = ("names", "fronts")


@dataclass(frozen=True)
class Guessed:
    """One kind of key: records of it, how many had the part of their name in it guessed right, and how many whoever
    always says the commonest would have right. Shares of records."""

    kind: str
    records: int
    right: float
    base: float

    @property
    def gain(self) -> float:
        """Right guesses beyond those that the public table alone gives."""
        return self.right - self.base


def attack(records: Sequence[Cleaned]) -> tuple[Guessed, ...]:
    """Each kind that holds a name. Only block sizes and public tables are used for guessing; values only to mark it."""
    held: dict[str, dict[str, int]] = defaultdict(Counter)
    for cleaned in records:
        for kind, value in set(keys(cleaned)):
            if _named(kind):
                held[kind][value] += 1
    public = _public()
    return tuple(_attacked(kind, some, public) for kind, some in sorted(held.items()))


def _named(kind: str) -> bool:
    return kind in _BOTH_NAMES or kind in _BY_CHANCE or kind in ("postcode_given", "postcode_family")


def _attacked(kind: str, held: Mapping[str, int], public: Mapping[str, Counter[str]]) -> Guessed:
    """The n-th commonest token is taken for the n-th commonest value; where dates make many tokens of one name, each
    name is given as many tokens, side by side, as there are dates for it."""
    likely = public[_PART[kind]].most_common()
    tokens = sorted(held.items(), key=lambda one: (-one[1], one[0]))
    total = sum(held.values())
    each = _BY_CHANCE.get(kind, 0) or max(1, len(tokens) // max(len(likely), 1))
    spread = 1 if kind in _BOTH_NAMES else each
    right = sum(n for at, (value, n) in enumerate(tokens) if _guess(likely, at // spread) == _name_in(kind, value))
    commonest = likely[0][0]
    base = sum(n for value, n in tokens if _name_in(kind, value) == commonest)
    return Guessed(kind, total, round(right / total, 5), round(base / total, 5))


def _guess(likely: Sequence[tuple[str, int]], at: int) -> str:
    return likely[at][0] if at < len(likely) else ""


_PART = {
    "names": "pair", "fronts": "fronts", "part_date": "start", "initials_date": "initials", "given_year": "given",
    "family_year": "family", "postcode_given": "given3", "postcode_family": "family3",
}  # fmt: skip


def _name_in(kind: str, value: str) -> str:
    """The part of a key's value that is of a name."""
    parts = value.split("|")
    if kind in _BOTH_NAMES:
        return "|".join(parts[:2])
    return parts[-1] if kind in ("postcode_given", "postcode_family") else parts[0]


def _public() -> dict[str, Counter[str]]:
    """How common each value should be, from the tables of names that anybody can have."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for tradition, share in _TRADITIONS.items():
        given, family = _table("forenames.csv", tradition), _table("families.csv", tradition)
        for name, per in given:
            found["given"][sound(name)] += share * per
            found["given3"][sound(name)[:3]] += share * per
        for name, per in family:
            found["family"][sound(name)] += share * per
            found["family3"][sound(name)[:3]] += share * per
        for name, per in (*given, *family):
            found["start"][name[:3]] += share * per
        for (g, x), (f, y) in product(_by_sound(given), _by_sound(family)):
            found["pair"]["|".join(sorted((g, f)))] += share * x * y
        for (g, x), (f, y) in product(_by_first(given), _by_first(family)):
            found["initials"]["".join(sorted((g, f)))] += share * x * y
        for (g, x), (f, y) in product(_by_first(given, 3), _by_first(family, 3)):
            found["fronts"]["|".join(sorted((g, f)))] += share * x * y
    return found


def _table(name: str, tradition: str) -> list[tuple[str, float]]:
    """Names with their share of the tradition."""
    some = [(r["name"], float(r["per_100000"])) for r in tables.rows(name) if r["tradition"] == tradition]
    total = sum(per for _, per in some) or 1.0
    return [(n, per / total) for n, per in some]


def _by_sound(some: Sequence[tuple[str, float]]) -> list[tuple[str, float]]:
    return list(_summed((sound(name), share) for name, share in some).items())


def _by_first(some: Sequence[tuple[str, float]], letters: int = 1) -> list[tuple[str, float]]:
    return list(_summed((name[:letters], share) for name, share in some).items())


def _summed(some: object) -> Counter[str]:
    found: Counter[str] = Counter()
    for name, share in some:  # type: ignore[attr-defined]
        found[name] += share
    return found
