"""A product of its own, under load, whose parts are killed one after the other and started again.

Two PostgreSQL clusters that keep what they committed (nothing is careless here), a web server with two processes, and
the worker. Six senders post referrals with their agencies' sending keys and insist until they are acknowledged, as the
contract for partners' systems says; what was acknowledged is remembered here, outside of what is killed.
"""

import http.client
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path
from random import Random
from threading import Event, Lock, Thread
from typing import Any

from knownto.keyring.master import make_key_file
from knownto.site.embedded import CLUSTERS, Embedded, place
from knownto.site.running import _free, _healthy
from proof_tests.spending import over

PORT = 8397
SENDERS = 6
PARTS = (*CLUSTERS, "web", "worker")
# How often each agency's system sends. The school's has no team of its own and has its copies left in a folder.
SHARES = {"police": 45, "hospital": 45, "school": 10}
BETWEEN, AGAIN_AFTER = 0.4, 0.2  # seconds at most until a sender's next; seconds until it asks again for an answer
PATIENCE = 300  # seconds after which a sender, or this harness, says that the product did not come back
WEB = ["gunicorn", "knownto.site.wsgi", "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
QUIET = ["--log-level", "critical", "--no-control-socket"]


class NeverCameBack(Exception):
    """The product was started again after a kill and answered nobody."""


@dataclass
class Product:
    """The four parts. Each is killed with everything it started, at once, and leaves no chance to tidy up."""

    var: Path
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    fell: int = 0  # how often the web server or the worker ended by itself: whatever keeps them up starts them again

    @property
    def environment(self) -> dict[str, str]:
        """Nothing of whoever runs the proof reaches it: neither another folder nor another database."""
        ours = ("KNOWNTO", "DJANGO", "DATABASE_URL", "KEYS_DATABASE_URL", "OWNER_")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
        return kept | {"KNOWNTO_VAR": str(self.var), "DJANGO_SETTINGS_MODULE": "knownto.site.settings"}

    def cluster(self, name: str) -> Embedded:
        return Embedded(self.var, name)

    def build(self) -> dict[str, str]:
        """Made new, with its partners. Gives each sending agency's key."""
        self.throw_away()
        self.var.mkdir(parents=True)
        make_key_file(self.var / "keys.json")
        for name in CLUSTERS:
            self.cluster(name).start()
        for database in ("default", "keys"):
            self.run("django", "migrate", "--verbosity", "0", "--database", database, KNOWNTO_AS_OWNER="1")
        self.run("django", "collectstatic", "--no-input", "--verbosity", "0")
        return json.loads(self.run("proof_tests.kept", "found", *SHARES))

    def run(self, module: str, *words: str, given: str = "", **more: str) -> str:
        """What that module says, run in a process of its own. Raises RuntimeError with what went wrong."""
        command = [sys.executable, "-m", module, *words]
        environment = self.environment | more
        done = subprocess.run(command, input=given, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-3000:])
        return done.stdout

    def start(self, name: str) -> None:
        if name in CLUSTERS:
            self.cluster(name).start()
            return
        words = [*WEB, "--bind", f"127.0.0.1:{PORT}", *QUIET] if name == "web" else ["knownto.site.worker"]
        with (self.var / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", *words], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )

    def serve(self) -> None:
        _free(PORT)
        for name in ("web", "worker"):
            self.start(name)
        _until(lambda: _healthy(PORT))

    def kill(self, name: str) -> None:
        if name in CLUSTERS:
            _kill_postgres(int((self.cluster(name).data / "postmaster.pid").read_text().split()[0]))
            return
        self.stand_up(name)
        os.killpg(self.running[name].pid, signal.SIGKILL)
        self.running[name].wait()

    def stand_up(self, name: str) -> None:
        """Start it again where it ended by itself, as the machine's own supervisor would."""
        if self.running[name].poll() is not None:
            self.fell += 1
            self.start(name)

    def stop(self) -> None:
        for part in self.running.values():
            if part.poll() is None:
                os.killpg(part.pid, signal.SIGTERM)
        for part in self.running.values():
            part.wait(90)  # as long as the machine's own supervisor waits
        for name in CLUSTERS:
            self.cluster(name).stop()

    def throw_away(self) -> None:
        for name in CLUSTERS:
            self.cluster(name).stop()
        for folder in (place(self.var), self.var):
            shutil.rmtree(folder, ignore_errors=True)


def _kill_postgres(postmaster: int) -> None:
    """It and every process it has. It is stopped first, or it would start others while they are looked for."""
    os.kill(postmaster, signal.SIGSTOP)
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True, check=False
    )
    family = [postmaster, *map(int, listed.stdout.split())]
    for process in family:
        _kill(process)
    _until(lambda: not any(map(_lives, family)))


def _kill(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)


def _lives(process: int) -> bool:
    """A process that nobody has yet asked how it ended (a zombie) does nothing any more."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    """Raises NeverCameBack."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            raise NeverCameBack
        time.sleep(0.01)


