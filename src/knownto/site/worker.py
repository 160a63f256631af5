"""The background worker: jobs as they are enqueued, and sweeps that find whatever an enqueued job never did.

Every sweep starts from what the database says is owed, so that a job lost to a crash is done all the same, a few
seconds later, and a job done twice changes nothing.
"""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knownto.site.settings")
django.setup()

from django.db import close_old_connections, connections  # noqa: E402 (Django must be set up first)
from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.exceptions import ConnectorException  # noqa: E402

from knownto.site.sweeps import SWEEPS  # noqa: E402

log = logging.getLogger("knownto.worker")
SECONDS_BETWEEN = 2


@dataclass
class Sweep:
    """Something done every so many seconds."""

    name: str
    every: float
    do: Callable[[], object]
    next: float = 0.0


def sweep_for_ever(stop: threading.Event) -> None:
    """Do each sweep when it is due. One that fails is logged by type and place, and tried again next time."""
    sweeps = [Sweep(name, every, do) for name, every, do in SWEEPS]
    while not stop.is_set():
        for sweep in sweeps:
            if time.monotonic() >= sweep.next and not stop.is_set():
                _do(sweep)
        stop.wait(0.5)
    connections.close_all()


def _do(sweep: Sweep) -> None:
    close_old_connections()
    try:
        sweep.do()
    except Exception:
        log.exception("sweep %s failed", sweep.name)
    sweep.next = time.monotonic() + sweep.every


def work_for_ever() -> None:
    """Do jobs until a signal comes. A database that went away comes back: until then it is asked again."""
    while True:
        try:
            with app.replace_connector(app.connector.get_worker_connector()) as workers:
                workers.run_worker(wait=True, listen_notify=True, concurrency=1)
                return
        except ConnectorException:
            log.warning("the database went away; asking again in %s seconds", SECONDS_BETWEEN)
        time.sleep(SECONDS_BETWEEN)


def main() -> None:
    stop = threading.Event()
    sweeper = threading.Thread(target=sweep_for_ever, args=[stop], name="sweeper")
    sweeper.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        work_for_ever()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        sweeper.join(10)


if __name__ == "__main__":
    main()
