"""Measure, and write bench/results.json."""

import argparse
import json
import os
import platform
from datetime import UTC, datetime

from knownto.site.benchmarks import (
    Figure,
    board,
    engines,
    frontdoor,
    labelled,
    loading,
    matching,
    resolving,
    searching,
    updating,
)
from knownto.site.commands import demo
from knownto.site.embedded import PROJECT

BENCHMARKS = {
    "engines": engines,
    "matching": matching,
    "search": searching,
    "frontdoor": frontdoor,
    "board": board,
    "load": loading,
    "resolve": resolving,
    "update": updating,
    "labelled": labelled,
}
RESULTS = PROJECT / "bench" / "results.json"


def run(args: argparse.Namespace) -> int:
    """Build what is to be measured, measure, and keep what earlier runs measured of other things."""
    args.seed, args.fresh, args.build_only = 2026, False, True
    demo.run(args)
    kept = json.loads(RESULTS.read_text())["figures"] if RESULTS.exists() else []
    for name, benchmark in BENCHMARKS.items():
        if args.only in name:
            print(f"Measuring: {name}", flush=True)
            figures = [_line(f) for f in benchmark.run(args)]
            mine = {(f["name"], f["data"]) for f in figures}
            kept = [f for f in kept if (f["name"], f["data"]) not in mine] + figures
            for figure in figures:
                _tell(figure)
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"figures": kept}, indent=1) + "\n")
    print(f"Written to {RESULTS.relative_to(PROJECT)}")
    return 0


def _line(figure: Figure) -> dict:
    return {
        "name": figure.name,
        "figure": figure.figure,
        "unit": figure.unit,
        "peer": figure.peer,
        "peer_figure": figure.peer_figure,
        "ratio": figure.ratio,
        "data": figure.data,
        "note": figure.note,
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "measured": datetime.now(UTC).date().isoformat(),
    }


def _tell(figure: dict) -> None:
    beside = f"; {figure['peer']}: {figure['peer_figure']} ({figure['ratio']}x)" if figure["peer"] else ""
    print(f"  {figure['name']}: {figure['figure']} {figure['unit']} ({figure['data']}){beside}", flush=True)
