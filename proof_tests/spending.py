"""How much of a long proof is run, from which seed, and what came of it.

A run of every day has its size; a campaign names another, or minutes, and then runs what fits: how many that were is
what is written down.
"""

import json
import os
import time
from collections.abc import Iterator
from pathlib import Path

SEED = os.environ.get("KNOWNTO_SEED", "20261122")
MINUTES = float(os.environ.get("KNOWNTO_MINUTES", "inf"))
BEGUN = time.monotonic()


def over() -> bool:
    """Are the minutes that this process was given used up?"""
    return time.monotonic() - BEGUN > MINUTES * 60


def each_of(many: int) -> Iterator[int]:
    """0, 1, 2 and so on, `many` of them or as many as there is time for: one at least."""
    for number in range(many):
        if number and over():
            return
        yield number


def note(**figures: object) -> None:
    """Write figures where a campaign reads them; nothing, where it is none. Of one name, numbers are added up."""
    if path := os.environ.get("KNOWNTO_FIGURES"):
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(json.dumps(figures) + "\n")
