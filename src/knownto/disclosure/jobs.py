"""The sweep that keeps the lanes going. It never waits for a partner: the sweeps after it have work of their own."""

import logging
from threading import Thread

from knownto.access import clock
from knownto.disclosure.delivery import lane, with_something_due
from knownto.disclosure.settling import settle
from knownto.ledger import restores

log = logging.getLogger(__name__)

A_ROUND = 500
LANES: dict[str, Thread] = {}


def sweep() -> None:
    """Settle what can be settled, and start a lane for each agency that has something due and none running.

    Nothing leaves while a restore is undeclared: what went out after the moment that we went back to would go again.
    """
    if restores.holding():
        return
    settle(clock.now())
    for agency in with_something_due(clock.now()):
        running = LANES.get(agency)
        if running is None or not running.is_alive():
            # Ended with the process, even in the middle: what was claimed is carried again.
            LANES[agency] = Thread(target=_run, args=[agency], name=f"lane {agency}", daemon=True)
            LANES[agency].start()


def _run(agency: str) -> None:
    try:
        lane(agency, now=clock.now, limit=A_ROUND)
    except Exception:
        log.exception("the lane to %s failed", agency)
