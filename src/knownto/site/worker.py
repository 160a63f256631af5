"""The background worker: jobs as they are enqueued, and sweeps that find whatever an enqueued job never did.

Every sweep starts from what the database says is owed, so that a job lost to a crash is done all the same, a few
seconds later, and a job done twice changes nothing.
"""

import asyncio
import logging
import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "knownto.site.settings")
django.setup()

from django.db import close_old_connections, connections  # noqa: E402 (Django must be set up first)
from procrastinate import App  # noqa: E402
from procrastinate.contrib.django import app  # noqa: E402
from procrastinate.exceptions import ConnectorException  # noqa: E402

from knownto.site.sweeps import LANES, SWEEPS  # noqa: E402

log = logging.getLogger("knownto.worker")
SECONDS_BETWEEN = 2
YIELDING = 10  # of 19: whoever waits for a page goes before what is laid out as PDF or looked for again


@dataclass
class Sweep:
    """Something done every so many seconds."""

    name: str
    every: float
    do: Callable[[], object]
    next: float = 0.0


def sweepers(stop: threading.Event) -> list[threading.Thread]:
    """One a lane, and one for all the rest: what must not wait never waits for what is long."""
    every = [Sweep(*said) for said in SWEEPS]
    lanes = [*LANES.items(), ("patient", {sweep.name for sweep in every}.difference(*LANES.values()))]
    shares = {lane: [sweep for sweep in every if sweep.name in names] for lane, names in lanes}
    return [threading.Thread(target=sweep_for_ever, args=[stop, share], name=lane) for lane, share in shares.items()]


def sweep_for_ever(stop: threading.Event, sweeps: list[Sweep]) -> None:
    """Do each sweep when it is due. One that fails is logged by type and place, and tried again next time."""
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
    """Do jobs until a signal comes. A database that went away comes back: until then it is asked again.

    The library ends its worker when the connection it listens on is lost, in one case by raising and in another as
    quietly as at a signal. So whether a signal came is noted here, and nothing else ends the work.
    """
    told = threading.Event()
    while not told.is_set():
        with suppress(ConnectorException), app.replace_connector(app.connector.get_worker_connector()) as workers:
            asyncio.run(_work(workers, told))
        if not told.is_set():
            log.warning("the database went away; asking again in %s seconds", SECONDS_BETWEEN)
            time.sleep(SECONDS_BETWEEN)


async def _work(workers: App, told: threading.Event) -> None:
    """Until the library's worker ends, or a signal has let it finish what it has in hand."""
    async with workers.open_async():
        working = asyncio.ensure_future(
            workers.run_worker_async(wait=True, listen_notify=True, concurrency=1, install_signal_handlers=False)
        )

        def stop() -> None:
            told.set()
            working.cancel()

        for each in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(each, stop)
        with suppress(asyncio.CancelledError):
            await working


def main() -> None:
    os.nice(YIELDING)
    stop = threading.Event()
    sweeping = sweepers(stop)
    for sweeper in sweeping:
        sweeper.start()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        work_for_ever()
    except KeyboardInterrupt:
        pass
    finally:
        stop.set()
        for sweeper in sweeping:
            sweeper.join(10)


if __name__ == "__main__":
    main()
