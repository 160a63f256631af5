"""Asking the key service: one message over its socket, on a connection that each thread keeps.

A service that is away is asked again for a moment, since it may only be starting anew. After that the answer is
`KeysAway`, which is an error of the database's kind: whatever stands on keys fails closed, as when the keys database
itself is away, and says "could not check" rather than "not known".
"""

import os
import socket
import threading
import time
from collections.abc import Iterator, Sequence

from django.db import OperationalError

from knownto.keyring import wire

PATIENCE = 3.0  # seconds, while it starts anew
BETWEEN = 0.05
LONGEST = 30.0  # seconds that one answer may take
AT_ONCE = 4000  # parts of a message: an ask for more goes in several


class KeysAway(OperationalError):
    """The key service does not answer."""


class KeysRefused(OperationalError):
    """The key service answers, and says no: not this caller, or too much at once."""


class Service:
    """The key service behind a socket. Asked as a `Keeper` is."""

    def __init__(self, path: str) -> None:
        self._path = str(path)
        self._mine = threading.local()

    def do(self, operation: str, parts: Sequence[bytes]) -> list[bytes]:
        """Raises KeysAway and KeysRefused."""
        if len(parts) <= AT_ONCE:
            return self._ask(operation, parts)
        some = [parts[i : i + AT_ONCE] for i in range(0, len(parts), AT_ONCE)]
        return [answer for each in some for answer in self._ask(operation, each)]

    def _ask(self, operation: str, parts: Sequence[bytes]) -> list[bytes]:
        for _ in _tries():
            try:
                answer = self._exchange([operation.encode(), *parts])
            except (OSError, wire.Garbled):
                self._hang_up()
                continue
            if answer:
                return _understood(answer)
            self._hang_up()
        raise KeysAway("The key service does not answer.")

    def _exchange(self, message: list[bytes]) -> list[bytes]:
        connection = self._connection()
        wire.send(connection, message)
        return wire.receive(connection)

    def _connection(self) -> socket.socket:
        """This thread's own; not one that a parent process had before it forked."""
        if getattr(self._mine, "of", None) != os.getpid():
            made = socket.socket(socket.AF_UNIX)
            made.settimeout(LONGEST)
            made.connect(self._path)
            self._mine.connection, self._mine.of = made, os.getpid()
        return self._mine.connection

    def _hang_up(self) -> None:
        if (held := getattr(self._mine, "connection", None)) is not None:
            held.close()
        self._mine.connection = self._mine.of = None


def _tries() -> Iterator[None]:
    """At once, then every so often, as long as there is patience."""
    until = time.monotonic() + PATIENCE
    yield
    while time.monotonic() < until:
        yield
        time.sleep(BETWEEN)


def _understood(answer: list[bytes]) -> list[bytes]:
    if answer[0] != b"ok":
        raise KeysRefused(f"The key service refuses: {answer[0].decode(errors='replace')}.")
    return answer[1:]
