"""Copy both databases, and with --follow go on writing down everything that is committed, until told to stop."""

import argparse
import signal
import time
from datetime import UTC, datetime
from pathlib import Path

from knownto.site import archive, restoring
from knownto.site.command import CommandError

SECONDS_BETWEEN = 2


def run(args: argparse.Namespace) -> int:
    archives = named(args.var)
    if down := [name for name, each in archives.items() if not each.cluster.running()]:
        raise CommandError(f"the databases must be running; not running: {', '.join(down)}")
    return _follow(args, archives) if args.follow else _once(args, archives)


def named(var: Path) -> dict[str, archive.Archive]:
    """Both archives, or a sentence about what is not set."""
    try:
        return archive.both(var)
    except KeyError as missing:
        raise CommandError(f"for servers of your own {missing.args[0]} must be set: docs/production.md") from None


def _once(args: argparse.Namespace, archives: dict[str, archive.Archive]) -> int:
    for name, each in archives.items():
        made = archive.copy(each)
        gone = archive.forget(each, args.keep_days, datetime.now(UTC))
        print(f"{name}: {made}{f'; {gone} older than {args.keep_days} days removed' if gone else ''}")
    restoring.copy_destroyed(archives)
    if not all(_is_received(each) for each in archives.values()):
        print("Nothing is written down after this moment: run knownto backup --follow beside the product.")
    return 0


def _is_received(each: archive.Archive) -> bool:
    asked = "SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_receivewal'"
    return each.cluster.sql(asked).strip() != "0"


def _follow(args: argparse.Namespace, archives: dict[str, archive.Archive]) -> int:
    """Receive, and copy first where there is no copy yet: the log is of use only after one."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.append(1))
    with archive.received(list(archives.values())) as running:
        if not all(each.copies() for each in archives.values()):
            _once(args, archives)
        print("Everything that is committed is written down. Ctrl-C stops.", flush=True)
        while not stopping and all(each.poll() is None for each in running):
            restoring.copy_destroyed(archives)
            time.sleep(SECONDS_BETWEEN)
    if not stopping:
        print("A receiver stopped by itself: nothing is written down any more.")
    return 0 if stopping else 1
