"""The blind forms of a partner's own ids. The same id of two agencies gives two unrelated tokens."""

from collections.abc import Sequence

from knownto.keyring import acts as keyring


def record(agency: str, record_id: str) -> int:
    return keyring.token("feed record", f"{agency}\0{record_id}")


def contact(agency: str, record_id: str, contact_id: str) -> int:
    return keyring.token("feed contact", f"{agency}\0{record_id}\0{contact_id}")


def of_row(agency: str, record_id: str, contact_id: str) -> tuple[int | None, int | None]:
    """Both tokens of a row, as far as it says what it is about."""
    if not record_id:
        return None, None
    return record(agency, record_id), contact(agency, record_id, contact_id) if contact_id else None


def of_rows(agency: str, ids: Sequence[tuple[str, str]]) -> list[tuple[int, int | None]]:
    """The same of many rows that all say whom they are about, in one ask of whoever holds the keys."""
    pairs = [("feed record", f"{agency}\0{record_id}") for record_id, _ in ids]
    pairs += [("feed contact", f"{agency}\0{record_id}\0{contact_id}") for record_id, contact_id in ids]
    found = keyring.tokens(pairs)
    contacts = (token if said else None for token, (_, said) in zip(found[len(ids) :], ids, strict=True))
    return list(zip(found[: len(ids)], contacts, strict=True))
