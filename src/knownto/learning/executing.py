"""What the executors of a cluster do with a pair: its levels before Splink weighs it, and the rules after.

A module of its own, so that executors load it, and with it the model, once in each process.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import pandas
from pyspark.sql import types as T  # noqa: N812 (as everybody who works with Spark calls it)

from knownto.learning import levels, staging
from knownto.linkage import Cleaned, Model, load_model

Frames = Iterable[pandas.DataFrame]
Work = Callable[[Frames], Iterator[pandas.DataFrame]]


@cache
def model_of(file: str) -> Model:
    """The model, once in each process: executors load it, with its checksum, from their own copy."""
    return load_model(file or None)


@cache
def _bared(file: str) -> Model:
    return levels.weightless(model_of(file))


def shape(model: Model) -> T.StructType:
    """The table of pairs that Splink is given: a level and a frequency of each field."""
    fields = [T.StructField("unique_id", T.StringType())]
    for name in model.levels:
        fields += [
            T.StructField(f"level_{name}", T.StringType()),
            T.StructField(f"tf_level_{name}", T.DoubleType()),
        ]
    return T.StructType(fields)


def seeing(file: str) -> Work:
    """For each pair its levels, by the engine."""

    def see(frames: Frames) -> Iterator[pandas.DataFrame]:
        model, bared = model_of(file), _bared(file)
        names = [field.name for field in shape(model).fields]
        for frame in frames:
            rows = []
            for lower, higher, a, b in _each(frame):
                row: dict[str, Any] = {"unique_id": f"{lower},{higher}"}
                for field, level, tf in levels.seen(a, b, model, bared):
                    row[f"level_{field}"], row[f"tf_level_{field}"] = level, tf
                rows.append(row)
            yield pandas.DataFrame(rows, columns=names)

    return see


def ruling(file: str, possible: float) -> Work:
    """For each weighed pair what is believed of it, once the rules for families have been applied."""

    def rule(frames: Frames) -> Iterator[pandas.DataFrame]:
        model, bared = model_of(file), _bared(file)
        for frame in frames:
            rows = []
            for (lower, higher, a, b), weight in zip(_each(frame), frame["weight"], strict=True):
                found = levels.ruled(a, b, float(weight), bared)
                if found.bits >= possible:
                    outcome = "match" if found.bits >= model.join else "possible"
                    said = " ".join(f"{r.field}={r.level}" for r in found.reasons)[:400]
                    rows.append((lower, higher, found.bits, outcome, said))
            yield pandas.DataFrame(rows, columns=list(staging.Believed._fields))

    return rule


def _each(frame: pandas.DataFrame) -> Iterator[tuple[int, int, Cleaned, Cleaned]]:
    for lower, higher, a, b in zip(frame["lower"], frame["higher"], frame["a"], frame["b"], strict=True):
        yield int(lower), int(higher), _opened(a), _opened(b)


def _opened(text: str) -> Cleaned:
    return Cleaned.from_json(json.loads(text))
