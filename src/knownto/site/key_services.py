"""The key services beside the product, where nobody else runs them: the demonstration, and `knownto serve`.

In production they are units of their own, under users of their own (docs/keys.md), and the settings name their sockets.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

SERVICES = {  # name: domain, its file, and by what the product is told its socket
    "key service": ("ordinary", "KEY_FILE", "KNOWNTO_KEYS_SOCKET"),
    "guards' key service": ("guards", "GUARD_KEY_FILE", "KNOWNTO_GUARD_KEYS_SOCKET"),
}
SECONDS_TO_STOP = 15

Parts = dict[str, "subprocess.Popen[bytes]"]


@contextmanager
def running() -> Iterator[tuple[dict[str, str], Parts]]:
    """The environment in which the product's processes ask them, and the services themselves.

    None are started where the settings name others, or where KNOWNTO_KEYS_HERE wants the keys in every process.
    """
    environment, parts = dict(os.environ), Parts()
    if settings.KEYS_SOCKET or settings.GUARD_KEYS_SOCKET or settings.KEYS_HERE:
        yield environment, parts
        return
    with TemporaryDirectory(prefix="knownto-") as folder:
        try:
            for name, (domain, file, variable) in SERVICES.items():
                socket = Path(folder) / domain
                parts[name] = _start(domain, Path(getattr(settings, file)), socket)
                environment[variable] = str(socket)
            yield environment, parts
        finally:
            stop({name: part for name, part in parts.items() if name in SERVICES})


def _start(domain: str, file: Path, socket: Path) -> "subprocess.Popen[bytes]":
    """Whoever asks before it listens waits for it."""
    command = [sys.executable, "-m", "knownto.keyring.service", "--domain", domain, "--file", str(file)]
    log = settings.VAR / f"asks-{domain}.log"
    more = ["--socket", str(socket), "--log", str(log), "--mode", "600"]
    return subprocess.Popen([*command, *more], stdout=subprocess.DEVNULL)


def stop(parts: Parts) -> None:
    for part in parts.values():
        if part.poll() is None:
            part.terminate()
    for part in parts.values():
        try:
            part.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            part.kill()
