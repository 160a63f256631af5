"""How a name sounds, in five letters or fewer, for the names that people in England have.

Not English phonetics alone: V and W, C, K and Q, S and Z, and the breathed BH, DH, KH, TH of South Asian
names fold together, as clerks who hear a name write any of them.
"""

from functools import lru_cache

_STARTS = (("KN", "N"), ("GN", "N"), ("PN", "N"), ("WR", "R"), ("PS", "S"), ("X", "S"), ("MAC", "MC"))
_TURNS = (
    ("SCH", "S"), ("SZCZ", "S"), ("SZ", "S"), ("CZ", "S"), ("RZ", "S"), ("SH", "S"), ("TCH", "C"),
    ("CH", "S"), ("PH", "F"), ("CK", "K"), ("GHT", "T"), ("GH", "G"), ("KH", "K"), ("QU", "K"), ("DJ", "J"),
    ("BH", "B"), ("DH", "D"), ("TH", "T"), ("JH", "J"), ("CE", "SE"), ("CI", "SI"), ("CY", "SY"),
)  # fmt: skip
_LETTERS = str.maketrans({"C": "K", "Q": "K", "Z": "S", "W": "V", "X": "K"})
_QUIET = str.maketrans("", "", "AEIOUYH")
_LONGEST = 5


@lru_cache(maxsize=65536)
def sound(name: str) -> str:
    """The sound code of one cleaned name ("" for ""); any vowel at the start is A."""
    if not name:
        return ""
    told = _turned(_started(name)).translate(_LETTERS)
    first = "A" if told[0] in "AEIOU" else told[0]
    return _undoubled(first + told[1:].translate(_QUIET))[:_LONGEST]


def _started(name: str) -> str:
    for old, new in _STARTS:
        if name.startswith(old):
            return new + name[len(old) :]
    return name


def _turned(name: str) -> str:
    for old, new in _TURNS:
        if old in name:
            name = name.replace(old, new)
    return name


def _undoubled(code: str) -> str:
    return "".join(c for i, c in enumerate(code) if i == 0 or c != code[i - 1])
