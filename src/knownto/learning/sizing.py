"""How large a hub must be for so many people: sums of costs that were measured one by one (`sizing.csv`).

Nothing here is a promise: the costs were measured on a machine of two cores with invented people, and what was not
measured is said beside the figures.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

GIB = 2**30
PLACES = (("A police force's area", 1_500_000), ("A region", 3_000_000), ("England", 58_600_000))
RECORDS_PER_PERSON = 1.2


def costs() -> dict[str, float]:
    """Each measured cost, by name."""
    with (Path(__file__).parent / "sizing.csv").open(encoding="utf-8", newline="") as lines:
        return {row["cost"]: float(row["value"]) for row in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class Sized:
    """What a hub for so many people needs. Sizes in GiB; hours and minutes by one worker process, of one core."""

    people: int
    records: int
    keys: int
    disk: float  # both databases, without write-ahead log, copies of files and backups
    memory: float  # for the part of the index that searches touch to stay in memory
    intake_hours: float  # files checked, sealed and landed; records keyed
    compare_hours: float  # on the hub
    cluster_hours: float  # the same on a cluster of `cluster_cores`
    cluster_cores: int
    daily_minutes: float  # of one record in 200, the whole way
    searches: float  # a second, by each core of the web server and database together


def sized(people: int, records_per_person: float = RECORDS_PER_PERSON) -> Sized:
    """The sizes for that many people."""
    cost = costs()
    records = round(people * records_per_person)
    hours = records / 1000 / 3600
    taking = cost["intake_ms"] + cost["key_ms"]
    cores = _cluster(records)
    return Sized(
        people=people,
        records=records,
        keys=round(records * cost["keys"]),
        disk=records * (cost["identity_bytes"] + cost["record_bytes"] + cost["key_bytes"]) / GIB,
        memory=records * cost["hot_bytes"] / GIB,
        intake_hours=hours * taking,
        compare_hours=hours * cost["compare_ms"],
        cluster_hours=hours * cost["cluster_ms"] / cores,
        cluster_cores=cores,
        daily_minutes=60 * hours * cost["daily_share"] * (taking + cost["compare_ms"]),
        searches=1000 / cost["search_ms"],
    )


def _cluster(records: int) -> int:
    """Cores of a cluster that compares within an hour or two."""
    return min(512, max(8, 8 * ceil(records / 3_000_000)))


def table(each: Sequence[Sized]) -> str:
    """The figures as text, one line a figure."""
    return "\n".join(f"{name:44}" + "".join(f"{value(s):>16}" for s in each) for name, value in ROWS.items())


ROWS: dict[str, Callable[[Sized], str]] = {
    "People": lambda s: f"{s.people:,}",
    "Records": lambda s: f"{s.records:,}",
    "Blind keys": lambda s: f"{s.keys:,}",
    "Disk, both databases": lambda s: f"{s.disk:,.1f} GiB",
    "Memory, for what searches touch": lambda s: f"{s.memory:,.1f} GiB",
    "First load: files taken in, records keyed": lambda s: f"{s.intake_hours:,.1f} h",
    "First load: compared on the hub": lambda s: f"{s.compare_hours:,.1f} h",
    "or on a cluster of so many cores": lambda s: f"{s.cluster_cores}",
    "First load: compared on that cluster": lambda s: f"{s.cluster_hours:,.1f} h",
    "A day's changes": lambda s: f"{s.daily_minutes:,.1f} min",
    "Searches a second, of each core": lambda s: f"{s.searches:,.0f}",
}
