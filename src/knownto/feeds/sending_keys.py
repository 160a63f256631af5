"""The keys with which partners' systems send files. Shown once, kept as a digest, ended by the agency itself."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from knownto.access.acts import check
from knownto.access.refusals import NotYours
from knownto.access.viewer import Viewer
from knownto.feeds.models import SendingKey
from knownto.keyring.acts import secret_digest
from knownto.ledger import acts as ledger
from knownto.policy import Permission, Request

PREFIX = "knownto_"  # lets secret scanners recognise one that was put where it should not be


def make_key(*, viewer: Viewer, now: datetime) -> str:
    """Make a key for the viewer's own agency. What is returned is shown once and cannot be had again."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=viewer.agency))
    secret = PREFIX + secrets.token_urlsafe(32)
    with transaction.atomic():
        key = SendingKey.objects.create(
            agency_id=viewer.agency, digest=secret_digest(secret), made_at=now, made_by=viewer.worker_id
        )
        ledger.record(kind="grant", by=viewer.actor, about=[f"sending-key:{key.id}"], because="make-key", now=now)
    return secret


def end_key(*, viewer: Viewer, key: UUID, now: datetime) -> None:
    """End a key of the viewer's own agency: it opens nothing from now on. Raises NotYours."""
    check(viewer, Request(Permission.SEND_FEED, of_agency=viewer.agency))
    with transaction.atomic():
        ended = SendingKey.objects.filter(pk=key, agency=viewer.agency, ended_at=None).update(ended_at=now)
        if not ended:
            raise NotYours
        ledger.record(kind="grant", by=viewer.actor, about=[f"sending-key:{key}"], because="end-key", now=now)


def holder_of_key(presented: str, *, now: datetime) -> str:
    """The agency whose key this is, or "" for none."""
    key = SendingKey.objects.filter(digest=secret_digest(presented), ended_at=None).first()
    if key is None:
        return ""
    stale = Q(used_at=None) | Q(used_at__lt=now - timedelta(minutes=5))
    SendingKey.objects.filter(stale, pk=key.pk).update(used_at=now)
    return key.agency_id
