"""Splink's estimates of how often each level of agreement is seen: u by chance, m by expectation-maximisation.

Splink is given levels and rarities, one row a pair, so that it judges by exactly what the engine sees. Pairs no key
brings together are no person's two records, as good as always: so the share of pairs that are is held at the whole
population's while m is estimated, and brought up to date between rounds.
"""

import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import pandas
import splink
import splink.comparison_level_library as levels_of
import splink.comparison_library as comparisons_of
from splink import DuckDBAPI, Linker, SettingsCreator

from knownto.learning.pairs import Seen, counted

Level = tuple[str, str]
# It explains itself at length, and each linker sets its own level again.
logging.getLogger("splink").propagate = False
logging.getLogger("splink").addHandler(logging.NullHandler())
VERSION: str = splink.__version__
ROUNDS = 4
STEPS = 3  # of expectation-maximisation in a round; between rounds shares are drawn towards the judged ones
FEWEST = 0.5  # what a level that chance never showed is counted as
JUDGED = 5.0  # pairs that the judged shares count for


@dataclass
class Estimates:
    """Shares by field and level. `observed` is the expected number of one person's pairs at each level."""

    m: dict[Level, float]
    u: dict[Level, float]
    prior: float  # share of all pairs that are of one person
    observed: dict[Level, float]
    believed: list[float]  # probability of each pair, in the order given


@dataclass(frozen=True)
class Shape:
    """What is compared: levels of each field in order, which take a rarity, and which one level their u is told by.
    `settled` levels are not learnt: they correct a rarity, or a rule decides of them."""

    levels: Mapping[str, Sequence[str]]
    rare: frozenset[Level]
    same: Mapping[str, str]
    settled: frozenset[Level] = frozenset()


def chance_shares(shape: Shape, drawn: Sequence[Seen]) -> dict[Level, float]:
    """u: of pairs by chance in which a field is known to both, the share at each level. Splink counts them."""
    linker = _linker(shape, _table(shape, drawn, None), None, prior=1e-6)
    linker.training.estimate_u_using_random_sampling(max_pairs=float(len(drawn) + 1))
    return _filled(shape, _shares(linker, "u_probability"), counted(drawn))


def _filled(shape: Shape, told: Mapping[Level, float], seen: Mapping[Level, int]) -> dict[Level, float]:
    """Levels that chance never showed get a share too: nothing is impossible because a sample lacks it."""
    found: dict[Level, float] = {}
    for name, some in shape.levels.items():
        total = max(sum(seen[(name, level)] for level in some), 1)
        for level in some:
            share = told.get((name, level)) or 0.0
            found[(name, level)] = max(share, FEWEST / total)
    return found


def learn(
    shape: Shape,
    near: Sequence[Seen],
    u: Mapping[Level, float],
    judged: Mapping[Level, float],
    prior: float,
    pairs: float,
) -> Estimates:
    """m, and the share of all `pairs` that are of one person, from pairs worth a look. Starts from the judged m."""
    frame, m = _table(shape, near, u), dict(judged)
    for _ in range(ROUNDS):
        linker = _linker(shape, frame, (m, u), prior)
        linker.training.estimate_parameters_using_expectation_maximisation(
            "1=1", fix_probability_two_random_records_match=True, fix_u_probabilities=True
        )
        m |= _shares(linker, "m_probability")
        believed = _believed(shape, near, m, u, prior)
        observed = _expected(near, believed)
        m = _drawn(shape, m, judged, observed)
        prior = min(max(sum(believed), 1.0) / pairs, 0.5)
    return Estimates(m, dict(u), prior, observed, believed)


def _believed(
    shape: Shape, near: Sequence[Seen], m: Mapping[Level, float], u: Mapping[Level, float], prior: float
) -> list[float]:
    """What Splink would predict of each pair, without asking it: both score alike, which is proved."""
    bits = {at: math.log2(m[at] / against(shape, at, u)) for at in m}
    before = math.log2(prior / (1 - prior))
    return [
        _probability(before + sum(bits[(f, n)] + (r if (f, n) in shape.rare else 0.0) for f, n, r in one))
        for one in near
    ]


def against(shape: Shape, at: Level, u: Mapping[Level, float]) -> float:
    """What m is measured against: chance, or for a level with a rarity what the rarity leaves out of it."""
    if at not in shape.rare:
        return u[at]
    return u[at] / u[(at[0], shape.same[at[0]])] if at[0] in shape.same else 1.0


def _expected(near: Sequence[Seen], believed: Sequence[float]) -> dict[Level, float]:
    found: dict[Level, float] = {}
    for one, share in zip(near, believed, strict=True):
        for name, level, _ in one:
            found[(name, level)] = found.get((name, level), 0.0) + share
    return found


