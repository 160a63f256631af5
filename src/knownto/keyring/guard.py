"""The key domain of sealed people: master keys, data keys and index key of their own.

The ordinary domain knows nothing of it. Its master keys are in another file, which is read where files land, where
looks are worked out and on the guardians' pages, and by no search; its wrapped keys are in a table of their own; and
its blind index is keyed apart, so that whoever holds all of the ordinary keys cannot even work out what to look for.
"""

import hmac
import os
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from knownto.keyring.master import MasterKeys, make_key_file, read_key_file
from knownto.keyring.models import GuardedKey, SealedRow
from knownto.keyring.sealing import NONCE, DataKey, Shredded, Tampered


def make_guard_key_file() -> None:
    """Write a fresh file of the guards' master keys beside the ordinary one. Does nothing where there is one."""
    make_key_file(Path(settings.GUARD_KEY_FILE))


@cache
def _master() -> MasterKeys:
    return read_key_file(Path(settings.GUARD_KEY_FILE))


@cache
def _wrapping(number: int) -> AESGCM:
    return AESGCM(_master().key("seal", number))


@cache
def _index() -> hmac.HMAC:
    derived = HKDF(SHA256(), 32, salt=None, info=b"knownto guarded blind keys").derive(_master().key("index"))
    return hmac.new(derived, digestmod="sha256")


def token(kind: str, value: str) -> int:
    """A blind key of the guards' own index: signed 64 bits, unrelated to the ordinary one of the same value."""
    digest = _index().copy()
    digest.update(f"{kind}\0{value}".encode())
    return int.from_bytes(digest.digest()[:8], "big", signed=True)


def create(n: int = 1) -> list[DataKey]:
    """Make `n` data keys of this domain. Their wrapped forms are in the keys database when this returns."""
    number, rows, made = _master().current("seal"), [], []
    for _ in range(n):
        identity, secret, nonce = uuid4(), AESGCM.generate_key(256), os.urandom(NONCE)
        wrapped = nonce + _wrapping(number).encrypt(nonce, secret, identity.bytes)
        rows.append(GuardedKey(id=identity, master=number, wrapped=wrapped))
        made.append(DataKey.of(identity, secret))
    GuardedKey.objects.bulk_create(rows)
    return made


def fetch(ids: Iterable[UUID]) -> dict[UUID, DataKey]:
    """The data keys of those ids; a shredded one is not there. Raises Tampered."""
    rows = GuardedKey.objects.filter(pk__in=list(ids))
    return {row.id: _unwrapped(row) for row in rows}


def _unwrapped(row: GuardedKey) -> DataKey:
    blob = bytes(row.wrapped)
    try:
        return DataKey.of(row.id, _wrapping(row.master).decrypt(blob[:NONCE], blob[NONCE:], row.id.bytes))
    except InvalidTag:
        raise Tampered("A guarded key does not belong where it was found.") from None


def open_rows(rows: Iterable[SealedRow]) -> list[dict[str, Any]]:
    """Open rows that are sealed in this domain, in their order. Raises Shredded or Tampered."""
    wanted = list(rows)
    keys = fetch(row.key for row in wanted)
    if missing := [row for row in wanted if row.key not in keys]:
        raise Shredded(f"The key of {len(missing)} guarded rows has been destroyed.")
    return [row.open_with(keys[row.key]) for row in wanted]


def shred(ids: Iterable[UUID]) -> None:
    """Destroy those keys: what they sealed can never be opened again."""
    GuardedKey.objects.filter(pk__in=list(ids)).delete()
