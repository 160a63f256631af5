"""Ask for something about people, and have it opened, recorded and closed again."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from knownto.access.refusals import refused
from knownto.access.viewer import Viewer
from knownto.ledger import acts as ledger
from knownto.ledger.models import Entry
from knownto.policy import Allow, Permission, Refuse, Request, decide

SYSTEM = ledger.Actor(None, "", "system")


@dataclass(frozen=True)
class Granted:
    """What policy allowed, and the ledger entry that says so."""

    allow: Allow
    entry: Entry


def check(viewer: Viewer, request: Request) -> Allow:
    """The policy's answer to this viewer. Raises a Refused."""
    answer = decide(viewer.asker, request)
    if isinstance(answer, Refuse):
        raise refused(answer)
    return answer


@contextmanager
def asking(
    viewer: Viewer,
    request: Request,
    *,
    kind: str,
    about: Sequence[str] = (),
    agreement: str = "",
    detail: dict[str, Any] | None = None,
    through: str = "",
    now: datetime,
) -> Iterator[Granted]:
    """Decide, record, then open the rows, in one transaction. Raises a Refused, with nothing opened.

    The work it is for and how the family stands go into the sealed detail: a reference may hold a name. `through`: the
    context that the database holds the rows to, where it is narrower than the entry's own ("glass:<id>").
    """
    allow = check(viewer, request)
    why = {"work": request.work, "family": request.family, "family_reason": request.family_reason}
    with transaction.atomic():
        entry = ledger.record(
            kind=kind,
            by=viewer.actor,
            about=about,
            purpose=request.purpose,
            because=allow.because,
            agreement=agreement,
            detail={k: v for k, v in why.items() if v} | (detail or {}),
            now=now,
        )
        with rows_open(through or str(entry.event), viewer.agency):
            yield Granted(allow, entry)


@contextmanager
def system(job: str) -> Iterator[None]:
    """Open the rows for a job of the product's own (a feed, a sweep). Never reached from a page."""
    with transaction.atomic(), rows_open(f"system:{job}", ""):
        yield


@contextmanager
def rows_open(access: str, agency: str) -> Iterator[None]:
    """Set the row-level context for the rest of this transaction, and put the former one back after.

    On an error nothing is put back: the transaction is lost, and the context, which is local to it, with it.
    """
    before = _set(access, agency)
    yield
    _set(*before)


def _set(access: str, agency: str) -> tuple[str, str]:
    """Set the context; gives the former one. One statement: this goes round with every act."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('knownto.access', true), ''),"
            " coalesce(current_setting('knownto.agency', true), ''),"
            " set_config('knownto.access', %s, true), set_config('knownto.agency', %s, true)",
            [access, agency],
        )
        return cursor.fetchone()[:2]


def record_refusal(viewer: Viewer | ledger.Actor | None, *, code: str, what: str, now: datetime) -> None:
    """Write a refusal, in a transaction of its own. `what` is a route's name, never its arguments."""
    by = viewer.actor if isinstance(viewer, Viewer) else viewer or ledger.Actor(None, "", "nobody")
    with transaction.atomic():
        ledger.record(kind="refusal", by=by, because=code, detail={"route": what}, now=now)


__all__ = ["SYSTEM", "Granted", "Permission", "Request", "Viewer", "asking", "check", "record_refusal", "system"]
