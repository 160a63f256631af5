"""Where blind keys lie, for when a new index key makes them: every set of them, and how one goes over to the new key.

A set goes over in one transaction, which whoever writes or looks for its blind keys waits for (a second or so for ten
thousand rows). Records' blind keys, of which there are thirty a record and by which everybody is searched, do not: they
are put beside the old ones first, and those taken out afterwards (`identity.rekeying`).
"""

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import connection

from knownto.access.acts import system
from knownto.identity import rekeying
from knownto.identity.blind import unpacked
from knownto.keyring.acts import ORDINARY
from knownto.keyring.domain import TOKEN, Domain
from knownto.keyring.generations import ASKED, PEOPLE, State, alone, hold
from knownto.keyring.guard import GUARDED
from knownto.keyring.models import Generation
from knownto.keyring.rotating import Tell, numbers

AT_ONCE = 5000  # rows


@dataclass(frozen=True)
class Form:
    """How a column holds blind keys: as what type, taken apart into their bytes, and put together again."""

    type: str
    apart: Callable[[Any], list[bytes]]
    together: Callable[[list[bytes]], Any]


def _bytes(token: int) -> bytes:
    return token.to_bytes(TOKEN, signed=True)


def _number(value: bytes) -> int:
    return int.from_bytes(value, signed=True)


NUMBER = Form("bigint", lambda held: [_bytes(held)], lambda some: _number(some[0]))
WRITTEN = Form("text", lambda held: [bytes.fromhex(held)], lambda some: some[0].hex())
PRINT = Form("bytea", lambda held: [bytes(held)], lambda some: some[0])
SEVERAL = Form(
    "bytea",
    lambda held: [_bytes(token) for token in unpacked(bytes(held))],
    lambda some: array("q", map(_number, some)).tobytes(),
)
Columns = dict[str, Form]


@dataclass(frozen=True)
class Set:
    """Blind keys that go over together: in which tables and columns. `job`: whose rows they are opened for."""

    name: str
    tables: dict[str, Columns]
    domain: Domain = ORDINARY
    job: str = "keys"


# In this order: questions go over once everybody has both keys, and what is kept of people after that.
SETS = (
    Set(ASKED, {}),
    Set(PEOPLE, {
        "identity_cleaned": {"tokens": SEVERAL, "homes": SEVERAL, "digest": PRINT},
        "identity_pending": {"near": NUMBER},
    }),
    Set("feeds", {
        "feeds_file": {"same_bytes": PRINT},
        "feeds_staged": {"record_token": NUMBER, "contact_token": NUMBER, "digest": PRINT},
        "feeds_rejected": {"record_token": NUMBER, "contact_token": NUMBER},
        "feeds_record": {"token": NUMBER, "said": PRINT},
        "feeds_contact": {"token": NUMBER},
        "feeds_gone": {"record_token": NUMBER, "contact_token": NUMBER},
    }),
    Set("workers", {"partners_worker": {"sign_in": WRITTEN}}),
    Set("casework", {"casework_trace": {"token": NUMBER}}),
    Set("firewall", {"firewall_mark": {"token": NUMBER}}),
    Set("quality", {
        "quality_number": {"token": NUMBER},
        "quality_steady": {"said": PRINT},
        "quality_told": {"said": PRINT},
    }),
    Set("frontdoor", {"frontdoor_submission": {"intent": NUMBER, "digest": PRINT}}),
    Set("guarded", {
        "guarding_token": {"token": NUMBER},
        "guarding_kept": {"token": NUMBER},
        "guarding_notthem": {"token": NUMBER},
        "guarding_staff": {"token": NUMBER, "owner": NUMBER},
    }, GUARDED, "guard"),
)  # fmt: skip


def made_by(domain: Domain) -> dict[int, int]:
    """How many rows hold blind keys by each index key. A set that has gone over, and still has some by the key that it
    left or by one to come, counts for both."""
    found: dict[int, int] = {}
    for each in _of(domain):
        with system(each.job):
            state, rows = hold(each.name), sum(_count(table) for table in each.tables)
        for number in filter(None, state):
            found[number] = found.get(number, 0) + max(rows, int(each.name == ASKED))
    return found


def turn_anew(domain: Domain, tell: Tell = lambda _: None) -> int:
    """Make every blind key of the domain with the newest index key; gives how many rows there were to do."""
    newest = numbers(domain.asked(), "index")[-1]
    done = sum(rows for number, rows in made_by(domain).items() if number != newest)
    for target in dict.fromkeys([_begun(domain) or newest, newest]):
        if domain is ORDINARY:
            rekeying.take_out(tell)  # of a time before that was broken off there
            rekeying.put_beside(target, tell)
        for each in _of(domain):
            _go_over(each, target)
        if domain is ORDINARY:
            rekeying.take_out(tell)
    return done


def _begun(domain: Domain) -> int:
    """The key that records were being keyed by when the last time was broken off."""
    with system("keys"):
        return hold(PEOPLE).coming if domain is ORDINARY else 0


def _of(domain: Domain) -> list[Set]:
    return [each for each in SETS if each.domain is domain]


def _go_over(each: Set, to: int) -> None:
    alone(each.name, list(each.tables), partial(system, each.job), partial(_turn_set, each, to))


def _turn_set(each: Set, to: int) -> None:
    state = hold(each.name)
    if state.current == to:
        return
    for table, columns in each.tables.items():
        _turn_table(each.domain, table, columns, state, to)
    leaving = state.current if each.name == PEOPLE else 0
    Generation.objects.update_or_create(
        name=each.name, defaults={"current": to, "coming": 0, "leaving": leaving, "after": 0}
    )


def _turn_table(domain: Domain, table: str, columns: Columns, state: State, to: int) -> None:
    names = ", ".join(columns)
    with connection.cursor() as cursor:  # each row by its place, and not the whole table read for every few thousand
        cursor.execute("SELECT set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)")
    with connection.chunked_cursor() as cursor:
        cursor.execute(f"SELECT ctid::text, {names} FROM {table}")  # noqa: S608
        while some := cursor.fetchmany(AT_ONCE):
            places, *held = zip(*some, strict=True)
            fresh = [
                _turned(domain, form, list(values), state.current, to)
                for form, values in zip(columns.values(), held, strict=True)
            ]
            _put(table, columns, list(places), fresh)


def _turned(domain: Domain, form: Form, held: list[Any], was: int, to: int) -> list[Any]:
    apart = [form.apart(value) if value not in (None, b"") else [] for value in held]
    fresh = iter(domain.turned([one for some in apart for one in some], was, to))
    return [
        form.together([next(fresh) for _ in some]) if some else value for value, some in zip(held, apart, strict=True)
    ]


def _put(table: str, columns: Columns, places: list[str], fresh: list[list[Any]]) -> None:
    names, types = list(columns), [form.type for form in columns.values()]
    sets = ", ".join(f"{name} = n.{name}" for name in names)
    arrays = ", ".join(["%s::text[]::tid[]", *(f"%s::{each}[]" for each in types)])
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET {sets} FROM unnest({arrays}) AS n (place, {', '.join(names)}) "  # noqa: S608
            "WHERE t.ctid = n.place",
            [places, *fresh],
        )


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
        return cursor.fetchone()[0]
