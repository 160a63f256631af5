"""Other people's matchers on the same sets, on this machine, in the same run: Splink, recordlinkage and dedupe.

Each is set up as its own guide says, by whoever knows the columns and not the labels; each is given its best threshold
by the labels, which is more than anybody has. dedupe learns from labels only: it gets a small sample of them.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import dedupe
import duckdb
import pandas
import recordlinkage
import splink.comparison_library as cl
from dedupe.predicates import IndexPredicate
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from knownto.learning.clustering import Pair, pairs_of
from knownto.learning.labelled import Labelled
from knownto.learning.measuring import score
from knownto.linkage.evaluation import Method, Score

SHOWN = 200  # labelled pairs that dedupe is given, half of them of one person
_SEED = 1


def frame(some: Labelled) -> pandas.DataFrame:
    """The rows as they came, empty as missing, the columns' meaning known by name."""
    kept = [column for column in some.rows[0] if column not in some.labels]
    told = pandas.DataFrame([{c: row[c] or None for c in kept} for row in some.rows])
    told["unique_id"] = range(len(told))
    return told


def best(scored: Iterable[tuple[float, Pair]], true: set[Pair]) -> tuple[Score, float]:
    """The best F1 over every threshold, and the threshold."""
    right, chosen, at = 0, (0.0, 0, 0), math.inf
    for taken, (weight, pair) in enumerate(sorted(scored, reverse=True), 1):
        right += pair in true
        f1 = 2 * right / (taken + len(true))
        if f1 > chosen[0]:
            chosen, at = (f1, right, taken), weight
    f1, right, taken = chosen
    return Score(right / max(taken, 1), right / max(len(true), 1), f1), at


def chained(count: int, links: Iterable[Pair]) -> list[int]:
    """Everything that any chain of links connects, as Splink clusters."""
    of = list(range(count))

    def root(x: int) -> int:
        while of[x] != x:
            of[x] = of[of[x]]
            x = of[x]
        return x

    for x, y in links:
        of[root(x)] = root(y)
    return [root(x) for x in range(count)]


def clustered(count: int, scored: Sequence[tuple[float, Pair]], true: set[Pair], around: float) -> Score:
    """The best F1 after clustering, over thresholds near and above the best one for pairs."""
    found = []
    for more in (-2, -1, 0, 1, 2, 3, 5, 8):
        of = chained(count, (pair for weight, pair in scored if weight >= around + more))
        found.append(score(pairs_of(of), true))
    return max(found, key=lambda one: one.f1)


# Splink


def by_splink(some: Labelled) -> Method:
    """Splink 5 with its own comparisons for names, dates and postcodes, blocked on every two facts."""
    told = frame(some)
    columns = _columns(some, told)
    api = DuckDBAPI(connection=duckdb.connect())
    linker = Linker(api.register(told, dataset_display_name="people"), _settings(columns))
    linker.training.estimate_probability_two_random_records_match(_sure(columns), recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in _training(columns):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e6)
    found = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    scored = [
        (w, (min(x, y), max(x, y)))
        for w, x, y in zip(found["match_weight"], found["unique_id_l"], found["unique_id_r"], strict=True)
    ]
    return _method("Splink 5", scored, some, "its own comparisons, trained without labels")


def _method(name: str, scored: list[tuple[float, Pair]], some: Labelled, note: str) -> Method:
    true = pairs_of(some.person)
    pairs, at = best(scored, true)
    return Method(name, pairs, clustered(len(some.person), scored, true, at), note + "; best threshold by the labels")


def _columns(some: Labelled, told: pandas.DataFrame) -> dict[str, str]:
    """Column by what a guide would compare it as."""
    known = {"name": ("given_name", "first_name", "surname", "fname_c1", "lname_c1"), "date": ("dob", "date_of_birth")}
    found = {}
    for column in told.columns:
        if column in ("unique_id", "full_name", "first_and_surname") or told[column].isna().mean() > 0.9:
            continue
        kind = next((kind for kind, names in known.items() if column in names), "")
        found[column] = kind or ("postcode" if column.startswith("postcode") else "other")
    return found


def _settings(columns: Mapping[str, str]) -> SettingsCreator:
    compare = []
    for column, kind in columns.items():
        if kind == "name":
            compare.append(cl.JaroWinklerAtThresholds(column, [0.9, 0.7]).configure(term_frequency_adjustments=True))
        elif kind == "date":
            compare.append(cl.DamerauLevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True))
        elif kind == "postcode":
            compare.append(cl.LevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True))
        else:
            compare.append(cl.LevenshteinAtThresholds(column, [2]).configure(term_frequency_adjustments=True))
    return SettingsCreator(
        link_type="dedupe_only", comparisons=compare, blocking_rules_to_generate_predictions=_blocks(columns)
    )


