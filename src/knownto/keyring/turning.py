"""Blind keys made with one index key turned into those of another, without what they were made of.

A blind key is a digest under a key that stays (`inner`), turned by the index key in force: a permutation of all values
of its size, a Feistel network of ten rounds as in NIST SP 800-38G, each keyed BLAKE2b. Whoever holds two index keys can
turn the one's into the other's; nobody else can tell which belong together. So blind keys can be made anew even where
what they were made of is not kept: of a worker's household, or of a partner's own number. The first index key, from
before there was turning, turns nothing.
"""

import hashlib

ROUNDS = range(10)
FIRST = 1  # the number of the index key that turns nothing


class Turning:
    """One index key's permutation of values of an even number of bytes."""

    def __init__(self, key: bytes) -> None:
        self._rounds = [hashlib.blake2b(key=key, salt=bytes([i])) for i in ROUNDS]

    def there(self, value: bytes) -> bytes:
        left, right = _halves(value)
        for each in self._rounds:
            left, right = right, _mixed(each, left, right)
        return left + right

    def back(self, value: bytes) -> bytes:
        left, right = _halves(value)
        for each in reversed(self._rounds):
            left, right = _mixed(each, right, left), left
        return left + right


def _halves(value: bytes) -> tuple[bytes, bytes]:
    middle = len(value) // 2
    return value[:middle], value[middle:]


def _mixed(keyed: "hashlib.blake2b", into: bytes, of: bytes) -> bytes:
    """`into`, changed by what only the key's holder can make of `of`."""
    digest = keyed.copy()
    digest.update(of)
    size = len(into)
    return (int.from_bytes(into) ^ int.from_bytes(digest.digest()[:size])).to_bytes(size)
