"""Build the fictional borough and serve it."""

import argparse
import shutil
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import django

from knownto.ledger.sequence import sequence
from knownto.site import two_witnesses
from knownto.site.embedded import CLUSTERS, DATABASE, Embedded, place
from knownto.site.running import databases, serve
from knownto.town import build, curious, emergencies, frontdoor, guarded, reviewing, stories, write
from knownto.town.cast import personas
from knownto.town.living import found, live

BAR = 30
FOUNDED_BEFORE = timedelta(days=366)


def run(args: argparse.Namespace) -> int:
    """Build what is not built, then serve. A build that was stopped goes on where it stopped."""
    built = args.var / "built"
    if args.fresh:
        _throw_away(args)
    if not built.exists():
        with databases(args.var, careless=True):
            _build(args)
        built.write_text(f"{args.size} {args.seed}\n")
    if args.build_only:
        return 0
    with databases(args.var), two_witnesses.running(args.var):
        return serve(args.port, _welcome(args))


def _build(args: argparse.Namespace) -> None:
    ends = _ends(args.var)
    folder = args.var / "town"
    print(f"Building the fictional borough of Hallowbridge ({args.size}), a year to {ends:%-d %B %Y}", flush=True)
    town, begun = build(args.size, args.seed, ends), time.monotonic()
    if not (folder / "truth" / "deliveries.csv").exists():
        shutil.rmtree(folder, ignore_errors=True)
        written = write(town, folder)
        print(f"  {written.files:,} files with {written.rows:,} rows written as partners send them", flush=True)
    found(args.size, now=datetime.now(UTC) - FOUNDED_BEFORE)
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=django.setup) as beside:
        front_door = beside.submit(_front_door, args.size, args.seed, ends)
        live(folder, progress=_progress(time.monotonic()))
        front_door.result()
    reviewing.live(folder, now=datetime.now(UTC))
    guarded.live(folder, now=datetime.now(UTC))
    emergencies.live(stories(town), now=datetime.now(UTC))
    curious.live(stories(town), now=datetime.now(UTC))
    while sequence(datetime.now(UTC)):
        pass
    # What each landing enqueued is done, and would be done again, a thousand times, by the first worker to start.
    Embedded(args.var, "main").sql("TRUNCATE procrastinate_jobs CASCADE", DATABASE)
    for cluster in CLUSTERS:  # after a bulk load look-ups need it, and only the owner may
        Embedded(args.var, cluster).sql("VACUUM ANALYZE", DATABASE)
    print(f"  Built in {time.monotonic() - begun:.0f} seconds", flush=True)


def _front_door(size: str, seed: int, ends: date) -> None:
    """The year at the front door, in a process of its own beside the feeds: neither waits for the other."""
    told = _progress(time.monotonic(), in_lines=True)
    frontdoor.live(build(size, seed, ends), until=datetime.now(UTC), progress=told)


def _ends(var: Path):
    """The year ends yesterday; a build that was stopped keeps the day on which it began."""
    mark = var / "year-ends"
    if not mark.exists():
        mark.write_text((datetime.now(UTC).date() - timedelta(days=1)).isoformat())
    return datetime.fromisoformat(mark.read_text()).date()


def _progress(begun: float, *, in_lines: bool = False):
    """A bar that moves on a terminal; elsewhere, or with `in_lines`, a line for each tenth."""
    told: dict[str, int] = {}

    def tell(what: str, done: int, of: int) -> None:
        tenth, moves = 10 * done // max(of, 1), sys.stdout.isatty() and not in_lines
        if not moves and told.get(what) == tenth:
            return
        told[what] = tenth
        bar = "#" * (BAR * done // max(of, 1))
        line = f"  {what:26} [{bar:{BAR}}] {done:,} of {of:,}, {time.monotonic() - begun:.0f} s"
        print(f"\r{line}" if moves else line, end="\n" if done == of or not moves else "", flush=True)

    return tell


def _throw_away(args: argparse.Namespace) -> None:
    for cluster in CLUSTERS:
        Embedded(args.var, cluster).stop()
    for folder in (place(args.var), args.var):
        shutil.rmtree(folder, ignore_errors=True)
    args.var.mkdir(parents=True)


def _welcome(args: argparse.Namespace) -> str:
    ends = _ends(args.var)
    town = build(args.size, args.seed, ends)
    address = f"http://localhost:{args.port}/"
    lines = ["", f"Knownto is ready at {address}", "", "Sign in there with one click, as:"]
    lines += [f"  {p.name:22} {p.does}" for p in personas()]
    lines += ["", "People to search for (all invented):"]
    lines += [f"  {_hint(story)}" for story in stories(town)[:6]]
    if (age := (datetime.now(UTC).date() - ends).days) > 1:
        lines += ["", f"The borough's year ended {age} days ago, so its feeds are shown as late."]
        lines += ["To build one whose year ends yesterday: .venv/bin/knownto demo --fresh"]
    return "\n".join([*lines, "", "For demonstration only. Ctrl-C stops everything.", ""])


def _hint(story) -> str:
    known = story.known
    born = f", born {known.birth_date:%-d %B %Y}" if known.birth_date else ""
    return f"{known.given_names} {known.family_name}{born}: {story.title[0].lower()}{story.title[1:]}"