def _drawn(
    shape: Shape, m: Mapping[Level, float], judged: Mapping[Level, float], observed: Mapping[Level, float]
) -> dict[Level, float]:
    """Learnt shares with the judged ones as a few pairs more: a level seldom seen stays near what was judged."""
    found: dict[Level, float] = {}
    for name, some in shape.levels.items():
        total = sum(observed.get((name, level), 0.0) for level in some)
        for level in some:
            at = (name, level)
            learnt = (m[at] * total + judged[at] * JUDGED) / (total + JUDGED)
            found[at] = judged[at] if at in shape.settled else learnt
    return found


def _probability(bits: float) -> float:
    return float(2.0**bits / (1 + 2.0**bits)) if bits < 500 else 1.0


def weights(
    shape: Shape, some: Sequence[Seen], m: Mapping[Level, float], u: Mapping[Level, float], prior: float
) -> list[float]:
    """Splink's match weight of each pair, in bits, in the order given."""
    return _predicted(_linker(shape, _table(shape, some, u), (m, u), prior))


def _predicted(linker: Any) -> list[float]:
    found = linker.inference.predict(threshold_match_weight=None).as_pandas_dataframe()
    found["at"] = found[["unique_id_l", "unique_id_r"]].max(axis=1)
    return [float(w) for w in found.sort_values("at")["match_weight"]]


def _linker(shape: Shape, frame: pandas.DataFrame, shares: Any, prior: float) -> Any:
    api = DuckDBAPI(connection=duckdb.connect(config={"threads": 1}))
    pairs = api.register(frame, dataset_display_name="a_pair")
    alone = api.register(pandas.DataFrame({**_empty(shape), "unique_id": [-1]}), dataset_display_name="z_row")
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[_comparison(shape, name, shares) for name in shape.levels],
        blocking_rules_to_generate_predictions=["1=1"],
        probability_two_random_records_match=prior,
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
        em_convergence=0.0001,
        max_iterations=STEPS,
    )
    return Linker([pairs, alone], settings)


def _table(shape: Shape, some: Sequence[Seen], u: Mapping[Level, float] | None) -> pandas.DataFrame:
    columns: dict[str, list[Any]] = {"unique_id": list(range(len(some)))}
    for name in shape.levels:
        columns[f"level_{name}"] = [None] * len(some)
        columns[f"tf_level_{name}"] = [None] * len(some)
    for at, one in enumerate(some):
        for name, level, rarity in one:
            columns[f"level_{name}"][at] = level
            if (name, level) in shape.rare and u:
                columns[f"tf_level_{name}"][at] = _frequency(shape, name, level, rarity, u)
    frame = pandas.DataFrame(columns)
    for name in shape.levels:
        frame[f"level_{name}"] = frame[f"level_{name}"].astype("string")
        frame[f"tf_level_{name}"] = frame[f"tf_level_{name}"].astype("float64")
    return frame


def _empty(shape: Shape) -> dict[str, Any]:
    levels = {f"level_{name}": pandas.array([None], dtype="string") for name in shape.levels}
    return levels | {f"tf_level_{name}": pandas.array([math.nan], dtype="float64") for name in shape.levels}


def _frequency(shape: Shape, name: str, level: str, rarity: float, u: Mapping[Level, float]) -> float:
    """How often chance alone shows this level of that value: the value's frequency, and more where the level is met
    more often than sameness is."""
    same = u[(name, shape.same[name])] if name in shape.same else u[(name, level)]
    return float(2.0**-rarity * u[(name, level)] / same)


def _comparison(shape: Shape, name: str, shares: Any) -> Any:
    made = [levels_of.CustomLevel(f"level_{name}_l is null", "missing").configure(is_null_level=True)]
    for level in shape.levels[name]:
        one = levels_of.CustomLevel(f"level_{name}_l = '{level}'", level)
        told: dict[str, Any] = {}
        if shares:
            told = {"m_probability": shares[0][(name, level)], "u_probability": shares[1][(name, level)]}
            told |= {"fix_m_probability": (name, level) in shape.settled}
        if shares and (name, level) in shape.rare:
            told |= {"tf_adjustment_column": f"level_{name}", "disable_tf_exact_match_detection": True}
        made.append(one.configure(**told))
    return comparisons_of.CustomComparison(comparison_levels=made, output_column_name=name)


def _shares(linker: Any, which: str) -> dict[Level, float]:
    found: dict[Level, float] = {}
    for comparison in linker.misc.save_model_to_json(None)["comparisons"]:
        for level in comparison["comparison_levels"]:
            if isinstance(level.get(which), float):
                found[(comparison["output_column_name"], level["label_for_charts"])] = level[which]
    return found


def fields_of(some: Iterable[Seen]) -> set[str]:
    return {name for one in some for name, _, _ in one}
