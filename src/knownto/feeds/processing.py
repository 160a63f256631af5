"""One file's way through the intake, from wherever it stands: check what is unchecked, then settle.

Comes twice without harm, and goes on where it was when it was killed. A file that fits one batch is checked and
settled in one transaction; a large one is staged in many, and still lands in one.
"""

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.feeds.checking import check
from knownto.feeds.faults import Unreadable
from knownto.feeds.holding import Ending
from knownto.feeds.limits import limits
from knownto.feeds.models import ON_THE_WAY, File, State
from knownto.feeds.opening import opened
from knownto.feeds.receiving import key_of
from knownto.feeds.settling import refuse_unreadable, settle
from knownto.keyring.sealing import DataKey
from knownto.ledger.acts import Actor

SMALL = 1024 * 1024  # bytes that a file dealt with at once may have


def is_small(file: File) -> bool:
    """Can the sender wait for it? A workbook's rows are not known yet, so its bytes decide."""
    return file.lines <= limits().at_once and file.size <= SMALL


def process(file: File, *, by: Actor, now: datetime, key: DataKey | None = None) -> File:
    """Take a received file as far as it goes. Whatever it comes to is in its state, never in an exception."""
    if file.state not in ON_THE_WAY:
        return file
    key = key or key_of(file)
    together: AbstractContextManager[Any] = opened() if is_small(file) else nullcontext()
    with together:
        _process(file, key, by, now)
    return file


def _process(file: File, key: DataKey, by: Actor, now: datetime) -> None:
    try:
        ending = _checked(file, key, now)
    except Unreadable as error:
        with opened():
            refuse_unreadable(file, key, error, by=by, now=now)
        return
    with opened():
        settle(file, key, ending, by=by, now=now)


def _checked(file: File, key: DataKey, now: datetime) -> Ending:
    if "bad-manifest" in file.codes:
        raise Unreadable("bad-manifest")
    if file.state == State.LANDING:  # it was wholly read before: its ending, if odd, was decided on
        return Ending()
    table = check(file, key, now=now)
    return Ending(table.line_ended, table.last_row_short)


def load(file: UUID) -> File:
    """The file, for a job of the product's own."""
    with opened():
        return File.objects.get(pk=file)
