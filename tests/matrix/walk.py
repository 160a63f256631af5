"""Ask for every route as everybody, by every method, and compare the answers with what a person wrote down."""

import os
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import URLPattern

from knownto.access import clock
from knownto.access.middleware import SECOND_FACTOR
from knownto.access.pages import routes
from knownto.ledger.models import Entry
from knownto.partners.models import Worker
from knownto.site import sessions
from tests.matrix.written import ANONYMOUS, METHODS, ROLES, Cell, oracle

PLACE = re.compile(r"<(?:(\w+):)?(\w+)>")
Route = tuple[str, str, URLPattern]
FRESH = 60  # seconds: a screen left alone for long is locked, and would answer otherwise
WHOLE = "KNOWNTO_WHOLE_MATRIX" in os.environ


class Walk:
    """Everybody who may ask, each with a worker; and something real for each kind of thing in an address."""

    def __init__(self, workers: dict[str, Worker], values: dict[str, object]) -> None:
        self.workers = workers
        self.values = values
        self._sessions: dict[str, Any] = {}

    def faults(
        self, expected: dict[Cell, str], found: Iterable[tuple[str, str, URLPattern]] | None = None
    ) -> list[str]:
        """Every cell that nobody wrote down, and every cell that answers otherwise."""
        wrong = []
        for path, name, pattern in routes() if found is None else found:
            for cell in self.cells(name):
                said = expected.get(cell)
                if said is None:
                    wrong.append(f"{cell} is in no line of the oracle")
                elif asked(cell, said) and (got := self.answer(cell, self.address(path, pattern))) != said:
                    wrong.append(f"{cell} should answer {said} and answers {got}")
        return wrong

    def cells(self, name: str) -> Iterator[Cell]:
        """Every cell of a route. PUT and DELETE are answered alike whoever asks, so unless the whole is wanted (the
        proofs want it) one role stands for all, another for each route."""
        for method in METHODS:
            whole = method in ("GET", "POST") or WHOLE
            stands_for_all = ROLES[sum(name.encode()) % len(ROLES)]
            for role in (*ROLES, ANONYMOUS):
                if whole or role in (stands_for_all, ANONYMOUS):
                    yield Cell(name, method, role)

    def address(self, path: str, pattern: URLPattern) -> str:
        """The path with something real in each of its places."""
        for place, part, converter in places(path):
            value = self.values.get(part) or (uuid4() if converter == "uuid" else 1 if converter == "int" else "police")
            path = path.replace(place, str(value))
        return "/" + path

    def answer(self, cell: Cell, address: str) -> str:
        """One word for what happened: in, no, sign-in, 401, 405 or broken."""
        client = self._client(cell.role)
        before = newest()
        response = client.generic(cell.method, address)
        if response.status_code >= 500:
            return "broken"
        if response.status_code in (401, 405):
            return str(response.status_code)
        if response.status_code == 302 and response.headers["Location"].startswith("/sign-in/?next="):
            return "sign-in"
        return "no" if response.status_code == 404 and refused_since(before) else "in"

    def _client(self, role: str) -> Client:
        """A browser of theirs in a session as fresh as at its beginning, whatever the last page did to it."""
        client = Client(raise_request_exception=False)
        if role == ANONYMOUS:
            return client
        if role not in self._sessions or time.monotonic() - self._sessions[role][2] > FRESH:
            sign_in(client, self.workers[role])
            store = client.session
            self._sessions[role] = store.session_key, store.create_model_instance(dict(store)), time.monotonic()
        key, row, _ = self._sessions[role]
        row.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        return client


def asked(cell: Cell, said: str) -> bool:
    """Whoever gets in is asked for always; of those who are refused, unless the whole is wanted, an eighth stand for
    the others, of every route another eighth."""
    turn = sum(cell.route.encode()) + [*ROLES, ANONYMOUS].index(cell.role)
    return WHOLE or said != "no" or turn % 8 == 0


def places(path: str) -> list[tuple[str, str, str]]:
    """(as it is written, name, converter) of each place in a path."""
    return [(found[0], found[2], found[1] or "str") for found in PLACE.finditer(path)]


def sign_in(client: Client, worker: Worker, *, second_factor: bool = True) -> None:
    client.force_login(worker, backend=sessions.BACKEND)
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: second_factor, sessions.BEGAN: at, sessions.LAST_SEEN: at, sessions.SHARED: True})
    session.save()


def newest() -> int:
    return Entry.objects.order_by("-id").values_list("id", flat=True).first() or 0


def refused_since(entry: int) -> bool:
    """Was the page refused for the role, rather than only not there? The ledger knows; the answer must not tell."""
    return Entry.objects.filter(id__gt=entry, kind="refusal", because="not-your-role").exists()


__all__ = ["ANONYMOUS", "METHODS", "ROLES", "Cell", "Walk", "asked", "oracle", "routes", "sign_in"]
