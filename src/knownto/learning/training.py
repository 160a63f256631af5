"""From records to a model: pairs, Splink's estimates of them, and weights in the engine's own form."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knownto.learning import estimating, pairs
from knownto.learning.estimating import Estimates, Level, Shape
from knownto.linkage import Cleaned, Model

DRAWN = 150_000  # pairs by chance
DRAWN_EACH = 40  # by chance for each record, where records are few
MOST = 150_000  # pairs worth a look that Splink is shown; a larger number is thinned evenly
FEWEST = 4  # pairs by chance at one level: fewer do not tell how often it is met
LIKELY = 0.9  # m of a level whose u is read from its present weight
SAME = {"family": "exact", "given": "exact"}
# Left as judged: strangers of one name are so many among the pairs that keys bring together, and a family at one
# telephone so usual, that expectation-maximisation would take either for one person's two records.
TAKEN_FOR_ONE = {
    "birth": (
        "year",
        "five_years",
        "far",
        "generation",
        "estimate_near",
        "estimate_years",
        "estimate_differs",
        "estimate_agrees",
    ),
    "contact": ("phone_family", "email_family", "phone_shared"),
    "nhs_number": ("same", "different"),
    "upn": ("same", "different"),
    "pnc": ("same", "different"),
}


@dataclass(frozen=True)
class Learnt:
    """Weights in bits by field and level, what share of all pairs is of one person, and what that rests on."""

    weights: dict[str, dict[str, float]]
    prior: float
    shape: Shape
    estimates: Estimates
    near: int
    forbidden: int
    drawn: int


def learn(records: Sequence[Cleaned], model: Model, *, seed: int, people: int, settle: bool = True) -> Learnt:
    """Weights for the model's levels. `settle` leaves to the judged model what a rule for families decides."""
    bared, shape = pairs.bare(model), shape_of(model, settle)
    many = min(DRAWN, DRAWN_EACH * len(records))
    drawn = [pairs.seen(records[i], records[j], bared) for i, j in pairs.by_chance(many, len(records), seed)]
    u = not_seen(model, shape, drawn, estimating.chance_shares(shape, [_allowed(one) for one in drawn]))
    found = pairs.candidates(records)
    thin = max(1, -(-len(found) // MOST))
    near = [pairs.seen(records[i], records[j], bared) for i, j in found[::thin]]
    kept = [one for one in near if not (settle and pairs.forbidden(one))]
    every = len(records) * (len(records) - 1) / 2 / thin
    start = judged(model, shape, u)
    told = estimating.learn(shape, [_allowed(one) for one in kept], u, start, 1 / people, every)
    return Learnt(bits_of(shape, told), told.prior, shape, told, len(kept), len(near) - len(kept), len(drawn))


def not_seen(model: Model, shape: Shape, drawn: Sequence[pairs.Seen], u: Mapping[Level, float]) -> dict[Level, float]:
    """A sample cannot show how seldom strangers share a number: there the present weight says it."""
    counts = pairs.counted(drawn)
    total = {field: sum(counts[(field, n)] for n in some) for field, some in shape.levels.items()}
    found = dict(u)
    for at in (at for at in u if at not in shape.rare and counts[at] < FEWEST):
        judged = LIKELY * 2.0 ** -model.levels[at[0]][at[1]].bits
        if judged < FEWEST / max(total[at[0]], 1):
            found[at] = judged
    return found


def _allowed(one: pairs.Seen) -> pairs.Seen:
    return one[:-1] if pairs.forbidden(one) else one


def shape_of(model: Model, settle: bool) -> Shape:
    levels = {field: list(some) for field, some in model.levels.items()}
    every = [(field, name, level) for field, some in model.levels.items() for name, level in some.items()]
    same = SAME | dict.fromkeys(model.facts, "same")
    settled = {(field, name) for field, name, _ in every if field == "together"}
    if settle:
        settled |= {(field, name) for g in model.guards if g.apart for field, name in _alone(g.when)}
        settled |= {(field, name) for field, some in TAKEN_FOR_ONE.items() for name in some}
    rare = frozenset((field, name) for field, name, level in every if level.rarity)
    return Shape(levels, rare, same, frozenset(at for at in settled if at[0] in levels))


def _alone(when: Sequence[tuple[str, frozenset[str]]]) -> list[Level]:
    """What a rule forbids by one field alone: no pair that it forbids teaches how often that happens."""
    return [(field, name) for field, names in when for name in names] if len(when) == 1 else []


def judged(model: Model, shape: Shape, u: Mapping[Level, float]) -> dict[Level, float]:
    """The shares that the model's present weights say; each field's sum to one, save what is settled."""
    found: dict[Level, float] = {}
    for field, some in model.levels.items():
        shares = {n: min(2.0**level.bits * estimating.against(shape, (field, n), u), 1.0) for n, level in some.items()}
        total = 1.0 if field == "together" else sum(shares.values())
        found |= {(field, name): max(share / total, 1e-9) for name, share in shares.items()}
    return found


def bits_of(shape: Shape, told: Estimates) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for field, some in shape.levels.items():
        for name in some:
            at = (field, name)
            found.setdefault(field, {})[name] = round(math.log2(told.m[at] / estimating.against(shape, at, told.u)), 4)
    return found


def with_weights(document: dict[str, Any], learnt: Learnt) -> dict[str, Any]:
    """The document of a model with what was learnt in the place of its weights."""
    facts = document.get("facts", {})
    own = {field: some for field, some in learnt.weights.items() if field not in facts}
    with_facts = {name: {**told, "weights": learnt.weights[name]} for name, told in facts.items()}
    return {**document, "weights": own, **({"facts": with_facts} if facts else {})}
