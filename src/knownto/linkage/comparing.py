"""The score of two records: the bits of every field, less what the rules for families forbid, with
reasons."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2

from knownto.linkage import agreement, facts, naming
from knownto.linkage.cleaning import Cleaned
from knownto.linkage.model import Model, Reason

_AT_HOME = frozenset(("same_home", "same_home_before", "flat_missing", "range"))
_CERTAIN = 60.0  # bits
_STEEP = 0.01  # a capped score keeps this share of what was above the cap, so that order is kept


@dataclass(frozen=True, slots=True)
class Comparison:
    """`bits`: log2 odds that both records are of one person; `probability` 0 to 1; reasons for and
    against."""

    bits: float
    probability: float
    reasons: tuple[Reason, ...]


def compare(a: Cleaned, b: Cleaned, model: Model) -> Comparison:
    """Compare two records; the order of the two makes no difference. About 20 microseconds."""
    return compare_rest(a, b, model, (*name_reasons(a, b, model), *birth_reasons(a, b, model)))


def compare_rest(a: Cleaned, b: Cleaned, model: Model, begun: Iterable[Reason]) -> Comparison:
    """The same, where the reasons of names and birth are known already: many candidates of a question share them."""
    reasons = list(begun)
    told = {reason.field: reason.level for reason in reasons}
    if a.told_sex and b.told_sex:
        _tell("sex", "same" if a.told_sex == b.told_sex else "different", 0.0, model, told, reasons)
    if level := agreement.place(a, b):
        _tell("place", level, 0.0, model, told, reasons)
    _tell_numbers(a, b, model, told, reasons)
    if level := agreement.contact(a, b, told.get("place") in _AT_HOME):
        _tell("contact", level, 0.0, model, told, reasons)
    if a.facts and b.facts:
        _tell_facts(a, b, model, told, reasons)
    _tell_order(a, b, told)
    bits = model.prior
    for reason in reasons:
        bits += reason.bits
    bits = _guarded(bits, model, told, reasons)
    return Comparison(bits, probability(bits, model.curve), tuple(reasons))


def name_reasons(a: Cleaned, b: Cleaned, model: Model) -> list[Reason]:
    """What the names of two records say."""
    reasons: list[Reason] = []
    _tell_names(a, b, model, {}, reasons)
    return reasons


def birth_reasons(a: Cleaned, b: Cleaned, model: Model) -> list[Reason]:
    """What two births say: one reason, or none where either record has no birth."""
    reasons: list[Reason] = []
    if level := agreement.birth(a, b):
        share = agreement.estimate_share(a, b) if level == "estimate_agrees" else 1.0
        _tell("birth", level, -log2(share), model, {}, reasons)
    return reasons


def _tell(field: str, level: str, rarity: float, model: Model, told: dict[str, str], reasons: list[Reason]) -> None:
    told[field] = level
    found = model.levels[field][level]
    if found.rarity:
        bits = max(found.least, rarity + found.bits)
        reasons.append(Reason(field, level, bits, found.reason.sentence))
    else:
        reasons.append(found.reason)


def _tell_names(a: Cleaned, b: Cleaned, model: Model, told: dict[str, str], reasons: list[Reason]) -> None:
    family, given = naming.names(a, b, model)
    if family.level:
        _tell("family", family.level, family.rarity, model, told, reasons)
    if given.level:
        _tell("given", given.level, given.rarity, model, told, reasons)
    if family.name and given.name:
        _tell_together(family.name, given.name, model, told, reasons)
    if a.middle and b.middle and given.level != "middle":
        _tell("middle", naming.middle(a, b), 0.0, model, told, reasons)


def _tell_together(family: str, given: str, model: Model, told: dict[str, str], reasons: list[Reason]) -> None:
    """Harpreet is rare, but not among people named Kaur: names of one tradition are not two coincidences. A name in
    no table is taken to be of the other's tradition: beside Kaur it is a rare Punjabi name, not just a rare one."""
    one, other = model.family_tradition.get(family), model.given_tradition.get(given)
    level = "common" if one and other else "unlisted"
    if level == "unlisted" or one == other:
        bits = model.tradition_bits.get(one or other or "unlisted", 0.0)
        _tell("together", level, bits, model, told, reasons)


def _tell_numbers(a: Cleaned, b: Cleaned, model: Model, told: dict[str, str], reasons: list[Reason]) -> None:
    for field in ("nhs_number", "upn", "pnc"):
        level = agreement.number(getattr(a, field), getattr(b, field))
        if level:
            _tell(field, level, 0.0, model, told, reasons)
            if level == "same":
                told["number"] = "same"


def _tell_facts(a: Cleaned, b: Cleaned, model: Model, told: dict[str, str], reasons: list[Reason]) -> None:
    for field, level, rarity in facts.agreed(a, b, model):
        _tell(field, level, rarity, model, told, reasons)
        if level == "same" and model.facts[field].kind == "number":
            told["number"] = "same"


def _tell_order(a: Cleaned, b: Cleaned, told: dict[str, str]) -> None:
    if a.customary_sex and b.customary_sex and a.customary_sex != b.customary_sex:
        told["companion"] = "different"
    if a.order and b.order and a.order != b.order:
        told["order"] = "different"
    if a.generation and b.generation and a.generation != b.generation:
        told["generation"] = "different"


def _guarded(bits: float, model: Model, told: dict[str, str], reasons: list[Reason]) -> float:
    """The bits left by the first rule that applies: those that keep apart come before those that ask a
    person. Of two of one home the rule that keeps them apart is named even where the bits are that low already."""
    numbered, at_home = "number" in told, told.get("place") in _AT_HOME
    for guard in model.guards:
        low = bits <= guard.cap
        if (low and not (guard.apart and at_home)) or (numbered and guard.unless_number) or bits >= guard.under:
            continue
        if all(told.get(field, "missing") in levels for field, levels in guard.when):
            reasons.append(guard.reason)
            return bits if low else guard.cap + (bits - guard.cap) * _STEEP
    return bits


def probability(bits: float, curve: Sequence[tuple[float, float]] = ()) -> float:
    """How likely so many bits mean one person: as was observed, where there is a fitted curve, in a straight line
    between its points; beyond its ends, and without one, what log2 odds say by themselves."""
    said = 1.0 if bits > _CERTAIN else 2.0**bits / (1.0 + 2.0**bits)
    at = bisect_right(curve, (bits, 1.0))
    if at == 0:
        return min(said, curve[0][1]) if curve else said
    if at == len(curve):
        return max(said, curve[-1][1])
    (low, below), (high, above) = curve[at - 1], curve[at]
    return below + (above - below) * (bits - low) / (high - low)
