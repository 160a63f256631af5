"""Receipts: short enough to read out over the telephone, with a last character that catches a slip.

The alphabet is Crockford's base 32 (no I, L, O or U, so that 1 and 0 cannot be mistaken) without Z. Eight
random characters are 39 bits; the ninth is a weighted sum modulo 31, a prime, so that any one wrong
character and any two exchanged neighbours are caught.
"""

import secrets

from knownto.proof.verifier import RECEIPT_MARKS as ALPHABET
from knownto.proof.verifier import receipt_with_check as written

RANDOM = 8
HEARD_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})


def new() -> str:
    """A fresh receipt, such as `7Q4F-2M9X-K`."""
    return written("".join(secrets.choice(ALPHABET) for _ in range(RANDOM)))


def read(text: str) -> str:
    """The receipt that was typed or heard, as it is stored; "" when it cannot be one."""
    plain = text.upper().translate(HEARD_AS)
    if len(plain) != RANDOM + 1 or not set(plain) <= set(ALPHABET):
        return ""
    receipt = written(plain[:RANDOM])
    return receipt if receipt[-1] == plain[-1] else ""
