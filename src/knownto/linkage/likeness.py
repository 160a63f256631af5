"""How alike two words are as people write them."""

from rapidfuzz.distance import OSA, JaroWinkler

from knownto.linkage.sounds import sound

_alike = JaroWinkler.similarity
_slips = OSA.distance


def nearly(x: str, y: str) -> bool:
    """One slip of a pen apart, or much the same in sound and writing."""
    if len(x) < 3 or len(y) < 3:
        return False
    if _alike(x, y, score_cutoff=0.91):
        return True
    if len(x) > 3 and len(y) > 3 and _slips(x, y, score_cutoff=1) <= 1:
        return True
    return sound(x) == sound(y) and _alike(x, y) >= 0.8


def slipped(x: str, y: str) -> bool:
    """One slip apart, even in a name of three letters: only for names of which one is nobody's name."""
    return len(x) + len(y) > 4 and _slips(x, y, score_cutoff=1) <= 1


def somewhat(x: str, y: str) -> bool:
    """Two slips apart, or so: not evidence for, and no proof of two people either."""
    return len(x) > 2 and len(y) > 2 and _alike(x, y, score_cutoff=0.75) > 0


def one_slip(x: str, y: str) -> bool:
    """One letter or digit wrong, missing or added, or two neighbours exchanged."""
    return _slips(x, y, score_cutoff=1) <= 1
