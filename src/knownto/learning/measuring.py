"""How right a model is where the truth is known: links by themselves, with review, by group, and how sure it may be."""

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from knownto.learning import pairs
from knownto.learning.clustering import pairs_of
from knownto.learning.pairs import Pair
from knownto.learning.population import Known
from knownto.linkage import Cleaned, Model, compare, group
from knownto.linkage.evaluation import Group, Reliability, Score, Threshold
from knownto.linkage.model import LIFTED, Guard

EDGES = (0.0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999, 1.0)
STEPS = [b / 2 for b in range(-20, 61)]  # bits at which a threshold could stand
PIECE, NARROW = 100, 0.5  # pairs and bits that one knot of the curve is read from
FEWEST = 50  # true pairs: a share of fewer says nothing of a group


@dataclass
class Measured:
    """Pairs worth a look with bits and probability, who was linked to whom, and what waits for a person."""

    true: set[Pair]
    bits: dict[Pair, float]
    probability: dict[Pair, float]
    linked: set[Pair]
    in_review: set[Pair]

    @property
    def reach(self) -> float:
        """Of true pairs, those that some key brings together."""
        return len(self.true & self.bits.keys()) / max(len(self.true), 1)


def pooled(parts: Iterable[tuple[Known, Measured]]) -> tuple[Known, Measured]:
    """Several towns as one: so many links that a few wrong ones can be told from none. No pair is of two towns."""
    told, found = Known("", [], [], [], []), Measured(set(), {}, {}, set(), set())
    names = []
    for known, one in parts:
        start = len(told.cleaned)
        names.append(known.name)
        told.cleaned += known.cleaned
        told.agency += known.agency
        told.person += [f"{len(names)}:{person}" for person in known.person]
        told.tradition += known.tradition
        for pairs_so_far, these in (
            (found.true, one.true),
            (found.linked, one.linked),
            (found.in_review, one.in_review),
        ):
            pairs_so_far |= {(x + start, y + start) for x, y in these}
        found.bits |= {(x + start, y + start): b for (x, y), b in one.bits.items()}
        found.probability |= {(x + start, y + start): p for (x, y), p in one.probability.items()}
    told.name = " and ".join(names)
    return told, found


def score(found: set[Pair], true: set[Pair]) -> Score:
    """Precision, recall and F1 of pairs."""
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / max(len(true), 1)
    return Score(precision, recall, 2 * right / max(len(found) + len(true), 1))


def measure(known: Known, model: Model, near: Sequence[Pair] | None = None) -> Measured:
    """Every pair that some key brings together, compared, grouped as the product groups, and beside the truth."""
    chosen = pairs.candidates(known.cleaned) if near is None else near
    bits: dict[Pair, float] = {}
    probability: dict[Pair, float] = {}
    for x, y in chosen:
        found = compare(known.cleaned[x], known.cleaned[y], model)
        bits[(x, y)], probability[(x, y)] = found.bits, found.probability
    true = pairs_of(known.person)
    of = people(known.cleaned, bits, model)
    linked = {pair for some in _groups(of).values() for pair in combinations(some, 2)}
    between = {frozenset((of[x], of[y])) for (x, y), b in bits.items() if b >= model.possible}
    in_review = {(x, y) for x, y in true - linked if frozenset((of[x], of[y])) in between}
    return Measured(true, bits, probability, linked, in_review)


