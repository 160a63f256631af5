"""Every act, broken off before each of its statements: nothing half done is left, and doing it again does it once.

An act is killed before its first statement, then before its second, and so on until one attempt gets through. After
each kill the whole of the casework is compared with what it was before: the same rows, the same states, the same
ledger. So there is no point at which an act can be killed that was not tried.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection, transaction

from knownto.access.acts import system

MOST_STATEMENTS = 600
# What an act may leave behind when it is killed: keys that seal nothing, which a sweep removes.
TABLES = ("casework", "frontdoor", "disclosure", "ledger_entry", "ledger_about")


class Killed(BaseException):
    """The process was killed: nothing in an act may catch it."""


@contextmanager
def killed_before(number: int) -> Iterator[list[int]]:
    """Kill whatever runs inside before its statement of that number. Gives how many there have been, in a list."""
    seen = [0]

    def count(execute, sql, params, many, context):
        seen[0] += 1
        if seen[0] == number:
            raise Killed
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        yield seen


def everything() -> str:
    """One digest of all rows that an act may write."""
    digest = hashlib.sha256()
    with system("proof"), connection.cursor() as cursor:
        for model in apps.get_models():
            table = model._meta.db_table
            if table.startswith(TABLES):
                cursor.execute(f'SELECT md5(string_agg(t::text, \'|\' ORDER BY t::text)) FROM "{table}" t')  # noqa: S608
                digest.update(f"{table}:{cursor.fetchone()[0]}".encode())
    return digest.hexdigest()


@dataclass(frozen=True)
class Tried:
    """How many kills there were before the act got through, and what was wrong after any of them."""

    kills: int
    wrong: list[str]


def try_to_break(act: Callable[[], object]) -> Tried:
    """Kill the act before each of its statements in turn."""
    before, wrong = everything(), []
    for number in range(1, MOST_STATEMENTS):
        try:
            with killed_before(number):
                act()
        except Killed:
            connection.close()
            if everything() != before:
                wrong.append(f"killed before statement {number}, something of it was left")
            continue
        if everything() == before:
            wrong.append("it got through and did nothing")
        return Tried(number - 1, wrong)
    return Tried(MOST_STATEMENTS, [*wrong, "it never got through"])
