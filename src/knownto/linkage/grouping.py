"""Which of a block's records are one person: links in order of strength, each only if the whole group holds
together.

Linking everything that any chain of pairs connects would join a family through its one ambiguous record; so
a record joins a group only when half of the pairs between them would hold by themselves, and none speaks
against it.
"""

from collections.abc import Callable, Collection, Hashable, Iterable
from itertools import combinations

from knownto.linkage.comparing import Comparison
from knownto.linkage.model import Model


def group[Id: Hashable](
    ids: Iterable[Id],
    score: Callable[[Id, Id], Comparison],
    together: Collection[tuple[Id, Id]],
    apart: Collection[tuple[Id, Id]],
    model: Model,
    held: Collection[tuple[Id, Id]] = (),
) -> list[frozenset[Id]]:
    """Groups of records, one a person, the largest first; the same whatever the order of what is given.

    `together` and `apart` are what people decided, and apart wins; `held` are pairs linked before, which
    stay linked down to `model.break_`. A pair need not be in any order.
    """
    members = sorted(set(ids), key=repr)
    blocks = _Blocks(members, score, together, apart, model)
    for x, y in sorted(map(_in_order, together), key=repr):
        blocks.join_if_allowed(x, y)
    before = {frozenset(p) for p in held}
    for _, x, y in _by_strength(members, blocks, before, model):
        blocks.join_if_coherent(x, y)
    return sorted(blocks.groups(), key=lambda g: (-len(g), repr(sorted(g, key=repr))))


def _by_strength[Id: Hashable](
    members: list[Id], blocks: "_Blocks[Id]", before: set[frozenset[Id]], model: Model
) -> list[tuple[float, Id, Id]]:
    links = []
    for x, y in combinations(members, 2):
        bits = blocks.bits(x, y)
        if bits >= model.join or (bits >= model.break_ and frozenset((x, y)) in before):
            links.append((bits, x, y))
    return sorted(links, key=lambda link: (-link[0], repr(link[1]), repr(link[2])))


def _in_order[Id: Hashable](pair: tuple[Id, Id]) -> tuple[Id, Id]:
    x, y = pair
    return (x, y) if repr(x) <= repr(y) else (y, x)


class _Blocks[Id: Hashable]:
    """The groups as they grow. A pair is scored once."""

    def __init__(
        self,
        members: list[Id],
        score: Callable[[Id, Id], Comparison],
        together: Collection[tuple[Id, Id]],
        apart: Collection[tuple[Id, Id]],
        model: Model,
    ) -> None:
        self._of: dict[Id, set[Id]] = {m: {m} for m in members}
        self._apart = {frozenset(p) for p in apart}
        self._together = {frozenset(p) for p in together}
        self._model = model
        self._score = score
        self._bits: dict[tuple[Id, Id], float] = {}

    def bits(self, x: Id, y: Id) -> float:
        pair = _in_order((x, y))
        if pair not in self._bits:
            self._bits[pair] = self._score(*pair).bits
        return self._bits[pair]

    def join_if_allowed(self, x: Id, y: Id) -> None:
        if x in self._of and y in self._of and not self._forbidden(x, y):
            self._join(x, y)

    def join_if_coherent(self, x: Id, y: Id) -> None:
        if self._of[x] is not self._of[y] and not self._forbidden(x, y) and self._coherent(x, y):
            self._join(x, y)

    def groups(self) -> list[frozenset[Id]]:
        return list({id(g): frozenset(g) for g in self._of.values()}.values())

    def _across(self, x: Id, y: Id) -> list[tuple[Id, Id]]:
        return [(p, q) for p in self._of[x] for q in self._of[y]]

    def _forbidden(self, x: Id, y: Id) -> bool:
        return any(frozenset(pair) in self._apart for pair in self._across(x, y))

    def _coherent(self, x: Id, y: Id) -> bool:
        pairs = [p for p in self._across(x, y) if frozenset(p) not in self._together]
        found = [self.bits(p, q) for p, q in pairs]
        holding = sum(1 for bits in found if bits >= self._model.break_)
        return 2 * holding >= len(found) and min(found, default=0.0) >= self._model.against

    def _join(self, x: Id, y: Id) -> None:
        mine, theirs = self._of[x], self._of[y]
        if mine is not theirs:
            mine |= theirs
            self._of.update(dict.fromkeys(theirs, mine))
