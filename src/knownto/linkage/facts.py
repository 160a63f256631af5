"""Facts that some records have beside a person's own: a birthplace, an occupation, a number of another's making.

A model names the facts that it weighs and says of what kind each is; a record's other facts are left alone. Weights of
facts are always learnt (`knownto linkage train`), since nobody can judge what an unknown column is worth.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from knownto.linkage.letters import fold
from knownto.linkage.likeness import nearly, one_slip

if TYPE_CHECKING:
    from knownto.linkage.cleaning import Cleaned
    from knownto.linkage.model import Model

# Each kind of fact: its levels, with what is said of each. Where "rare" the rarity of what is shared is added.
KINDS: Mapping[str, Mapping[str, tuple[str, bool]]] = {
    "word": {
        "same": ("Same {}", True),
        "near": ("Nearly the same {}", True),
        "shared": ("Part of the {} is the same", True),
        "different": ("Different {}", False),
    },
    "number": {
        "same": ("Same {}", True),
        "slip": ("One slip apart: {}", False),
        "slips": ("Two slips apart: {}", False),
        "different": ("Different {}", False),
    },
    "date": {
        "same": ("Same {}", True),
        "slip": ("One slip apart, or day and month the other way round: {}", False),
        "partly": ("The same as far as both are known: {}", False),
        "two": ("Year, and month or day, are the same: {}", False),
        "day": ("Day and month are the same in another year: {}", False),
        "slips": ("Two slips apart: {}", False),
        "one": ("One of day, month and year is the same: {}", False),
        "different": ("Different {}", False),
    },
    "words": {
        "same": ("Same {}", True),
        "most": ("Most words of the {} are the same", True),
        "some": ("Some words of the {} are the same", True),
        "near": ("Some words of the {} are nearly the same", False),
        "different": ("Different {}", False),
    },
}
_LONGEST = 200
_MOST_WORDS = 12


@dataclass(frozen=True, slots=True)
class Fact:
    """How a fact is compared. `rarity` in bits of each value (of each word for "words"), `unseen` of any other."""

    kind: str
    rarity: Mapping[str, float]
    unseen: float


def cleaned(told: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Names and folded texts, in order of the name; empty ones are left out."""
    folded = ((name, " ".join(_plain(text).split())) for name, text in told)
    return tuple(sorted((name, text) for name, text in folded if text))


def _plain(text: str) -> str:
    return "".join(c if c.isalnum() else " " for c in fold(text[:_LONGEST]))


def agreed(a: "Cleaned", b: "Cleaned", model: "Model") -> Iterator[tuple[str, str, float]]:
    """Field, level and rarity of each fact that both records have and the model weighs."""
    theirs = dict(b.facts)
    for name, x in a.facts:
        fact, y = model.facts.get(name), theirs.get(name)
        if fact and y:
            yield name, *_level(fact, x, y)


def _level(fact: Fact, x: str, y: str) -> tuple[str, float]:
    if fact.kind == "words":
        return _words(fact, x, y)
    if x == y:
        return "same", fact.rarity.get(x, fact.unseen)
    if fact.kind == "number":
        return _number(x, y), 0.0
    if fact.kind == "date":
        return _date(x.split(), y.split()), 0.0
    return _word(fact, x, y)


def _number(x: str, y: str) -> str:
    if len(x) > 2 and len(y) > 2 and one_slip(x, y):
        return "slip"
    return "slips" if min(len(x), len(y)) > 4 and OSA.distance(x, y, score_cutoff=2) <= 2 else "different"


def _date(x: list[str], y: list[str]) -> str:
    """Year, month and day, 0 where one is not known. What is written as no date is compared as it stands."""
    if len(x) != 3 or len(y) != 3:
        return _number("".join(x), "".join(y))
    known = [(p, q) for p, q in zip(x, y, strict=True) if p != "0" and q != "0"]
    same = sum(p == q for p, q in known)
    if same == len(known) < 3:
        return "partly" if known else "different"
    if x[0] == y[0] and x[1:] == y[:0:-1]:
        return "slip"
    slips = sum(OSA.distance(p.zfill(2), q.zfill(2)) for p, q in known)
    if slips <= 1:
        return "slip"
    if same == 2:
        return "two" if x[0] == y[0] else "day"
    return "slips" if slips == 2 else "one" if same else "different"


def _word(fact: Fact, x: str, y: str) -> tuple[str, float]:
    if nearly(x, y):
        return "near", min(fact.rarity.get(x, fact.unseen), fact.rarity.get(y, fact.unseen))
    if shared := {w for w in x.split() if len(w) > 2}.intersection(y.split()):
        # A word of a value is at least as common as the commoner of the values that hold it.
        return "shared", min(fact.rarity.get(v, fact.unseen) for v in (*shared, x, y))
    return "different", 0.0


def _words(fact: Fact, x: str, y: str) -> tuple[str, float]:
    """The rarest shared word speaks; whether most of the words are shared is by rarity too, so "of the" says little."""
    mine, theirs = set(x.split()[:_MOST_WORDS]), set(y.split()[:_MOST_WORDS])
    shared = {w: fact.rarity.get(w, fact.unseen) for w in mine & theirs}
    if not shared:
        close = any(nearly(m, t) for m in mine for t in theirs)
        return ("near" if close else "different"), 0.0
    rarest = max(shared.values())
    if mine == theirs:
        return "same", rarest
    less = min(_total(fact, mine), _total(fact, theirs))
    return ("most" if sum(shared.values()) >= 0.75 * less else "some"), rarest


def _total(fact: Fact, words: set[str]) -> float:
    return sum(fact.rarity.get(w, fact.unseen) for w in words)
