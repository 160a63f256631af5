"""A file of half a million rows through the whole intake: how long, and how much memory the loading process needs.

Run as a process of its own (`python -m knownto.site.benchmarks.loading VAR FILE`), so its memory is its own.
"""

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from argparse import Namespace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random

import django

from knownto.site.benchmarks import Figure
from knownto.site.embedded import CLUSTERS, Embedded, place

ROWS = {"small": 50_000, "borough": 500_000}
AS_OF = date(2026, 11, 1)
HEADINGS = "record_id,contact_id,family_name,given_names,date_of_birth,postcode,category,started_on,status,team"


def run(args: Namespace) -> list[Figure]:
    """Rows a second and the peak of memory, all rows new; then the same file again with a tenth of its people moved."""
    var = args.var.parent / "bench-load"
    throw_away(var)
    var.mkdir(parents=True)
    rows = ROWS[args.size]
    files = ((1, 0), (2, 10))
    first, second = (file_of(var, rows, moved, f"police_snapshot_2026-11-0{day}.csv") for day, moved in files)
    new = _load(var, first)
    changed = _load(var, second)
    throw_away(var)
    data = f"{rows:,} rows of {rows // 2:,} people"
    return [
        Figure("intake, every row new", round(new["seconds"], 1), "s", data, note="received, checked, sealed, landed"),
        Figure("intake, a tenth changed", round(changed["seconds"], 1), "s", data),
        Figure("intake, memory of the loading process", new["megabytes"], "MB", data, "the limit set", 512),
    ]


def file_of(var: Path, rows: int, moved: int, name: str) -> Path:
    """Half as many people as rows; `moved` per cent of them with another postcode than in a file made with 0."""
    rng = Random(5)  # noqa: S311
    path = var / name
    with path.open("w") as out:
        out.write(HEADINGS + "\r\n")
        for i in range(rows):
            person = i // 2
            if i % 2 == 0:
                given, family = _name(rng), _name(rng)
                born = f"{rng.randint(1940, 2020)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}"
                postcode = f"QK{rng.randint(1, 99)} {rng.randint(1, 9)}AB"
                elsewhere = f"QL{rng.randint(1, 99)} {rng.randint(1, 9)}AB"  # drawn for all: nobody else is to change
                postcode = elsewhere if person % 100 < moved else postcode
            day = f"2026-{rng.randint(1, 10):02d}-{rng.randint(1, 28):02d}"
            out.write(f"R{person},C{i},{family},{given},{born},{postcode},missing,{day},open,response\r\n")
    manifest = path.with_name(name + ".manifest.json")
    manifest.write_text(json.dumps({"rows": rows}))
    return path


def _name(rng: Random) -> str:
    syllables = ("ba", "den", "wick", "sha", "mo", "lee", "tor", "an", "ra", "hol", "mer", "ston", "pal", "dip")
    return "".join(rng.choice(syllables) for _ in range(rng.randint(2, 3))).capitalize()


def _load(var: Path, file: Path) -> dict[str, float]:
    environment = os.environ | {"KNOWNTO_VAR": str(var)}
    command = [sys.executable, "-m", __name__, str(var), str(file)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout.splitlines()[-1])


def throw_away(var: Path) -> None:
    for cluster in CLUSTERS:
        Embedded(var, cluster).stop()
    for folder in (place(var), var):
        shutil.rmtree(folder, ignore_errors=True)


def _here(var: Path, file: Path) -> dict[str, float]:
    """In the process of its own: found the partners, take the file in."""
    from knownto.feeds import acts as feeds  # noqa: PLC0415 (Django is set up first)
    from knownto.site.running import databases  # noqa: PLC0415
    from knownto.town.living import FOUNDER, found  # noqa: PLC0415

    now = datetime.now(UTC)
    with databases(var):
        found("small", now=now)
        begun = time.monotonic()
        manifest = file.with_name(file.name + ".manifest.json").read_text()
        day = date.fromisoformat(file.name.split("_")[2][:10])
        said = feeds.take_in(
            file, agency="police", mode="snapshot", as_of=day, by=FOUNDER, now=now, manifest=json.loads(manifest)
        )
        seconds = time.monotonic() - begun
        if said.state != "landed":
            raise RuntimeError(f"The file was {said.state}.")
    return {"seconds": seconds, "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}


if __name__ == "__main__":
    django.setup()
    print(json.dumps(_here(Path(sys.argv[1]), Path(sys.argv[2]))))  # noqa: T201
