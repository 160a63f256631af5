"""Signing heads; and what `verifier.py` does to check them, with a fast Ed25519."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from . import verifier
from .verifier import (
    NO_HEAD,
    Entry,
    Finding,
    Frontier,
    Head,
    PublicKey,
    StoredHead,
    WitnessKey,
    head_text,
    read_head,
    restore_text,
    signed_note,
)


class OutOfStep(ValueError):
    """This head would be smaller or earlier than the one before it. Nothing is signed: someone must look."""


class Signer(NamedTuple):
    """The ledger's name (its *origin*: no blanks, no plus sign) and its 32 secret bytes."""

    origin: str
    secret: bytes

    @property
    def public(self) -> PublicKey:
        return PublicKey.of(self.origin, self._key().public_key().public_bytes_raw())

    def sign(self, text: str) -> bytes:
        return self._key().sign(text.encode())

    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    def __repr__(self) -> str:
        return f"Signer({self.origin!r})"  # the secret must never reach a log or a traceback


def sign_head(tree: Frontier, *, time: int, previous: StoredHead | None, signer: Signer) -> StoredHead:
    """The next head: over `tree`, at `time` (microseconds since 1970, UTC), after `previous` (None: the first).

    Raises OutOfStep if the tree is smaller or the time earlier than the previous head's, or the tree not whole.
    """
    before = read_head(previous.note) if previous else None
    if not tree.whole or before and (tree.size < before.size or time < before.time):
        raise OutOfStep("a head never goes back in size or time")
    number, named = (before.number + 1, before.digest) if before else (0, NO_HEAD)
    text = head_text(signer.origin, tree.size, tree.root(), time, number, named)
    return StoredHead(signed_note(text, signer.public, signer.sign(text)), tree.peaks)


def sign_restore(*, kept: StoredHead, lost: StoredHead, time: int, because: str, signer: Signer) -> str:
    """The note that declares a restore, at `time` (microseconds since 1970, UTC): from head `lost` back to `kept`.

    Raises OutOfStep if nothing is lost by going back to that head.
    """
    first, last = read_head(kept.note), read_head(lost.note)
    if (first.number, first.size) >= (last.number, last.size) or first.size > last.size:
        raise OutOfStep("a restore goes back to an earlier head")
    text = restore_text(signer.origin, time, first, last, because)
    return signed_note(text, signer.public, signer.sign(text))


def fast_verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """`verifier.ed25519_verifies`, a hundred times as fast."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def head_verifies(head: Head, keys: Iterable[PublicKey]) -> bool:
    """Whether one of these keys signed the head."""
    return verifier.head_verifies(head, keys, fast_verifies)


def examine(entries: Iterable[Entry], heads: Iterable[StoredHead], keys: Iterable[PublicKey],
            published: Iterable[Sequence[StoredHead]] = (), receipts: Iterable[bytes] = (),
            restores: Iterable[str] = ()) -> list[Finding]:
    """Everything that is wrong with a ledger, and where: see `verifier.examine`."""
    return verifier.examine(entries, heads, keys, published, receipts, fast_verifies, restores)


def cosigned_at(note: str, line: str, key: WitnessKey) -> int | None:
    """When (seconds since 1970) that witness says it saw this head; None if the line is not its own."""
    return verifier.cosigned_at(note, line, key, fast_verifies)
