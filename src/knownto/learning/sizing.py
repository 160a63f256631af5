"""How large a hub must be for so many people: sums of costs that were measured one by one (`sizing.csv`).

Nothing here is a promise: the costs were measured on a machine of two cores with invented people, and what was not
measured is said beside the figures.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

GIB = 2**30
PLACES = (("A police force's area", 1_500_000), ("A region", 3_000_000), ("England", 58_600_000))
RECORDS_PER_PERSON = 1.6


def costs() -> dict[str, float]:
    """Each measured cost, by name."""
    with (Path(__file__).parent / "sizing.csv").open(encoding="utf-8", newline="") as lines:
        return {row["cost"]: float(row["value"]) for row in csv.DictReader(lines)}


@dataclass(frozen=True, slots=True)
class Sized:
    """What a hub for so many people needs. Sizes in GiB; hours and seconds on machines as `cores` says."""

    people: int
    records: int
    keys: int
    disk: float  # both databases, without write-ahead log, copies of files and backups
    memory: float  # for the part of the index that searches touch to stay in memory
    load_cores: int
    load_hours: float  # intake and keys on one machine of that many cores, and comparing there too
    cluster_hours: float  # intake and keys there, comparing on a cluster of `cluster_cores`
    cluster_cores: int
    daily_minutes: float  # a tenth of a per cent of people changed in a day
    searches: float  # a second, by that machine


def sized(people: int, records_per_person: float = RECORDS_PER_PERSON, cores: int = 0) -> Sized:
    """The sizes for that many people; `cores` of the hub's machine, or what such a hub would have."""
    cost = costs()
    records = round(people * records_per_person)
    cores = cores or _cores(records)
    cluster = _cluster(records)
    taken = records * cost["intake_ms"] / 1000 / cores
    compared = records * cost["compare_ms"] / 1000
    return Sized(
        people=people,
        records=records,
        keys=round(records * cost["keys"]),
        disk=records * (cost["identity_bytes"] + cost["record_bytes"] + cost["key_bytes"]) / GIB,
        memory=records * cost["hot_bytes"] / GIB,
        load_cores=cores,
        load_hours=(taken + compared / cores) / 3600,
        cluster_hours=(taken + records * cost["cluster_ms"] / 1000 / cluster) / 3600,
        cluster_cores=cluster,
        daily_minutes=records * cost["daily_share"] * (cost["intake_ms"] + cost["compare_ms"]) / 1000 / cores / 60,
        searches=cores * 1000 / cost["search_ms"],
    )


def _cores(records: int) -> int:
    """One machine that somebody can buy: four cores for each two million records, eight at least, 64 at most."""
    return min(64, max(8, 4 * ceil(records / 2_000_000)))


def _cluster(records: int) -> int:
    """Cores of a cluster that compares in a night or so."""
    return min(512, max(16, 16 * ceil(records / 3_000_000)))


HEADINGS = ("", *(name for name, _ in PLACES))


def table(each: Sequence[Sized]) -> str:
    """The figures as text, one line a figure."""
    lines = []
    for name, value in ROWS.items():
        lines.append(f"{name:58}" + "".join(f"{value(one):>16}" for one in each))
    return "\n".join(lines)


ROWS = {
    "People": lambda s: f"{s.people:,}",
    "Records": lambda s: f"{s.records:,}",
    "Blind keys": lambda s: f"{s.keys:,}",
    "Disk, both databases": lambda s: f"{s.disk:,.0f} GiB",
    "Memory, for what searches touch": lambda s: f"{s.memory:,.0f} GiB",
    "Cores of the hub": lambda s: f"{s.load_cores}",
    "First load, compared on the hub": lambda s: f"{s.load_hours:,.1f} h",
    "Cores of a cluster": lambda s: f"{s.cluster_cores}",
    "First load, compared on the cluster": lambda s: f"{s.cluster_hours:,.1f} h",
    "A day's changes": lambda s: f"{s.daily_minutes:,.1f} min",
    "Searches a second, at most": lambda s: f"{s.searches:,.0f}",
}
