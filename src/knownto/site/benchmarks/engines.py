"""What the engines cost: cleaning, keys, comparing; and reading the whole ledger again."""

import time
from argparse import Namespace
from collections.abc import Callable

from knownto.access.acts import system
from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.ledger import reads as ledger
from knownto.linkage import Evidence, clean, compare, keys, load_model
from knownto.site.benchmarks import Figure
from knownto.site.running import databases

SAMPLE = 2000


def run(args: Namespace) -> list[Figure]:
    with databases(args.var):
        return [*_linkage(), *_ledger()]


def _linkage() -> list[Figure]:
    with system("bench"):
        rows = list(Record.objects.filter(removed_at=None).order_by("id")[:SAMPLE])
        evidence = [Evidence.from_json(plain["evidence"]) for plain in keyring.open_rows(rows)]
    cleaned = [clean(said) for said in evidence]
    model, pairs = load_model(), list(zip(cleaned, cleaned[1:], strict=False))
    data = f"{len(evidence):,} records"
    return [
        Figure("clean one record", _each(clean, evidence), "us", data),
        Figure("keys of one record", _each(keys, cleaned), "us", data),
        Figure("compare one pair, with reasons", _each(lambda p: compare(*p, model), pairs), "us", data),
    ]


def _each(do: Callable, things: list) -> float:
    """Microseconds each, the best of three rounds."""
    best = float("inf")
    for _ in range(3):
        begun = time.perf_counter()
        for thing in things:
            do(thing)
        best = min(best, time.perf_counter() - begun)
    return round(best / len(things) * 1e6, 1)


def _ledger() -> list[Figure]:
    entries = ledger.standing().numbered
    begun = time.perf_counter()
    if ledger.verify():
        raise RuntimeError("The ledger of the built borough is not sound.")
    rate = entries / (time.perf_counter() - begun)
    return [Figure("ledger verified", round(rate), "entries a second", f"{entries:,} entries")]
