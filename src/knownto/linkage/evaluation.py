"""How right the model was measured to be: one JSON beside it, which the product shows and anybody can read.

Shares are 0 to 1, scores are bits. It holds counts and shares only, never a value of anybody's record.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

OWN = Path(__file__).parent / "evaluation.json"


@dataclass(frozen=True, slots=True)
class Score:
    """Pairs rightly and wrongly called one person. `precision`: of those called so, the share that is right."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True)
class Method:
    """One matcher on one labelled set: its pairs, and its pairs after clustering (None where it makes none)."""

    name: str
    pairs: Score
    clustered: Score | None
    note: str = ""

    @property
    def best(self) -> float:
        """F1 of its pairs, or after clustering where that is better."""
        return max(self.pairs.f1, self.clustered.f1 if self.clustered else 0.0)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A published labelled set, ours beside each peer in the same run. `needed`: what beats the best peer."""

    name: str
    source: str
    records: int
    true_pairs: int
    ours: Method
    peers: tuple[Method, ...]
    needed: float
    beaten: bool


@dataclass(frozen=True, slots=True)
class Group:
    """True pairs of one group: two partners' records, or people of one naming tradition."""

    name: str
    true: int
    linked: int
    wrong: int
    in_review: int

    @property
    def recall(self) -> float:
        """Linked without anybody's say."""
        return (self.linked - self.wrong) / max(self.true, 1)

    @property
    def found(self) -> float:
        """Linked, or put before a person."""
        return (self.linked - self.wrong + self.in_review) / max(self.true, 1)

    @property
    def precision(self) -> float:
        return 1 - self.wrong / self.linked if self.linked else 1.0


@dataclass(frozen=True, slots=True)
class Reliability:
    """Pairs whose believed probability is between `low` and `high`: how many, what was said, what was so."""

    low: float
    high: float
    pairs: int
    believed: float
    observed: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """What linking from so many bits would do."""

    bits: float
    precision: float
    recall: float
    false_a_month: float


@dataclass(frozen=True, slots=True)
class Target:
    """A figure that was set beforehand, and what was measured."""

    what: str
    wanted: str
    figure: str
    met: bool


@dataclass(frozen=True, slots=True)
class SignedOff:
    """Who answers for the thresholds."""

    name: str
    role: str
    on: str


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Everything that was measured of one model. `records_a_month` is the volume behind `false_links_a_month`."""

    model: str
    checksum: str
    trained_with: str
    signed_off: SignedOff | None
    measured_on: str
    data: str
    records: int
    true_pairs: int
    whole: Group
    calibration_error: float
    candidate_recall: float
    records_a_month: int
    false_links_a_month: float
    partners: tuple[Group, ...]
    traditions: tuple[Group, ...]
    reliability: tuple[Reliability, ...]
    thresholds: tuple[Threshold, ...]
    sets: tuple[LabelledSet, ...]
    targets: tuple[Target, ...]
    not_known: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Evaluation":
        """Raises KeyError or TypeError when a part is missing or unknown."""
        signed = found["signed_off"]
        made: dict[str, Any] = dict(found)
        made["signed_off"] = SignedOff(**signed) if signed else None
        made["whole"] = Group(**found["whole"])
        made["sets"] = tuple(_set(one) for one in found["sets"])
        for name, kind in _ROWS.items():
            made[name] = tuple(kind(**row) for row in found[name])
        made["not_known"] = tuple(found["not_known"])
        return cls(**made)


_ROWS: dict[str, Any] = {
    "partners": Group,
    "traditions": Group,
    "reliability": Reliability,
    "thresholds": Threshold,
    "targets": Target,
}


def _set(found: Mapping[str, Any]) -> LabelledSet:
    peers = tuple(_method(p) for p in found["peers"])
    return LabelledSet(**{**found, "ours": _method(found["ours"]), "peers": peers})


def _method(found: Mapping[str, Any]) -> Method:
    clustered = found["clustered"]
    return Method(found["name"], Score(**found["pairs"]), Score(**clustered) if clustered else None, found["note"])


def latest(own: Path | None = None) -> Evaluation | None:
    """What was measured last: `own`, the hub's own file, where there is one, or else the packaged one; None when
    nothing was measured yet."""
    for path in (own, OWN):
        if path and path.exists():
            return Evaluation.from_json(json.loads(path.read_text(encoding="utf-8")))
    return None
