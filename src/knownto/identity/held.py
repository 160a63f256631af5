"""What partners hold: a record's evidence, opened for as long as it is being read."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knownto import linkage
from knownto.feeds.models import Record
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey, Tampered

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Held:
    """One partner's record. `agency` is a code."""

    id: int
    agency: str
    key: DataKey
    evidence: linkage.Evidence


def held(ids: Iterable[int]) -> tuple[dict[int, Held], list[int]]:
    """Those of the records that are still held, in the order of ids, and the ids of those that were tampered with.

    A removed or shredded record is in neither.
    """
    there, tampered = {}, []
    found = list(Record.objects.filter(pk__in=list(ids), removed_at=None).order_by("pk"))
    keys = keyring.fetch(row.key for row in found)
    for row in found:
        if key := keys.get(row.key):
            try:
                there[row.pk] = _held(row.pk, row.agency_id, key, row.open_with(key))
            except Tampered:
                tampered.append(row.pk)
    if tampered:
        log.error("Records were altered in the database: %s", tampered)
    return there, tampered


def _held(record: int, agency: str, key: DataKey, plain: dict) -> Held:
    """A household's number is one partner's own: another partner's same number must not look like it."""
    evidence = linkage.Evidence.from_json(plain["evidence"])
    household = plain.get("household") or evidence.household
    return Held(record, agency, key, replace(evidence, household=f"{agency}:{household}" if household else ""))
