"""The key service: a process of its own, under a user of its own, that alone holds the master keys.

The web and worker processes ask it over a Unix socket for the data keys that they need. The kernel says who asks
(SO_PEERCRED); only the users on its list are answered, each with an allowance for each operation (`budgets.toml`);
every ask is written down, with no more than who, what, how many and whether it was answered. It stores nothing, has
no database and no network, and needs no Django. `python -m knownto.keyring.service --help`, or `knownto keys serve`.
"""

import argparse
import json
import logging
import os
import pwd
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingUnixStreamServer
from typing import NamedTuple

from knownto.keyring import wire
from knownto.keyring.budget import Allowances, read_budgets
from knownto.keyring.keeper import GUARDS_USE, OPERATIONS, ORDINARY_USE, Keeper
from knownto.keyring.master import NoKeyFile, StillNeeded, make_key_file, read_key_file, replace_key_file

WITHIN = {"seal": "seal", "guards": "seal", "index": "index", "guards-index": "index", "small": "small", "sign": "sign"}
USES = {"ordinary": ORDINARY_USE, "guards": GUARDS_USE}
PEER = struct.Struct("3i")  # process, user, group
REFUSING_FOR = 15 * 60  # seconds after a refusal during which health says so
log = logging.getLogger("knownto.keys")


class Caller(NamedTuple):
    """Who asks, by the kernel's word, and as what part of the product."""

    process: int
    user: int
    part: str


class Written:
    """The service's own log: a line an ask, nothing personal. Opened anew at SIGHUP, once it was put aside."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self.reopen()

    def reopen(self, *_: object) -> None:
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        self._file = os.open(self._path, flags, 0o640) if self._path else sys.stderr.fileno()

    def line(self, caller: Caller, operation: str, n: int, answer: str) -> None:
        said = {"at": round(time.time(), 3), "user": caller.user, "process": caller.process, "part": caller.part}
        os.write(self._file, (json.dumps(said | {"what": operation, "n": n, "answer": answer}) + "\n").encode())


class Desk:
    """What the service answers, and to whom."""

    def __init__(self, keeper: Keeper, allowed: dict[int, str], allowances: Allowances, written: Written) -> None:
        self._keeper = keeper
        self._allowed = allowed
        self._allowances = allowances
        self._written = written
        self._refused_at = float("-inf")

    def caller(self, connection: socket.socket) -> Caller:
        raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, PEER.size)
        process, user, _ = PEER.unpack(raw)
        return Caller(process, user, self._allowed.get(user, ""))

    def answer(self, caller: Caller, message: Sequence[bytes]) -> list[bytes]:
        """`ok` and what was asked for, or one word of why not."""
        known = message[0].decode("ascii", errors="replace")
        operation = known if known in OPERATIONS or known == "health" else "unknown"
        n = max(1, len(message) - 1)
        said = self._answered(caller, operation, n, message[1:])
        self._written.line(caller, operation, n, said[0].decode())
        return said

    def _answered(self, caller: Caller, operation: str, n: int, parts: Sequence[bytes]) -> list[bytes]:
        if not caller.part:
            return self._refuse(b"not-allowed")
        if operation == "health":
            return [b"ok", *self._health()]
        if not self._allowances.take(caller.user, caller.part, operation, n):
            return self._refuse(b"too-much")
        try:
            return [b"ok", *self._keeper.do(operation, parts)]
        except NoKeyFile:
            return [b"no-keys"]
        except (ValueError, IndexError, OverflowError):
            return self._refuse(b"garbled")

    def _refuse(self, why: bytes) -> list[bytes]:
        self._refused_at = time.monotonic()
        return [why]

    def _health(self) -> list[bytes]:
        refusing = time.monotonic() - self._refused_at < REFUSING_FOR
        return [b"refusing" if refusing else b"well", *self._keeper.do("state", [])]


class Connection(BaseRequestHandler):
    """One caller's, for as long as they keep it."""

    server: "Server"

    def handle(self) -> None:
        caller = self.server.desk.caller(self.request)
        try:
            while message := wire.receive(self.request):
                wire.send(self.request, self.server.desk.answer(caller, message))
        except (OSError, wire.Garbled):
            log.warning("a connection of user %s broke off", caller.user)


