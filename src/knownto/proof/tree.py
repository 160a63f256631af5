"""Short proofs (RFC 9162, sections 2.1.3 and 2.1.4): that an entry is in the log, that the log only grew.

A proof is a list of subtree roots. Whoever makes one supplies `subtree(start, stop)`, the root over those
leaf hashes, so that a large log can be read from a database piece by piece.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from .verifier import Frontier, node_hash, path_to, split

Subtree = Callable[[int, int], bytes]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(moment: datetime) -> int:
    """Microseconds since 1970, UTC, exactly (a float would not be). Raises ValueError if naive."""
    if moment.tzinfo is None:
        raise ValueError("a time in the log needs its time zone")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def subtrees(leaves: Sequence[bytes]) -> Subtree:
    """For leaf hashes that are all at hand."""
    return lambda start, stop: Frontier().extended(leaves[start:stop]).root()


def prove_inclusion(place: int, size: int, subtree: Subtree) -> list[bytes]:
    """The roots beside the path from leaf `place` (from 0) up to the root of `size` leaves, lowest first."""
    if not 0 <= place < size:
        raise ValueError("no such entry in a log of that size")
    return [subtree(*beside) for _, beside in reversed(list(path_to(place, 0, size)))]


def prove_consistency(older: int, newer: int, subtree: Subtree) -> list[bytes]:
    """What shows that the log of `newer` entries starts with the log of `older` entries."""
    if not 0 <= older <= newer:
        raise ValueError("a log never shrinks")
    return [] if older in (0, newer) else _grown(older, 0, newer, True, subtree)


def _grown(older: int, start: int, stop: int, known: bool, subtree: Subtree) -> list[bytes]:
    """RFC 9162's SUBPROOF, over leaves start to stop; `known`: the verifier has this whole subtree."""
    size = stop - start
    if older == size:
        return [] if known else [subtree(start, stop)]
    middle = start + split(size)
    if older <= middle - start:
        return [*_grown(older, start, middle, known, subtree), subtree(middle, stop)]
    return [*_grown(older - (middle - start), middle, stop, False, subtree), subtree(start, middle)]


def consistent(older: int, older_root: bytes, newer: int, newer_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the proof shows that the newer log extends the older one (RFC 9162, section 2.1.4.2)."""
    if not 0 <= older <= newer:
        return False
    if older == newer:
        return not proof and older_root == newer_root
    if older == 0:
        return not proof and older_root == Frontier().root()
    path = list(proof) if older & (older - 1) else [older_root, *proof]
    return bool(path) and _climbed(older - 1, newer - 1, path) == (older_root, newer_root)


def _climbed(low: int, high: int, path: list[bytes]) -> tuple[bytes, bytes] | None:
    """Both roots, rebuilt together from the older log's last leaf up; None if the proof is misshapen."""
    while low & 1:
        low, high = low >> 1, high >> 1
    old = new = path[0]
    for other in path[1:]:
        if high == 0:
            return None
        if low & 1 or low == high:
            old, new = node_hash(other, old), node_hash(other, new)
            while not low & 1 and low:
                low, high = low >> 1, high >> 1
        else:
            new = node_hash(new, other)
        low, high = low >> 1, high >> 1
    return (old, new) if high == 0 else None
