"""Going into one piece of work: the facts that connect somebody with it are found, policy decides, it is recorded.

Every act and page of a pathway that concerns one episode goes in through here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from knownto.access.acts import Granted, Permission, Request, Viewer, asking, rows_open
from knownto.casework import reads
from knownto.casework.models import Episode
from knownto.policy import Allow


@dataclass(frozen=True)
class Entered:
    """One episode, open. `sections` are those of policy.parts.SECTIONS that may be shown of it."""

    episode: Episode
    granted: Granted
    parts: frozenset[str]

    @property
    def allow(self) -> Allow:
        return self.granted.allow

    @property
    def sections(self) -> frozenset[str]:
        return self.allow.fields

    def power(self, *wanted: str) -> str:
        """The first of those powers that policy allowed (after entering with Permission.DECIDE)."""
        return next(power for power in wanted if power in self.allow.fields)


@contextmanager
def entering(
    viewer: Viewer,
    identity: UUID,
    permission: Permission,
    *,
    kind: str,
    powers: tuple[str, ...] = (),
    purpose: str = "",
    detail: dict[str, Any] | None = None,
    now: datetime,
) -> Iterator[Entered]:
    """Open one episode for this viewer, in one transaction, with its ledger entry of `kind`.

    Raises NotYours where there is none or the viewer takes no part in it (the two look alike), and other Refused.
    """
    with transaction.atomic():
        with rows_open("system:parts", viewer.agency):
            episode = reads.episode(identity)
            parts = reads.parts_of(viewer, episode)
        request = Request(permission, purpose=purpose, of_agency=episode.from_agency_id, parts=parts, powers=powers)
        about = [f"episode:{episode.id}"]
        with asking(viewer, request, kind=kind, about=about, detail=detail, now=now) as granted:
            yield Entered(episode, granted, parts)


@contextmanager
def listing(viewer: Viewer, permission: Permission, *, kind: str, now: datetime) -> Iterator[Granted]:
    """Open the rows for a list of the viewer's own or their agency's work, with its ledger entry."""
    with asking(viewer, Request(permission, of_agency=viewer.agency), kind=kind, now=now) as granted:
        yield granted
