"""How far two family names agree: spellings, parts of a double one, little words in front, endings, slips."""

from typing import NamedTuple

from knownto.linkage import tables
from knownto.linkage.cleaning import Cleaned
from knownto.linkage.likeness import nearly
from knownto.linkage.model import Model


class Agreed(NamedTuple):
    """A level, the rarity in bits of the name agreed on, and that name ("" where there is none)."""

    level: str
    rarity: float = 0.0
    name: str = ""


MISSING = Agreed("")


def family_names(a: Cleaned, b: Cleaned, model: Model) -> Agreed:
    """The level of the family names, judged by themselves."""
    if not a.family or not b.family:
        return MISSING
    if a.family == b.family:
        return _rarest("exact" if a.family_core else "customary_same", a.family_standard, model)
    if a.family_whole == b.family_whole or _glued(a.family_whole, b.family_whole):
        return min((_rarest("spelling", c.family_standard, model) for c in (a, b)), key=lambda found: found[1:])
    if len(a.family) > 1 or len(b.family) > 1:
        shared = [f for f in a.family_standard if f in b.family_standard]
        if shared:
            whole = sorted(a.family_standard) == sorted(b.family_standard)  # Lunt-Okafor is Okafor-Lunt
            return _rarest("spelling" if whole else "part", shared, model)
    return _family_apart(a, b, model)


def _glued(x: str, y: str) -> bool:
    """Almasri is Al-Masri and Desouza de Souza: the little word in front was glued to the name, or left out."""
    short, long = sorted((x, y), key=len)
    return len(short) > 3 and long.endswith(short) and long[: -len(short)] in tables.GLUED


def _rarest(level: str, shared: tuple[str, ...] | list[str], model: Model) -> Agreed:
    if len(shared) == 1:
        return Agreed(level, model.family_rarity.get(shared[0], model.family_unseen), shared[0])
    rarity, name = max((model.family_rarity.get(f, model.family_unseen), f) for f in shared)
    return Agreed(level, rarity, name)


def _family_apart(a: Cleaned, b: Cleaned, model: Model) -> Agreed:
    x, y = a.family_whole, b.family_whole
    rarity = model.family_rarity
    if nearly(x, y) or nearly(a.family[-1], b.family[-1]):
        if x in tables.NAMES_FAMILY and y in tables.NAMES_FAMILY:
            return Agreed("alike")
        return Agreed("close", min(rarity.get(x, model.family_unseen), rarity.get(y, model.family_unseen)))
    return Agreed("customary" if bool(a.family_core) is not bool(b.family_core) else "different")
