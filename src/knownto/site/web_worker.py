"""The web server's own processes: what cannot be read as a request is refused in one line, and never given back.

gunicorn's answer repeats what it could not read, and so does its log; somebody's name may be in it. Nor has that answer
the headers that every other one has.
"""

from contextlib import suppress
from socket import socket
from typing import Any

from gunicorn.http.errors import ParseException
from gunicorn.workers.gthread import ThreadWorker

from knownto.site.headers import ALWAYS, NOT_KEPT

SAID = b"This could not be read.\n"
HEADERS = {
    "Connection": "close",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": len(SAID),
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    **NOT_KEPT,
    **ALWAYS,
}
ANSWER = "\r\n".join(("HTTP/1.1 {}", *(f"{name}: {value}" for name, value in HEADERS.items()), "", ""))


class Worker(ThreadWorker):
    """gunicorn's threads, but for what it says of an error."""

    def handle_error(self, req: Any, client: socket, addr: Any, exc: BaseException) -> None:
        unreadable = isinstance(exc, ParseException)
        status = "400 Bad Request" if unreadable else "500 Internal Server Error"
        self.log.log("WARNING" if unreadable else "ERROR", "a request ended with %s", type(exc).__name__)
        with suppress(OSError):  # whoever sent it may be gone
            client.sendall(ANSWER.format(status).encode() + SAID)
