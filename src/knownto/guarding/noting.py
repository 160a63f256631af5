"""What is said on a seal, kept with it under the guards' own key."""

from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.guarding.models import Seal
from knownto.keyring import guard


class NeedsReason(ValueError):
    """Nobody is sealed, no seal is lifted and no join is read without a reason."""


def must_say(reason: str) -> None:
    """Raises NeedsReason."""
    if not reason.strip():
        raise NeedsReason


def plain_of(row: Seal) -> dict[str, Any]:
    """What is sealed in it, as it is stored now."""
    return guard.open_rows([Seal.objects.get(pk=row.pk)])[0]


def reseal(row: Seal, plain: dict[str, Any]) -> None:
    """Seal that into the row, as its next version."""
    row.version += 1
    [key] = guard.fetch([row.key]).values()
    row.seal_into(plain, key)
    row.save()


def note(row: Seal, move: str, by: Viewer, now: datetime, *, said: str) -> None:
    """Add somebody's word to the seal."""
    plain = plain_of(row)
    plain.setdefault("said", []).append({"move": move, "by": str(by.worker_id), "at": now.isoformat(), "why": said})
    reseal(row, plain)
