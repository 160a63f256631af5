"""What the worker does for casework: turn clocks, and send mail. Each starts from what the database says is owed."""

import logging
from threading import Thread

from django.db import connections

from knownto.access import clock
from knownto.casework import acts, mail
from knownto.ledger import restores

log = logging.getLogger(__name__)

RESTS = mail.Rests()
POST: list[Thread] = []  # the one that carries mail, while it does


def sweep() -> int:
    """Every few seconds: clocks that turn, and whom they tell. Returns how much was done."""
    return acts.sweep(clock.now())


def send_mail() -> None:
    """Every few seconds: start carrying mail, unless that is still going on. A slow server holds up no clock.

    Nothing leaves while a restore is undeclared.
    """
    if restores.holding():
        return
    if not POST or not POST[0].is_alive():
        POST[:] = [Thread(target=_carry, name="mail", daemon=True)]  # killed in the middle: it goes again
        POST[0].start()


def _carry() -> None:
    try:
        mail.send_owed(now=clock.now, rests=RESTS)
    except Exception:
        log.exception("mail failed")
    finally:
        connections.close_all()
