"""Say where an agency's record system takes copies; change its secret; close it. Each is a grant, in the ledger."""

import re
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F

from knownto.access.acts import system
from knownto.disclosure import signing
from knownto.disclosure.destinations import NotAllowed, destination
from knownto.disclosure.models import Endpoint, Parcel, Way
from knownto.disclosure.parcels import OPEN
from knownto.keyring import acts as keyring
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor

FOLDER = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
BOTH_SIGN_FOR = timedelta(days=7)


class NoEndpoint(Exception):
    """That agency takes no copies."""


def takes_copies(agency: str) -> bool:
    return Endpoint.objects.filter(agency=agency, active=True).exists()


def open_endpoint(*, agency: str, way: Way, where: str, by: Actor, now: datetime, simulated: bool = False) -> str:
    """Send that agency's copies there from now on. Gives the secret as it is shown once; "" for a folder.

    `where` is an https address, or the name of a folder in KNOWNTO_OUT. Raises NotAllowed.
    """
    _check(way, where)
    secret = signing.new_secret() if way == Way.HTTPS else None
    with system("endpoint"):
        _close(agency, now)
        endpoint = Endpoint(id=uuid4(), agency_id=agency, way=way, where=where, opened_at=now)
        endpoint.secret = _wrapped(endpoint, secret) if secret else None
        endpoint.save(force_insert=True)
        # What lies unread in a folder they have left is sent anew: one that had been read is known by its id.
        owed = Parcel.objects.filter(to_agency=agency, state__in=OPEN)
        owed.update(state=Parcel.State.WAITING, next_try=F("made_at"))
        _granted("open-endpoint", agency, by, now, simulated)
    return signing.shown(secret) if secret else ""


def new_secret(*, agency: str, by: Actor, now: datetime) -> str:
    """A new secret, shown once. The former one signs beside it for a week. Raises NoEndpoint."""
    secret = signing.new_secret()
    with transaction.atomic():
        endpoint = _open(agency)
        endpoint.former_secret, endpoint.former_until = endpoint.secret, now + BOTH_SIGN_FOR
        endpoint.secret = _wrapped(endpoint, secret)
        endpoint.save(update_fields=["secret", "former_secret", "former_until"])
        _granted("new-endpoint-secret", agency, by, now)
    return signing.shown(secret)


def close_endpoint(*, agency: str, by: Actor, now: datetime) -> None:
    """Send nothing there any more. What waits goes on waiting, and is sent to the next one. Raises NoEndpoint."""
    with transaction.atomic():
        if not _close(agency, now):
            raise NoEndpoint
        _granted("close-endpoint", agency, by, now)


def secrets_of(endpoint: Endpoint, now: datetime) -> list[bytes]:
    """What signs for it now, the newest first."""
    kept = [endpoint.secret] if endpoint.secret else []
    if endpoint.former_secret and endpoint.former_until and now < endpoint.former_until:
        kept.append(endpoint.former_secret)
    return [keyring.unwrap(bytes(blob), context=context_of(endpoint)) for blob in kept]


def _check(way: Way, where: str) -> None:
    """Addresses are checked again each time they are used: what a name resolves to changes."""
    if way == Way.HTTPS:
        destination(where)
    elif not FOLDER.fullmatch(where):
        raise NotAllowed("A folder's name holds small letters, digits and hyphens only.")


def _open(agency: str) -> Endpoint:
    endpoint = Endpoint.objects.select_for_update().filter(agency=agency, active=True, way=Way.HTTPS).first()
    if endpoint is None:
        raise NoEndpoint
    return endpoint


def _close(agency: str, now: datetime) -> int:
    return Endpoint.objects.filter(agency=agency, active=True).update(active=False, closed_at=now)


def _wrapped(endpoint: Endpoint, secret: bytes) -> bytes:
    return keyring.wrap(secret, context=context_of(endpoint))


def context_of(endpoint: Endpoint) -> str:
    """The place that its secrets are sealed for."""
    return f"endpoint {endpoint.pk}"


def _granted(because: str, agency: str, by: Actor, now: datetime, simulated: bool = False) -> None:
    ledger.record(kind="grant", by=by, about=[agency], because=because, now=now, simulated=simulated)
