"""Somebody has the index of a stolen dump and the public tables of names, years and postcodes, and no key: who is whom?

They know how the index is made (its source is public), and are told of what kind each key is, which the dump does not
say outright. They do what is known to work against keys that are always the same for the same value: lay how often a
key occurs beside how common a value is (Naveed and others, 2015; in order is the best there is), and put together what
must be of one value because it occurs in the same records. Nothing of the product is used but what it stores.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import log

Record = int
Fold = Callable[[str], str]  # names that make one key, as the index's source says
HEAD, RECORD = 24, 40  # bits of a key in a page: more of its token, and whose it is
YEARLY = frozenset({"given_year", "family_year", "postcode_year", "part_date", "initials_date"})
OF_A_FAMILY = frozenset({"family_year", "names", "family"})
OF_A_FIRST_NAME = frozenset({"given_year", "names"})
PLACED = frozenset({"postcode_given", "postcode_family", "postcode_year"})
ENOUGH = 2  # homes in which two groups of one family name live together
LARGE = 40  # a smaller group is anybody's, and is taken for the commonest
Keys = dict[Record, list[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Tables:
    """Shares of everybody. `given` is by year of birth."""

    families: Mapping[str, float]
    given: Mapping[int, Mapping[str, float]]
    years: Mapping[int, float]
    postcodes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Guess:
    family: str = ""
    given: str = ""
    year: int = 0
    postcode: str = ""


def taken(dump: Iterable[bytes], kind: Callable[[int], str]) -> Keys:
    """What lines of the table of keys, as `pg_dump` writes them, say of each record: 46 bits of each of its keys."""
    found: Keys = defaultdict(list)
    for line in dump:
        bucket, _, keys = line.rstrip(b"\n").split(b"\t")
        for key in map(int, keys.strip(b"{}").split(b",")):
            token = int(bucket) << HEAD | (key >> RECORD) & (1 << HEAD) - 1
            found[key & (1 << RECORD) - 1].append((kind(token), token))
    return found


class Groups:
    """Who must be of one value (union of sets)."""

    def __init__(self, some: Iterable[Record]) -> None:
        self.above = {one: one for one in some}

    def of(self, one: Record) -> Record:
        while (up := self.above[one]) != one:
            self.above[one] = one = self.above[up]
        return one

    def join(self, one: Record, other: Record) -> None:
        self.above[self.of(one)] = self.of(other)

    def members(self) -> dict[Record, list[Record]]:
        found: dict[Record, list[Record]] = defaultdict(list)
        for one in self.above:
            found[self.of(one)].append(one)
        return found


class Thief:
    """Guesses. `known`: people whose records they can tell already, with what is true of these."""

    def __init__(self, keys: Keys, tables: Tables, fold: Fold, known: Mapping[Record, Guess] | None = None) -> None:
        self.keys, self.tables, self.fold, self.known = keys, tables, fold, known or {}
        self.guesses = dict.fromkeys(keys, Guess())

    def guess(self) -> dict[Record, Guess]:
        """Everything, each step with what those before it found."""
        self.families()
        self.given()
        self.years()
        self.postcodes()
        return self.guesses

    def joined(self, kinds: frozenset[str], some: Iterable[Record]) -> Groups:
        """Records that share a key of these kinds, and whoever shares one with them."""
        groups: Groups = Groups(some)
        first: dict[int, Record] = {}
        for record in groups.above:
            for kind, token in self.keys[record]:
                if kind in kinds:
                    groups.join(record, first.setdefault(token, record))
        return groups

    def families(self) -> None:
        """Sound of the family name with a first letter and a year, and both names: together, all of one family name and
        one first letter. Those of several letters live in the same homes."""
        groups = self.joined(OF_A_FAMILY, self.keys)
        sizes = Counter(map(groups.of, groups.above))
        for (one, other), homes in self._in_one_home(groups).items():
            if homes >= max(ENOUGH, 0.02 * min(sizes[one], sizes[other])):
                groups.join(one, other)
        self._named("family", groups.members().values(), self._folded(self.tables.families))

    def _in_one_home(self, groups: Groups) -> Counter[tuple[Record, ...]]:
        """How many homes two groups share in which their people's family names begin alike."""
        found: Counter[tuple[Record, ...]] = Counter()
        for people in self._homes():
            begins = defaultdict(set)
            for record in people:
                for kind, token in self.keys[record]:
                    if kind == "postcode_family":
                        begins[token].add(groups.of(record))
            found.update({(a, b) for some in begins.values() for a in some for b in some if a < b})
        return found

    def _homes(self) -> Iterable[list[Record]]:
        found = defaultdict(list)
        for record, keys in self.keys.items():
            for kind, token in keys:
                if kind == "home":
                    found[token].append(record)
        return found.values()

    def given(self) -> None:
        """Sound of the first name with the family's first letter and a year: which letter, the guessed families say."""
        letters = defaultdict(list)
        for some in self.joined(OF_A_FIRST_NAME, self.keys).members().values():
            said = Counter(self.guesses[record].family[:1] for record in some)
            letters[said.most_common(1)[0][0]].append(some)
        for some in letters.values():
            self._named("given", some, self.usual)

    @cached_property
    def usual(self) -> dict[str, float]:
        """Shares of first names, of everybody."""
        found: Counter[str] = Counter()
        for year, share in self.tables.years.items():
            for name, of_it in self.tables.given[year].items():
                found[self.fold(name)] += share * of_it
        return dict(found)

    def _folded(self, shares: Mapping[str, float]) -> dict[str, float]:
        found: Counter[str] = Counter()
        for name, share in shares.items():
            found[self.fold(name)] += share
        return dict(found)

    def years(self) -> None:
        """A group is of the year in which as many were born, with such first names; each year once, surest first."""
        dated = [record for record, keys in self.keys.items() if any(kind == "part_date" for kind, _ in keys)]
        groups = sorted(self.joined(YEARLY, dated).members().values(), key=len, reverse=True)
        large, likely = groups[: len(self.tables.years)], max(self.tables.years, key=self.tables.years.__getitem__)
        names = {year: self._folded(given) for year, given in self.tables.given.items()}
        fits = [(self._fits(some, names[year], self.tables.years[year], sum(map(len, large))), n, year)
                for n, some in enumerate(large) for year in names]  # fmt: skip
        left, free = set(range(len(large))), set(names)
        self._say("year", self.keys, likely)
        for _, n, year in sorted(fits, reverse=True):
            if n in left and year in free:
                left.discard(n)
                free.discard(year)
                if len(large[n]) >= LARGE:
                    self._say("year", large[n], year)

    def _fits(self, some: Sequence[Record], names: Mapping[str, float], share: float, total: int) -> float:
        """How much likelier than not that these were born in a year of that share and with those names."""
        expected, size = total * share, len(some)
        said = Counter(self.guesses[record].given for record in some)
        named = sum(
            n * log(max(names.get(name, 0.0), 1e-6) / max(self.usual.get(name, 0.0), 1e-6)) for name, n in said.items()
        )
        return size * log(expected) - expected - size * log(size) + size + named

    def postcodes(self) -> None:
        """Whoever shares a key with a postcode in it lives in one; as many live there as the census says."""
        heads = {code: float(n) for code, n in self.tables.postcodes.items()}
        self._named("postcode", self.joined(PLACED, self.keys).members().values(), heads)

    def _named(self, what: str, groups: Iterable[list[Record]], shares: Mapping[str, float]) -> None:
        """The largest is the commonest, and so on."""
        likely = sorted(shares, key=lambda value: -shares[value])
        for place, some in enumerate(sorted(groups, key=lambda some: (-len(some), some))):
            self._say(what, some, likely[place] if place < len(likely) and len(some) >= LARGE else likely[0])

    def _say(self, what: str, some: Iterable[Record], value: object) -> None:
        """Of all of these the same: what is known of any of them, or else that."""
        some = list(some)
        said = Counter(getattr(self.known[record], what) for record in some if record in self.known)
        best = said.most_common(1)[0][0] if said else value
        for record in some:
            self.guesses[record] = replace(self.guesses[record], **{what: best})


def without_a_dump(tables: Tables, fold: Fold) -> Guess:
    """What is guessed of everybody: what is commonest."""
    thief = Thief({0: []}, tables, fold)
    return thief.guess()[0]
