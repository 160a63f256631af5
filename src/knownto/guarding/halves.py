"""What two people's own keys open together, and neither alone: the join of two identities.

Each person's key is 160 bits on a paper of their own. Only what is worked out from its public half (X25519) is kept, so
that something can be closed for them while they are away. The join is under a key made of two halves, each closed for
one of the two; to read it, one opens their half and closes it anew for the other, who then has both.
"""

import secrets
from base64 import b32decode, b32encode
from binascii import Error
from os import urandom

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PUBLIC, HALF, NONCE = 32, 32, 12  # bytes
PAPER, GROUP = 20, 4  # bytes of a key on paper; characters that are written together


class NotTheKey(ValueError):
    """It does not open this: another's key, an earlier one, or a slip of the pen."""


def new_paper() -> str:
    """A key for somebody's paper: 32 letters and digits, in groups of four."""
    text = b32encode(secrets.token_bytes(PAPER)).decode()
    return " ".join(text[at : at + GROUP] for at in range(0, len(text), GROUP))


def public_of(paper: str) -> bytes:
    """What may be kept of a key on paper. Raises NotTheKey for what can be none."""
    return _private(paper).public_key().public_bytes_raw()


def new_half() -> bytes:
    return urandom(HALF)


def close_for(public: bytes, what: bytes, about: bytes) -> bytes:
    """Close something so that only the holder of that key opens it: a fresh public half, then AES-GCM."""
    once = X25519PrivateKey.generate()
    ours = once.public_key().public_bytes_raw()
    key = _derived(once.exchange(X25519PublicKey.from_public_bytes(public)), ours + public)
    return ours + AESGCM(key).encrypt(bytes(NONCE), what, about)  # the key is used once


def open_with(paper: str, closed: bytes, about: bytes) -> bytes:
    """Open what was closed for whoever holds that paper. Raises NotTheKey."""
    private, theirs = _private(paper), closed[:PUBLIC]
    shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    return _opened(
        _derived(shared, theirs + private.public_key().public_bytes_raw()), closed[PUBLIC:], bytes(NONCE), about
    )


def seal_with(halves: tuple[bytes, bytes], what: bytes, about: bytes) -> bytes:
    """Seal something under both halves, in either order."""
    nonce = urandom(NONCE)
    return nonce + AESGCM(_derived(b"".join(sorted(halves)), b"both")).encrypt(nonce, what, about)


def unseal_with(halves: tuple[bytes, bytes], sealed: bytes, about: bytes) -> bytes:
    """What was sealed under both halves. Raises NotTheKey."""
    return _opened(_derived(b"".join(sorted(halves)), b"both"), sealed[NONCE:], sealed[:NONCE], about)


def _opened(key: bytes, closed: bytes, nonce: bytes, about: bytes) -> bytes:
    try:
        return AESGCM(key).decrypt(nonce, closed, about)
    except InvalidTag:
        raise NotTheKey from None


def _private(paper: str) -> X25519PrivateKey:
    try:
        told = b32decode("".join(paper.upper().split()))
    except Error:
        raise NotTheKey from None
    if len(told) != PAPER:
        raise NotTheKey
    return X25519PrivateKey.from_private_bytes(_derived(told, b"paper"))


def _derived(secret: bytes, about: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=b"knownto join " + about).derive(secret)
