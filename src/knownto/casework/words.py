"""Sealing and opening the words of an episode: everything of it is under one data key, so that it can be shredded."""

from collections.abc import Sequence
from typing import Any

from knownto.casework.models import Episode
from knownto.keyring import acts as keyring
from knownto.keyring.models import SealedRow
from knownto.keyring.sealing import DataKey


def key_of(episode: Episode) -> DataKey:
    """The episode's data key. Raises Shredded."""
    return keyring.key_of(keyring.fetch([episode.key]), episode.key)


def sealed[T: SealedRow](row: T, words: dict[str, Any], key: DataKey) -> T:
    """That row with its words sealed in it, saved for the first time."""
    row.seal_into({name: value for name, value in words.items() if value not in ("", None, [], {})}, key)
    row.save(force_insert=True)
    return row


def opened(rows: Sequence[SealedRow]) -> list[dict[str, Any]]:
    """Their words, in their order, with one look-up of keys."""
    return keyring.open_rows(rows)


def reseal(row: SealedRow, words: dict[str, Any], key: DataKey) -> None:
    """Seal those words into a row that is there already, as its next version. Does not save."""
    row.version += 1
    row.seal_into({name: value for name, value in words.items() if value not in ("", None, [], {})}, key)
