"""Where small secrets lie, for when a new key seals them: sessions, second factors, and what partners share with us."""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db.models import Model

from knownto.access.acts import system
from knownto.disclosure.endpoints import context_of
from knownto.disclosure.models import Endpoint
from knownto.keyring import acts as keyring
from knownto.keyring.generations import SMALL, alone
from knownto.keyring.keeper import number_of
from knownto.keyring.rotating import Tell, numbers
from knownto.site.sign_in import FACTOR

Sealed = list[tuple[str, bytes]]  # context and blob


@dataclass(frozen=True)
class Place:
    """A table that holds some: what a row holds, and how others are put in their place."""

    model: type[Model]
    of: Callable[[Any], Sealed]
    into: Callable[[Any, list[bytes]], None]
    fields: tuple[str, ...]


def _of_session(row: Session) -> Sealed:
    return [(f"session {row.session_key}", base64.b64decode(row.session_data))]


def _into_session(row: Session, blobs: list[bytes]) -> None:
    row.session_data = base64.b64encode(blobs[0]).decode()


def _in_factor(row: Authenticator) -> list[tuple[str, int]]:
    """Where something is sealed in a second factor's data: a name, and a place in its list (-1: it is none)."""
    found = [(name, -1) for name in ("secret", "seed") if name in row.data]
    return found + [("migrated_codes", i) for i in range(len(row.data.get("migrated_codes", [])))]


def _of_factor(row: Authenticator) -> Sealed:
    said = [row.data[name] if i < 0 else row.data[name][i] for name, i in _in_factor(row)]
    return [(FACTOR, base64.b64decode(each)) for each in said]


def _into_factor(row: Authenticator, blobs: list[bytes]) -> None:
    for (name, i), blob in zip(_in_factor(row), blobs, strict=True):
        said = base64.b64encode(blob).decode()
        if i < 0:
            row.data[name] = said
        else:
            row.data[name][i] = said


def _of_endpoint(row: Endpoint) -> Sealed:
    return [(context_of(row), bytes(blob)) for blob in (row.secret, row.former_secret) if blob]


def _into_endpoint(row: Endpoint, blobs: list[bytes]) -> None:
    rest = iter(blobs)
    row.secret = next(rest) if row.secret else None
    row.former_secret = next(rest) if row.former_secret else None


PLACES = (
    Place(Session, _of_session, _into_session, ("session_data",)),
    Place(Authenticator, _of_factor, _into_factor, ("data",)),
    Place(Endpoint, _of_endpoint, _into_endpoint, ("secret", "former_secret")),
)


def sealed_by() -> dict[int, int]:
    """How many small secrets are sealed with each key."""
    found: dict[int, int] = {}
    with system("keys"):
        rows = ((place, row) for place in PLACES for row in place.model.objects.order_by("pk").iterator())
        for place, row in rows:
            for _, blob in place.of(row):
                found[number_of(blob)] = found.get(number_of(blob), 0) + 1
    return found


def seal_anew(tell: Tell = lambda _: None) -> int:
    """Seal each with the newest key; gives how many were not. A row at a time: whoever writes it waits a moment.

    First whatever was sealed with an older key is stored: all that is sealed from then on is so with the newest.
    """
    alone(SMALL, (), partial(system, "keys"), lambda: None)
    newest, done = numbers(keyring.asked(), "small")[-1], 0
    for place in PLACES:
        with system("keys"):
            pks = list(place.model.objects.order_by("pk").values_list("pk", flat=True))
        for pk in pks:
            done += _anew(place, pk, newest)
        tell(done)
    return done


def _anew(place: Place, pk: object, newest: int) -> int:
    with system("keys"):
        row = place.model.objects.select_for_update().filter(pk=pk).first()
        sealed = place.of(row) if row else []
        old = [blob for _, blob in sealed if number_of(blob) != newest]
        if not old:
            return 0
        try:
            blobs = [keyring.wrap(keyring.unwrap(blob, context=context), context=context) for context, blob in sealed]
        except keyring.Tampered:
            return 0  # as it is it opens to nobody: left for `sealed_by` to count
        place.into(row, blobs)
        row.save(update_fields=place.fields)
    return len(old)
