"""Precision and recall over labelled records: the same counting for the tests and for tuning."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from knownto.linkage import Cleaned, Model, clean, compare, keys
from knownto.linkage.tests.invented import Person, Registry, written

_WIDEST = 60  # a key that so many share finds nobody


@dataclass
class Measured:
    """Counts of pairs. A true pair is two records of one person."""

    true: int = 0
    found: int = 0
    joined: int = 0
    false: int = 0
    asked: int = 0
    asked_true: int = 0
    missed_by: dict[str, list[int]] = field(default_factory=lambda: defaultdict(lambda: [0, 0]))
    wrong: list[tuple[Cleaned, Cleaned]] = field(default_factory=list)
    missed: list[tuple[Cleaned, Cleaned]] = field(default_factory=list)
    scores: list[tuple[float, bool]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        return 1 - self.false / max(self.joined, 1)

    @property
    def recall(self) -> float:
        """Of true pairs, those joined by themselves or shown to a person."""
        return (self.joined - self.false + self.asked_true) / max(self.true, 1)

    @property
    def automatic(self) -> float:
        return (self.joined - self.false) / max(self.true, 1)

    @property
    def reach(self) -> float:
        """Of true pairs, those that some key brings together."""
        return self.found / max(self.true, 1)


def records(people: int, seed: int) -> list[tuple[Person, Cleaned]]:
    """Two agencies' records of each person."""
    registry, slips = Registry(seed), Random(seed + 1)
    return [(p, clean(written(p, slips))) for p in registry.people(people) for _ in (1, 2)]


def measure(held: list[tuple[Person, Cleaned]], model: Model) -> Measured:
    told = Measured(true=len(held) // 2)
    for i, j in sorted(_candidates([c for _, c in held])):
        (p, a), (q, b) = held[i], held[j]
        same = p.number == q.number
        bits = compare(a, b, model).bits
        told.found += same
        told.scores.append((bits, same))
        _count(told, model, bits, same, a, b)
        if same:
            told.missed_by[p.tradition][0] += bits >= model.possible
    for p, _ in held[::2]:
        told.missed_by[p.tradition][1] += 1
    return told


def _count(told: Measured, model: Model, bits: float, same: bool, a: Cleaned, b: Cleaned) -> None:
    if bits >= model.join:
        told.joined += 1
        told.false += not same
        if not same:
            told.wrong.append((a, b))
    elif bits >= model.possible:
        told.asked += 1
        told.asked_true += same
    elif same:
        told.missed.append((a, b))


def _candidates(held: list[Cleaned]) -> set[tuple[int, int]]:
    blocks: dict[tuple[str, str], list[int]] = defaultdict(list)
    for i, cleaned in enumerate(held):
        for key in keys(cleaned):
            blocks[key].append(i)
    return {pair for b in blocks.values() if len(b) <= _WIDEST for pair in combinations(b, 2)}
