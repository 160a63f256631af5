"""The hub's board with five thousand open contacts, as a worker waits for it: the whole page, over HTTP, signed in."""

import json
import os
import subprocess
import sys
import time
from argparse import Namespace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import django

if __name__ == "__main__":  # before anything that has models
    django.setup()

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework import acts
from knownto.casework.models import Episode
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.partners.models import Team
from knownto.pathways.frontdoor import recognised
from knownto.site.benchmarks import Figure, at_a_rate, percentile
from knownto.site.benchmarks.loading import throw_away
from knownto.site.benchmarks.searching import PORT, SETTLING, Browser
from knownto.site.embedded import CLUSTERS, DATABASE, Embedded
from knownto.site.running import databases, serving
from knownto.town.living import found

OPEN = 5000
LOOKS, A_SECOND, LANES = 200, 4, 4
PAGES = ("/front-door/board/", "/front-door/board/?urgency=red", "/front-door/board/?page=40&stage=received")
URGENCIES = ("red", "amber", "green", "")
SYLLABLES = (
    "ba",
    "den",
    "wick",
    "sha",
    "mo",
    "lee",
    "tor",
    "an",
    "ra",
    "hol",
    "mer",
    "ston",
    "pal",
    "dip",
    "vek",
    "urn",
)


def run(args: Namespace) -> list[Figure]:
    """p50, p95 and p99 of the board, its filters and a page far down, four a second.

    In a borough of its own, thrown away after: five thousand contacts of nobody do not belong on a demonstration's.
    """
    var = args.var.parent / "bench-board"
    throw_away(var)
    var.mkdir(parents=True)
    environment = os.environ | {"KNOWNTO_VAR": str(var)}
    command = [sys.executable, "-m", __name__, str(var)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    throw_away(var)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    took = json.loads(done.stdout.splitlines()[-1])
    data = f"{OPEN:,} open contacts; {LOOKS} looks at {A_SECOND} a second"
    note = "the whole page, 50 rows of it opened, with its ledger entry"
    return [
        Figure(f"board p{int(share * 100)}", round(percentile(took, share) * 1000, 1), "ms", data, note=note)
        for share in (0.5, 0.95, 0.99)
    ]


def _here(var: Path) -> list[float]:
    """In the process of its own: found the partners, fill the hub, look."""
    with databases(var, careless=True):
        found("small", now=clock.now() - timedelta(days=30))
        fill_up(OPEN)
        for cluster in CLUSTERS:
            Embedded(var, cluster).sql("VACUUM ANALYZE", DATABASE)
        with serving(PORT):
            time.sleep(SETTLING)
            return _looks()


def fill_up(wanted: int) -> None:
    """Open contacts until there are so many, and look for each who was seen before."""
    with system("bench"):
        there = Episode.objects.filter(pathway="contact", closed_at=None).count()
    teams = list(Team.objects.filter(agency="school")[:20])
    for number in range(there, wanted):
        with system("bench"):
            _open_one(number, teams[number % len(teams)])
    while recognised.catch_up(clock.now(), 500):
        pass


def _open_one(number: int, team: Team) -> None:
    """One contact about a made-up child."""
    chance = Random(number)  # noqa: S311
    child = Evidence(
        family_name=_name(chance),
        given_names=_name(chance),
        birth_date=date(2009, 1, 1) + timedelta(days=chance.randrange(6000)),
    )
    by = Actor(None, team.agency_id, "system")
    acts.open_episode(
        by=by,
        pathway_code="contact",
        origin=acts.Origin(team.agency_id, team),
        about=[acts.Somebody("subject", child)],
        urgency=URGENCIES[number % len(URGENCIES)],
        now=clock.now(),
    )


def _name(chance: Random) -> str:
    """As many names as people, as in a real hub: what is looked for among them finds few."""
    return "".join(chance.choice(SYLLABLES) for _ in range(3)).capitalize()


def _looks() -> list[float]:
    shared = Browser()
    shared.sign_in("screener")

    def look(path: str) -> None:
        browser = Browser()
        browser.cookies = shared.cookies
        if browser.go(path)[0] != 200:
            raise RuntimeError("The board did not answer")

    paths = [PAGES[number % len(PAGES)] for number in range(LOOKS)]
    at_a_rate(paths[:20], look, a_second=A_SECOND, lanes=LANES)  # warm: connections, caches
    return at_a_rate(paths, look, a_second=A_SECOND, lanes=LANES)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(_here(Path(sys.argv[1]))))
