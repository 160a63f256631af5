"""Putting a new master key in the place of an old one while everything goes on.

First the new key is in the key file: from then on it wraps, and every older one still opens. Then every wrapped key is
wrapped anew, a thousand at a time, each in its own transaction; broken off anywhere, it goes on where it stopped. Then
nothing needs the old key, and it is dropped. Data keys stay what they are: nothing that they seal is touched.
"""

from collections.abc import Callable

from django.db import connections, transaction
from django.db.models import Count

from knownto.keyring import keeper
from knownto.keyring.domain import KEYS, MAKING, Domain
from knownto.keyring.keeper import NUMBER, Asked

AT_ONCE = 1000
FIRST = b"\0" * 16

Tell = Callable[[int], None]


def numbers(asked: Asked, kind: str) -> list[int]:
    """The numbers of the keys of that kind, the newest last."""
    said = (line.decode().split() for line in asked.do("state", []))
    return next([int(number) for number in of] for name, *of in said if name == kind)


def wrapped_by(domain: Domain) -> dict[int, int]:
    """How many data keys are wrapped with each master key."""
    rows = domain.model.objects.using(KEYS).values("master").annotate(n=Count("pk")).order_by("master")
    return dict(rows.values_list("master", "n"))


def wrap_anew(domain: Domain, tell: Tell = lambda _: None) -> int:
    """Wrap every data key with the newest master key; gives how many were not. `tell` hears how many so far."""
    newest, last, done = numbers(domain.asked(), "seal")[-1], FIRST, 0
    _wait_for_makers()
    while True:
        last, some = _wrap_some(domain, newest, last)
        if not last:
            return done
        done += some
        tell(done)


def _wait_for_makers() -> None:
    """Whoever makes keys holds this lock with others, from before asking until they are stored: once it was had alone,
    everything that the old key wrapped is there to be seen, and all that comes is wrapped with the new one."""
    with transaction.atomic(using=KEYS), connections[KEYS].cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MAKING])


def _wrap_some(domain: Domain, newest: int, after: bytes) -> tuple[bytes, int]:
    """The next thousand: the last one's id (nothing when there was none), and how many."""
    table = domain.model._meta.db_table
    find = (
        f"SELECT uuid_send(id), master, wrapped FROM {table} WHERE id > %s AND master <> %s "  # noqa: S608
        f"ORDER BY id LIMIT {AT_ONCE} FOR UPDATE"
    )
    put = (
        f"UPDATE {table} t SET master = %s, wrapped = n.wrapped "  # noqa: S608
        "FROM unnest(%s::uuid[], %s::bytea[]) AS n (id, wrapped) WHERE t.id = n.id"
    )
    with transaction.atomic(using=KEYS), connections[KEYS].cursor() as cursor:
        cursor.execute(find, [after.hex(), newest])
        rows = [(bytes(i), number, bytes(blob)) for i, number, blob in cursor.fetchall()]
        if not rows:
            return b"", 0
        fresh = domain.asked().do("rewrap", [keeper.place(*row) for row in rows])
        opened = [(row[0].hex(), blob[NUMBER:]) for row, blob in zip(rows, fresh, strict=True) if blob]
        cursor.execute(put, [newest, [i for i, _ in opened], [blob for _, blob in opened]])
    return rows[-1][0], len(opened)
