"""The keys that wrap, index and sign, and the file that they are kept in. Needs neither Django nor a database.

The key file is JSON made by `knownto` on first start (or by whoever runs the installation):
`{"seal": {"1": ...}, "index": {"1": ...}, "sign": {"1": ...}, "small": {"1": ...}}`, each 32 random bytes in base64,
numbered so that a later one can take over. Whoever holds this file and the databases can read everything, so wherever
real people are in the product it belongs to the key service alone (`service`).
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MADE = ("seal", "index", "sign", "small")
# The last two: public keys of signing keys that were dropped, so that old heads can be checked; and the key that blind
# keys are digests under, whichever index key turns them (`turning`).
KINDS = (*MADE, "signed", "inner")
LATER = ("small", "signed", "inner")  # kinds that older files have not
Keys = dict[str, dict[int, bytes]]


class NoKeyFile(Exception):
    """The key file is missing or unreadable. Nothing can be opened until it is put back."""


class StillNeeded(Exception):
    """That key is the only one of its kind, or the newest: it cannot be dropped."""


@dataclass(frozen=True)
class MasterKeys:
    """The numbered keys of each kind; `current` is the number that seals from now on."""

    keys: Keys

    def current(self, kind: str) -> int:
        """The newest. Of signing keys the oldest: a new one is only announced until the one before it is dropped."""
        return min(self.keys[kind]) if kind == "sign" else max(self.keys[kind])

    def key(self, kind: str, number: int | None = None) -> bytes:
        return self.keys[kind][self.current(kind) if number is None else number]

    def with_new(self, kind: str) -> "MasterKeys":
        """With one more of that kind, which seals from now on. The others still open."""
        fresh = {max(self.keys[kind]) + 1: secrets.token_bytes(32)}
        return MasterKeys(self.keys | {kind: self.keys[kind] | fresh})

    def without(self, kind: str, numbers: Iterable[int]) -> "MasterKeys":
        """Without those of that kind: what they sealed opens no more. Raises StillNeeded for the newest."""
        gone = set(numbers)
        if max(self.keys[kind]) in gone:
            raise StillNeeded(f"The newest key of the kind {kind} cannot be dropped.")
        left = {n: key for n, key in self.keys[kind].items() if n not in gone}
        signed = {n: public_of(self.keys[kind][n]) for n in gone} if kind == "sign" else {}
        return MasterKeys(self.keys | {kind: left, "signed": self.keys["signed"] | signed})


def public_of(secret: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw()


def derive(key: bytes, use: str) -> bytes:
    """A 32-byte key for one use only, so that no two uses ever share one."""
    return HKDF(SHA256(), 32, salt=None, info=f"knownto {use}".encode()).derive(key)


def make_key_file(path: Path) -> None:
    """Write a fresh key file that only its owner can read. An existing one is never overwritten."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    _write(descriptor, MasterKeys({kind: {1: secrets.token_bytes(32)} for kind in MADE} | {"signed": {}}))


def replace_key_file(path: Path, keys: MasterKeys) -> None:
    """Put other keys in the file's place, whole or not at all: a crash leaves the old file or the new one."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, path.stat().st_mode & 0o777)
    _write(descriptor, keys)
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    os.fsync(folder)
    os.close(folder)


def _write(descriptor: int, keys: MasterKeys) -> None:
    said = {k: {str(n): base64.b64encode(key).decode() for n, key in of.items()} for k, of in keys.keys.items()}
    with os.fdopen(descriptor, "w") as file:
        json.dump(said, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def read_key_file(path: Path) -> MasterKeys:
    """Read the key file. Raises NoKeyFile, which names the path and no content."""
    try:
        raw = json.loads(path.read_text())
        said = {kind: raw[kind] for kind in KINDS if kind in raw or kind not in LATER}
        keys = {kind: {int(n): base64.b64decode(key) for n, key in of.items()} for kind, of in said.items()}
        keys.setdefault("signed", {})
        if "inner" not in keys:  # no index key has been replaced yet
            keys["inner"] = {1: keys["index"][1]}
        if "small" not in keys:  # a file older than this kind
            keys["small"] = {1: derive(keys["seal"][1], "small secrets")}
    except (OSError, ValueError, KeyError) as error:
        raise NoKeyFile(f"The key file {path} is missing or unreadable ({type(error).__name__}).") from None
    return MasterKeys(keys)
