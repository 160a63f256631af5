"""The one spelling that stands for all of a name's: by tables, by endings, and by how Arabic names are put together."""

import re
from functools import lru_cache

from knownto.linkage import tables
from knownto.linkage.likeness import nearly

ABDUL = "ABDUL"
_SERVANT = re.compile(r"C?ABD(?:U|E|A|I|OU|EO)?([LRSNZDT]?)(.{3,})")


def servant(word: str) -> tuple[str, ...]:
    """Abdurrahman, Abdelrahman and Abdirahman are Abdul Rahman: servant of one of the names of God."""
    found = _SERVANT.fullmatch(word)
    if found and word not in tables.STANDARD_GIVEN:
        for rest in (found[2], found[1] + found[2]):
            if is_god(rest):
                return ABDUL, rest
    return (word,)


def is_god(word: str) -> bool:
    """Whether the word is one of the names of God that follow Abdul."""
    return tables.STANDARD_GIVEN.get(word, word) in tables.SERVANT_OF


def standard_given(part: str) -> str:
    """The one spelling that stands for all of a given name's: MUHAMMAD -> MOHAMMED, slips included, since it
    is the name most often misspelt and the one that must be known to find the name people are called by."""
    known = tables.STANDARD_GIVEN.get(part)
    if known:
        return known
    if part[0] == "M" and part[-1] in "DT" and len(part) > 5:
        return "MOHAMMED" if nearly(part, "MOHAMMED") and part not in tables.NAMES_GIVEN else part
    return _without_ending(part) if part.endswith(_GUJARATI) else part


_GUJARATI = ("BHAI", "BEN", "KUMAR")


def _without_ending(part: str) -> str:
    """Rameshbhai, Kokilaben and Jigneshkumar: brother, sister and boy, said or left out."""
    rest = part.removesuffix("BHAI").removesuffix("BEN").removesuffix("KUMAR")
    shortest = 5 if part.endswith("KUMAR") else 4
    return tables.STANDARD_GIVEN.get(rest, rest) if len(rest) >= shortest else part


def standard_family(part: str) -> str:
    """The one spelling for a family name's: Kowalska -> KOWALSKI, MacDonald -> MCDONALD."""
    return tables.STANDARD_FAMILY.get(part) or _ending(part)


# Feminine, and other, endings of one family's name, the longest first: (ending, what stands for it, shortest name).
_ENDINGS = (
    ("SKAYA", "SKI", 7), ("SKAIA", "SKI", 7), ("SKAJA", "SKI", 7), ("SKYI", "SKI", 6), ("SKIY", "SKI", 6),
    ("SKII", "SKI", 6), ("SKY", "SKI", 6), ("SKA", "SKI", 6), ("CKA", "CKI", 6), ("DZKA", "DZKI", 6), ("ZKA", "ZKI", 7),
    ("EVA", "EV", 7), ("OVA", "OV", 6), ("AUSKIENE", "AUSKAS", 10), ("AITE", "AS", 8), ("IENE", "AS", 8),
    ("YTE", "IS", 8), ("OTNA", "OTNY", 7),
)  # fmt: skip


def _ending(part: str) -> str:
    if len(part) > 5 and part[-1] in "AEIY":
        found = ((e, stands) for e, stands, shortest in _ENDINGS if part.endswith(e) and len(part) >= shortest)
        ending, stands = next(found, ("", ""))
        part = part.removesuffix(ending) + stands
    if part.startswith("MAC") and len(part) > 6 and part[3] not in "AEIOUHK":
        return "MC" + part[3:]
    return _as_one(part) if part.startswith("ABD") else part


def _as_one(part: str) -> str:
    """Abdirahman as a family name: one word, in the standard spelling."""
    return "".join(tables.STANDARD_GIVEN.get(p, p) for p in servant(part))


@lru_cache(maxsize=16384)
def roots(name: str) -> tuple[str, ...]:
    """Every name that a given name may be short for: ALEX -> (ALEXANDER, ALEXANDRA), OLUWASEUN -> itself and SEUN."""
    found = tables.FULL_NAMES.get(name) or (name,)
    for front in sorted(tables.HONOURING, key=len, reverse=True):
        rest = name.removeprefix(front)
        if rest != name and len(rest) > (2 if len(front) > 3 else 3):
            return (*found, *(tables.FULL_NAMES.get(rest) or (rest,)))
    return found
