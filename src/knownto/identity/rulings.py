"""What people decided about pairs, as rows."""

from collections.abc import Iterable
from dataclasses import dataclass

from knownto.identity.scores import Pair
from knownto.identity.statements import numbers, rows

IN_FORCE = "undone_at IS NULL AND replaced_by_id IS NULL"


@dataclass(frozen=True, slots=True)
class Decided:
    """The rulings in force on some records."""

    together: frozenset[Pair]
    apart: frozenset[Pair]

    def within(self, ids: set[int]) -> tuple[set[Pair], set[Pair]]:
        """(together, apart) of the pairs that lie wholly within `ids`."""
        return (
            {p for p in self.together if p[0] in ids and p[1] in ids},
            {p for p in self.apart if p[0] in ids and p[1] in ids},
        )


def in_force(ids: Iterable[int]) -> Decided:
    """Every ruling in force that touches one of those records."""
    wanted = numbers(ids)
    found = rows(
        f"SELECT lower, higher, kind FROM identity_ruling WHERE lower = ANY(%s::bigint[]) AND {IN_FORCE} "  # noqa: S608
        f"UNION SELECT lower, higher, kind FROM identity_ruling WHERE higher = ANY(%s::bigint[]) AND {IN_FORCE}",
        wanted,
        wanted,
    )
    together = frozenset((low, high) for low, high, kind in found if kind == "together")
    return Decided(together, frozenset((low, high) for low, high, kind in found if kind != "together"))


def together(ids: Iterable[int]) -> frozenset[Pair]:
    """The pairs, touching one of those records, that somebody put together."""
    return in_force(ids).together
