"""Pairs of records worth a look, pairs by chance, and what is to be seen of each: levels and rarities, no values."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from random import Random

from knownto.linkage import Cleaned, Model, Reason, compare, keys
from knownto.linkage.sounds import sound

Pair = tuple[int, int]
Seen = tuple[tuple[str, str, float], ...]  # field, level, rarity in bits
WIDEST = 120  # records that share one key: the next are too many to compare


_SURE = 1000.0  # bits: any rule that keeps two people apart then speaks


def bare(model: Model) -> Model:
    """The same levels without weights, and only the rules that keep apart: a comparison then says the rarity alone,
    and whether a rule forbids the pair whatever its weight."""
    levels = {
        field: {
            name: level._replace(bits=0.0, least=float("-inf"), reason=Reason(field, name, 0.0, ""))
            for name, level in some.items()
        }
        for field, some in model.levels.items()
    }
    return replace(model, levels=levels, guards=tuple(g for g in model.guards if g.apart), prior=_SURE)


def forbidden(one: Seen) -> bool:
    """Whether a rule for families keeps the two apart."""
    return bool(one) and one[-1][0] == "rule"


def seen(a: Cleaned, b: Cleaned, bared: Model) -> Seen:
    return tuple((r.field, r.level, r.bits) for r in compare(a, b, bared).reasons)


def candidates(records: Sequence[Cleaned], widest: int = WIDEST) -> list[Pair]:
    """Every two records that share a key that not too many share, in order."""
    return sorted({pair for block in blocks(records, all_keys) if len(block) <= widest for pair in _within(block)})


def _within(block: list[int]) -> Iterator[Pair]:
    return combinations(block, 2)


def blocks(records: Sequence[Cleaned], of: Callable[[Cleaned], Iterable[tuple[str, str]]]) -> list[list[int]]:
    """Records by key; those of one record only are left out."""
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, cleaned in enumerate(records):
        for key in of(cleaned):
            found[key].append(at)
    return [block for block in found.values() if len(block) > 1]


def all_keys(c: Cleaned) -> Iterator[tuple[str, str]]:
    """The engine's own keys and, for what else is known of somebody, each fact beside another or a name or a date."""
    yield from keys(c)
    if c.facts:
        yield from fact_keys(c)


def fact_keys(c: Cleaned) -> Iterator[tuple[str, str]]:
    beside = [("born", c.birth_text)] if c.born else []
    beside += [("given", sound(c.call_standard))] if c.call_standard else []
    beside += [("family", sound(f)) for f in c.family_standard[-1:]]
    beside += [("postcode", p) for p in sorted(c.postcodes)[:1]]
    known = [(name, value) for name, value in c.facts if len(value) > 1]
    for name, value in known:
        yield f"{name}", value
        yield from ((f"{name} {other}", f"{value}|{said}") for other, said in beside)
    for (name, value), (other, said) in combinations(known, 2):
        yield f"{name} {other}", f"{value}|{said}"
    yield from ((f"{one} {other}", f"{x}|{y}") for (one, x), (other, y) in combinations(beside, 2))


def by_chance(count: int, records: int, seed: int) -> list[Pair]:
    """So many pairs of different records, drawn evenly; the same for a seed."""
    chance = Random(seed)  # noqa: S311 - a sample, not a secret
    drawn = ((chance.randrange(records), chance.randrange(records)) for _ in range(count))
    return [(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]]


def counted(some: Iterable[Seen]) -> Counter[tuple[str, str]]:
    """How often each level of each field was seen."""
    return Counter((field, level) for one in some for field, level, _ in one if field != "rule")
