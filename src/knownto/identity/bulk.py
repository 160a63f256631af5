"""A first load that is compared elsewhere: what is handed out for it, and what is believed of it when it comes back.

Only for a hub in which nothing has been matched yet, with its worker stopped: a record that came in between would be
compared with nobody.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import islice

from knownto.access import acts as access
from knownto.access.refusals import NotPossibleNow
from knownto.identity import beliefs, blind, pending
from knownto.identity.catching_up import BATCH
from knownto.identity.cleaned import TABLE, Opened, plain_bytes
from knownto.identity.grouping import regroup
from knownto.identity.keying import key_some
from knownto.identity.models import Stage
from knownto.identity.scores import Scores, model
from knownto.identity.statements import rows
from knownto.ledger import acts as ledger

AT_ONCE = 2_000  # records handed out, or beliefs written, in one transaction

WAITING = (
    f"SELECT p.record, p.near, c.tokens FROM identity_pending p JOIN {TABLE} c USING (record) "  # noqa: S608
    "WHERE p.stage = 1 AND p.record > %s ORDER BY p.record LIMIT %s"
)
STATE = f"SELECT count(*), coalesce(sum(hashint8extended(record, version)), 0)::text FROM {TABLE}"  # noqa: S608
MATCHED = (
    f"SELECT 1 FROM {TABLE} c WHERE NOT EXISTS (SELECT 1 FROM identity_pending p WHERE p.record = c.record) LIMIT 1"  # noqa: S608
)


@dataclass(frozen=True, slots=True)
class Out:
    """One record to be compared elsewhere: its place in the order of comparing, its blind keys, its cleaned form."""

    id: int
    near: int
    tokens: list[int]
    cleaned: str


def key_all(*, now: datetime) -> None:
    """Read, clean and key whatever has landed. Comparing is what is done elsewhere."""
    opened = Opened()
    while key_some(opened, BATCH, now):
        pass


def hand_out(*, by: ledger.Actor, now: datetime) -> Iterator[Out]:
    """Every record that waits to be compared, opened a few at a time. Raises NotPossibleNow where some are matched
    already. That they leave is in the ledger before the first one does."""
    with access.system("identity"):
        if rows(MATCHED):
            raise NotPossibleNow("not-a-first-load", "Some records are matched already: this is for a first load.")
        ledger.record(kind="bulk-handed-out", by=by, detail={"state": _state()}, now=now)
    after = 0
    while some := _next(after):
        yield from some
        after = some[-1].id


def _next(after: int) -> list[Out]:
    with access.system("identity"):
        found = rows(WAITING, after, AT_ONCE)
        opened = Opened().get(record for record, _, _ in found)
    return [
        Out(record, near, list(blind.unpacked(tokens)), plain_bytes(opened[record]).decode())
        for record, near, tokens in found
        if record in opened
    ]


def state() -> str:
    """What is held, as one word that changes when any record is added, changed or removed."""
    with access.system("identity"):
        return _state()


def _state() -> str:
    [(count, total)] = rows(STATE)
    return f"{count}:{total}"


def take_back(
    found: Iterable[tuple[int, int, float, str, str]], *, of: str, checksum: str, by: ledger.Actor, now: datetime
) -> int:
    """Believe (lower, higher, bits, outcome, levels) and group the people. Returns how many beliefs there were.

    `of` is what `state` said when they were handed out, `checksum` the model's. May be killed and run again with the
    same. Raises NotPossibleNow when the model or the records are not those.
    """
    if checksum != model().checksum:
        raise NotPossibleNow("another-model", "These were compared by another model than the one in force.")
    if state() != of:
        raise NotPossibleNow("records-changed", "Records have changed since they were handed out: hand them out again.")
    with access.system("identity"):
        ledger.record(kind="bulk-taken-back", by=by, detail={"state": of, "model": checksum}, now=now)
    each, written = iter(found), 0
    while some := list(islice(each, AT_ONCE)):
        written += _write(some, now)
    _group(now)
    return written


def _write(some: list[tuple[int, int, float, str, str]], now: datetime) -> int:
    with access.system("identity"):
        beliefs.write([(*one, model().checksum, now) for one in some])
    return len(some)


def _group(now: datetime) -> None:
    """The people of what waits, block by block; a record that is grouped waits no more, so this goes on when killed."""
    opened = Opened()
    for step in iter(partial(_group_some, opened, now), 0):
        if step >= AT_ONCE:
            with access.system("identity"):
                blind.analyse()


def _group_some(opened: Opened, now: datetime) -> int:
    with access.system("identity"):
        ids = [record for record, _ in pending.claim(Stage.KEYED, AT_ONCE)]
        if ids:
            regroup(ids, Scores(opened), now)
            pending.done(ids)
    return len(ids)