def _groups(of: Sequence[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for at, number in enumerate(of):
        found[number].append(at)
    return found


def people(records: Sequence[Cleaned], bits: Mapping[Pair, float], model: Model) -> list[int]:
    """The person of each record, as the engine groups those that links by themselves connect."""
    of = list(range(len(records)))
    chained = _chained([pair for pair, b in bits.items() if b >= model.join])
    for some in chained:
        for held in group(some, lambda x, y: compare(records[x], records[y], model), (), (), model):
            for at in held:
                of[at] = min(held)
    return of


def _chained(links: Iterable[Pair]) -> list[list[int]]:
    near: dict[int, set[int]] = defaultdict(set)
    for x, y in links:
        near[x].add(y)
        near[y].add(x)
    done: set[int] = set()
    found = []
    for start in sorted(near):
        if start not in done:
            some, waiting = {start}, [start]
            while waiting:
                fresh = near[waiting.pop()] - some
                some |= fresh
                waiting += fresh
            done |= some
            found.append(sorted(some))
    return found


# By group


def whole(found: Measured) -> Group:
    return groups(found, lambda pair: ("all",), 0)[0]


def groups(found: Measured, of: Callable[[Pair], Iterable[str]], fewest: int = FEWEST) -> tuple[Group, ...]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for pair in found.true | found.linked:
        for name in of(pair):
            one = counts[name]
            one[0] += pair in found.true
            one[1] += pair in found.linked
            one[2] += pair not in found.true
            one[3] += pair in found.in_review
    return tuple(Group(name, *told) for name, told in sorted(counts.items()) if told[0] >= fewest)


def by_partners(known: Known) -> Callable[[Pair], Iterable[str]]:
    return lambda pair: (" and ".join(sorted(known.agency[at] for at in pair)),)


def by_tradition(known: Known) -> Callable[[Pair], Iterable[str]]:
    return lambda pair: {known.tradition[at] for at in pair}


# How sure


def reliability(found: Measured, least: float) -> tuple[Reliability, ...]:
    """Pairs of `least` bits or more by what was believed of them, beside what was so."""
    told: dict[int, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for pair, b in found.bits.items():
        if b >= least:
            at = min(bisect_right(EDGES, found.probability[pair]) - 1, len(EDGES) - 2)
            one = told[at]
            one[0], one[1], one[2] = one[0] + 1, one[1] + found.probability[pair], one[2] + (pair in found.true)
    return tuple(
        Reliability(EDGES[at], EDGES[at + 1], int(n), round(said / n, 5), round(so / n, 5))
        for at, (n, said, so) in sorted(told.items())
    )


def calibration_error(rows: Sequence[Reliability]) -> float:
    """The mean difference between what was believed and what was so, by pairs (expected calibration error)."""
    total = sum(r.pairs for r in rows)
    return sum(r.pairs * abs(r.believed - r.observed) for r in rows) / max(total, 1)


def thresholds(found: Measured, months: float) -> tuple[Threshold, ...]:
    """Precision, recall and wrong links a month if pairs were linked from so many bits, rules included."""
    ordered = sorted((b, pair in found.true) for pair, b in found.bits.items())
    true, at, rows = len(found.true), len(ordered), []
    right = wrong = 0
    for step in reversed(STEPS):
        while at and ordered[at - 1][0] >= step:
            at -= 1
            right, wrong = right + ordered[at][1], wrong + (not ordered[at][1])
        share = right / (right + wrong) if right + wrong else 1.0
        rows.append(Threshold(step, round(share, 6), round(right / max(true, 1), 5), round(wrong / months, 3)))
    return tuple(reversed(rows))


def lifted(known: Known, model: Model, found: Measured) -> dict[str, list[tuple[float, bool]]]:
    """By the threshold at which a rule lets go: of every pair that the rule is about, the bits without it, and whether
    it is of one person. What would be wrong if the rule let go from so many bits is read from that."""
    rows: dict[str, list[tuple[float, bool]]] = {name: [] for name in LIFTED.values()}
    for rule, name in LIFTED.items():
        always = replace(
            model, guards=tuple(_always(g, rule) for g in model.guards if g.reason.level == rule or not g.lifts)
        )
        for (x, y), b in found.bits.items():
            if b >= model.possible:
                reasons = compare(known.cleaned[x], known.cleaned[y], always).reasons
                if reasons[-1].level == rule:
                    rows[name].append((model.prior + sum(r.bits for r in reasons), (x, y) in found.true))
    return rows


def _always(guard: Guard, rule: str) -> Guard:
    return guard._replace(under=math.inf) if guard.reason.level == rule else guard


def at_most(wrong: int, of: int, doubt: float = 0.05) -> float:
    """The share that may be wrong where so many were: with that doubt no more (Clopper and Pearson's upper bound, by
    Poisson's distribution, since wrong ones are few)."""
    low, high = float(wrong), wrong + 30.0 + 10.0 * math.sqrt(wrong + 1)
    for _ in range(60):
        middle = (low + high) / 2
        so_few = sum(math.exp(n * math.log(middle) - middle - math.lgamma(n + 1)) for n in range(wrong + 1))
        low, high = (middle, high) if so_few > doubt else (low, middle)
    return min(high / max(of, 1), 1.0)


def curve(found: Measured, least: float = -8.0) -> list[list[float]]:
    """Bits to probability, as the truth says: pooled so that more bits never mean less (pool adjacent violators). From
    `least` bits: below it are so many that knots would stand where nobody is asked."""
    ordered = sorted((b, pair in found.true) for pair, b in found.bits.items() if b >= least)
    pooled: list[list[float]] = []  # the least and the most bits, how many of one person, how many
    for some in _few_at_a_time(ordered):
        pooled.append([some[0][0], some[-1][0], float(sum(same for _, same in some)), float(len(some))])
        while len(pooled) > 1 and pooled[-2][2] / pooled[-2][3] >= pooled[-1][2] / pooled[-1][3]:
            _, most, same, n = pooled.pop()
            pooled[-1] = [pooled[-1][0], most, pooled[-1][2] + same, pooled[-1][3] + n]
    return _knots(pooled)


def _few_at_a_time(ordered: Sequence[tuple[float, bool]]) -> Iterator[Sequence[tuple[float, bool]]]:
    """Pieces of half a bit, or of so many pairs where more are so close: a cap gathers thousands at one place."""
    start = 0
    for at in range(1, len(ordered) + 1):
        if at == len(ordered) or at - start >= PIECE or ordered[at][0] - ordered[start][0] >= NARROW:
            yield ordered[start:at]
            start = at


def _knots(pooled: Sequence[Sequence[float]]) -> list[list[float]]:
    """Level within what was pooled, rising between: a mean alone would make the surest of a wide pool doubtful."""
    found: list[list[float]] = []
    for least, most, same, n in pooled:
        share = round((same + 0.5) / (n + 1.0), 6)
        for bits in (round(least, 3), round(most, 3)):
            if not found or (bits > found[-1][0] and share >= found[-1][1]):
                found.append([bits, share])
    return found
