"""Match everybody again by the model in force, and say how far it is."""

import argparse
import time

from knownto.access import clock
from knownto.identity import rematching
from knownto.identity.catching_up import catch_up
from knownto.ledger.acts import Actor
from knownto.site.running import databases

BY = Actor(None, "", "command line")
SECONDS_BETWEEN = 1  # of looks, while the worker is at it


def run(args: argparse.Namespace) -> int:
    """Begin where it is needed, or asked for, and go on to the end. May be stopped: it goes on where it was."""
    with databases(args.var):
        rematching.begin(by=BY, now=clock.now(), again=args.again)
        while not (so_far := rematching.so_far()) or so_far.ended is None:
            _go_on()
            _tell()
    print("Everybody is matched by the model in force.")
    return 0


def _go_on() -> None:
    """What has landed first, as the worker does. Where another process is at it, its progress is told."""
    now = clock.now()
    catch_up(now=now)
    if not rematching.go_on(now=now, most=rematching.AT_ONCE):
        time.sleep(SECONDS_BETWEEN)


def _tell() -> None:
    so_far = rematching.so_far()
    if so_far and so_far.of and so_far.ended is None:
        part = "read" if so_far.done < so_far.of // 2 else "compared"
        print(f"{so_far.done:,} of {so_far.of:,} steps ({100 * so_far.done // so_far.of}%): being {part}", flush=True)


PARTS = {"rematch": run}
