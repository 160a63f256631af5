"""Opening what an entry sealed: the work it was for, and what was asked. A destroyed key leaves the entry without."""

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from knownto.keyring import acts as keyring
from knownto.ledger.models import Entry

ASKED = {
    "given": "given names", "family": "family name", "other": "other name", "born": "born", "age": "about",
    "address": "address", "town": "town", "postcode": "postcode", "nhs_number": "NHS number", "phone": "phone",
}  # fmt: skip


def details(entries: Iterable[Entry]) -> dict[UUID, dict[str, Any]]:
    """The sealed part of each entry that has one, by event. Raises Tampered."""
    sealed = [entry for entry in entries if entry.key]
    keys = keyring.fetch(entry.key for entry in sealed)
    return {entry.event: _open(entry, keys[entry.key]) for entry in sealed if entry.key in keys}


def _open(entry: Entry, key: Any) -> dict[str, Any]:
    return json.loads(key.open(entry.sealed, table="ledger_entry", column="sealed", row=entry.event))


def asked(detail: dict[str, Any]) -> str:
    """What was asked, in words: for whoever must judge whether it should have been."""
    said = detail.get("asked") or {}
    return "; ".join(f"{words} {said[name]}" for name, words in ASKED.items() if said.get(name))
