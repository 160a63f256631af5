"""One transaction with the rows opened for the intake's own work, however many steps it takes."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from knownto.access.acts import system

_inside: ContextVar[bool] = ContextVar("inside", default=False)


@contextmanager
def opened() -> Iterator[None]:
    """Open the rows, in a transaction. Inside another `opened` this is part of that one: small files are many."""
    if _inside.get():
        yield
        return
    token = _inside.set(True)
    try:
        with system("feed"):
            yield
    finally:
        _inside.reset(token)
