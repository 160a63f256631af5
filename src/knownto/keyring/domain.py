"""A key domain: a keeper of master keys, a table of wrapped keys, and what is done with both.

There are two, which know nothing of each other: the ordinary one (`acts`) and that of sealed people (`guard`).

Data keys are written to their own database and committed there *before* anything is sealed with them: a crash
leaves a key without a record, which seals nothing, and never a record without a key.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connections, transaction

from knownto.keyring import generations, keeper, prepared
from knownto.keyring.keeper import NUMBER, Asked
from knownto.keyring.models import SealedRow, Wrapped
from knownto.keyring.sealing import DataKey, Shredded, Tampered

KEYS = "keys"  # the alias of the database that holds wrapped keys
SECRET = 32
TOKEN, PRINT = 8, 16  # bytes of a blind key that is a number, and of a fingerprint
MAKING = 7_320_101  # an advisory lock: shared by whoever makes keys, taken alone once by a rotation (`rotating`)

Row = tuple[bytes, int, bytes]  # id, number of the master key, wrapped


class Domain:
    """Make, fetch, open and destroy the data keys of one domain."""

    def __init__(
        self, model: type[Wrapped], asked: Callable[[], Asked], *, in_reserve: int = 0, one_set: str = ""
    ) -> None:
        self.model = model
        self.asked = asked
        self.in_reserve = in_reserve
        self.one_set = one_set
        self.reserve: deque[DataKey] = deque()
        self._find = f"SELECT uuid_send(id), master, wrapped FROM {self._table} WHERE id = ANY(%s::uuid[])"  # noqa: S608

    @property
    def _table(self) -> str:
        return self.model._meta.db_table

    def create(self, n: int = 1) -> list[DataKey]:
        """Make `n` data keys. Their wrapped forms are in the keys database when this returns.

        One at a time comes from a reserve where there is one: a search needs three, and each commit of its own would
        be a wait for the disk.
        """
        if n == 1 and self.in_reserve and not connections[KEYS].in_atomic_block:
            return [self._from_reserve()]
        return self._make(n)

    def _from_reserve(self) -> DataKey:
        """One already committed. Those still in reserve when the process ends seal nothing, and harm nothing."""
        try:
            return self.reserve.pop()
        except IndexError:
            self.reserve.extend(self._make(self.in_reserve))
            return self.reserve.pop()

    def _make(self, n: int) -> list[DataKey]:
        ids = [uuid4() for _ in range(n)]
        into = f"COPY {self._table} (id, master, wrapped) FROM STDIN"
        with transaction.atomic(using=KEYS), connections[KEYS].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [MAKING])
            made = self.asked().do("new", [identity.bytes for identity in ids])
            with cursor.copy(into) as copy:
                for identity, said in zip(ids, made, strict=True):
                    copy.write_row((identity, int.from_bytes(said[:NUMBER]), said[NUMBER + SECRET :]))
        return [DataKey.of(i, said[NUMBER : NUMBER + SECRET]) for i, said in zip(ids, made, strict=True)]

    def fetch(self, ids: Iterable[UUID]) -> dict[UUID, DataKey]:
        """The data keys of those ids. A shredded one is simply not there: see `key_of`."""
        found = self._secrets({identity.bytes for identity in ids})
        return {identity: DataKey.of(identity, s) for identity, s in ((UUID(bytes=i), s) for i, s in found.items())}

    def ciphers(self, ids: Iterable[bytes]) -> dict[bytes, AESGCM]:
        """The same, by the bytes of their ids: for a question, which opens dozens of forms in a millisecond."""
        return {identity: AESGCM(secret) for identity, secret in self._secrets(set(ids)).items()}

    def _secrets(self, ids: set[bytes]) -> dict[bytes, bytes]:
        """One look-up and one ask. What does not open is looked up once more: between the two its master key may have
        been dropped, after it was wrapped anew."""
        opened, closed = self._opened(self._rows(ids))
        if closed:
            again, closed = self._opened(self._rows(closed))
            opened |= again
        if closed:
            raise Tampered("A wrapped key does not belong where it was found.")
        return opened

    def _rows(self, ids: set[bytes]) -> list[Row]:
        wanted = "{" + ",".join([identity.hex() for identity in ids]) + "}"
        return prepared.ask(KEYS, self._find, wanted) if ids else []

    def _opened(self, rows: list[Row]) -> tuple[dict[bytes, bytes], set[bytes]]:
        if not rows:
            return {}, set()
        secrets = self.asked().do("open", [keeper.place(*row) for row in rows])
        found = {row[0]: secret for row, secret in zip(rows, secrets, strict=True) if secret}
        return found, {row[0] for row in rows} - found.keys()

    def open_rows(self, rows: Iterable[SealedRow]) -> list[dict[str, Any]]:
        """Open many sealed rows with one look-up of keys, in their order. Raises Shredded or Tampered."""
        wanted = list(rows)
        keys = self.fetch(row.key for row in wanted)
        return [row.open_with(key_of(keys, row.key)) for row in wanted]

    def shred(self, ids: Iterable[UUID]) -> int:
        """Destroy those keys: what they sealed can never be opened again. Returns how many there were."""
        deleted, _ = self.model.objects.using(KEYS).filter(id__in=list(ids)).delete()
        return deleted

    def tokens(self, pairs: Iterable[tuple[str, str]], of: str = "") -> list[int]:
        """Blind keys, in one ask: the same kind and value give the same signed 64-bit number for as long as the index
        key is the same, and nobody without it can go back, or try values out. `of`: the set of blind keys they belong
        to, where the kind does not say it (`generations`)."""
        wanted = list(pairs)
        said = [f"{kind}\0{value}".encode() for kind, value in wanted]
        return [int.from_bytes(each, signed=True) for each in self.blind(said, of or self._set(wanted), TOKEN)]

    def token(self, kind: str, value: str) -> int:
        """One blind key."""
        return self.tokens([(kind, value)])[0]

    def blind(self, said: Sequence[bytes], of: str, size: int) -> list[bytes]:
        if not said:
            return []
        return self.asked().do("blind", keeper.asked_blind(said, generations.hold(of).current, size))

    def turned(self, values: Sequence[bytes], was: int, now: int) -> list[bytes]:
        """Blind keys, each 8 or 16 bytes, that were made with one index key, as another makes them."""
        if was == now or not values:
            return list(values)
        return self.asked().do("turn", keeper.asked_turned(values, was, now))

    def turned_tokens(self, tokens: Iterable[int], was: int, now: int) -> list[int]:
        """The same of numbers."""
        values = [token.to_bytes(TOKEN, signed=True) for token in tokens]
        return [int.from_bytes(each, signed=True) for each in self.turned(values, was, now)]

    def _set(self, pairs: Sequence[tuple[str, str]]) -> str:
        return self.one_set or (generations.set_of(pairs[0][0]) if pairs else "")


def key_of(keys: dict[UUID, DataKey], identity: UUID) -> DataKey:
    """That key, or Shredded."""
    try:
        return keys[identity]
    except KeyError:
        raise Shredded("The key of this record has been destroyed.") from None
