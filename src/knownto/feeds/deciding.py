"""A held file waits for a person of the agency that sent it: let it go on, or turn it away, and say why."""

from datetime import datetime
from uuid import UUID

from knownto.access.acts import check
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.access.viewer import Viewer
from knownto.feeds.models import File, Staged, State
from knownto.feeds.opening import opened
from knownto.feeds.receiving import key_of
from knownto.ledger import acts as ledger
from knownto.policy import Permission, Request


def release(*, viewer: Viewer, file: UUID, reason: str, now: datetime) -> File:
    """Let a held file go on. It is on its way again: `carry_on` lands it. Raises NotYours or NotPossibleNow."""
    with opened():
        held = _decided(viewer, file, reason, now)
        held.state, held.released = State.LANDING, True
        held.save()
        _enter("file-released", held, viewer, reason, now)
    return held


def turn_away(*, viewer: Viewer, file: UUID, reason: str, now: datetime) -> File:
    """End a held file's way: nothing of it is taken. Raises NotYours or NotPossibleNow."""
    with opened():
        held = _decided(viewer, file, reason, now)
        Staged.objects.filter(file=held).delete()
        held.state, held.finished_at = State.TURNED_AWAY, now
        held.save()
        _enter("file-turned-away", held, viewer, reason, now)
    return held


def _decided(viewer: Viewer, file: UUID, reason: str, now: datetime) -> File:
    """The held file, with who decided and why. Another agency's file is not there, as far as they can tell."""
    check(viewer, Request(Permission.RELEASE_FEED, of_agency=viewer.agency))
    held = File.objects.select_for_update().filter(pk=file, agency=viewer.agency).first()
    if held is None:
        raise NotYours
    if held.state != State.HELD:
        raise NotPossibleNow("not-held", "Somebody has decided on this file already.")
    if not reason.strip():
        raise NotPossibleNow("no-reason", "Say why.")
    held.decided_at, held.decided_by = now, viewer.worker_id
    key = key_of(held)
    plain = held.open_with(key) | {"reason": reason.strip()[:1000]}
    held.version += 1
    held.seal_into(plain, key)
    return held


def _enter(kind: str, file: File, viewer: Viewer, reason: str, now: datetime) -> None:
    ledger.record(
        kind=kind,
        by=viewer.actor,
        about=[f"file:{file.id}"],
        because=", ".join(file.codes)[:120],
        detail={"reason": reason},
        now=now,
        simulated=file.simulated,
    )
