"""A load that was handed out, compared on one machine without a cluster: by the same candidates, weights and rules.

For loads that fit in memory, about a gigabyte a million records; and so that what a cluster believes can be checked
against something that has none of its parts. Run it by `knownto linkage bulk` without `--spark`.
"""

import gzip
import json
import math
import multiprocessing
import os
from array import array
from collections import defaultdict
from collections.abc import Iterator
from heapq import nsmallest
from pathlib import Path
from typing import NamedTuple

from knownto.learning import staging
from knownto.learning.staging import Believed, Staged
from knownto.linkage import Cleaned, Model, compare, load_model

AT_ONCE = 500  # records whose pairs one process compares before it says what it believes
BITS = 20  # what a key says that one record alone has; a bit less each time that twice as many have it


class Load(NamedTuple):
    """A load, opened: the records by id, and who has each blind key."""

    told: staging.Manifest
    model: Model
    records: dict[int, Staged]
    having: dict[int, array[int]]


def opened(stage: Path, key: bytes, model: Path | None) -> Load:
    """The whole load. Raises InvalidTag where a part was altered, FileNotFoundError where it is not whole."""
    told = staging.manifest(stage)
    records: dict[int, Staged] = {}
    having: dict[int, array[int]] = defaultdict(lambda: array("q"))
    for part in sorted(stage.glob(f"*{staging.ENDING}")):
        for record in staging.unseal(part.read_bytes(), part.name, key):
            records[record.id] = record
            for token in record.tokens:
                having[token].append(record.id)
    return Load(told, load_model(model), records, dict(having))


def candidates(load: Load, record: Staged) -> list[int]:
    """The records with which this one shares the rarest keys, of those whose place in the order is before its own."""
    said: dict[int, float] = defaultdict(float)
    for token in record.tokens:
        having = load.having[token]
        if len(having) <= load.told.cap:
            rarity = BITS - math.log(len(having)) * 1.4427
            for other in having:
                said[other] += rarity
    said.pop(record.id, None)
    best = nsmallest(load.told.best, said, key=lambda other: (-_single(said[other]), other))
    return [other for other in best if (load.records[other].near, other) < (record.near, record.id)]


def _single(number: float) -> float:
    """As the database keeps it: equals in so many digits are in the order of their ids."""
    return array("f", (number,))[0]


def believed(load: Load, ids: list[int]) -> list[Believed]:
    """What is believed of those records and the ones before them."""
    found = []
    for record in map(load.records.__getitem__, ids):
        mine = _read(record)
        for other in candidates(load, record):
            comparison = compare(mine, _read(load.records[other]), load.model)
            if comparison.bits >= load.model.possible:
                found.append(staging.belief(record.id, other, comparison, load.model))
    return found


def _read(record: Staged) -> Cleaned:
    return Cleaned.from_json(json.loads(record.cleaned))


def every(load: Load, processes: int) -> Iterator[Believed]:
    """All that is believed of a load."""
    ids = sorted(load.records)
    parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
    with multiprocessing.get_context("fork").Pool(processes, _HELD.append, (load,)) as pool:
        for some in pool.imap(_some, parts):
            yield from some


_HELD: list[Load] = []  # in each of the processes, which are forked off with the load in their memory


def _some(ids: list[int]) -> list[Believed]:
    return believed(_HELD[0], ids)


def run(stage: Path, key: bytes, beliefs: Path, model: Path | None) -> int:
    """Write what is believed of a staged load, as a cluster does. Returns how many beliefs. `beliefs` must not be there
    yet: raises FileExistsError."""
    load = opened(stage, key, model)
    beliefs.mkdir(parents=True)
    written = 0
    with gzip.open(beliefs / "part-00000.json.gz", "wt", encoding="utf-8") as out:
        for one in every(load, os.cpu_count() or 1):
            out.write(json.dumps(one._asdict()) + "\n")
            written += 1
    staging.put_manifest(beliefs, load.told._replace(model=load.model.checksum))
    return written
