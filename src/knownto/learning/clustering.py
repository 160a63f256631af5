"""Pairs into people: the strongest first, and a record joins only a group that on the whole speaks for it."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product

Pair = tuple[int, int]
EVEN = 0.0  # bits: as likely one person as not
LEFT = 300_000  # pairs of records left over: when more, only those that share a key are asked about again
HOLD = -2.0  # bits that the mean of two groups may be below even: every record has its own mistakes


def clusters(
    count: int, bits: Mapping[Pair, float], score: Callable[[int, int], float], join: float = EVEN, hold: float = HOLD
) -> list[int]:
    """The person number of each of `count` records. Two groups join by a pair of `join` bits or more when the mean
    between all of their records is at least `hold`; pairs that share no key are scored by `score`."""
    of: list[list[int]] = [[at] for at in range(count)]
    known = dict(bits)
    for (x, y), _ in sorted(((p, b) for p, b in bits.items() if b >= join), key=lambda one: (-one[1], one[0])):
        mine, theirs = of[x], of[y]
        if mine is theirs or _mean(mine, theirs, known, score) < hold:
            continue
        small, large = sorted((mine, theirs), key=len)
        large += small
        for at in small:
            of[at] = large
    return [min(group) for group in of]


def _mean(
    mine: Sequence[int], theirs: Sequence[int], known: dict[Pair, float], score: Callable[[int, int], float]
) -> float:
    total = 0.0
    for x in mine:
        for y in theirs:
            pair = (x, y) if x < y else (y, x)
            if pair not in known:
                known[pair] = score(*pair)
            total += max(-10.0, min(10.0, known[pair]))
    return total / (len(mine) * len(theirs))


def matched(
    first: int, count: int, bits: Mapping[Pair, float], score: Callable[[int, int], float], prior: float
) -> list[int]:
    """The person number of each record of two files, of which neither has anybody twice: the strongest pairs first. Of
    those left over half may well be in both, and they are fewer: every pair of them is asked about once more, with that
    for a `prior` in bits in the place of the whole files'."""
    of, taken = list(range(count)), set[int]()
    _take(bits, of, taken)
    mine, theirs = ([at for at in some if at not in taken] for some in (range(first), range(first, count)))
    if mine and theirs:
        more = -1 - math.log2(max(len(mine), len(theirs))) - prior
        every = product(mine, theirs) if len(mine) * len(theirs) <= LEFT else (p for p in bits if taken.isdisjoint(p))
        _take({(x, y): score(x, y) + more for x, y in every}, of, taken)
    return of


def _take(bits: Mapping[Pair, float], of: list[int], taken: set[int]) -> None:
    for (x, y), _ in sorted(((p, b) for p, b in bits.items() if b >= EVEN), key=lambda one: (-one[1], one[0])):
        if taken.isdisjoint((x, y)):
            taken |= {x, y}
            of[y] = x


def chained(count: int, links: Iterable[Pair]) -> list[int]:
    """The group number of each of `count` records: everything that any chain of links connects."""
    of = list(range(count))

    def root(x: int) -> int:
        while of[x] != x:
            of[x] = of[of[x]]
            x = of[x]
        return x

    for x, y in links:
        of[root(x)] = root(y)
    return [root(x) for x in range(count)]


def pairs_of(people: Iterable[object]) -> set[Pair]:
    """Every two records of one person."""
    groups: dict[object, list[int]] = {}
    for at, person in enumerate(people):
        groups.setdefault(person, []).append(at)
    return {(x, y) for g in groups.values() for i, x in enumerate(g) for y in g[i + 1 :]}
