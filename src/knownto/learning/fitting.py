"""Our model of a labelled set, learnt from its records alone: pairs worth a look, and expectation-maximisation on them.

The same calculation as Splink's (`estimating`, with which weights for the product are learnt), on arrays: a pair is one
byte and one float a field, so that a set of fifty thousand records is learnt from every pair, in a few minutes.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import Any

import numpy

from knownto.learning import estimating, pairs, training
from knownto.learning.estimating import Level, Shape
from knownto.learning.pairs import Pair
from knownto.linkage import Cleaned, Model, compare
from knownto.linkage.model import Level as Weighed

Array = Any
EACH = 40  # pairs worth a look for each record
WIDEST = 400  # records that share one key: the next are too many
ROUNDS = 30
STILL = 1e-4  # of every share: no more has changed
JUDGED = 5.0  # pairs that the judged shares count for


@dataclass(frozen=True)
class Seen:
    """What is to be seen of each pair: the place of its level among each field's, -1 where a field is not told, and the
    rarity in bits of what agrees."""

    pairs: list[Pair]
    level: Array  # pairs x fields, int8
    rarity: Array  # pairs x fields, float32


def candidates(records: Sequence[Cleaned], first: int | None = None) -> list[Pair]:
    """Pairs that share a key, rare keys before common ones, until there are so many a record that the rest says little.
    Of two files, the `first` so many records are the first's, and pairs are between the two."""
    found: set[Pair] = set()
    for block in sorted(pairs.blocks(records, pairs.all_keys), key=len):
        if len(block) > WIDEST or len(found) > EACH * len(records):
            break
        found.update(combinations(block, 2) if first is None else _between(block, first))
    return sorted(found)


def _between(block: list[int], first: int) -> Iterator[Pair]:
    return product((x for x in block if x < first), [y for y in block if y >= first])


def looked(records: Sequence[Cleaned], some: list[Pair], bared: Model, shape: Shape) -> Seen:
    """Every pair compared once."""
    fields = {name: at for at, name in enumerate(shape.levels)}
    levels = {(name, level): at for name, told in shape.levels.items() for at, level in enumerate(told)}
    level = numpy.full((len(some), len(fields)), -1, numpy.int8)
    rarity = numpy.zeros((len(some), len(fields)), numpy.float32)
    for row, (x, y) in enumerate(some):
        for reason in compare(records[x], records[y], bared).reasons:
            if reason.field != "rule":
                at = fields[reason.field]
                level[row, at] = levels[(reason.field, reason.level)]
                rarity[row, at] = reason.bits
    return Seen(some, level, rarity)


def by_chance(shape: Shape, drawn: Seen) -> dict[Level, float]:
    """u: of pairs by chance in which a field is known to both, the share at each level; none of them is impossible."""
    found: dict[Level, float] = {}
    for at, (name, some) in enumerate(shape.levels.items()):
        counts = numpy.bincount(drawn.level[:, at][drawn.level[:, at] >= 0], minlength=len(some))
        total = max(int(counts.sum()), 1)
        found |= {(name, n): max(int(c), estimating.FEWEST) / total for n, c in zip(some, counts, strict=True)}
    return found


class Fit:
    """The shares of each level, as arrays, and what they say of every pair."""

    def __init__(self, model: Model, shape: Shape, seen: Seen, u: dict[Level, float], every: float, two: bool) -> None:
        self.shape, self.seen, self.u, self.every, self.two = shape, seen, u, every, two
        self.sides = numpy.array(seen.pairs, numpy.int64).reshape(-1, 2).T
        self.m = self.judged = training.judged(model, shape, u)
        self.prior = 1 / (2 * model.people)
        self.believed = self._believed()

    def learn(self) -> None:
        """Rounds of expectation and maximisation, until no share moves."""
        for _ in range(ROUNDS):
            before = self.m
            self.m = self._maximised()
            self.prior = min(max(float(self.believed.sum()), 1.0) / self.every, 0.5)
            self.believed = self._believed()
            if max(abs(self.m[at] - before[at]) for at in before) < STILL:
                break

    def bits(self) -> Array:
        """log2 odds of each pair."""
        total = numpy.full(len(self.seen.pairs), numpy.log2(self.prior / (1 - self.prior)), numpy.float64)
        for at, (name, some) in enumerate(self.shape.levels.items()):
            level = self.seen.level[:, at]
            weights = [self._weight(name, n) for n in some]
            rare = [(name, n) in self.shape.rare for n in some]
            total += numpy.array([*weights, 0.0])[level]
            total += self.seen.rarity[:, at] * numpy.array([*rare, False])[level]
        return total

    def model(self, start: Model) -> Model:
        """The model with what was learnt in the place of its weights."""
        levels = {
            name: {n: one._replace(bits=self._weight(name, n)) for n, one in some.items()}
            for name, some in start.levels.items()
        }
        prior = math.log2(self.prior / (1 - self.prior))
        return replace(start, prior=prior, levels={name: _told(some) for name, some in levels.items()})

    def _weight(self, name: str, level: str) -> float:
        return math.log2(self.m[name, level] / estimating.against(self.shape, (name, level), self.u))

    def _believed(self) -> Array:
        """How likely each pair is one person. Of two files each record has one match at most: all that it could be
        share one probability, or whole families would be taken for one person and learnt from."""
        odds = numpy.exp2(numpy.clip(self.bits(), -60, 60))
        others = 1.0
        if self.two:
            others += sum(numpy.bincount(side, odds)[side] - odds for side in self.sides)
        return odds / (odds + others)

    def settled(self) -> Array:
        """The bits of each pair, beside what else either record could be of."""
        share = numpy.clip(self.believed, 1e-18, 1 - 1e-15)
        return numpy.log2(share) - numpy.log2(1 - share)

    def _maximised(self) -> dict[Level, float]:
        """Shares among the pairs believed to be of one person, with the judged ones as a few pairs more."""
        found: dict[Level, float] = {}
        for at, (name, some) in enumerate(self.shape.levels.items()):
            level = self.seen.level[:, at]
            seen = numpy.bincount(level[level >= 0], self.believed[level >= 0], minlength=len(some))
            total = float(seen.sum())
            for n, count in zip(some, seen, strict=True):
                judged = self.judged[name, n]
                settled = (name, n) in self.shape.settled
                found[name, n] = judged if settled else (float(count) + judged * JUDGED) / (total + JUDGED)
        return found


def fitted(
    records: Sequence[Cleaned], model: Model, *, seed: int, first: int | None = None
) -> tuple[Model, Seen, Array]:
    """The model with what was learnt, the pairs worth a look, and the bits of each. Of two files, the pairs between
    them alone are learnt from."""
    bared, shape = pairs.bare(model), training.shape_of(model, settle=False)
    many = min(training.DRAWN, training.DRAWN_EACH * len(records))
    u = by_chance(shape, looked(records, pairs.by_chance(many, len(records), seed), bared, shape))
    seen = looked(records, candidates(records, first), bared, shape)
    every = first * (len(records) - first) if first else len(records) * (len(records) - 1) / 2
    fit = Fit(model, shape, seen, u, every, two=first is not None)
    fit.learn()
    return fit.model(model), seen, fit.settled() if fit.two else fit.bits()


def _told(some: Mapping[str, Weighed]) -> dict[str, Weighed]:
    """The reasons with the levels' own bits."""
    return {name: one._replace(reason=replace(one.reason, bits=one.bits)) for name, one in some.items()}
