"""What partners hold: a record's evidence, opened for as long as it is being read."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from knownto import linkage
from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey


@dataclass(frozen=True, slots=True)
class Held:
    """One partner's record. `agency` is a code."""

    id: int
    agency: str
    key: DataKey
    evidence: linkage.Evidence


def held(ids: Iterable[int]) -> dict[int, Held]:
    """Those of the records that are still held, in the order of their ids. A removed or shredded one is not there."""
    found = list(Record.objects.filter(pk__in=list(ids), removed_at=None).order_by("pk"))
    keys = keyring.fetch(row.key for row in found)
    there = ((row, keys[row.key]) for row in found if row.key in keys)
    return {row.pk: _held(row.pk, row.agency_id, key, row.open_with(key)) for row, key in there}


def _held(record: int, agency: str, key: DataKey, plain: dict) -> Held:
    """A household's number is one partner's own: another partner's same number must not look like it."""
    evidence = linkage.Evidence.from_json(plain["evidence"])
    household = plain.get("household") or evidence.household
    return Held(record, agency, key, replace(evidence, household=f"{agency}:{household}" if household else ""))
