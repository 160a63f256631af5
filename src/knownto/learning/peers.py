"""Other people's matchers on the same sets, on this machine, in the same run: Splink, recordlinkage and dedupe.

Each is set up as its own guide says, by whoever knows the columns and not the labels; each is given its best threshold
by the labels, which is more than anybody has. dedupe learns from labels only: it gets a small sample of them.
"""

import itertools
import math
import random
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import dedupe
import duckdb
import pandas
import recordlinkage
import splink.comparison_library as cl
from dedupe.predicates import IndexPredicate
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from knownto.learning.clustering import Pair, chained, pairs_of
from knownto.learning.labelled import Labelled
from knownto.learning.measuring import score
from knownto.linkage.evaluation import Method, Score

MOST = 20  # pairs a record that one block may bring together
FEWEST = 12  # values: a column of fewer is nothing to block on
SHOWN = 200  # labelled pairs that dedupe is given, half of them of one person
_SEED = 1


def frame(some: Labelled) -> pandas.DataFrame:
    """The rows as they came, empty as missing: what is compared and no other column."""
    columns = {_plain_name(c): c for c in compared(some)}
    told = pandas.DataFrame([{plain: row.get(c) or None for plain, c in columns.items()} for row in some.rows])
    told["unique_id"] = range(len(told))
    return told


def _plain_name(column: str) -> str:
    """What SQL takes for a column: "by" is a word of its own there."""
    return "of_" + re.sub(r"\W", "_", column)


def kinds(some: Labelled) -> dict[str, str]:
    """The frame's columns by what a guide would compare each as."""
    return {_plain_name(c): kind for c, kind in compared(some).items()}


def compared(some: Labelled) -> dict[str, str]:
    """The set's columns that are compared, by what each is compared as. A full name beside its parts is left out."""
    meaning = some.meaning
    names = [c for part in ("given_names", "family_name") for c in meaning.fields.get(part, ())]
    found = dict.fromkeys(names, "name")
    found |= {c: "date" if len(columns) == 1 else "other" for columns in meaning.dates.values() for c in columns}
    found |= {c: "postcode" if c.startswith("postcode") else "other" for c in meaning.facts}
    found |= {c: "other" for columns in meaning.fields.values() for c in columns if c not in found}
    found = {c: kind for c, kind in found.items() if c != "full_name" or len(names) < 2}
    told = {c for c in found if sum(not row.get(c) for row in some.rows) <= 0.9 * len(some.rows)}
    return {c: kind for c, kind in found.items() if c in told}


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


def clustered(some: Labelled, scored: Sequence[tuple[float, Pair]], around: float) -> Score:
    """The best F1 after clustering, over thresholds near and above the best one for pairs."""
    found = []
    for more in (-2, -1, 0, 1, 2, 3, 5, 8):
        found.append(_chained(some, [pair for weight, pair in scored if weight >= around + more]))
    return max(found, key=lambda one: one.f1)


def _chained(some: Labelled, links: Iterable[Pair]) -> Score:
    return score(some.asked(pairs_of(chained(len(some.person), links))), some.true)


# Splink


def by_splink(some: Labelled) -> Method:
    """Splink 5 with its own comparisons for names, dates and postcodes, blocked on every two facts."""
    told, at = frame(some), some.first
    api = DuckDBAPI(connection=duckdb.connect())
    parts = [("people", told)] if at is None else [("first", told[:at]), ("second", told[at:])]
    linker = Linker([api.register(f, dataset_display_name=n) for n, f in parts], _settings(some, told))
    linker.training.estimate_probability_two_random_records_match(_sure(some, told), recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for rule in _training(some, told):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=1e6)
    found = linker.inference.predict(threshold_match_weight=-10).as_pandas_dataframe()
    scored = [
        (w, (min(x, y), max(x, y)))
        for w, x, y in zip(found["match_weight"], found["unique_id_l"], found["unique_id_r"], strict=True)
    ]
    pairs, around = best(scored, some.true)
    note = "its own comparisons, trained without labels; best threshold by the labels"
    return Method("Splink 5", pairs, clustered(some, scored, around), note)


def _settings(some: Labelled, told: pandas.DataFrame) -> SettingsCreator:
    compare = []
    for column, kind in kinds(some).items():
        if kind == "name":
            compare.append(cl.JaroWinklerAtThresholds(column, [0.9, 0.7]).configure(term_frequency_adjustments=True))
        elif kind == "date":
            compare.append(cl.DamerauLevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True))
        elif kind == "postcode":
            compare.append(cl.LevenshteinAtThresholds(column, [1, 2]).configure(term_frequency_adjustments=True))
        else:
            compare.append(cl.LevenshteinAtThresholds(column, [2]).configure(term_frequency_adjustments=True))
    blocks = [block_on(*both) for both in _together(some, told)]
    link = "dedupe_only" if some.first is None else "link_only"
    return SettingsCreator(link_type=link, comparisons=compare, blocking_rules_to_generate_predictions=blocks)


