"""Records whose truth the town knows: what its agencies would hold at the end of its year, read as intake reads it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from pydantic import ValidationError

from knownto.feeds.contract import Row
from knownto.feeds.evidence import evidence_of
from knownto.linkage import Cleaned, Evidence, clean
from knownto.town import SIZES, build
from knownto.town.records import Evidence as Told
from knownto.town.records import Record

ENDS = date(2026, 10, 31)  # of the year that is measured: a fixed one keeps figures comparable
_CONTACT = {"record_id": "R", "contact_id": "C", "category": "any", "status": "open", "team": "any"}
_COLUMNS = [f.name for f in fields(Told) if f.name != "made"]


@dataclass
class Known:
    """Records in one order: cleaned, the agency that holds each, the true person, that person's naming tradition."""

    name: str
    cleaned: list[Cleaned]
    agency: list[str]
    person: list[str]
    tradition: list[str]


def known(size: str, seed: int, ends: date = ENDS, slices: int = 0) -> Known:
    """A town's records, of the first so many slices (0: all of it)."""
    town = build(size, seed, ends)
    found = Known(called(size, [seed], slices), [], [], [], [])
    for number in range(slices or town.plan.slices):
        part = town.slice(number)
        for shelf in part.shelves.values():
            for record, evidence in _written(shelf.records, ends):
                found.cleaned.append(clean(evidence))
                found.agency.append(record.agency)
                found.person.append(record.person.id)
                found.tradition.append(record.person.tradition)
    return found


def called(size: str, seeds: Sequence[int], slices: int) -> str:
    """What was measured on, in words."""
    seeds_told = f"seed {seeds[0]}" if len(seeds) == 1 else "seeds " + ", ".join(map(str, seeds))
    of = SIZES[size].slices
    parts = f", {slices} of {of} parts{' each' if len(seeds) > 1 else ''}" if slices else ""
    return f"{size} town{'s' if len(seeds) > 1 else ''}, {seeds_told}{parts}"


def _written(records: Iterable[Record], ends: date) -> Iterator[tuple[Record, Evidence]]:
    """What is held at the end: a duplicate that its agency found has gone, and a child who was born has a name."""
    for record in records:
        if record.merged_into is None:
            said = _said(record.as_written(record.evidence, ends.toordinal()), ends)
            yield record, evidence_of([said], ends)


def _said(told: Told, ends: date) -> dict[str, Any]:
    """The cells as intake stages them: a cell that it would put aside is left out."""
    cells = {name: text for name in _COLUMNS if (text := getattr(told, name))}
    row = {**cells, **_CONTACT, "started_on": ends.isoformat()}
    try:
        return Row.model_validate(row).model_dump(mode="json", exclude_defaults=True)
    except ValidationError as refused:
        wrong = {error["loc"][0] for error in refused.errors()}
        row = {name: text for name, text in row.items() if name not in wrong}
        return Row.model_validate(row).model_dump(mode="json", exclude_defaults=True)
