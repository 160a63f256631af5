"""Make, fetch and destroy data keys; blind indexes; small secrets.

Data keys are written to their own database and committed there *before* anything is sealed with them: a crash
leaves a key without a record, which seals nothing, and never a record without a key.
"""

import hashlib
import hmac
import os
from collections import deque
from collections.abc import Iterable, Sequence
from uuid import UUID, uuid4

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connections

from knownto.keyring import prepared
from knownto.keyring.master import blank_index, derived, master, small_secret_cipher, wrapping_cipher
from knownto.keyring.models import SealedRow, WrappedKey
from knownto.keyring.sealing import NONCE, DataKey, Shredded, Tampered

KEYS = "keys"  # the alias of the database that holds wrapped keys
IN_RESERVE = 50
FETCH_RAW = f"SELECT uuid_send(id), master, wrapped FROM {WrappedKey._meta.db_table} WHERE id = ANY(%s::uuid[])"  # noqa: S608
FETCH = f"SELECT id, master, wrapped FROM {WrappedKey._meta.db_table} WHERE id = ANY(%s::uuid[])"  # noqa: S608
RESERVE: deque[DataKey] = deque()


def create(n: int = 1) -> list[DataKey]:
    """Make `n` data keys. Their wrapped forms are in the keys database when this returns.

    One at a time comes from a reserve: a search needs three, and each commit of its own would be a wait for the disk.
    """
    if n == 1 and not connections[KEYS].in_atomic_block:
        return [_from_reserve()]
    return _make(n)


def _from_reserve() -> DataKey:
    """One already committed. Those still in reserve when the process ends seal nothing, and harm nothing."""
    try:
        return RESERVE.pop()
    except IndexError:
        RESERVE.extend(_make(IN_RESERVE))
        return RESERVE.pop()


def _make(n: int) -> list[DataKey]:
    number = master().current("seal")
    cipher = wrapping_cipher(number)
    made, rows = [], []
    for _ in range(n):
        identity, secret, nonce = uuid4(), AESGCM.generate_key(256), os.urandom(NONCE)
        rows.append((identity, number, nonce + cipher.encrypt(nonce, secret, identity.bytes)))
        made.append(DataKey.of(identity, secret))
    _store(rows)
    return made


def _store(rows: list[tuple[UUID, int, bytes]]) -> None:
    into = f"COPY {WrappedKey._meta.db_table} (id, master, wrapped) FROM STDIN"
    with connections[KEYS].cursor() as cursor, cursor.copy(into) as copy:
        for row in rows:
            copy.write_row(row)


def fetch(ids: Iterable[UUID]) -> dict[UUID, DataKey]:
    """The data keys of those ids. A shredded one is simply not there: see `key_of`."""
    wanted = list(set(ids))
    found = prepared.ask(KEYS, FETCH, wanted) if wanted else []
    return {identity: _unwrap(identity, number, blob) for identity, number, blob in found}


def ciphers(ids: Iterable[bytes]) -> dict[bytes, AESGCM]:
    """The same, by the bytes of their ids: for a question, which opens dozens of forms in less than a millisecond."""
    wanted = "{" + ",".join({identity.hex() for identity in ids}) + "}"
    found = prepared.ask(KEYS, FETCH_RAW, wanted) if len(wanted) > 2 else []
    return {identity: AESGCM(_secret(identity, number, blob)) for identity, number, blob in found}


def _unwrap(identity: UUID, number: int, blob: bytes) -> DataKey:
    return DataKey.of(identity, _secret(identity.bytes, number, blob))


def _secret(identity: bytes, number: int, blob: bytes) -> bytes:
    try:
        return wrapping_cipher(number).decrypt(blob[:NONCE], blob[NONCE:], identity)
    except InvalidTag:
        raise Tampered("A wrapped key does not belong where it was found.") from None


def key_of(keys: dict[UUID, DataKey], identity: UUID) -> DataKey:
    """That key, or Shredded."""
    try:
        return keys[identity]
    except KeyError:
        raise Shredded("The key of this record has been destroyed.") from None


def open_rows(rows: Sequence[SealedRow]) -> list[dict]:
    """Open many sealed rows with one look-up of keys, in their order. Raises Shredded or Tampered."""
    keys = fetch(row.key for row in rows)
    return [row.open_with(key_of(keys, row.key)) for row in rows]


def shred(ids: Iterable[UUID]) -> int:
    """Destroy those keys: what they sealed can never be opened again. Returns how many there were."""
    deleted, _ = WrappedKey.objects.using(KEYS).filter(id__in=list(ids)).delete()
    return deleted


def token(kind: str, value: str) -> int:
    """A blind key: the same value always gives the same signed 64-bit number, and nobody without the index
    key can go back, or try values out."""
    digest = blank_index().copy()
    digest.update(f"{kind}\0{value}".encode())
    return int.from_bytes(digest.digest()[:8], "big", signed=True)


def fingerprint(data: bytes) -> bytes:
    """A keyed 16-byte fingerprint, to tell whether something changed without keeping it."""
    digest = blank_index().copy()
    digest.update(b"fingerprint\0" + data)
    return digest.digest()[:16]


def secret_digest(value: str) -> str:
    """What is stored of a secret that its holder presents (a session id): useless to whoever steals it."""
    return hmac.new(derived("index", "presented secrets"), value.encode(), hashlib.sha256).hexdigest()


def wrap(secret: bytes, *, context: str) -> bytes:
    """Seal a small system secret, bound to `context` (such as the second factor of one worker)."""
    nonce = os.urandom(NONCE)
    return nonce + small_secret_cipher().encrypt(nonce, secret, context.encode())


def unwrap(blob: bytes, *, context: str) -> bytes:
    """Open a small system secret. Raises Tampered."""
    try:
        return small_secret_cipher().decrypt(blob[:NONCE], blob[NONCE:], context.encode())
    except InvalidTag:
        raise Tampered("A system secret does not belong where it was found.") from None
