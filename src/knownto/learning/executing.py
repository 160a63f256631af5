"""What the executors of a cluster do with a pair: its levels before Splink weighs it, and the rules after.

A module of its own, so that executors load it, and with it the model, once in each process.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any

import pyarrow
from pyspark.sql import types as T  # noqa: N812 (as everybody who works with Spark calls it)

from knownto.learning import levels, staging
from knownto.linkage import Cleaned, Model, load_model

Batches = Iterable[pyarrow.RecordBatch]
Work = Callable[[Batches], Iterator[pyarrow.RecordBatch]]
BELIEFS = pyarrow.schema(
    [
        ("lower", pyarrow.int64()),
        ("higher", pyarrow.int64()),
        ("bits", pyarrow.float64()),
        ("outcome", pyarrow.string()),
        ("levels", pyarrow.string()),
    ]
)


@cache
def model_of(file: str) -> Model:
    """The model, once in each process: executors load it, with its checksum, from their own copy."""
    return load_model(file or None)


@cache
def _bared(file: str) -> Model:
    return levels.weightless(model_of(file))


def columns(model: Model) -> list[tuple[str, T.DataType, pyarrow.DataType]]:
    """The table of pairs that Splink is given: a level and a frequency of each field."""
    found: list[tuple[str, T.DataType, pyarrow.DataType]] = [("unique_id", T.StringType(), pyarrow.string())]
    for name in model.levels:
        found.append((f"level_{name}", T.StringType(), pyarrow.string()))
        found.append((f"rare_{name}", T.DoubleType(), pyarrow.float64()))
    return found


def seeing(file: str) -> Work:
    """For each pair its levels, by the engine."""

    def see(batches: Batches) -> Iterator[pyarrow.RecordBatch]:
        model, bared = model_of(file), _bared(file)
        schema = pyarrow.schema([(name, kind) for name, _, kind in columns(model)])
        for batch in batches:
            yield pyarrow.RecordBatch.from_pylist([_seen(pair, model, bared) for pair in batch.to_pylist()], schema)

    return see


def _seen(pair: dict[str, Any], model: Model, bared: Model) -> dict[str, Any]:
    row: dict[str, Any] = {"unique_id": f"{pair['lower']},{pair['higher']}"}
    for field, level, tf in levels.seen(*_both(pair), model, bared):
        row[f"level_{field}"], row[f"rare_{field}"] = level, tf
    return row


def ruling(file: str) -> Work:
    """For each weighed pair what is believed of it, once the rules for families have been applied."""

    def rule(batches: Batches) -> Iterator[pyarrow.RecordBatch]:
        model, bared = model_of(file), _bared(file)
        for batch in batches:
            ruled = (_ruled(pair, model, bared) for pair in batch.to_pylist())
            found = [one for one in ruled if one["bits"] >= model.possible]
            yield pyarrow.RecordBatch.from_pylist(found, BELIEFS)

    return rule


def _ruled(pair: dict[str, Any], model: Model, bared: Model) -> dict[str, Any]:
    found = levels.ruled(*_both(pair), float(pair["weight"]), bared)
    return staging.belief(pair["lower"], pair["higher"], found, model)._asdict()


def _both(pair: dict[str, Any]) -> tuple[Cleaned, Cleaned]:
    return Cleaned.from_json(json.loads(pair["a"])), Cleaned.from_json(json.loads(pair["b"]))
