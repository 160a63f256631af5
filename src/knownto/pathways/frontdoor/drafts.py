"""A referral while it is written: its writer's alone, sealed as it is typed, destroyed when nobody finishes it.

What is typed into one's own draft is one's own word and shows nobody anything, so each keystroke is not in the ledger;
that a draft was begun, sent or thrown away is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open, system
from knownto.access.refusals import NotYours
from knownto.casework.acts import tell
from knownto.keyring import acts as keyring
from knownto.pathways.frontdoor.models import Draft
from knownto.pathways.frontdoor.questions import Step
from knownto.pathways.frontdoor.referral import KINDS
from knownto.pathways.frontdoor.writing import Typed, Written

OWN = "own:draft"
WARNED_BEFORE = timedelta(days=2)
AT_ONCE = 500
EMPTIED = Q(sealed=b"")
NOT_THERE = EMPTIED & Q(sent_as=None)


@dataclass(frozen=True)
class Opened:
    """One's own draft, opened. `sent_as` is the episode it became."""

    id: UUID
    written: Written
    started_at: datetime
    saved_at: datetime
    until: datetime
    sent_as: UUID | None = None


def begin(*, by: Viewer, written: Written, now: datetime) -> UUID:
    """Begin one; gives its id. Raises ValueError for a kind there is not, and a Refused."""
    if written.kind not in KINDS:
        raise ValueError(written.kind)
    with asking(by, Request(Permission.REFER), kind="draft-begun", now=now):
        row = Draft(kind=written.kind, worker=by.worker_id, agency=by.agency, started_at=now, saved_at=now)
        row.until = now + timedelta(days=settings.DRAFT_DAYS)
        [key] = keyring.create()
        row.seal_into(written.to_json(), key)
        row.save(force_insert=True)
        return row.pk


def own(viewer: Viewer, draft: UUID) -> Opened:
    """That draft of one's own. Raises NotYours for another's, which looks like none."""
    with transaction.atomic(), rows_open(OWN, viewer.agency):
        row = _own(viewer, draft)
        return _opened(row)


def of(viewer: Viewer) -> list[Opened]:
    """One's drafts that are not sent yet, the last saved first."""
    with transaction.atomic(), rows_open(OWN, viewer.agency):
        rows = Draft.objects.exclude(NOT_THERE).filter(worker=viewer.worker_id, sent_as=None).order_by("-saved_at")
        return [_opened(row) for row in rows]


def save(*, by: Viewer, draft: UUID, step: Step, typed: Typed, now: datetime) -> Opened:
    """Keep what was typed on that page. What another device saves meanwhile on other pages stays. Raises NotYours."""
    with _changing(by, draft) as row:
        return _keep(row, _opened(row).written.with_typed(step, typed), now)


def leave_out(*, by: Viewer, draft: UUID, step: Step, now: datetime) -> Opened:
    """That child or adult is not part of it after all. Raises NotYours."""
    with _changing(by, draft) as row:
        return _keep(row, _opened(row).written.without(step), now)


def throw_away(*, by: Viewer, draft: UUID, now: datetime) -> None:
    """Destroy it, and its key, so that no copy of the row can be opened. Raises NotYours, and a Refused."""
    with asking(by, Request(Permission.REFER), kind="draft-thrown-away", now=now):
        row = _own(by, draft, lock=True)
        if row.sent_as_id:
            raise NotYours
        _empty(row)
        transaction.on_commit(lambda: keyring.shred([row.key]))


def was_sent(*, row: Draft, episode: UUID, now: datetime) -> None:
    """It became that episode, which has its words now: the draft's own are destroyed, and it can be found again."""
    row.sent_as_id, row.saved_at, row.sealed = episode, now, b""
    row.save(update_fields=["sent_as", "saved_at", "sealed"])
    transaction.on_commit(lambda: keyring.shred([row.key]))


def lock(by: Viewer, draft: UUID) -> Draft:
    """The row, locked, inside rows that are open. Raises NotYours."""
    return _own(by, draft, lock=True)


def written_of(row: Draft) -> Written:
    return _opened(row).written


def sweep(now: datetime) -> int:
    """Destroy what nobody finished, and tell those whose drafts will go soon. Gives how many went."""
    with system("drafts"):
        kept = Draft.objects.exclude(EMPTIED)
        for row in kept.filter(until__lte=now + WARNED_BEFORE, until__gt=now)[:AT_ONCE]:
            tell("draft-ends", episode=None, worker=row.worker, sort=_ends(row), now=now)
        # Locked: whoever saves it at this moment keeps it.
        for row in kept.filter(until__lte=now).select_for_update(skip_locked=True)[:AT_ONCE]:
            _empty(row)
    return _destroy_emptied(now)


@contextmanager
def _changing(by: Viewer, draft: UUID) -> Iterator[Draft]:
    with transaction.atomic(), rows_open(OWN, by.agency):
        row = _own(by, draft, lock=True)
        if row.sent_as_id:
            raise NotYours
        yield row


def _own(viewer: Viewer, draft: UUID, *, lock: bool = False) -> Draft:
    rows = Draft.objects.select_for_update() if lock else Draft.objects
    row = rows.exclude(NOT_THERE).filter(pk=draft, worker=viewer.worker_id).first()
    if row is None:
        raise NotYours
    return row


def _opened(row: Draft) -> Opened:
    """A sent one has no words left: they are the episode's."""
    plain = {"kind": row.kind, "agency": row.agency} if row.sent_as_id else keyring.open_rows([row])[0]
    return Opened(row.pk, Written.from_json(plain), row.started_at, row.saved_at, row.until, row.sent_as_id)


def _keep(row: Draft, written: Written, now: datetime) -> Opened:
    """Saved again, so kept again for the whole time."""
    row.saved_at, row.until = now, now + timedelta(days=settings.DRAFT_DAYS)
    row.version += 1
    row.seal_into(written.to_json(), keyring.key_of(keyring.fetch([row.key]), row.key))
    row.save()
    return _opened(row)


def _ends(row: Draft) -> str:
    """One warning for each time that it was to end: saved again, it is kept again, and warned of again."""
    return f"draft-ends:{row.pk}:{row.until:%Y%m%d}"


def _empty(row: Draft) -> None:
    """Nobody opens it from here on. The row stays until its key is destroyed, or a kill in between would leave that."""
    row.sealed = b""
    row.save(update_fields=["sealed"])


def _destroy_emptied(now: datetime) -> int:
    """The keys first of all: killed before the rows are gone, it comes again. What was sent stays to be found again."""
    with system("drafts"):
        emptied = Draft.objects.filter(EMPTIED).select_for_update(skip_locked=True)
        rows = list(emptied.filter(Q(sent_as=None) | Q(until__lte=now))[:AT_ONCE])
        sent = emptied.filter(sent_as__isnull=False, saved_at__gt=now - timedelta(days=1))
        keyring.shred([row.key for row in rows] + list(sent.values_list("key", flat=True)))
        Draft.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)