@dataclass
class Load:
    """Who sends what, what was acknowledged, and what ought not to have been answered."""

    keys: dict[str, str]
    seed: str
    acknowledged: dict[str, list[str]] = field(default_factory=dict)  # intent: agency, reference
    wrong: list[str] = field(default_factory=list)
    asked: int = 0
    again: int = 0
    stopping: Event = field(default_factory=Event)
    given_up: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        self.senders = [Thread(target=self.send_on, args=[Random(f"{self.seed}/{n}"), n]) for n in range(SENDERS)]
        for sender in self.senders:
            sender.start()

    def end(self, *, give_up: bool = False) -> None:
        """Each insists on what it is sending, and sends nothing more; or gives that up too."""
        self.stopping.set()
        if give_up:
            self.given_up.set()
        for sender in self.senders:
            sender.join()

    def send_on(self, chance: Random, sender: int) -> None:
        number = 0
        while not self.stopping.wait(chance.uniform(0, BETWEEN)):
            earlier, what = self._earlier(chance), chance.random()
            if earlier and what < 0.10:
                self._once_more(*earlier)
            elif earlier and what < 0.15:
                self._other_words(*earlier)
            else:
                number += 1
                self._new(f"intent-{sender}-{number}", *chance.choices(list(SHARES), list(SHARES.values())))

    def _earlier(self, chance: Random) -> tuple[str, str, str] | None:
        with self.lock:
            if not self.acknowledged:
                return None
            intent = chance.choice(list(self.acknowledged))
            return intent, *self.acknowledged[intent]

    def _new(self, intent: str, agency: str) -> None:
        status, said = self._insist(agency, intent, body(intent))
        if status not in (200, 201) or not said.get("reference"):
            self._was_wrong(f"{intent}: a good referral was answered {status}")
            return
        with self.lock:
            self.acknowledged[intent] = [agency, said["reference"]]

    def _once_more(self, intent: str, agency: str, reference: str) -> None:
        status, said = self._insist(agency, intent, body(intent))
        self.again += 1
        if status != 200 or said.get("reference") != reference:
            self._was_wrong(f"{intent}: sent again, it was {status} {said.get('reference')} and not {reference}")

    def _other_words(self, intent: str, agency: str, reference: str) -> None:
        status, _ = self._insist(agency, intent, body(intent, "Something else happened, to somebody else."))
        if status != 409:
            self._was_wrong(f"{intent}: other words under the key of {reference} were answered {status}")

    def _insist(self, agency: str, intent: str, plain: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Ask until there is an answer: a broken connection and a server's error are none."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.given_up.is_set():
            self.asked += 1
            try:
                status, said = post(agency, self.keys[agency], intent, plain)
            except (OSError, http.client.HTTPException, ValueError):
                status, said = 0, {}
            if 200 <= status < 500:
                return status, said
            time.sleep(AGAIN_AFTER)
        return 0, {}

    def _was_wrong(self, sentence: str) -> None:
        with self.lock:
            self.wrong.append(sentence)


def post(agency: str, key: str, intent: str, plain: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """One request of a partner's system, on a connection of its own. Raises OSError, HTTPException, ValueError."""
    asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=20)
    headers = {"Authorization": f"Bearer {key}", "Idempotency-Key": intent, "Content-Type": "application/json"}
    try:
        asking.request("POST", f"/api/{agency}/referrals", json.dumps(plain), headers)
        answer = asking.getresponse()
        return answer.status, json.loads(answer.read())
    finally:
        asking.close()


def body(intent: str, happened: str = "") -> dict[str, Any]:
    """A referral about one child and one parent, whose number tells it from every other."""
    family = {"family_name": f"Kestrel {intent}"}
    child = {"given_names": "Robin", "birth_date": "2019-04-02", "seen": "heard", "words": "I do not want to go home."}
    return {
        "kind": "child",
        "urgency": "amber",
        "children": [family | child],
        "adults": [family | {"given_names": "Jay", "role": "parent"}],
        "what_happened": happened or f"Found alone at the station late in the evening, report {intent}.",
        "consent": "told",
        "own_reference": intent,
    }


def campaign(product: Product, load: Load, cycles: int) -> dict[str, int]:
    """Kill one part after the other under load, until there is no more time, but each once at least. Gives how often
    each was killed. Raises NeverCameBack."""
    chance, killed = Random(f"{load.seed}/{len(load.acknowledged)}"), dict.fromkeys(PARTS, 0)  # noqa: S311
    for part in _in_turn(chance, cycles):
        if over() and all(killed.values()):
            break
        _goes_on(product, load)
        time.sleep(chance.uniform(0.3, 1.2))
        product.kill(part)
        if chance.random() < 0.2:  # a second one at once: nothing says that only one breaks at a time
            other = chance.choice([each for each in PARTS if each != part])
            product.kill(other)
            killed[other] += 1
            product.start(other)
        product.start(part)
        killed[part] += 1
    return killed


def _in_turn(chance: Random, cycles: int) -> Iterator[str]:
    """Each part once in every four, in an order that nobody knows."""
    rounds = (chance.sample(PARTS, len(PARTS)) for _ in range(cycles // len(PARTS) + 1))
    return islice(chain.from_iterable(rounds), cycles)


def _goes_on(product: Product, load: Load) -> None:
    """Wait until something is acknowledged again, so that the next kill comes under load."""
    before = len(load.acknowledged)

    def more() -> bool:
        for name in ("web", "worker"):
            product.stand_up(name)
        return len(load.acknowledged) > before

    _until(more)
