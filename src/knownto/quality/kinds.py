"""What can be found, as data: each code with its kind, a sentence that holds no value, and what to do about it."""

import csv
from dataclasses import dataclass
from pathlib import Path

KINDS = {
    "impossible": "Cannot be right",
    "conflicting": "Contradict one another",
    "missing": "Missing",
    "stale": "Out of date",
    "differs": "Differ from what others agree on",
}


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that can be wrong of a record."""

    code: str
    kind: str
    says: str
    do: str


def _read() -> dict[str, Found]:
    with (Path(__file__).parent / "findings.csv").open(encoding="utf-8", newline="") as lines:
        return {line["code"]: Found(**line) for line in csv.DictReader(lines)}


FOUND = _read()
DIFFERS = frozenset(code for code, found in FOUND.items() if found.kind == "differs")
