"""Make, fetch and destroy data keys; blind indexes; small secrets. This is the ordinary domain: see `domain`."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.keyring import generations
from knownto.keyring.asking import Service
from knownto.keyring.domain import KEYS, PRINT, Domain, key_of
from knownto.keyring.keeper import Asked, Keeper
from knownto.keyring.models import WrappedKey
from knownto.keyring.sealing import Tampered

__all__ = [
    "KEYS", "Tampered", "ciphers", "create", "fetch", "key_of", "open_rows", "shred",
    "token", "tokens", "turned_tokens",
]  # fmt: skip


@cache
def asked() -> Asked:
    """Whoever holds the master keys: the key service where there is one, or else this process."""
    return Service(settings.KEYS_SOCKET) if settings.KEYS_SOCKET else Keeper(Path(settings.KEY_FILE))


ORDINARY = Domain(WrappedKey, asked, in_reserve=50)
RESERVE = ORDINARY.reserve
create, fetch, ciphers = ORDINARY.create, ORDINARY.fetch, ORDINARY.ciphers
open_rows, shred = ORDINARY.open_rows, ORDINARY.shred
token, tokens, turned_tokens = ORDINARY.token, ORDINARY.tokens, ORDINARY.turned_tokens


def fingerprint(data: bytes, of: str = "feeds") -> bytes:
    """A keyed 16-byte fingerprint, to tell whether something changed without keeping it. `of`: whose it is
    (`generations`)."""
    return fingerprints([data], of)[0]


def fingerprints(some: Iterable[bytes], of: str = "feeds") -> list[bytes]:
    """The same of many, in one ask."""
    return ORDINARY.blind([b"fingerprint\0" + data for data in some], of, PRINT)


def secret_digest(value: str) -> str:
    """What is stored of a secret that its holder presents (a session id): useless to whoever steals it."""
    return asked().do("presented", [value.encode()])[0].hex()


def wrap(secret: bytes, *, context: str) -> bytes:
    """Seal a small system secret, bound to `context` (such as the second factor of one worker). In the transaction in
    which it is stored: a rotation waits for that."""
    generations.hold(generations.SMALL)
    return asked().do("small-seal", [context.encode(), secret])[0]


def unwrap(blob: bytes, *, context: str) -> bytes:
    """Open a small system secret. Raises Tampered."""
    opened = asked().do("small-open", [context.encode(), bytes(blob)])[0]
    if not opened:
        raise Tampered("A system secret does not belong where it was found.")
    return opened[1:]


def sign(text: str) -> bytes:
    """The signature of the ledger's head."""
    return asked().do("sign", [text.encode()])[0]


def publics() -> list[bytes]:
    """The public key of the ledger's signing key, then of those announced, then of those that signed before."""
    return asked().do("publics", [])
