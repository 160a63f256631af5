"""A partner's record system: a real HTTPS server on this machine, which can fail in every way that servers do."""

import hashlib
import json
import socket
import ssl
import struct
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field

import trustme

AUTHORITY = trustme.CA()
NAME = "localhost"


def ssl_context(authority=AUTHORITY, name=NAME):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name).configure_cert(context)
    return context


@dataclass
class Arrived:
    """One request as it came."""

    headers: dict
    body: bytes

    @property
    def said(self):
        return json.loads(self.body)

    @property
    def ack(self):
        return json.dumps({"id": self.said["id"], "sha256": hashlib.sha256(self.body).hexdigest()}).encode()


@dataclass
class Partner:
    """`fails` names what happens to requests; "" is health. `records` is what its users would see: each id once."""

    fails: str = ""
    arrived: list = field(default_factory=list)
    records: list = field(default_factory=list)
    knows_repeats: bool = True
    let_go: threading.Event = field(default_factory=threading.Event)
    busy: threading.Event = field(default_factory=threading.Event)
    good: ssl.SSLContext = field(default_factory=ssl_context)
    bad: ssl.SSLContext = field(default_factory=lambda: ssl_context(trustme.CA()))

    def __post_init__(self):
        self.port, self.listener = 0, None
        self.seen, self.lock = set(), threading.Lock()
        self.up()

    @property
    def where(self):
        return f"https://{NAME}:{self.port}/copies"

    def up(self):
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=[self.listener], daemon=True).start()

    def down(self):
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)  # or a thread that accepts would keep it open
        self.listener.close()

    def be(self, fails):
        """From now on it fails like that. Connections that stay open are met by it too."""
        if "refuses" in (fails, self.fails) and fails != self.fails:
            self.down() if fails == "refuses" else self.up()
        self.fails = fails

    def close(self):
        self.let_go.set()
        if self.fails != "refuses":
            self.down()

    def _accept(self, listener):
        with suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._serve, args=[connection], daemon=True).start()

    def _serve(self, plain):
        plain.settimeout(10)
        with suppress(OSError, ssl.SSLError, ValueError, KeyError), plain:
            context = self.bad if self.fails == "wrong certificate" else self.good
            with context.wrap_socket(plain, server_side=True) as connection:
                while arrived := self._read(connection):
                    if self._answer(connection, arrived):
                        return

    def _read(self, connection):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            piece = connection.recv(1)
            if not piece:
                return None
            head += piece
        headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head.decode().split("\r\n")[1:-2])}
        body = b""
        while len(body) < int(headers["content-length"]):
            body += connection.recv(65536)
        return Arrived(headers, body)

    def _answer(self, connection, arrived):
        """True when the connection ends with it."""
        with self.lock:
            self.arrived.append(arrived)
        self.busy.set()
        return ANSWERS[self.fails](self, connection, arrived)

    def keep(self, arrived):
        """Take a copy in, once: what came before under the same id changes nothing."""
        said = arrived.said
        with self.lock:
            if self.knows_repeats and said["id"] in self.seen:
                return
            self.seen.add(said["id"])
            self.records.append((said["child"], said["number"], said["id"]))


def send(connection, status, body=b"", more="", length=None):
    head = f"HTTP/1.1 {status} X\r\nContent-Length: {len(body) if length is None else length}\r\n{more}\r\n"
    connection.sendall(head.encode() + body)


def well(partner, connection, arrived):
    partner.keep(arrived)
    send(connection, 200, arrived.ack)


def hangs(partner, connection, arrived):
    partner.let_go.wait(30)
    return True


def resets(partner, connection, arrived):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    return True


def trickles(partner, connection, arrived):
    """A byte of a header now and then, for ever."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
    while not partner.let_go.is_set():
        connection.sendall(b"a")
        time.sleep(0.02)
    return True


def half_an_answer(partner, connection, arrived):
    """It has taken the copy in, and nobody hears it."""
    partner.keep(arrived)
    send(connection, 200, arrived.ack[:20], length=len(arrived.ack))
    return True


def silent_after_keeping(partner, connection, arrived):
    partner.keep(arrived)
    return True


def wrong_digest(partner, connection, arrived):
    send(connection, 200, json.dumps({"id": arrived.said["id"], "sha256": "0" * 64}).encode())


def endless(partner, connection, arrived):
    send(connection, 200, b"[" * 40_000, length=10**9)
    return True


def status(number, body=b"", more=""):
    return lambda partner, connection, arrived: send(connection, number, body, more)


ANSWERS = {
    "": well,
    "refuses": well,  # of a connection that was open before
    "wrong certificate": resets,
    "hangs": hangs,
    "resets": resets,
    "answers 500": status(500, b"no"),
    "answers 429": status(429, more="Retry-After: 99999\r\n"),
    "answers 503": status(503),
    "says 200 and drops it": status(200, b"<html>Welcome</html>"),
    "acknowledges something else": wrong_digest,
    "trickles": trickles,
    "half an answer": half_an_answer,
    "silent after keeping": silent_after_keeping,
    "never stops": endless,
    "speaks no HTTP": lambda partner, connection, arrived: connection.sendall(b"220 mail ready\r\n") or True,
    "redirects": status(307, more="Location: /elsewhere\r\n"),
    "accepts nothing like it": status(422, b'{"error": "no"}'),
}
FAULTS = [name for name in ANSWERS if name]
SLOW = ("hangs", "trickles")  # what only our own limit of time ends
