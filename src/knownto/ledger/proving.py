"""Short proofs out of the database: that an entry is in the log, that the log only grew.

Roots of what is complete are found among the peaks of stored heads, so that a proof in a log of millions does not read
millions of leaves.
"""

from dataclasses import dataclass

from knownto.ledger.models import Head, Leaf
from knownto.ledger.tree import stored
from knownto.proof import Frontier, prove_consistency, prove_inclusion, subtrees

READ_AT_ONCE = 1024  # leaves: fewer are read and hashed


@dataclass(frozen=True)
class Included:
    """Where an entry stands in the log that a head was signed for, and the hashes that show it."""

    index: int
    head: Head
    proof: list[bytes]


def subtree(start: int, stop: int) -> bytes:
    """The root over those leaves. Raises LookupError where one is missing."""
    size = stop - start
    if size <= READ_AT_ONCE:
        return _from_leaves(start, stop)
    if size & (size - 1) == 0 and start % size == 0 and (found := _among_peaks(start, stop)):
        return found
    half = 1 << (size - 1).bit_length() - 1
    return subtrees([subtree(start, start + half), subtree(start + half, stop)])(0, 2)


def _from_leaves(start: int, stop: int) -> bytes:
    hashes = Leaf.objects.filter(index__gte=start, index__lt=stop).order_by("index").values_list("hash", flat=True)
    leaves = [bytes(each) for each in hashes]
    if len(leaves) != stop - start:
        raise LookupError("the log has a hole")
    return subtrees(leaves)(0, len(leaves))


def _among_peaks(start: int, stop: int) -> bytes | None:
    """A complete tree is a peak of every head signed before its neighbour was complete too."""
    if (start // (stop - start)) % 2:
        return None
    head = Head.objects.filter(size__gte=stop, size__lt=stop + (stop - start)).first()
    if head is None:
        return None
    place = 0
    for peak in stored(head).peaks:
        height = (head.size - place).bit_length() - 1
        if (place, place + (1 << height)) == (start, stop):
            return peak
        place += 1 << height
    return None


def grown(older: int, newer: int) -> list[bytes]:
    """What shows that the log of `newer` entries begins with that of `older`. Raises ValueError if it is smaller."""
    return prove_consistency(older, newer, subtree)


def included(entry: int, under: Head | None = None) -> Included | None:
    """Where the entry of that row stands, under that head or the newest; None while it is not numbered."""
    leaf = Leaf.objects.filter(entry=entry).first()
    head = under or Head.objects.order_by("-number").first()
    if leaf is None or head is None or leaf.index >= head.size:
        return None
    return Included(leaf.index, head, prove_inclusion(leaf.index, head.size, subtree))


def whole() -> Frontier:
    """The newest head's tree."""
    head = Head.objects.order_by("-number").first()
    return Frontier(head.size, stored(head).peaks) if head else Frontier()
