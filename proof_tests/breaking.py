"""Break an act off before each of its statements in turn, as a kill does, and look at what is left of it.

A statement to either database counts, and so does a commit. The connections are cut at that point: nothing that the
act would still have said is heard, and the database finds out by itself.
"""

import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pkgutil import walk_packages
from types import CodeType, FunctionType
from typing import Any, ClassVar
from unittest.mock import patch

from django.apps import apps
from django.db import connection, connections

from knownto.access.acts import system

MOST_STATEMENTS = MANY = 900
# Every table that an act may write; but for keys, which are made first, and of which a kill may leave some that seal
# nothing.
TABLES = ("casework", "frontdoor", "firewall", "disclosure", "ledger_entry", "ledger_about", "ledger_waiting")
NOT_ACTS = ("tests", "migrations", "pages", "addresses")
WATCHING = 4  # our number among the tools that watch the interpreter


class Killed(BaseException):
    """The process was killed: nothing in an act may catch it."""


@contextmanager
def killed_before(number: int) -> Iterator[None]:
    """Cut the connections before the statement or commit of that number."""
    seen = [0]

    def count() -> None:
        seen[0] += 1
        if seen[0] == number:
            for each in connections.all(initialized_only=True):
                if each.connection is not None:
                    each.connection.close()
                    each.closed_in_transaction = True  # or Django would first speak to the database once more
            raise Killed

    def statement(execute, sql, params, many, context):
        count()
        return execute(sql, params, many, context)

    def before(commit: Callable[[], None]) -> Callable[[], None]:
        def counted() -> None:
            count()
            commit()

        return counted

    with ExitStack() as stack:
        stack.enter_context(patch.object(Breaking, "under_way", True))
        for each in connections.all(initialized_only=True):
            stack.enter_context(each.execute_wrapper(statement))
            stack.enter_context(patch.object(each, "_commit", before(each._commit)))
        yield


def everything() -> str:
    """One digest of all rows that an act may write."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.db_table.startswith(TABLES)]
    one = "coalesce((SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM \"{}\" t), '')"
    with system("proof"), connection.cursor() as cursor:
        cursor.execute(f"SELECT {'||'.join(one.format(table) for table in tables)}")
        return cursor.fetchone()[0]


def _begin_again() -> None:
    """As a process that has just started."""
    for each in connections.all(initialized_only=True):
        each.closed_in_transaction, each.connection = False, None
        each.close()


@dataclass
class Breaking:
    """Does acts, each broken off wherever it can be before it is done, and remembers what was wrong and what it did."""

    under_way: ClassVar[bool] = False
    kills: int = 0
    done: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __call__[T](self, act: Callable[..., T], *given: Any, leaves: int = 0, **words: Any) -> T:
        """Do it, once, after every kill there can be; gives what it gives.

        `leaves`: how often a kill may leave something of it, whole: never, where it is one transaction; once, where it
        does something after that which is none of its rows (a key is destroyed); MANY, where it does several things,
        each in a transaction of its own. Doing it again then does what is left, and done once more it does nothing.
        """
        name, before, left = f"{act.__module__}.{act.__name__}", everything(), leaves
        self.done.append(name)
        for number in range(1, MOST_STATEMENTS):
            try:
                with killed_before(number):
                    result = act(*given, **words)
            except Killed:
                self.kills += 1
                _begin_again()
                if (after := everything()) != before:
                    before, left = after, left - 1
                    if left < 0:
                        self.wrong.append(f"{name}: killed before statement {number}, something of it was left")
                continue
            self._look_at_the_end(name, before, (lambda: act(*given, **words)) if leaves else None)
            return result
        raise AssertionError(f"{name} never got through")

    def _look_at_the_end(self, name: str, before: str, again: Callable[[], object] | None) -> None:
        after = everything()
        if again is None and after == before:
            self.wrong.append(f"{name}: it got through and did nothing")
        if again is not None:
            again()
            if everything() != after:
                self.wrong.append(f"{name}: there was still something to do")


def acts_of(*packages: str) -> dict[str, FunctionType]:
    """Every public function of those packages that is told the time: whatever changes something is."""
    found = {}
    for package in map(import_module, packages):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if set(module.name.split(".")).isdisjoint(NOT_ACTS):
                found |= _told_the_time(import_module(module.name))
    return found


def _told_the_time(module: Any) -> dict[str, FunctionType]:
    mine = [f for _, f in inspect.getmembers(module, inspect.isfunction) if f.__module__ == module.__name__]
    return {
        f"{f.__module__}.{f.__name__}": f
        for f in mine
        if not f.__name__.startswith("_") and "now" in inspect.signature(f).parameters
    }


@contextmanager
def watched(acts: dict[str, FunctionType]) -> Iterator[set[str]]:
    """Gives a set into which the name of each of those comes as soon as it runs while it is being broken off."""
    names = {inspect.unwrap(act).__code__: name for name, act in acts.items()}
    ran: set[str] = set()

    def began(code: CodeType, _: int) -> object:
        if not Breaking.under_way:
            return None
        ran.add(names[code])
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(WATCHING, "breaking")
    sys.monitoring.register_callback(WATCHING, sys.monitoring.events.PY_START, began)
    for code in names:
        sys.monitoring.set_local_events(WATCHING, code, sys.monitoring.events.PY_START)
    try:
        yield ran
    finally:
        sys.monitoring.free_tool_id(WATCHING)
