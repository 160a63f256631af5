"""The product as anybody runs it: one command builds the borough and serves it, one interrupt stops all of it."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from http.client import HTTPConnection
from pathlib import Path

from knownto.site.embedded import PROJECT, place
from knownto.site.running import free_port
from knownto.town import build, stories
from knownto.town.stories import Story

VAR = PROJECT / "var" / "browser"
BUILT = VAR / "demo-small"
SEED = 2026
SECONDS_TO_BUILD, SECONDS_TO_STOP = 420, 40
OURS = ("KNOWNTO_", "DJANGO_", "DATABASE_URL", "KEYS_DATABASE_URL", "OWNER_")
PARTS = {"postgres": "PostgreSQL", "gunicorn": "web server", "knownto.site.worker": "worker", "knownto": "command"}
# For whoever writes these tests: a product that is already running on VAR, so that it is not built each time.
RUNNING = "KNOWNTO_TEST_PRODUCT"
# Set where a borough was built on VAR just now, and need not be built again.
HERE_ALREADY = "KNOWNTO_TEST_BOROUGH"


@dataclass
class Product:
    """A running product: where it answers, and the borough that it holds."""

    address: str
    process: "subprocess.Popen[bytes] | None" = None
    log: Path = field(default=VAR / "product.log")

    @cached_property
    def stories(self) -> dict[str, Story]:
        """The people with a story, by slug, as of the day on which this borough's year ends."""
        ends = date.fromisoformat((BUILT / "year-ends").read_text())
        return {story.slug: story for story in stories(build("small", SEED, ends))}


@contextmanager
def running() -> Iterator[Product]:
    """Build and start it; interrupt it at the end, as Ctrl-C does, and see that nothing of it is left."""
    if os.environ.get(RUNNING):
        yield Product(os.environ[RUNNING])
        return
    VAR.mkdir(parents=True, exist_ok=True)
    product = _start(free_port())
    try:
        _wait(product)
        yield product
    finally:
        _stop(product)


def _start(port: int) -> Product:
    command = [PROJECT / ".venv/bin/knownto", "--var", VAR, "demo", "--port", str(port), "--seed", str(SEED)]
    command += [] if HERE_ALREADY in os.environ else ["--fresh"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    product = Product(f"http://localhost:{port}")
    with product.log.open("wb") as log:
        product.process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
        )
    return product


def _wait(product: Product) -> None:
    """Until /healthz says that it is ready, which it must within some minutes."""
    assert product.process
    until = time.monotonic() + SECONDS_TO_BUILD
    while not _ready(product.address):
        said = product.log.read_text()[-3000:]
        assert product.process.poll() is None, f"The product stopped before it was ready:\n{said}"
        assert time.monotonic() < until, f"The product was not ready in time:\n{said}"
        time.sleep(0.5)


def _ready(address: str) -> bool:
    asking = HTTPConnection(address.removeprefix("http://"), timeout=5)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()


def _stop(product: Product) -> None:
    """Interrupt it. Whatever a failure here leaves behind is ended, so that the next run can start."""
    assert product.process
    try:
        seen = set(parts_running().values())
        assert seen >= {"PostgreSQL", "web server", "worker"}, f"what looks for leftovers sees only {seen}"
        product.process.send_signal(signal.SIGINT)
        status = product.process.wait(SECONDS_TO_STOP)
        left = parts_running()
        assert status == 0, f"Interrupted, it ended with {status}:\n{product.log.read_text()[-3000:]}"
        assert left == {}, f"Interrupted, it left these running: {left}"
    finally:
        for number in parts_running():
            os.kill(number, signal.SIGKILL)


def parts_running() -> dict[int, str]:
    """The product's processes that run on VAR: their numbers, and what each is."""
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        number = int(folder.name)
        if number != os.getpid() and _is_of_var(folder):
            found[number] = _kind(folder)
    return found


def _is_of_var(folder: Path) -> bool:
    """By its words, its environment or the folder it works in: the server's children have only the last."""
    marks = {str(BUILT).encode(), str(place(BUILT)).encode()}
    return any(mark in _bytes(folder / name) for mark in marks for name in ("cmdline", "environ", "cwd"))


def _bytes(path: Path) -> bytes:
    try:
        return str(path.readlink()).encode() if path.name == "cwd" else path.read_bytes()
    except OSError:  # it has just ended, or is not ours to look at
        return b""


def _kind(folder: Path) -> str:
    words = _bytes(folder / "cmdline").decode(errors="replace")
    return next((kind for word, kind in PARTS.items() if word in words), words[:80])
