"""Is it up, and what is down? For whatever watches the product: no personal data, no signing in, no session.

A middleware before everything that needs a database: a page could not say that the database is away.
`/health/live` says that this process answers. `/health/ready` (and `/health/`) says of each part whether it is up, as
JSON, with 503 if any is not: a load balancer then sends nobody here.
"""

from collections.abc import Callable

from django.db import connections
from django.http import HttpRequest, HttpResponse, JsonResponse

from knownto.keyring import acts, guard
from knownto.keyring.asking import Service
from knownto.keyring.keeper import Asked

UP, DOWN = "up", "down"


class Health:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = ANSWERS.get(request.path) if request.method in ("GET", "HEAD") else None
        return answer() if answer else self.get_response(request)


def live() -> HttpResponse:
    return JsonResponse({"web": UP})


def ready() -> HttpResponse:
    found = {name: _tried(look) for name, look in LOOKS.items()}
    return JsonResponse(found, status=200 if set(found.values()) == {UP} else 503)


def _tried(look: Callable[[], str]) -> str:
    """Whatever goes wrong is `down`: why is in the log of whoever is down, and not for everybody to read."""
    try:
        return look()
    except Exception:
        return DOWN


def _database(alias: str) -> str:
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT 1")
    return UP


def _keys(asked: Callable[[], Asked]) -> str:
    keeper = asked()
    keeper.do("health" if isinstance(keeper, Service) else "state", [])
    return UP


LOOKS: dict[str, Callable[[], str]] = {
    "database": lambda: _database("default"),
    "keys-database": lambda: _database("keys"),
    "keys": lambda: _keys(acts.asked),
    "guards-keys": lambda: _keys(guard.asked),
}
ANSWERS: dict[str, Callable[[], HttpResponse]] = {"/health/": ready, "/health/ready": ready, "/health/live": live}
