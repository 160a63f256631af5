"""What a data key does: seal, open, and refuse whatever was moved or altered."""

import os
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE = 12


class Tampered(Exception):
    """What was to be opened is not what was sealed here: altered, moved, or an older version put back."""


class Shredded(Exception):
    """The key has been destroyed, so what it sealed is gone for good."""


def place(table: str, column: str, row: object, version: int) -> bytes:
    """The place that a sealed value is bound to."""
    return f"{table}|{column}|{row}|{version}".encode()


@dataclass(slots=True)
class DataKey:
    """One record's or document's key. Its secret is never stored unwrapped and never printed."""

    id: UUID
    _cipher: AESGCM

    @classmethod
    def of(cls, identity: UUID, secret: bytes) -> "DataKey":
        return cls(identity, AESGCM(secret))

    def __repr__(self) -> str:
        return f"DataKey({self.id})"

    def seal(self, data: bytes, *, table: str, column: str, row: object, version: int = 1) -> bytes:
        nonce = os.urandom(NONCE)
        return FORMAT + nonce + self._cipher.encrypt(nonce, data, place(table, column, row, version))

    def open(self, blob: bytes, *, table: str, column: str, row: object, version: int = 1) -> bytes:
        """The plain bytes. Raises Tampered unless they were sealed in exactly this place and version."""
        return open_at(self._cipher, bytes(blob), place(table, column, row, version))


def open_at(cipher: AESGCM, blob: bytes, at: bytes) -> bytes:
    """What that key's cipher sealed at that `place`. Raises Tampered."""
    if blob[:1] != FORMAT:
        raise Tampered(f"{_column(at)} is not in the sealed format.")
    try:
        return cipher.decrypt(blob[1 : 1 + NONCE], blob[1 + NONCE :], at)
    except InvalidTag:
        raise Tampered(f"{_column(at)} does not belong where it was found.") from None


def _column(at: bytes) -> str:
    """Table and column of a place: no error names a row."""
    return ".".join(at.decode().split("|")[:2])
