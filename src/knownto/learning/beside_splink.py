"""A finished model put into Splink as it is, to see that both give the same pair the same score."""

from collections.abc import Sequence
from dataclasses import dataclass

from knownto.learning import estimating
from knownto.learning.estimating import Level, Shape
from knownto.learning.pairs import Pair, Seen, bare, seen
from knownto.linkage import Cleaned, Model, compare

BASE = 0.5  # u of a level that is no rarer than sameness; only its ratio to m is ever used


@dataclass(frozen=True)
class Shares:
    """m and u that say exactly what a model's bits say."""

    shape: Shape
    m: dict[Level, float]
    u: dict[Level, float]
    prior: float


def shares(model: Model) -> Shares:
    """Splink's parameters of a model: any m and u whose ratio is the weight would do."""
    m: dict[Level, float] = {}
    u: dict[Level, float] = {}
    rare = set()
    for field, some in model.levels.items():
        for name, level in some.items():
            m[(field, name)], u[(field, name)] = _pair(level.bits, level.rarity)
            if level.rarity:
                rare.add((field, name))
    same = {field: next(n for n in some if u[(field, n)] == BASE) for field, some in model.levels.items() if _any(some)}
    shape = Shape({field: list(some) for field, some in model.levels.items()}, frozenset(rare), same)
    odds = 2.0**model.prior
    return Shares(shape, m, u, odds / (1 + odds))


def _any(some: object) -> bool:
    return any(level.rarity and level.bits <= 0 for level in some.values())  # type: ignore[attr-defined]


def _pair(bits: float, rarity: bool) -> tuple[float, float]:
    """With a rarity m stands alone, since u is measured by the rarity; else half against what makes the ratio."""
    whole = 1.0 if rarity else BASE
    return whole * 2.0 ** min(bits, 0.0), BASE * 2.0 ** -max(bits, 0.0)


def as_seen(a: Cleaned, b: Cleaned, model: Model, bared: Model) -> Seen:
    """What Splink is shown: a level with a floor is shown no less rarity than takes it there."""
    told = []
    for field, level, rarity in seen(a, b, bared):
        if field != "rule":
            own = model.levels[field][level]
            told.append((field, level, max(rarity, own.least - own.bits) if own.rarity else rarity))
    return tuple(told)


def ours(a: Cleaned, b: Cleaned, model: Model) -> float:
    """The engine's bits before the rules for families have their say."""
    return model.prior + sum(reason.bits for reason in compare(a, b, model).reasons)


def both(records: Sequence[Cleaned], chosen: Sequence[Pair], model: Model, splinks: Model) -> list[tuple[float, float]]:
    """Our bits and Splink's of each pair, Splink given `splinks`' weights."""
    bared, told = bare(splinks), shares(splinks)
    rows = [as_seen(records[x], records[y], splinks, bared) for x, y in chosen]
    theirs = estimating.weights(told.shape, rows, told.m, told.u, told.prior)
    return [(ours(records[x], records[y], model), bits) for (x, y), bits in zip(chosen, theirs, strict=True)]
