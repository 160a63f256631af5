"""The keys that wrap, index and sign: read once from the key file, never from a database.

The key file is JSON made by `knownto` on first start (or by whoever runs the installation):
`{"seal": {"1": ...}, "index": {"1": ...}, "sign": {"1": ...}}`, each 32 random bytes in base64, numbered so that
a later one can take over. Whoever holds this file and the databases can read everything, so it lives on another
disk, or in a key service, wherever real people are in the product.
"""

import base64
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KINDS = ("seal", "index", "sign")


class NoKeyFile(Exception):
    """The key file is missing or unreadable. Nothing can be opened until it is put back."""


@dataclass(frozen=True)
class MasterKeys:
    """The numbered keys of each kind; `current` is the number that seals from now on."""

    keys: dict[str, dict[int, bytes]]

    def current(self, kind: str) -> int:
        return max(self.keys[kind])

    def key(self, kind: str, number: int | None = None) -> bytes:
        return self.keys[kind][self.current(kind) if number is None else number]


def make_key_file(path: Path) -> None:
    """Write a fresh key file that only its owner can read. An existing one is never overwritten."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {kind: {"1": base64.b64encode(secrets.token_bytes(32)).decode()} for kind in KINDS}
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(fresh, file, indent=1)


def read_key_file(path: Path) -> MasterKeys:
    """Read the key file. Raises NoKeyFile, which names the path and no content."""
    try:
        raw = json.loads(path.read_text())
        keys = {k: {int(n): base64.b64decode(v) for n, v in raw[k].items()} for k in KINDS}
    except (OSError, ValueError, KeyError) as error:
        raise NoKeyFile(f"The key file {path} is missing or unreadable ({type(error).__name__}).") from None
    return MasterKeys(keys)


@cache
def master() -> MasterKeys:
    """The installation's keys, read once in each process."""
    return read_key_file(Path(settings.KEY_FILE))


@cache
def derived(kind: str, use: str) -> bytes:
    """A 32-byte key for one use only, so that no two uses ever share one."""
    return HKDF(SHA256(), 32, salt=None, info=f"knownto {use}".encode()).derive(master().key(kind))


@cache
def wrapping_cipher(number: int) -> AESGCM:
    return AESGCM(master().key("seal", number))


@cache
def small_secret_cipher() -> AESGCM:
    return AESGCM(derived("seal", "small secrets"))


@cache
def blank_index() -> hmac.HMAC:
    """A keyed hash ready to be copied: copying is several times quicker than keying anew."""
    return hmac.new(derived("index", "blind keys"), digestmod="sha256")
