"""What each kind of candidate key is worth: the true pairs it brings together, those no other does, and its cost."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from knownto.learning.clustering import pairs_of
from knownto.learning.pairs import WIDEST, Pair
from knownto.linkage import KINDS, Cleaned, keys

Keys = Callable[[Cleaned], Iterable[tuple[str, str]]]


@dataclass(frozen=True)
class Reach:
    """One kind of key. Shares are of all true pairs; `cost` is pairs to compare for each record; `widest` and `typical`
    (median, of blocks of two or more) are records that share one key; `passed_over` are keys that too many share."""

    kind: str
    keys_a_record: float
    alone: float
    only: float
    cost: float
    typical: int
    widest: int
    passed_over: int


@dataclass(frozen=True)
class Report:
    """All kinds together, and each."""

    records: int
    true_pairs: int
    together: float
    cost: float
    kinds: tuple[Reach, ...]


def report(records: Sequence[Cleaned], person: Sequence[str], of: Keys = keys, widest: int = WIDEST) -> Report:
    """The worth of every kind that the records have. A kind's `only` is the recall that would be lost without it."""
    true = pairs_of(person)
    blocks = _blocks(records, of)
    reached: dict[Pair, int] = defaultdict(int)
    by_kind = {kind: _reached(some, true, widest) for kind, some in blocks.items()}
    for some in by_kind.values():
        for pair in some:
            reached[pair] += 1
    kinds = tuple(
        _reach(kind, blocks[kind], by_kind[kind], reached, len(true), len(records), widest)
        for kind in sorted(blocks, key=_order)
    )
    return Report(len(records), len(true), len(reached) / max(len(true), 1), sum(k.cost for k in kinds), kinds)


def _order(kind: str) -> tuple[int, str]:
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind)


def _blocks(records: Sequence[Cleaned], of: Keys) -> dict[str, dict[str, list[int]]]:
    found: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for at, cleaned in enumerate(records):
        for kind, value in dict.fromkeys(of(cleaned)):
            found[kind][value].append(at)
    return found


def _reached(blocks: dict[str, list[int]], true: set[Pair], widest: int) -> set[Pair]:
    shared = (block for block in blocks.values() if 1 < len(block) <= widest)
    return {pair for block in shared for pair in combinations(block, 2) if pair in true}


def _reach(
    kind: str,
    blocks: dict[str, list[int]],
    mine: set[Pair],
    reached: dict[Pair, int],
    true: int,
    records: int,
    widest: int,
) -> Reach:
    sizes = sorted(len(block) for block in blocks.values())
    shared = [n for n in sizes if n > 1]
    cost = sum(n * (n - 1) // 2 for n in shared if n <= widest)
    return Reach(
        kind=kind,
        keys_a_record=round(sum(sizes) / records, 2),
        alone=round(len(mine) / max(true, 1), 5),
        only=round(sum(reached[pair] == 1 for pair in mine) / max(true, 1), 5),
        cost=round(cost / records, 2),
        typical=shared[len(shared) // 2] if shared else 0,
        widest=sizes[-1],
        passed_over=sum(n > widest for n in shared),
    )
