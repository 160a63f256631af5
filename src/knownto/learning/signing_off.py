"""Thresholds from the measured curve, and a person who answers for them: a model that nobody signed is refused."""

import json
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from knownto.linkage.evaluation import Threshold
from knownto.linkage.model import checksum

BELOW = 5.0  # bits that a link may lose before it is broken: it must not come and go with every update

MORE = 1.0  # bits beyond what was measured, for rules of which each town shows a few thousand pairs
STEP = 0.5  # bits


class NotSignable(ValueError):
    """What was asked for cannot be signed off; the sentence says why."""


def proposed(curve: Sequence[Threshold], *, false_share: float, missed_share: float) -> dict[str, float]:
    """`join`: the least bits from which wrong links are at most `false_share` of all, there and anywhere above;
    `possible`: the most from which at most `missed_share` of what can be found at all is left out.

    Raises NotSignable when no threshold is good enough.
    """
    good: list[float] = []
    for one in sorted(curve, key=lambda t: -t.bits):
        if round(1 - one.precision, 9) > false_share:
            break
        good.append(one.bits)
    if not good:
        raise NotSignable("At no threshold are so few links wrong. Allow more, or measure on more records.")
    reachable = max(one.recall for one in curve)
    seen = [one.bits for one in curve if one.recall >= reachable * (1 - missed_share)]
    join = min(good)
    return {"join": join, "break": join - BELOW, "possible": min(max(seen), join)}


def proposed_to_lift(
    rows: Mapping[str, Sequence[tuple[float, bool]]], *, false_share: float, join: float
) -> dict[str, float]:
    """From how many bits each rule for names and dates alone lets go: half a bit after half a bit from above, while of
    all that would be linked so at most `false_share` are wrong; then `MORE`, for what so few pairs cannot show.

    `rows` as `measuring.lifted` gives them: bits without the rule, and whether it is one person.
    """
    return {name: max(_least_good(some, false_share) + MORE, join) for name, some in rows.items()}


def _least_good(some: Sequence[tuple[float, bool]], false_share: float) -> float:
    told = sorted(some, reverse=True)
    if not told:
        raise NotSignable("Nothing was measured of names and dates alone. Measure on more records.")
    at, wrong, step = 0, 0, math.ceil(2 * told[0][0]) / 2
    while at < len(told):
        while at < len(told) and told[at][0] >= step - STEP:
            wrong, at = wrong + (not told[at][1]), at + 1
        if wrong > false_share * at:
            return step
        step -= STEP
    return step


def sign_off(path: Path, *, name: str, role: str, on: date) -> str:
    """Write into the model's file who answers for it, and the checksum over all of it. Returns the checksum.

    Raises NotSignable without a name and a role.
    """
    if not name.strip() or not role.strip():
        raise NotSignable("A sign-off needs a name and a role.")
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    document.pop("checksum", None)
    document["signed_off"] = {"name": name.strip(), "role": role.strip(), "on": on.isoformat()}
    return write(path, document)


def write(path: Path, document: Mapping[str, Any]) -> str:
    """Write a model's document with its checksum, which covers the tables that it depends on too."""
    plain = {key: value for key, value in document.items() if key != "checksum"}
    told = checksum(plain)
    path.write_text(json.dumps({**plain, "checksum": told}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told
