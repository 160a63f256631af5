"""The weights: one JSON file with a checksum that covers it and every table that it depends on.

Bits are log2 of how much likelier an agreement is between two records of one person than of two people. A
level marked with rarity adds the rarity of the name itself (Smith says little, Okonjo-Brandt much).
"""

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from knownto.linkage import tables
from knownto.linkage.facts import KINDS, Fact

OWN = Path(__file__).parent / "model.json"
_TABLES = ("levels.csv", "guards.csv", "families.csv", "forenames.csv", "nicknames.csv", "spellings.csv") + (
    "words.csv",
    "false_dates.csv",
    "names_known.csv",
)
# Rules that let go from so many bits, and the threshold that says from how many: chosen and signed like `join`.
LIFTED = {row["guard"]: row["under"] for row in tables.rows("guards.csv") if row["under"]}
_PARTS = {"family": "families.csv", "given": "forenames.csv"}


class ModelDamaged(ValueError):
    """The model's file, or a table it was made with, is not the one that was signed off."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why two records may or may not be of one person. `sentence` never holds a value of anybody's data."""

    field: str
    level: str
    bits: float
    sentence: str


class Level(NamedTuple):
    """One level of agreement on one field: its fixed bits, or with rarity what is added to the rarity
    (`least` at least); `reason` is ready made for fixed ones."""

    bits: float
    rarity: bool
    least: float
    reason: Reason


class Guard(NamedTuple):
    """A rule that weights cannot say: when every field is at one of these levels, the bits may not exceed
    `cap`. One with an `under` leaves alone whoever has as many bits as that."""

    when: tuple[tuple[str, frozenset[str]], ...]
    unless_number: bool
    apart: bool
    cap: float
    under: float
    reason: Reason

    @property
    def lifts(self) -> bool:
        """Whether it lets go from some bits on."""
        return self.under < math.inf


@dataclass(frozen=True, slots=True)
class Model:
    """Weights in bits. `join`: links by itself; `break_`: an existing link holds until below; `possible`: a person
    is asked whether two records are one; `against`: a pair with fewer keeps two groups apart, whatever else links them;
    `shown`: shown to whoever searches, for whom a missed child is the worse."""

    checksum: str
    name: str
    prior: float
    join: float
    break_: float
    possible: float
    against: float
    shown: float
    margin: float
    levels: Mapping[str, Mapping[str, Level]]
    guards: tuple[Guard, ...]
    family_rarity: Mapping[str, float]
    given_rarity: Mapping[str, float]
    family_unseen: float
    given_unseen: float
    family_tradition: Mapping[str, str]
    given_tradition: Mapping[str, str]
    tradition_bits: Mapping[str, float]
    people: int
    local: Mapping[str, frozenset[str]]
    facts: Mapping[str, Fact] = field(default_factory=dict)
    curve: tuple[tuple[float, float], ...] = ()  # bits and the probability that was observed of them, rising

    def for_population(self, people: int) -> "Model":
        """The same model where so many people are held. Among more, a chance agreement of name and date is
        likelier; not so of an address, a phone or a number, which always has the same few people."""
        more = math.log2(max(people, 2) / self.people)
        levels = {field: self._local(field, levels, more) for field, levels in self.levels.items()}
        return replace(self, prior=self.prior - more, levels=levels, people=max(people, 2))

    def _local(self, field: str, levels: Mapping[str, Level], more: float) -> Mapping[str, Level]:
        chosen = self.local.get(field, frozenset())
        return {name: _shifted(level, more) if name in chosen else level for name, level in levels.items()}


def _shifted(level: Level, more: float) -> Level:
    bits = max(level.bits + more, 0.0)
    return level._replace(bits=bits, reason=replace(level.reason, bits=bits))


def load_model(path: Path | str | None = None) -> Model:
    """The model in a file; when no path is given the one that KNOWNTO_MODEL names, or else the shipped one.

    Raises ModelDamaged when its checksum fails, or nobody has signed it off (`knownto linkage sign-off`).
    """
    chosen = Path(path or os.environ.get("KNOWNTO_MODEL") or OWN)
    try:
        document = json.loads(chosen.read_text(encoding="utf-8"))
        told = document.pop("checksum")
    except (ValueError, KeyError, AttributeError) as broken:
        raise ModelDamaged(f"{chosen.name} is not a model") from broken
    if told != checksum(document):
        raise ModelDamaged(f"{chosen.name} or a table it needs has changed since it was signed off")
    if not all(document.get("signed_off", {}).get(part) for part in ("name", "role", "on")):
        raise ModelDamaged(f"{chosen.name} was signed off by nobody")
    return made(document, told)


