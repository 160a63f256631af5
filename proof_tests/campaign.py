"""Run one part of a campaign, and write down what came of it.

    python -m proof_tests.campaign                      what parts there are, how long each takes, what has run
    python -m proof_tests.campaign PART [--minutes N]   run it, or what of it fits, from a seed that has not been used

Each run adds a line to docs/evidence/runs.csv; a part that takes a night may be run an hour at a time, each time from
another seed, and its page says what the runs come to together.
"""

import argparse
import csv
import json
import os
import platform
import subprocess
import sys
import time
import tomllib
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
EVIDENCE = PROJECT / "docs" / "evidence"
RUNS = EVIDENCE / "runs.csv"
FIRST_SEED = 20261122  # of a part; each run after it has the next
PARTS: dict[str, dict[str, Any]] = tomllib.loads((PROJECT / "proof_tests" / "campaign.toml").read_text())
Run = dict[str, str]


def runs(part: str) -> list[Run]:
    with RUNS.open(encoding="utf-8") as file:
        return [run for run in csv.DictReader(file) if run["part"] == part]


def machine() -> str:
    """How large it is, and how busy it was as the run began: a busy one runs less, and tries more orders of things."""
    memory = int(Path("/proc/meminfo").read_text().split()[1]) / 2**20
    return f"{os.cpu_count()} cores, {memory:.0f} GB, {platform.machine()}, load {os.getloadavg()[0]:.1f}"


def run(part: str, minutes: float | None) -> int:
    """Run it now, in the size that is written down or that the environment names. Gives 0 if it passed."""
    seed, began, clock = str(FIRST_SEED + len(runs(part))), datetime.now(UTC), time.monotonic()
    settings = {k: os.environ.get(k, v) for k, v in PARTS[part].get("environment", {}).items()} | {"KNOWNTO_SEED": seed}
    settings |= {"KNOWNTO_MINUTES": f"{minutes:g}"} if minutes else {}
    tests, busy = [f"proof_tests/{each}" for each in PARTS[part]["tests"]], machine()
    ended, figures = _pytest(tests, settings)
    row = [part, f"{began:%Y-%m-%d %H:%M}", busy, seed]
    row += [" ".join([*(f"{k}={v}" for k, v in settings.items()), "pytest", *tests]), json.dumps(together(figures))]
    row += [f"{(time.monotonic() - clock) / 60:.1f}", "FAILED" if ended else "passed"]
    with RUNS.open("a", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(row)
    write_page(part)
    return ended


def _pytest(tests: list[str], settings: dict[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """How it ended, and what it noted."""
    with TemporaryDirectory() as folder:
        figures = Path(folder) / "figures"
        environment = os.environ | settings | {"KNOWNTO_FIGURES": str(figures)}
        command = [sys.executable, "-m", "pytest", "-p", "no:xdist", *tests]
        ended = subprocess.run(command, env=environment, cwd=PROJECT, check=False)
        lines = figures.read_text().splitlines() if figures.exists() else []
    return ended.returncode, [json.loads(line) for line in lines]


def together(figures: list[dict[str, Any]]) -> dict[str, Any]:
    """Numbers of one name added up; of anything else the last. What is the largest of its sort says so in its name."""
    total: dict[str, Any] = {}
    for name, value in (pair for each in figures for pair in each.items()):
        before = total.get(name, 0)
        counted = isinstance(value, int | float) and isinstance(before, int | float)
        largest = name.startswith(("largest", "longest"))
        total[name] = (max(before, value) if largest else before + value) if counted else value
    return total


def page(part: str, done: list[Run]) -> str:
    """What is known of it by these runs."""
    said, passed = PARTS[part], [json.loads(run["figures"]) for run in done if run["outcome"] == "passed"]
    total, names = together(passed), list(Counter(name for run in done for name in json.loads(run["figures"])))
    lines = [f"# {said['title']}", "", said["says"], "", f"`make campaign PART={part}`", ""]
    lines += [_row(["Began (UTC)", "Machine", "Seed", *map(_heading, names), "Minutes", ""])]
    lines += [_row(["---"] * (len(names) + 5))]
    for each in done:
        figures = json.loads(each["figures"])
        cells = [_said(figures.get(name, "")) for name in names]
        lines += [_row([each["began"], each["machine"], each["seed"], *cells, each["minutes"], each["outcome"]])]
    lines += ["", *_against(said.get("goal", {}), total), f"**Not shown by this.** {said['not_shown']}", ""]
    lines += ["Run as (the last):", "", f"    {done[-1]['command']}" if done else "    not yet"]
    return "\n".join(lines) + "\n"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _said(value: object) -> str:
    if isinstance(value, float):
        return f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) else str(value)


def _against(goal: dict[str, int], total: dict[str, Any]) -> list[str]:
    """How far that is of what was set, in a sentence each."""
    sentences = [
        f"Wanted: {wanted:,} {name}; in the runs that passed: {total.get(name, 0):,}." for name, wanted in goal.items()
    ]
    return [*sentences, ""] if sentences else []


def write_page(part: str) -> None:
    (EVIDENCE / f"campaign-{part.replace('_', '-')}.md").write_text(page(part, runs(part)), encoding="utf-8")


def listed() -> str:
    """A line for each part."""
    return "\n".join(
        f"{part:18} {said['hours']:4g} h  {len(runs(part))} runs  {said['title']}" for part, said in PARTS.items()
    )


def main() -> int:
    words = argparse.ArgumentParser(prog="make campaign")
    words.add_argument("part", nargs="?", choices=[*PARTS, "all"])
    words.add_argument("--minutes", type=float)
    asked = words.parse_args()
    if not asked.part:
        print(listed())  # noqa: T201
        return 0
    return max(run(part, asked.minutes) for part in (PARTS if asked.part == "all" else [asked.part]))


if __name__ == "__main__":
    sys.exit(main())
