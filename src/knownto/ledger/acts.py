"""Write an entry, in the transaction of the act it describes."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import connection

from knownto.keyring import acts as keyring
from knownto.ledger.models import About, Entry, Waiting


class NoTransaction(Exception):
    """An entry was written outside a transaction: the act it describes could be lost and the entry kept."""


_SIMULATING = ContextVar("simulating", default=False)


@contextmanager
def simulating() -> Iterator[None]:
    """What is recorded inside says that it is simulated: the fictional borough's year, on its own calendar."""
    before = _SIMULATING.set(True)
    try:
        yield
    finally:
        _SIMULATING.reset(before)


def is_simulating() -> bool:
    """Is this the fictional borough's year?"""
    return _SIMULATING.get()


@dataclass(frozen=True)
class Actor:
    """Who did it: a worker's opaque id (None for the product itself), an agency's code, the roles held."""

    worker: UUID | None
    agency: str
    role: str


def record(
    *,
    kind: str,
    by: Actor,
    about: Sequence[str] = (),
    purpose: str = "",
    because: str = "",
    agreement: str = "",
    detail: dict[str, Any] | None = None,
    now: datetime,
    simulated: bool = False,
) -> Entry:
    """Write one entry. `about` are opaque ids; `detail` is sealed under a key of its own.

    Raises NoTransaction when there is no transaction to belong to.
    """
    if not connection.in_atomic_block:
        raise NoTransaction(kind)
    event = uuid4()
    key, sealed = _seal(event, detail)
    entry = Entry.objects.create(
        event=event,
        at=now,
        simulated=simulated or _SIMULATING.get(),
        kind=kind,
        worker=by.worker,
        agency=by.agency,
        role=by.role,
        purpose=purpose,
        because=because,
        agreement=agreement,
        key=key,
        sealed=sealed,
        commitment=hashlib.sha256(sealed).digest(),
    )
    About.objects.bulk_create([About(entry=entry, subject=subject) for subject in dict.fromkeys(about)])
    Waiting.objects.create(entry=entry)
    return entry


def _seal(event: UUID, detail: dict[str, Any] | None) -> tuple[UUID | None, bytes]:
    if not detail:
        return None, b""
    [key] = keyring.create()
    data = json.dumps(detail, separators=(",", ":"), default=str).encode()
    return key.id, key.seal(data, table="ledger_entry", column="sealed", row=event)
