"""One partner's large file into a hub that is full already: checked, sealed, landed, keyed, matched, visible.

First all of it new; then the same file with a tenth of its people moved, and with all of them moved. What it added is
taken out of the hub again, so that the hub can be measured with once more.
"""

import json
import resource
import time
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from knownto.feeds import acts as feeds
from knownto.identity import acts as identity
from knownto.partners.models import Agency
from knownto.site.benchmarks import Figure, apart, hub, loading
from knownto.site.benchmarks.resolving import SLICES
from knownto.site.running import databases
from knownto.town.living import FOUNDER, found

ROWS = {"small": 20_000, "borough": 500_000}
FIRST = 1_000_000_000  # ids of what the file brings: above all of the hub's own
STEPS = (("every row new", 0), ("a tenth changed", 10), ("every row changed", 100))
GOES = f"""
DELETE FROM identity_cleaned WHERE record >= {FIRST}; DELETE FROM identity_member WHERE record >= {FIRST};
DELETE FROM identity_person WHERE since >= {FIRST}; DELETE FROM identity_belief WHERE higher >= {FIRST};
DELETE FROM identity_pending; TRUNCATE feeds_contact, feeds_record, feeds_staged, feeds_rejected, feeds_file CASCADE
"""  # noqa: S608 (a constant)


def run(args: Namespace) -> Iterator[Figure]:
    """Minutes from a file's arrival to its last record being findable, and the most memory that it took."""
    var = hub.folder(args.var)
    there = hub.grow(var, SLICES[args.size][-1])
    rows = ROWS[args.size]
    data = f"{rows:,} rows of {rows // 2:,} people into {there:,} records"
    try:
        for day, (name, moved) in enumerate(STEPS, 1):
            file = loading.file_of(var, rows, moved, f"police_snapshot_2026-11-0{day}.csv")
            told = apart.run(var, "updating", var, file)
            note = f"intake {told['intake']:.0f} s, matching {told['matching']:.0f} s"
            yield Figure(f"file into a hub, {name}", round(told["intake"] + told["matching"], 1), "s", data, note=note)
            yield Figure(f"file into a hub, {name}, memory", told["megabytes"], "MB", data, "the limit set", 1000)
    finally:
        apart.run(var, "updating", var, "take-out")


def here(var: str, file: str) -> dict[str, float] | None:
    """In a process of its own."""
    with databases(Path(var)):
        return _take_out(Path(var)) if file == "take-out" else _take_in(Path(var), Path(file))


def _take_in(var: Path, file: Path) -> dict[str, float]:
    now = datetime.now(UTC)
    if not Agency.objects.exists():
        found("small", now=now)
    with hub.connected(var) as main:
        main.execute("SELECT setval('feeds_record_id_seq', greatest(nextval('feeds_record_id_seq'), %s))", [FIRST])
    begun = time.monotonic()
    manifest = json.loads(file.with_name(file.name + ".manifest.json").read_text())
    day = date.fromisoformat(file.name.split("_")[2][:10])
    said = feeds.take_in(file, agency="police", mode="snapshot", as_of=day, by=FOUNDER, now=now, manifest=manifest)
    if said.state != "landed":
        raise RuntimeError(f"The file was {said.state}.")
    landed = time.monotonic()
    identity.catch_up(now=now)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {"intake": landed - begun, "matching": time.monotonic() - landed, "megabytes": most}


def _take_out(var: Path) -> None:
    with hub.connected(var) as main:
        for statement in GOES.split(";"):
            main.execute(statement)
    hub.index(var)
