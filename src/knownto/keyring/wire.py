"""How the key service is spoken to over its socket: a count, as many lengths, and the bytes. Nothing is interpreted."""

import socket
import struct
from collections.abc import Sequence

MOST_PARTS = 20_000
MOST_BYTES = 64 * 1024 * 1024


class Garbled(Exception):
    """What came is not a message."""


def send(to: socket.socket, parts: Sequence[bytes]) -> None:
    head = struct.pack(f"!I{len(parts)}I", len(parts), *map(len, parts))
    to.sendall(head + b"".join(parts))


def receive(of: socket.socket) -> list[bytes]:
    """The next message; an empty list when the other side has gone. Raises Garbled, and OSError."""
    first = of.recv(65536)
    if not first:
        return []
    data = bytearray(first)
    [count] = struct.unpack_from("!I", _at_least(of, data, 4))
    if count > MOST_PARTS:
        raise Garbled("too many parts")
    begins = 4 + 4 * count
    lengths = struct.unpack_from(f"!{count}I", _at_least(of, data, begins), 4)
    if sum(lengths) > MOST_BYTES:
        raise Garbled("too long")
    return _cut(bytes(_at_least(of, data, begins + sum(lengths))), begins, lengths)


def _at_least(of: socket.socket, data: bytearray, n: int) -> bytearray:
    while len(data) < n:
        more = of.recv(1 << 18)
        if not more:
            raise Garbled("broken off")
        data += more
    return data


def _cut(data: bytes, begins: int, lengths: Sequence[int]) -> list[bytes]:
    parts = []
    for length in lengths:
        parts.append(data[begins : begins + length])
        begins += length
    if begins != len(data):
        raise Garbled("more than one message at once")
    return parts
