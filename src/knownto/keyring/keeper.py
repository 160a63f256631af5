"""Who holds the master keys, and does with them what data keys and blind keys need. Nobody else ever sees one.

A keeper is asked in batches: an operation's name and a list of byte strings, answered with another. It is the same
keeper inside the product (the demonstration, tests) and inside the key service (`service`), so that both ways do the
same; `asking.Service` has the same `do`. Needs neither Django nor a database.
"""

import hashlib
import hmac
import os
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from knownto.keyring.master import MasterKeys, NoKeyFile, derive, public_of, read_key_file
from knownto.keyring.sealing import NONCE
from knownto.keyring.turning import FIRST, Turning

ID = 16
NUMBER = 2  # bytes of a master key's number
NUMBERED = b"\x02"  # a small secret that says which key sealed it; those without are of the first
ORDINARY_USE, GUARDS_USE = "blind keys", "guarded blind keys"  # what each domain's index key is derived for
NOTHING = b""  # in the place of what does not open

Parts = Sequence[bytes]


class GoneKey(ValueError):
    """What is asked for needs a key that has been dropped."""


class Asked(Protocol):
    """Whoever can be asked: the keeper itself, or the service that it runs in."""

    def do(self, operation: str, parts: Parts) -> list[bytes]: ...


class Held:
    """One reading of the key file, and the ciphers made of it."""

    def __init__(self, keys: MasterKeys, blind_use: str) -> None:
        self.keys = keys
        self.wrapping = cache(lambda number: AESGCM(keys.key("seal", number)))
        self.small = cache(lambda number: AESGCM(keys.key("small", number)))
        # Ready to be copied, which is several times quicker than keying anew.
        self.blank = hmac.new(derive(keys.key("inner"), blind_use), digestmod="sha256")
        self.presented = derive(keys.key("inner"), "presented secrets")
        self.turning = cache(lambda number: Turning(derive(keys.key("index", number), f"turned {blind_use}")))

    def has(self, kind: str, number: int) -> bool:
        return number in self.keys.keys[kind]

    def publics(self) -> list[bytes]:
        """Of the key that signs, of those announced, and of those that signed before."""
        return [public_of(key) for key in self._in_order("sign")] + self._in_order("signed")

    def _in_order(self, kind: str) -> list[bytes]:
        return [key for _, key in sorted(self.keys.keys[kind].items())]


class Keeper:
    """The keys of one file, read again when it is replaced: a rotation needs no restart."""

    def __init__(self, path: Path, blind_use: str = ORDINARY_USE) -> None:
        self.path = path
        self._blind_use = blind_use
        self._held: Held | None = None
        self._as_of: tuple[int, int] | None = None

    def do(self, operation: str, parts: Parts) -> list[bytes]:
        """Raises NoKeyFile, and KeyError for an operation that there is not."""
        return OPERATIONS[operation](self.held(), parts)

    def held(self) -> Held:
        """What the file holds now. One that goes missing under us is no reason to forget what was read."""
        try:
            there = self.path.stat()
        except OSError:
            if self._held is None:
                raise NoKeyFile(f"The key file {self.path} is missing.") from None
            return self._held
        as_of = (there.st_mtime_ns, there.st_ino)
        if self._held is None or as_of != self._as_of:
            self._held, self._as_of = Held(read_key_file(self.path), self._blind_use), as_of
        return self._held


def place(identity: bytes, number: int, blob: bytes) -> bytes:
    """A wrapped key as it is asked about."""
    return identity + number.to_bytes(NUMBER) + blob


def _read(part: bytes) -> tuple[bytes, int, bytes]:
    return part[:ID], int.from_bytes(part[ID : ID + NUMBER]), part[ID + NUMBER :]


def _new(held: Held, parts: Parts) -> list[bytes]:
    """A data key for each id: its number, its secret, and its wrapped form."""
    number = held.keys.current("seal")
    return [number.to_bytes(NUMBER) + secret + _wrap(held, number, identity, secret)
            for identity, secret in ((identity, AESGCM.generate_key(256)) for identity in parts)]  # fmt: skip


