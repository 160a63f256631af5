"""The signed-off model as Splink takes it, and the levels of one pair as Splink's table has them.

A level's weight is m / u; Splink multiplies by u / tf where a value's frequency counts. So for a level of `bits` that
takes a rarity, tf is how often the value is met, on the same scale as the level's m. Nothing is estimated here.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from knownto.linkage import Cleaned, Comparison, Model, compare
from knownto.linkage.model import Level

HALF = 0.5  # the larger share of each level: only the ratio counts, and neither may be above 1


def shares(bits: float) -> tuple[float, float]:
    """(m, u) whose ratio is that of `bits`."""
    return (HALF, HALF * 2.0**-bits) if bits >= 0 else (HALF * 2.0**bits, HALF)


def weightless(model: Model) -> Model:
    """The same model with every weight taken out and every rule left in: its reasons carry rarities alone."""
    levels = {field: {name: _bare(one) for name, one in some.items()} for field, some in model.levels.items()}
    return replace(model, prior=0.0, levels=levels)


def _bare(level: Level) -> Level:
    return level._replace(bits=0.0, least=-math.inf, reason=replace(level.reason, bits=0.0))


def seen(a: Cleaned, b: Cleaned, model: Model, bared: Model) -> Iterator[tuple[str, str, float | None]]:
    """(field, level, tf) of each field that both records fill; tf None where no frequency counts."""
    for reason in compare(a, b, bared).reasons:
        if reason.field != "rule":
            level = model.levels[reason.field][reason.level]
            yield reason.field, reason.level, frequency(level, reason.bits) if level.rarity else None


def frequency(level: Level, rarity: float) -> float:
    """How often the value is met, on the scale of the level's m; never so seldom that its weight were below `least`."""
    m, _ = shares(level.bits)
    return min(m * 2.0 ** -(rarity + level.bits), m * 2.0**-level.least)


def ruled(a: Cleaned, b: Cleaned, weight: float, bared: Model) -> Comparison:
    """The rules for families on a weight that came from elsewhere: the engine's own, with that weight in place of its
    own sum."""
    told = sum(r.bits for r in compare(a, b, bared).reasons if r.field != "rule")
    return compare(a, b, replace(bared, prior=weight - told))


def rare_fields(model: Model) -> list[str]:
    """The fields of which some level takes a rarity."""
    return [field for field, some in model.levels.items() if any(level.rarity for level in some.values())]


def settings(model: Model) -> dict[str, Any]:
    """Splink's settings: every field and level of the model, with its weights; all of it fixed."""
    return {
        "link_type": "link_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": 2.0**model.prior / (1 + 2.0**model.prior),
        "blocking_rules_to_generate_predictions": ["1=1"],
        "comparisons": [_comparison(field, some) for field, some in model.levels.items()],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": False,
    }


def _comparison(field: str, levels: Mapping[str, Level]) -> dict[str, Any]:
    missing = {"sql_condition": f"level_{field}_l IS NULL", "label_for_charts": "missing", "is_null_level": True}
    return {
        "output_column_name": field,
        "comparison_levels": [missing, *(_level(field, name, one) for name, one in levels.items())],
    }


def _level(field: str, name: str, level: Level) -> dict[str, Any]:
    m, u = shares(level.bits)
    said = {
        "sql_condition": f"level_{field}_l = '{name}'",
        "label_for_charts": name,
        "m_probability": m,
        "u_probability": u,
    }
    rare = {"tf_adjustment_column": f"rare_{field}", "disable_tf_exact_match_detection": True}
    return said | rare if level.rarity else said