def _strong(columns: Mapping[str, str]) -> list[str]:
    named = [c for c, kind in columns.items() if kind in ("name", "date", "postcode")]
    return named + [c for c in columns if c in ("soc_sec_id", "birth_place", "by", "bd", "bm", "suburb")]


def _blocks(columns: Mapping[str, str]) -> list[Any]:
    return [block_on(x, y) for x, y in itertools.combinations(_strong(columns), 2)]


def _sure(columns: Mapping[str, str]) -> list[Any]:
    names = [c for c, kind in columns.items() if kind == "name"]
    others = [c for c in _strong(columns) if c not in names]
    return [block_on(*names[:2], other) for other in others[:2]]


def _training(columns: Mapping[str, str]) -> list[Any]:
    names = [c for c, kind in columns.items() if kind == "name"]
    others = [c for c in _strong(columns) if c not in names]
    return [block_on(*names[:2]), block_on(others[0], others[1] if len(others) > 2 else names[0])]


# recordlinkage


def by_recordlinkage(some: Labelled) -> list[Method]:
    """Its ECM and its k-means, both without labels, on strings and exact agreement."""
    plain = frame(some).set_index("unique_id")
    columns, told = _columns(some, plain), plain.fillna("")
    index = recordlinkage.Index()
    for x, y in itertools.combinations(_strong(columns), 2):
        index.block([x, y])
    near = index.index(plain)  # two rows that lack a value do not share it
    compare = recordlinkage.Compare()
    for column, kind in columns.items():
        if kind == "name":
            compare.string(column, column, method="jarowinkler", threshold=0.85, missing_value=0)
        else:
            compare.string(column, column, method="damerau_levenshtein", threshold=0.8, missing_value=0)
    features = compare.compute(near, told)
    true = pairs_of(some.person)
    return [_by_one(name, chosen, features, len(told), true) for name, chosen in _CLASSIFIERS]


_CLASSIFIERS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("recordlinkage ECM", lambda: recordlinkage.ECMClassifier(binarize=0.5)),
    ("recordlinkage k-means", recordlinkage.KMeansClassifier),
)


def _by_one(name: str, chosen: Callable[[], Any], features: Any, count: int, true: set[Pair]) -> Method:
    links = {(min(x, y), max(x, y)) for x, y in chosen().fit_predict(features)}
    return Method(name, score(links, true), score(pairs_of(chained(count, links)), true), "without labels")


# dedupe


def by_dedupe(some: Labelled) -> Method:
    """dedupe, given a sample of labelled pairs, which none of the others has."""
    random.seed(_SEED)
    told = frame(some)
    columns = list(_columns(some, told))
    data = {int(r["unique_id"]): {c: r[c] or None for c in columns} for r in told.to_dict("records")}
    matcher = dedupe.Dedupe([_plain(c) for c in columns], num_cores=0)
    matcher.prepare_training(data, sample_size=1500)
    matcher.mark_pairs(_labels(data, some.person))
    matcher.train(recall=0.95, index_predicates=False)
    people = matcher.partition(data, 0.5)
    of = [0] * len(data)
    for number, (members, _) in enumerate(people):
        for at in members:
            of[at] = number
    told_score = score(pairs_of(of), pairs_of(some.person))
    return Method("dedupe 3", told_score, told_score, f"given {SHOWN} labelled pairs")


def _plain(column: str) -> Any:
    """A text column. Without dedupe's index predicates, which fail beside the newest BTrees, and which its training is
    told not to use anyhow."""
    told = dedupe.variables.String(column, has_missing=True)
    told.predicates = [each for each in told.predicates if not isinstance(each, IndexPredicate)]
    return told


def _labels(data: Mapping[int, Any], person: Sequence[str]) -> dict[str, list[tuple[Any, Any]]]:
    chance = random.Random(_SEED)  # noqa: S311 - a sample
    same = chance.sample(sorted(pairs_of(person)), SHOWN // 2)
    others = [p for p in _by_name(data, chance) if person[p[0]] != person[p[1]]][: SHOWN // 2]
    return {"match": [(data[x], data[y]) for x, y in same], "distinct": [(data[x], data[y]) for x, y in others]}


def _by_name(data: Mapping[int, Any], chance: random.Random) -> Iterator[Pair]:
    """Neighbours in alphabetical order, and any two: pairs that a person would be asked about."""
    order = sorted(data, key=lambda at: str(sorted(map(str, data[at].values()))))
    for _ in range(4 * SHOWN):
        at = chance.randrange(len(order) - 1)
        yield order[at], order[at + 1]
        yield chance.choice(order), order[at]