def _wrap(held: Held, number: int, identity: bytes, secret: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + held.wrapping(number).encrypt(nonce, secret, identity)


def _open(held: Held, parts: Parts) -> list[bytes]:
    """The secret of each wrapped key; nothing where it does not open."""
    return [_secret(held, *_read(part)) for part in parts]


def _secret(held: Held, identity: bytes, number: int, blob: bytes) -> bytes:
    try:
        return held.wrapping(number).decrypt(blob[:NONCE], blob[NONCE:], identity)
    except (InvalidTag, KeyError):
        return NOTHING


def _rewrap(held: Held, parts: Parts) -> list[bytes]:
    """Each wrapped key under the newest master key: its number and blob. The data key itself leaves nobody's hands."""
    number = held.keys.current("seal")
    asked = [_read(part) for part in parts]
    secrets = [(identity, _secret(held, identity, old, blob)) for identity, old, blob in asked]
    return [number.to_bytes(NUMBER) + _wrap(held, number, i, secret) if secret else NOTHING for i, secret in secrets]


def asked_blind(values: Iterable[bytes], number: int, size: int) -> list[bytes]:
    """Values as their blind keys are asked for: with that index key, of so many bytes."""
    head = number.to_bytes(NUMBER) + bytes([size])
    return [head + value for value in values]


def _blind(held: Held, parts: Parts) -> list[bytes]:
    """For each value, as many bytes as are asked for that only the holder of the index key can give."""
    found = []
    for part in parts:
        digest = held.blank.copy()
        digest.update(part[NUMBER + 1 :])
        found.append(_turned(held, FIRST, int.from_bytes(part[:NUMBER]), digest.digest()[: part[NUMBER]]))
    return found


def asked_turned(values: Iterable[bytes], was: int, now: int) -> list[bytes]:
    """Blind keys made with one index key as those of another are asked for."""
    head = was.to_bytes(NUMBER) + now.to_bytes(NUMBER)
    return [head + value for value in values]


def _turn(held: Held, parts: Parts) -> list[bytes]:
    """Each blind key as another index key makes it."""
    between = 2 * NUMBER
    return [
        _turned(held, int.from_bytes(part[:NUMBER]), int.from_bytes(part[NUMBER:between]), part[between:])
        for part in parts
    ]


def _turned(held: Held, was: int, now: int, value: bytes) -> bytes:
    """Raises GoneKey where one of the two is not there (any more)."""
    try:
        plain = value if was == FIRST else held.turning(was).back(value)
        return plain if now == FIRST else held.turning(now).there(plain)
    except KeyError:
        raise GoneKey("There is no index key of that number.") from None


def _presented(held: Held, parts: Parts) -> list[bytes]:
    return [hmac.new(held.presented, part, hashlib.sha256).digest() for part in parts]


def _small_seal(held: Held, parts: Parts) -> list[bytes]:
    """Pairs of context and secret."""
    return [_small_sealed(held, context, secret) for context, secret in _pairs(parts)]


def _small_sealed(held: Held, context: bytes, secret: bytes) -> bytes:
    number, nonce = held.keys.current("small"), os.urandom(NONCE)
    sealed = held.small(number).encrypt(nonce, secret, context)
    return NUMBERED + number.to_bytes(NUMBER) + nonce + sealed


def _small_open(held: Held, parts: Parts) -> list[bytes]:
    """Pairs of context and blob. What opens has one byte before it, so that an empty secret is not nothing."""
    return [_small_opened(held, context, blob) for context, blob in _pairs(parts)]


def _small_opened(held: Held, context: bytes, blob: bytes) -> bytes:
    head = 1 + NUMBER
    tries = [(int.from_bytes(blob[1:head]), blob[head:])] if blob[:1] == NUMBERED else []
    for number, rest in [*tries, (1, blob)]:
        try:
            return NUMBERED + held.small(number).decrypt(rest[:NONCE], rest[NONCE:], context)
        except (InvalidTag, KeyError, ValueError):
            continue
    return NOTHING


def number_of(blob: bytes) -> int:
    """Which key sealed a small secret, as it says itself. One that does not say is of the first."""
    return int.from_bytes(blob[1 : 1 + NUMBER]) if blob[:1] == NUMBERED else 1


def _pairs(parts: Parts) -> list[tuple[bytes, bytes]]:
    return list(zip(parts[::2], parts[1::2], strict=True))


def _sign(held: Held, parts: Parts) -> list[bytes]:
    """A text's signature by the key that signs."""
    return [Ed25519PrivateKey.from_private_bytes(held.keys.key("sign")).sign(parts[0])]


def _publics(held: Held, _: Parts) -> list[bytes]:
    return held.publics()


def _state(held: Held, _: Parts) -> list[bytes]:
    """Which numbers there are of each kind, such as `seal 1 2`. No key."""
    return [" ".join([kind, *map(str, sorted(of))]).encode() for kind, of in sorted(held.keys.keys.items())]


OPERATIONS: dict[str, Callable[[Held, Parts], list[bytes]]] = {
    "new": _new,
    "open": _open,
    "rewrap": _rewrap,
    "blind": _blind,
    "turn": _turn,
    "presented": _presented,
    "small-seal": _small_seal,
    "small-open": _small_open,
    "sign": _sign,
    "publics": _publics,
    "state": _state,
}
