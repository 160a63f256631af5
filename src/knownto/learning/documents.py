"""The one JSON of a model: weights, prior, thresholds, frequencies of common names, the data's profile, the curves."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from knownto.learning.estimating import VERSION
from knownto.learning.measuring import Measured, curve
from knownto.learning.training import Learnt, with_weights
from knownto.linkage import Cleaned
from knownto.linkage.evaluation import Threshold
from knownto.linkage.model import OWN

FEWEST_BEARERS = 20  # records: a name that fewer have could point to somebody, and is never written down
_FIELDS = ("given", "family", "birth", "sex", "places", "nhs_number", "upn", "pnc", "phones", "emails")


def base(path: Path | None = None) -> dict[str, Any]:
    """The document to start from (the shipped one), without its checksum and without who signed it off."""
    document: dict[str, Any] = json.loads((path or OWN).read_text(encoding="utf-8"))
    return {key: value for key, value in document.items() if key not in ("checksum", "signed_off")}


def profile(records: Sequence[Cleaned]) -> dict[str, Any]:
    """How many records there are and what share lacks each field: counts only, nobody's data."""
    missing = {f: round(sum(not getattr(c, f) for c in records) / max(len(records), 1), 4) for f in _FIELDS}
    return {"records": len(records), "missing": missing}


def frequencies(records: Sequence[Cleaned]) -> dict[str, dict[str, float]]:
    """How many in 100,000 bear each name that enough records have, by part."""
    found: dict[str, dict[str, float]] = {}
    for part in ("given", "family"):
        counts = Counter(name for c in records for name in set(getattr(c, f"{part}_standard")))
        common = sorted((name, n) for name, n in counts.items() if n >= FEWEST_BEARERS)
        found[part] = {name: round(1e5 * n / len(records), 2) for name, n in common}
    return found


def trained(
    start: Mapping[str, Any], learnt: Learnt, records: Sequence[Cleaned], *, name: str, source: str, seed: int
) -> dict[str, Any]:
    """The document after learning: what was learnt in the place of what was judged, and how that was done."""
    made = with_weights(dict(start), learnt)
    observed = {f"{field}.{level}": round(n, 1) for (field, level), n in sorted(learnt.estimates.observed.items()) if n}
    settled = sorted(f"{field}.{level}" for field, level in learnt.shape.settled)
    made |= {"name": name, "source": source, "prior": round(math.log2(learnt.prior / (1 - learnt.prior)), 4)}
    made["learnt"] = {
        "with": f"Splink {VERSION}",
        "seed": seed,
        "pairs_by_chance": learnt.drawn,
        "pairs_worth_a_look": learnt.near,
        "pairs_a_rule_keeps_apart": learnt.forbidden,
        "share_of_pairs_of_one_person": learnt.prior,
        "expected_pairs_by_level": observed,
        "left_as_judged": settled,
        "data": profile(records),
    }
    return made


def fitted(document: Mapping[str, Any], found: Measured, steps: Sequence[Threshold]) -> dict[str, Any]:
    """The document with the curves that the truth, or people's decisions, gave."""
    return {**document, "curve": curve(found), "thresholds_curve": [asdict(step) for step in steps]}
