"""Cleaned forms, sealed at rest: opened many at once, and kept open only for as long as one run needs them."""

import json
import logging
from collections import OrderedDict
from collections.abc import Iterable, Iterator

from knownto import linkage
from knownto.identity.models import Cleaned
from knownto.identity.statements import changed, numbers, rows
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey, Tampered, open_at, place

log = logging.getLogger(__name__)
_encode = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode
TABLE = Cleaned._meta.db_table
KEPT_OPEN = 20_000  # records; about 50 MB
ALTERED = "The cleaned form of a record was altered in the database: %s"


def plain_bytes(cleaned: linkage.Cleaned) -> bytes:
    """The compact form that is sealed."""
    return _encode(cleaned.to_json()).encode()


def seal(record: int, version: int, data: bytes, key: DataKey) -> bytes:
    return key.seal(data, table=TABLE, column="sealed", row=record, version=version)


def write(sealed: list[tuple[int, DataKey, int, bytes, bytes, bytes, bytes]]) -> None:
    """Put in (record, data key, version, sealed, tokens, homes, digest), in the place of what was there."""
    columns = [list(column) for column in zip(*sealed, strict=True)] if sealed else [[]]
    if sealed:
        columns[1] = [key.id for key in columns[1]]
    changed(
        f"INSERT INTO {TABLE} (record, key, version, sealed, tokens, homes, digest) SELECT * FROM unnest("  # noqa: S608
        "%s::bigint[], %s::uuid[], %s::int[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[]) "
        "ON CONFLICT (record) DO UPDATE SET key = excluded.key, version = excluded.version, "
        "sealed = excluded.sealed, tokens = excluded.tokens, homes = excluded.homes, digest = excluded.digest",
        *columns,
    )


class Opened:
    """Opens cleaned forms, each once in a while. Lives as long as one run or one question, never longer."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, linkage.Cleaned] = OrderedDict()

    def get(self, ids: Iterable[int]) -> dict[int, linkage.Cleaned]:
        """Those that there are. One whose data key was destroyed is not there."""
        wanted = set(ids)
        found = {i: self._kept[i] for i in wanted if i in self._kept}
        fresh = _open(wanted - found.keys())
        self._keep(fresh)
        return found | fresh

    def put(self, fresh: dict[int, linkage.Cleaned]) -> None:
        self._keep(fresh)

    def drop(self, ids: Iterable[int]) -> None:
        for i in ids:
            self._kept.pop(i, None)

    def _keep(self, fresh: dict[int, linkage.Cleaned]) -> None:
        self._kept.update(fresh)
        while len(self._kept) > KEPT_OPEN:
            self._kept.popitem(last=False)


def _open(ids: set[int]) -> dict[int, linkage.Cleaned]:
    if not ids:
        return {}
    found = rows(f"SELECT record, key, version, sealed FROM {TABLE} WHERE record = ANY(%s::bigint[])", numbers(ids))  # noqa: S608
    keys = keyring.fetch(key for _, key, _, _ in found)
    found_open = ((i, opened(i, keys[key], version, sealed)) for i, key, version, sealed in found if key in keys)
    return {i: cleaned for i, cleaned in found_open if cleaned}


def opened(record: int, key: DataKey, version: int, sealed: bytes) -> linkage.Cleaned | None:
    data = unsealed(record, key, version, sealed)
    return None if data is None else linkage.Cleaned.from_json(json.loads(data))


def forms(sealed: list[tuple[int, bytes | None, int, bytes]]) -> Iterator[bytes | None]:
    """The plain forms of many records, each given with its data key's id; None for what cannot be opened."""
    ciphers = keyring.ciphers(key for _, key, _, _ in sealed if key)
    for record, key, version, blob in sealed:
        cipher = ciphers.get(key) if key else None
        try:
            yield open_at(cipher, blob, place(TABLE, "sealed", record, version)) if cipher else None
        except Tampered:
            log.error(ALTERED, record)
            yield None


def unsealed(record: int, key: DataKey, version: int, sealed: bytes) -> bytes | None:
    """The plain form. One that was altered is not there, so that it stops nobody from finding the others."""
    try:
        return key.open(sealed, table=TABLE, column="sealed", row=record, version=version)
    except Tampered:
        log.error(ALTERED, record)
        return None
