"""Hostile requests on the wire, against the product as it is served: nothing breaks, nothing leaks, and it still works.

KNOWNTO_REQUESTS says how many (1,500; a campaign 1,000,000), KNOWNTO_SEED of which chance. That each fault of an answer
would be noticed is shown in `test_answers_on_the_wire`.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import batched
from pathlib import Path

import pytest

from knownto.access.pages import routes
from knownto.site.running import _healthy, free_port
from proof_tests.answers_on_the_wire import Secrets, faults, in_logs
from proof_tests.hostile_requests import Known, requests

MANY = int(os.environ.get("KNOWNTO_REQUESTS", "1500"))
SEED = os.environ.get("KNOWNTO_SEED", "hostile")
ANEW = 1_000  # requests after which the sessions, which some of those end, are begun again
PATIENCE = 300  # seconds until a busy machine has answered one request, or stopped
TO_COME_UP = 1200
AT_ONCE = 4
WHO = ("officer", "scrutineer", "administrator")
LEAVES = ("sign-out", "demo")  # it would only be nobody's from then on


@dataclass
class Served:
    """The demonstration, as its command serves it."""

    port: int
    log: Path

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def send(self, data: bytes) -> bytes:
        """All that comes back until it is closed; nothing where it was closed at once."""
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE) as wire:
            answer = b""
            try:
                wire.sendall(data)
                wire.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # refused before it was all sent: whatever was said is still to be read
            try:
                while more := wire.recv(65_536):
                    answer += more
            except ConnectionError:
                pass
            return answer

    def cookie(self, persona: str) -> str:
        """A session of that persona, as the demonstration's own page begins it."""
        asking = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        asking.request("GET", "/demo/")
        shown = asking.getresponse()
        page, jar = shown.read().decode(), _set(shown)
        [token] = set(re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[:1])
        [action] = set(re.findall(rf'action="([^"]*/{re.escape(persona)}/)"', page))
        body = f"csrfmiddlewaretoken={token}"
        told = {"Cookie": _cookie(jar), "Content-Type": "application/x-www-form-urlencoded"}
        asking.request("POST", action, body, told)
        answer = asking.getresponse()
        answer.read()
        jar |= _set(answer)
        asking.close()
        return _cookie(jar)


def _set(answer) -> dict[str, str]:
    return dict(line.split(";")[0].split("=", 1) for line in answer.headers.get_all("Set-Cookie") or [])


def _cookie(jar: dict[str, str]) -> str:
    return "; ".join(f"{name}={value}" for name, value in jar.items() if value)


@pytest.fixture(scope="module")
def served(built, tmp_path_factory):
    port, log = free_port(), tmp_path_factory.mktemp("served") / "log"
    command = [sys.executable, "-m", "knownto.site.command", "--var", str(built.parent), "demo", "--port", str(port)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("KNOWNTO", "DJANGO"))}
    with log.open("wb") as out:
        running = subprocess.Popen(command, env=environment, stdout=out, stderr=out)
    try:
        end = time.monotonic() + TO_COME_UP
        while not _healthy(port):
            assert running.poll() is None and time.monotonic() < end, log.read_text()
            time.sleep(0.2)
        yield Served(port, log)
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(PATIENCE)


@pytest.fixture(scope="module")
def secrets(built):
    return Secrets.of(built / "town/truth")


def paths() -> list[str]:
    return [path for path, _, _ in routes() if not path.startswith(LEAVES)]


def attacked(served: Served, secrets: Secrets, many: int) -> list[str]:
    """What was wrong with the answers to that many."""
    wrong: list[str] = []
    numbers = range(0, many, ANEW)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for begin, end in zip(numbers, [*numbers[1:], many], strict=True):
            known = Known(paths(), ["", *map(served.cookie, WHO)], served.host)
            for batch in batched(requests(known, end - begin, f"{SEED}/{begin}"), 200):
                for asked, answer in zip(batch, pool.map(served.send, [each.data for each in batch]), strict=True):
                    wrong += faults(asked, answer, secrets)
    return wrong


def test_no_hostile_request_breaks_it_or_is_told_anything(served, secrets):
    wrong = attacked(served, secrets, MANY)
    assert not wrong, f"{len(wrong)} of {MANY}:\n" + "\n".join(wrong[:40])
    assert not (said := in_logs(served.log.read_bytes(), secrets)), said


def test_it_still_answers_rightly_afterwards(served):
    for persona in WHO:
        asked = (
            f"GET / HTTP/1.1\r\nHost: {served.host}\r\nCookie: {served.cookie(persona)}\r\nConnection: close\r\n\r\n"
        )
        assert b" 200 OK" in served.send(asked.encode())[:20]
    assert _healthy(served.port)
