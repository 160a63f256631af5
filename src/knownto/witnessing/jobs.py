"""What the worker does: show the heads. A witness that is slow holds up nothing but itself and the next one."""

import logging
from threading import Thread

from django.db import connections

from knownto.access import clock
from knownto.witnessing.showing import show_all

log = logging.getLogger(__name__)
RUNNING: list[Thread] = []


def sweep() -> None:
    """Every few seconds: start showing, unless that is still going on."""
    if not RUNNING or not RUNNING[0].is_alive():
        RUNNING[:] = [Thread(target=_run, name="witnesses", daemon=True)]
        RUNNING[0].start()


def _run() -> None:
    try:
        show_all(clock.now())
    except Exception:
        log.exception("showing the witnesses failed")
    finally:
        connections.close_all()