def checksum(document: dict[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the document without its checksum and of the tables that ship with the
    engine."""
    told = hashlib.sha256(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())
    for name in _TABLES:
        told.update(_digest(name))
    return told.hexdigest()


@cache
def _digest(name: str) -> bytes:
    return hashlib.sha256((tables.FOLDER / name).read_bytes()).digest()


def made(document: dict[str, Any], told: str = "") -> Model:
    """The model that a document describes, signed off or not: what is being learnt has no checksum yet."""
    at = document["thresholds"]
    unseen = {part: _bits(per) for part, per in document["unseen_per_100000"].items()}
    given, family = _names(document, "given"), _names(document, "family")
    return Model(
        checksum=told,
        name=document["name"],
        prior=float(document.get("prior", -math.log2(document["people"]))),
        join=at["join"],
        break_=at["break"],
        possible=at["possible"],
        against=at["against"],
        shown=at["shown"],
        margin=at["margin"],
        levels=_levels(document),
        guards=tuple(_guard(r, at) for r in tables.rows("guards.csv")),
        family_rarity={n: _bits(per) for n, (per, _) in family.items()},
        given_rarity={n: _bits(per) for n, (per, _) in given.items()},
        family_unseen=unseen["family"],
        given_unseen=unseen["given"],
        family_tradition={n: tradition for n, (_, tradition) in family.items()},
        given_tradition={n: tradition for n, (_, tradition) in given.items()},
        tradition_bits={t: math.log2(share) for t, share in document["traditions"].items()},
        people=document["people"],
        local={name: frozenset(levels) for name, levels in document["local"].items()},
        curve=tuple((bits, share) for bits, share in document.get("curve", ())),
        facts={name: _fact(told) for name, told in document.get("facts", {}).items()},
    )


def _names(document: dict[str, Any], part: str) -> dict[str, tuple[float, str]]:
    """How many people in 100,000 bear a name: the model's own counts, or else the table shipped with the
    engine."""
    own = document.get("names", {}).get(part)
    if own is not None:
        return {name: (per, tradition) for name, (per, tradition) in own.items()}
    return {r["name"]: (float(r["per_100000"]), r["tradition"]) for r in tables.rows(_PARTS[part])}


def _bits(per_100000: float) -> float:
    return math.log2(100000 / per_100000)


def _levels(document: dict[str, Any]) -> dict[str, dict[str, Level]]:
    found: dict[str, dict[str, Level]] = {}
    for r in tables.rows("levels.csv"):
        field, level = r["field"], r["level"]
        bits = float(document["weights"][field][level])
        least = float(document["least"].get(field, {}).get(level, -math.inf))
        reason = Reason(field, level, bits, r["sentence"])
        found.setdefault(field, {})[level] = Level(bits, r["rarity"] == "yes", least, reason)
    return found | {name: _fact_levels(name, told) for name, told in document.get("facts", {}).items()}


def _fact(told: dict[str, Any]) -> Fact:
    return Fact(told["kind"], {v: _bits(p) for v, p in told["per_100000"].items()}, _bits(told["unseen_per_100000"]))


def _fact_levels(name: str, told: dict[str, Any]) -> dict[str, Level]:
    words, found = name.replace("_", " "), {}
    for level, (sentence, rare) in KINDS[told["kind"]].items():
        bits = float(told["weights"][level])
        found[level] = Level(bits, rare, -math.inf, Reason(name, level, bits, sentence.format(words)))
    return found


def _guard(row: dict[str, str], at: dict[str, float]) -> Guard:
    pairs = (pair.partition("=") for pair in row["when"].split(";"))
    when = tuple((field, frozenset(levels.split("|"))) for field, _, levels in pairs)
    reason = Reason("rule", row["guard"], 0.0, row["sentence"])
    under = at[row["under"]] if row["under"] else math.inf
    return Guard(when, row["unless"] == "number", row["cap"] == "apart", at[row["cap"]], under, reason)
