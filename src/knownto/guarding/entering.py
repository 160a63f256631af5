"""The only way in for a person: a guardian, recorded, with the guards' rows open for as long as the act takes."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Granted, Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotYours
from knownto.guarding.models import Seal


@contextmanager
def guarding(viewer: Viewer, *, kind: str, about: Sequence[str] = (), now: datetime) -> Iterator[Granted]:
    """A guardian's act or look. `kind` is recorded with "guard-" before it; what is written of it names nobody."""
    with (
        asking(viewer, Request(Permission.GUARD), kind=f"guard-{kind}", about=about, now=now) as granted,
        rows_open(f"guard:{granted.entry.event}", viewer.agency),
    ):
        yield granted


@contextmanager
def of_seal(viewer: Viewer, seal: UUID, *, kind: str, named: bool = False, now: datetime) -> Iterator[Seal]:
    """One seal, locked. `named`: only for those who are named on it. Raises NotYours."""
    with guarding(viewer, kind=kind, about=[f"seal:{seal}"], now=now):
        row = Seal.objects.select_for_update(of=("self",)).select_related("episode").filter(pk=seal).first()
        if row is None or (named and viewer.worker_id not in row.named):
            raise NotYours
        yield row


@contextmanager
def guards_own(viewer: Viewer | None = None) -> Iterator[None]:
    """What the guards themselves do, in the background or on behalf of what two guardians have decided."""
    with transaction.atomic(), rows_open("system:guard", viewer.agency if viewer else ""):
        yield