class Server(ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, desk: Desk, mode: int) -> None:
        self.desk = desk
        path.unlink(missing_ok=True)
        before = os.umask(0o777 & ~mode)
        try:
            super().__init__(str(path), Connection)
        finally:
            os.umask(before)


def serve(args: argparse.Namespace) -> int:
    """Serve until a signal. Raises NoKeyFile, and KeyError for a user that there is not."""
    if args.make:
        make_key_file(args.file)
    keeper = Keeper(args.file, USES[args.domain])
    keeper.held()
    written = Written(args.log)
    allowances = Allowances(read_budgets(args.domain, args.budgets))
    server = Server(args.socket, Desk(keeper, _users(args.allow), allowances, written), int(args.mode, 8))
    signal.signal(signal.SIGHUP, written.reopen)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: threading.Thread(target=server.shutdown).start())
    sys.stdout.write(f"The {args.domain} key service listens on {args.socket}\n")
    sys.stdout.flush()
    with server:
        server.serve_forever(poll_interval=0.2)
    args.socket.unlink(missing_ok=True)
    return 0


def _users(said: Sequence[str]) -> dict[int, str]:
    """`name:part` or `number:part`; whoever runs the service, as its operator, where nobody is named."""
    pairs = [each.rsplit(":", 1) for each in said] or [[str(os.geteuid()), "operator"]]
    return {int(who) if who.isdigit() else pwd.getpwnam(who).pw_uid: part for who, part in pairs}


def new_in_file(args: argparse.Namespace) -> int:
    """Another key of that kind, as whoever owns the file."""
    replace_key_file(args.file, read_key_file(args.file).with_new(_within(args.kind)))
    return _said(args)


def drop_in_file(args: argparse.Namespace) -> int:
    """Without the older keys of that kind: `knownto keys status` says whether anything still needs them."""
    held = read_key_file(args.file)
    older = sorted(held.keys[_within(args.kind)])[:-1]
    replace_key_file(args.file, held.without(_within(args.kind), older))
    return _said(args)


def _within(kind: str) -> str:
    """The name in its file. Raises StillNeeded for what is no kind that is replaced in this way."""
    if kind not in WITHIN:
        raise StillNeeded(f"Say which kind of key: {', '.join(WITHIN)}.")
    return WITHIN[kind]


def _said(args: argparse.Namespace) -> int:
    numbers = sorted(read_key_file(args.file).keys[_within(args.kind)])
    sys.stdout.write(f"{args.kind}: {', '.join(map(str, numbers))}\n")
    return 0


# fmt: off
ARGUMENTS = [
    (("--socket",), {"type": Path, "help": "serve: path of the Unix socket to listen on"}),
    (("--file",), {"type": Path, "help": "the key file (default: what the settings name)"}),
    (("--domain",), {"choices": list(USES), "default": "ordinary", "help": "whose keys (default ordinary)"}),
    (("--allow",), {"action": "append", "default": [], "metavar": "USER:PART",
                    "help": "serve: who may ask, as web, worker or operator"}),
    (("--log",), {"type": Path, "help": "serve: file of every ask (default: standard error)"}),
    (("--budgets",), {"type": Path, "help": "serve: TOML of what each part may ask (default: the product's own)"}),
    (("--mode",), {"default": "660", "help": "serve: mode of the socket (default 660)"}),
    (("--make",), {"action": "store_true", "help": "serve: make the key file if there is none"}),
]
# fmt: on


def main(words: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser("knownto keys serve", description="Hold the master keys and answer on a socket.")
    for flags, said in ARGUMENTS:
        parser.add_argument(*flags, **said)
    args = parser.parse_args(words)
    if not (args.socket and args.file):
        parser.error("--socket and --file are needed")
    return serve(args)


if __name__ == "__main__":
    sys.exit(main())
