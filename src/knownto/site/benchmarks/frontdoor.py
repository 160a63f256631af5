"""Ten referrals a second from partners' own systems beside ten searches a second: how long each waits, and no error.

On a copy of the borough, thrown away after: thousands of referrals of nobody do not belong on a demonstration's board.
KNOWNTO_BENCH_SECONDS says for how long; five minutes for the large borough, one for the small.
"""

import http.client
import itertools
import json
import os
import subprocess
import sys
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":  # before anything that has models
    django.setup()

from knownto.access import clock
from knownto.access.viewer import viewer_of
from knownto.feeds.sending_keys import make_key
from knownto.partners.reads import by_sign_in_name
from knownto.site.benchmarks import Figure, at_a_rate, percentile
from knownto.site.benchmarks.loading import throw_away
from knownto.site.benchmarks.searching import PORT, SETTLING, searcher
from knownto.site.embedded import CLUSTERS, Embedded, place
from knownto.site.running import NotReady, databases, serving
from knownto.town import build, searches
from knownto.town.searches import Search

A_SECOND, LANES = 10, 8
SECONDS = {"small": 60, "borough": 300}
HOW_MANY = {"small": 300, "borough": 400}
SENDER = "police"
KEPT = ("keys.json", "cookie-secret", "year-ends", "received")


def run(args: Namespace) -> list[Figure]:
    """p50, p95 and p99 of a referral's receipt and of a search beside it, and how many were answered wrongly or not."""
    seconds = int(os.environ.get("KNOWNTO_BENCH_SECONDS", SECONDS[args.size]))
    var = args.var.parent / "bench-frontdoor"
    throw_away(var)
    _copy(args.var, var)
    environment = os.environ | {"KNOWNTO_VAR": str(var)}
    command = [sys.executable, "-m", __name__, str(var), args.size, str(args.seed), str(seconds)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    throw_away(var)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found = json.loads(done.stdout.splitlines()[-1])
    data = f"{args.size}: {A_SECOND} referrals and {A_SECOND} searches a second at once, for {seconds} seconds"
    return [*_figures(found, data), Figure("front door, errors", found["errors"], "requests", data)]


def _figures(found: dict[str, Any], data: str) -> Iterator[Figure]:
    notes = {"referral": "stored, committed and answered", "search": "asking and answer together: two whole pages"}
    for what, note in notes.items():
        for share in (0.5, 0.95, 0.99):
            took = round(percentile(found[what], share) * 1000, 1)
            yield Figure(f"front door, {what} p{int(share * 100)}", took, "ms", data, note=note)


def _copy(built: Path, var: Path) -> None:
    """The databases, and what belongs to them. Raises NotReady while somebody is using them."""
    if any(Embedded(built, name).running() for name in CLUSTERS):
        raise NotReady(f"{built} is in use: stop the demonstration first.")
    var.mkdir(parents=True)
    place(var).parent.mkdir(parents=True, exist_ok=True)
    for source in (place(built), *(built / name for name in KEPT)):
        if source.exists():
            to = place(var) if source == place(built) else var / source.name
            subprocess.run(["cp", "-a", "--reflink=auto", str(source), str(to)], check=True)


def _here(var: Path, size: str, seed: int, seconds: int) -> dict[str, Any]:
    """In the process of its own: serve the copy, send and search at once."""
    ends = datetime.fromisoformat((var / "year-ends").read_text()).date()
    asked = searches(build(size, seed, ends), HOW_MANY[size], 7)
    with databases(var):
        worker = by_sign_in_name(f"{SENDER}.data")
        key = make_key(viewer=viewer_of(worker, second_factor=True), now=clock.now())
        with serving(PORT):
            time.sleep(SETTLING)
            return _at_once(asked, key, seconds)


def _at_once(asked: tuple[Search, ...], key: str, seconds: int) -> dict[str, Any]:
    errors: list[str] = []
    send, search = _counted(_sender(key), errors), _counted(searcher(), errors)
    for work in (send, search):  # warm: connections, caches
        at_a_rate(_for(2, asked), work, a_second=A_SECOND, lanes=LANES)
    with ThreadPoolExecutor(2) as both:
        going = [
            both.submit(at_a_rate, _for(seconds, asked), work, a_second=A_SECOND, lanes=LANES)
            for work in (send, search)
        ]
        sent, searched = (each.result() for each in going)
    return {"referral": sent, "search": searched, "errors": len(errors)}


def _for(seconds: int, asked: tuple[Search, ...]) -> Iterable[tuple[int, Search]]:
    return zip(range(seconds * A_SECOND), itertools.cycle(asked), strict=False)


def _counted(do: Callable[[Search], None], errors: list[str]) -> Callable[[tuple[int, Search]], None]:
    """An error is counted, and the lane goes on."""

    def counted(piece: tuple[int, Search]) -> None:
        try:
            do(piece[1])
        except (OSError, http.client.HTTPException, RuntimeError) as error:
            errors.append(type(error).__name__)

    return counted


def _sender(key: str) -> Callable[[Search], None]:
    """A partner's system that sends each referral once, on a connection of each lane's own."""
    local, numbers = threading.local(), itertools.count()

    def send(piece: Search) -> None:
        if not hasattr(local, "asking"):
            local.asking = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        headers = {
            "Authorization": f"Bearer {key}",
            "Idempotency-Key": f"bench-{os.getpid()}-{next(numbers)}",
            "Content-Type": "application/json",
        }
        local.asking.request("POST", f"/api/{SENDER}/referrals", json.dumps(told(piece)), headers)
        answer = local.asking.getresponse()
        answer.read()
        if answer.status != 201:
            raise RuntimeError(f"A referral was answered {answer.status}")

    return send


def told(piece: Search) -> dict[str, Any]:
    """A referral about somebody of the borough, as the officer who searches knows them."""
    known = piece.known
    child = {
        "given_names": known.given_names or "Not known",
        "family_name": known.family_name,
        "birth_date": known.birth_date.isoformat() if known.birth_date else None,
        "address_lines": [known.address_line_1] if known.address_line_1 else [],
        "postcode": known.postcode,
        "seen": "heard",
        "words": "I hide in the bath when it starts.",
        "impact": "Does not sleep, and has stopped talking at school.",
    }
    return {
        "kind": "child",
        "urgency": "amber",
        "children": [child],
        "adults": [{"family_name": known.family_name, "given_names": "Dawn", "role": "parent"}],
        "what_happened": "Called by a neighbour to shouting. The kitchen door was broken; the child was in the bath.",
        "when": "Tonight",
        "consent": "told",
        "wants": "Somebody to see the family this week.",
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_here(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