def _strong(some: Labelled, told: pandas.DataFrame) -> list[str]:
    """Names, dates and postcodes, and of the rest the four with the most values: what a guide would block on."""
    named = [c for c, kind in kinds(some).items() if kind != "other"]
    many = {c: int(told[c].nunique()) for c, kind in kinds(some).items() if kind == "other"}
    return named + sorted((c for c in many if many[c] >= FEWEST), key=lambda c: -many[c])[:4]


def _together(some: Labelled, told: pandas.DataFrame) -> list[tuple[str, str]]:
    """Every two of them that do not bring too many together."""
    found = itertools.combinations(_strong(some, told), 2)
    return [both for both in found if _brought(told, both) <= MOST * len(told)]


def _brought(told: pandas.DataFrame, both: tuple[str, str]) -> float:
    counts = told.groupby(list(both)).size()
    return float((counts * (counts - 1) / 2).sum())


def _sure(some: Labelled, told: pandas.DataFrame) -> list[Any]:
    names, others = _names(some, told)
    return [block_on(*(names[:2] if len(names) > 1 else (others[0], others[-1])), other) for other in others[:2]]


def _names(some: Labelled, told: pandas.DataFrame) -> tuple[list[str], list[str]]:
    strong = _strong(some, told)
    return [c for c in strong if kinds(some)[c] == "name"], [c for c in strong if kinds(some)[c] != "name"]


def _training(some: Labelled, told: pandas.DataFrame) -> list[Any]:
    names, others = _names(some, told)
    first = names[:2] if len(names) > 1 else _strong(some, told)[:2]
    second = others[:2] if len(others) > 2 else [others[0], names[0]]
    return [block_on(*first), block_on(*second)]


# recordlinkage


def by_recordlinkage(some: Labelled) -> list[Method]:
    """Its ECM and its k-means, both without labels, on strings and exact agreement."""
    plain, at = frame(some).set_index("unique_id"), some.first
    told = plain.fillna("")
    index = recordlinkage.Index()
    for x, y in _together(some, plain):
        index.block([x, y])
    # Two rows that lack a value do not share it.
    near = index.index(plain) if at is None else index.index(plain[:at], plain[at:])
    compare = recordlinkage.Compare()
    for column, kind in kinds(some).items():
        if kind == "name":
            compare.string(column, column, method="jarowinkler", threshold=0.85, missing_value=0)
        else:
            compare.string(column, column, method="damerau_levenshtein", threshold=0.8, missing_value=0)
    features = compare.compute(near, told) if at is None else compare.compute(near, told[:at], told[at:])
    return [_by_one(name, chosen, features, some) for name, chosen in _CLASSIFIERS]


_CLASSIFIERS: tuple[tuple[str, Callable[[], Any]], ...] = (
    ("recordlinkage ECM", lambda: recordlinkage.ECMClassifier(binarize=0.5)),
    ("recordlinkage k-means", recordlinkage.KMeansClassifier),
)


def _by_one(name: str, chosen: Callable[[], Any], features: Any, some: Labelled) -> Method:
    links = {(min(x, y), max(x, y)) for x, y in chosen().fit_predict(features)}
    return Method(name, score(links, some.true), _chained(some, links), "without labels")


# dedupe


def by_dedupe(some: Labelled) -> Method:
    """dedupe, given a sample of labelled pairs, which none of the others has."""
    random.seed(_SEED)
    told = frame(some)
    columns = list(kinds(some))
    data = {int(r["unique_id"]): {c: r[c] or None for c in columns} for r in told.to_dict("records")}
    matcher = dedupe.Dedupe([_plain(c) for c in columns], num_cores=0)
    matcher.prepare_training(data, sample_size=1500)
    matcher.mark_pairs(_labels(data, some))
    matcher.train(recall=0.95, index_predicates=False)
    people = matcher.partition(data, 0.5)
    of = [0] * len(data)
    for number, (members, _) in enumerate(people):
        for at in members:
            of[at] = number
    told_score = score(some.asked(pairs_of(of)), some.true)
    return Method("dedupe 3", told_score, told_score, f"given {SHOWN} labelled pairs, or half of what there are")


def _plain(column: str) -> Any:
    """A text column. Without dedupe's index predicates, which fail beside the newest BTrees, and which its training is
    told not to use anyhow."""
    told = dedupe.variables.String(column, has_missing=True)
    told.predicates = [each for each in told.predicates if not isinstance(each, IndexPredicate)]
    return told


def _labels(data: Mapping[int, Any], some: Labelled) -> dict[str, list[tuple[Any, Any]]]:
    chance, person = random.Random(_SEED), some.person  # noqa: S311 - a sample
    same = chance.sample(sorted(some.true), min(SHOWN, some.true_pairs) // 2)
    others = [p for p in _by_name(data, chance) if person[p[0]] != person[p[1]]][: SHOWN // 2]
    return {"match": [(data[x], data[y]) for x, y in same], "distinct": [(data[x], data[y]) for x, y in others]}


def _by_name(data: Mapping[int, Any], chance: random.Random) -> Iterator[Pair]:
    """Neighbours in alphabetical order, and any two: pairs that a person would be asked about."""
    order = sorted(data, key=lambda at: str(sorted(map(str, data[at].values()))))
    for _ in range(4 * SHOWN):
        at = chance.randrange(len(order) - 1)
        yield order[at], order[at + 1]
        yield chance.choice(order), order[at]
