"""Having everything up: keys, databases and tables first, then the web server and the worker beside each other."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings
from django.db import connections

from knownto.keyring.guard import make_guard_key_file
from knownto.keyring.master import make_key_file
from knownto.site import key_services
from knownto.site.embedded import Embedded, start_all


class PortTaken(Exception):
    """Something else already listens there: it would answer in our place."""


class NotReady(Exception):
    """What was started did not come up."""


@contextmanager
def databases(var: Path, *, careless: bool = False) -> Iterator[None]:
    """The keys, the databases (embedded unless DATABASE_URL names others) and their tables, up to date."""
    if not (settings.KEYS_SOCKET or os.environ.get("KNOWNTO_KEY_FILE")):
        make_key_file(Path(settings.KEY_FILE))
    if not (settings.GUARD_KEYS_SOCKET or os.environ.get("KNOWNTO_GUARD_KEY_FILE")):
        make_guard_key_file()
    started: list[Embedded] = [] if "DATABASE_URL" in os.environ else start_all(var, careless=careless)
    try:
        if not _brought_up_apart():
            migrate()
        yield
    finally:
        connections.close_all()  # this process's own: it may go on with the same databases, started anew
        for cluster in started:
            cluster.stop()


def _brought_up_apart() -> bool:
    """On servers where nobody here is told how to be the owner, `knownto upgrade` is what changes tables."""
    return "DATABASE_URL" in os.environ and "OWNER_DATABASE_URL" not in os.environ


def migrate() -> None:
    """Bring both databases' tables up to date, as their owner."""
    environment = os.environ | {"KNOWNTO_AS_OWNER": "1"}
    if owner := os.environ.get("OWNER_DATABASE_URL"):
        environment |= {"DATABASE_URL": owner, "KEYS_DATABASE_URL": os.environ["OWNER_KEYS_DATABASE_URL"]}
    for database in ("default", "keys"):
        django("migrate", "--verbosity", "0", "--database", database, environment=environment)


def django(*words: str, environment: dict[str, str] | None = None) -> None:
    """Run one of Django's own commands in a process of its own. Raises CalledProcessError, its words printed."""
    subprocess.run([sys.executable, "-m", "django", *words], check=True, env=environment or dict(os.environ))


@contextmanager
def serving(port: int) -> Iterator[dict[str, "subprocess.Popen[bytes]"]]:
    """The web server and the worker, running until the end of the block. Raises PortTaken or NotReady."""
    _free(port)
    django("collectstatic", "--no-input", "--verbosity", "0")
    with key_services.running() as (environment, parts):
        try:
            parts["web server"] = _web(port, environment)
            parts["worker"] = subprocess.Popen([sys.executable, "-m", "knownto.site.worker"], env=environment)
            if not _answers(port):
                raise NotReady(f"The web server did not answer on port {port}; the lines above may say why.")
            yield parts
        finally:
            key_services.stop({name: part for name, part in parts.items() if name not in key_services.SERVICES})


def serve(port: int, ready: str) -> int:
    """Serve until a signal or until a part dies; stop everything that was started. Prints `ready` once it is up."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.append(1))
    with serving(port) as parts:
        print(ready, flush=True)
        died = _wait(parts, stopping)
    if died:
        print(f"The {died} stopped by itself; the lines above say why.", file=sys.stderr)
    return 1 if died else 0


def free_port() -> int:
    """A port that nothing listens on at this moment."""
    with socket.socket() as asking:
        asking.bind(("127.0.0.1", 0))
        return int(asking.getsockname()[1])


def _free(port: int) -> None:
    with socket.socket() as asking:
        asking.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asking.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(f"Port {port} is in use. Choose another, such as: make demo PORT={port + 1}") from None


def _web(port: int, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    options = ["--workers", "2", "--threads", "4", "--bind", f"127.0.0.1:{port}"]
    quiet = ["--worker-class", "knownto.site.web_worker.Worker", "--log-level", "warning", "--no-control-socket"]
    return subprocess.Popen([sys.executable, "-m", "gunicorn", "knownto.site.wsgi", *options, *quiet], env=environment)


def _answers(port: int) -> bool:
    """Does the web server answer within half a minute?"""
    for _ in range(150):
        if _healthy(port):
            return True
        time.sleep(0.2)
    return False


def _healthy(port: int) -> bool:
    """Does /healthz say so?"""
    asking = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()


def _wait(parts: dict[str, "subprocess.Popen[bytes]"], stopping: list[int]) -> str:
    """Wait for a signal ('') or for a part to die (its name)."""
    while not stopping:
        for name, part in parts.items():
            if part.poll() is not None:
                return name
        time.sleep(0.2)
    return ""
