"""A first load on a cluster: hand it out, have it compared, take it back. And how large a hub must be."""

import argparse
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from knownto.access import clock
from knownto.access.refusals import NotPossibleNow
from knownto.identity import blind, bulk, matching
from knownto.identity.scores import model
from knownto.learning import alone, sizing, staging
from knownto.ledger.acts import Actor
from knownto.site.command import CommandError
from knownto.site.running import databases

BY = Actor(None, "", "command line")


def hand_out(args: argparse.Namespace) -> int:
    """Key what has landed, and write it, sealed under a key of this one run, for the cluster to compare."""
    with databases(args.var):
        now = clock.now()
        bulk.key_all(now=now)
        try:
            written = _write(args.stage, staging.make_key(args.key), now)
        except FileExistsError as there:
            raise CommandError(f"there is something already: {there}") from there
    print(f"{written:,} records, sealed, in {args.stage}. The key is {args.key}: destroy it when the load is back.")
    return 0


def _write(stage: Path, key: bytes, now: datetime) -> int:
    try:
        out = (staging.Staged(o.id, o.near, o.tokens, o.cleaned) for o in bulk.hand_out(by=BY, now=now))
        written = staging.write(out, stage, key)
    except NotPossibleNow as refused:
        raise CommandError(refused.because) from refused
    limits = blind.MOST_OF_A_KEY, matching.MOST_CANDIDATES
    staging.put_manifest(stage, staging.Manifest(bulk.state(), written, model().checksum, *limits))
    return written


def compare(args: argparse.Namespace) -> int:
    """Compare what was handed out: on a cluster of Spark, or without one on this machine."""
    if not args.spark:
        count = alone.run(args.stage, args.key.read_bytes(), args.beliefs, args.model)
        print(f"{count:,} beliefs in {args.beliefs}.")
        return 0
    if not all(map(find_spec, ("pyspark", "splink", "pandas", "pyarrow"))):
        raise CommandError("Apache Spark is not installed: run bin/setup train first, or install the extra spark.")
    return int(import_module("knownto.learning.bulk").run(args))


def take_back(args: argparse.Namespace) -> int:
    """Load what the cluster believed, group the people, and destroy what was handed out."""
    told, back = staging.manifest(args.stage), staging.manifest(args.beliefs)
    with databases(args.var):
        try:
            found = staging.beliefs(args.beliefs)
            count = bulk.take_back(found, of=told.state, checksum=back.model, by=BY, now=clock.now())
        except NotPossibleNow as refused:
            raise CommandError(refused.because) from refused
    staging.destroy(args.stage, args.key)
    print(f"{count:,} beliefs, and the people that follow from them. What was handed out is destroyed.")
    return 0


def size(args: argparse.Namespace) -> int:
    """How large a hub for so many people must be, from costs that were measured."""
    print(sizing.table([sizing.sized(args.people, args.records_per_person)]))
    return 0


PARTS = {"bulk-export": hand_out, "bulk": compare, "bulk-load": take_back, "sizing": size}
