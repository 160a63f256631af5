"""The model's scores of pairs of records, each worked out once in a run; and what is written down of them."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from knownto import linkage
from knownto.identity.cleaned import Opened

Pair = tuple[int, int]

model = cache(linkage.load_model)


def pair(a: int, b: int) -> Pair:
    """Two records, lower id first."""
    return (a, b) if a < b else (b, a)


def outcome(comparison: linkage.Comparison) -> str:
    """What a belief of that score is called."""
    if comparison.bits >= model().join:
        return "match"
    return "possible" if comparison.bits >= model().possible else "unlikely"


def levels(comparison: linkage.Comparison) -> str:
    """The codes of agreement, without any value."""
    return " ".join(f"{r.field}={r.level}" for r in comparison.reasons)[:400]


class Scores:
    """Compares records that are open already, or opens them."""

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._cleaned: dict[int, linkage.Cleaned] = {}
        self._scored: dict[Pair, linkage.Comparison] = {}

    def open(self, ids: Iterable[int]) -> None:
        """Open many at once, before they are compared."""
        self._cleaned.update(self._opened.get(set(ids) - self._cleaned.keys()))

    def has(self, record: int) -> bool:
        return record in self._cleaned

    def __call__(self, a: int, b: int) -> linkage.Comparison:
        """The comparison of two records that are there. Raises KeyError when one has gone."""
        both = pair(a, b)
        if both not in self._scored:
            self._scored[both] = linkage.compare(*self._opened_pair(both), model())
        return self._scored[both]

    def _opened_pair(self, both: Pair) -> tuple[linkage.Cleaned, linkage.Cleaned]:
        if not (self.has(both[0]) and self.has(both[1])):
            self.open(both)
        return self._cleaned[both[0]], self._cleaned[both[1]]


def belief(both: Pair, found: linkage.Comparison, now: Any) -> tuple[Any, ...]:
    """A belief's row, as `beliefs.write` takes it."""
    return *both, found.bits, outcome(found), levels(found), model().checksum, now
