"""Step-up: what must not be done with a session that somebody else may have found open is asked for again.

    @page(Permission.COPIES)
    @fresh()
    def download(request): ...

Whoever proved within `settings.FRESH_MINUTES` who they are goes straight on. Anybody else is asked on the same
address, with what they had sent kept in the page, and then goes on with exactly that. Files cannot be kept: a page that
takes some asks before it shows its form, which is what it does unless `when` says otherwise.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

ASKED = "proving"  # what every question of the proof, in any page, is called by
PROVED = "proved"  # in the session: {"password": time, "code": time}, by the database's clock
When = Callable[[HttpRequest], bool]
View = Callable[..., HttpResponse]
# Asks the worker, and takes their proof: gives the page to answer with, or None when they have just proved it.
Asker = Callable[[HttpRequest, bool], HttpResponse | None]
# What a page's own form shows for it.
Inline = Callable[[HttpRequest], dict[str, Any]]
_ASKS: list[tuple[Asker, Inline]] = []


def ask_with(asker: Asker, inline: Inline) -> None:
    """Register, at start-up, how a worker is asked: accounts and their factors are the site's, above this."""
    _ASKS[:] = [(asker, inline)]


def proved(request: HttpRequest, *ways: str) -> None:
    """The worker has just proved it in those ways: "password", "code"."""
    held = request.session.get(PROVED, {})
    request.session[PROVED] = held | dict.fromkeys(ways, request.now.timestamp())  # type: ignore[attr-defined]


def _answers(request: HttpRequest) -> bool:
    """Is this the worker's proof, on its way to a page that they would get?"""
    return request.method == "POST" and any(name.startswith(ASKED) for name in request.POST)


def lately(request: HttpRequest) -> frozenset[str]:
    """The ways in which the worker proved who they are, within the last minutes."""
    since = request.now.timestamp() - settings.FRESH_MINUTES * 60  # type: ignore[attr-defined]
    return frozenset(way for way, at in request.session.get(PROVED, {}).items() if at > since)


def always(request: HttpRequest) -> bool:
    """Whatever is asked of the page."""
    return True


def sent(request: HttpRequest) -> bool:
    """What is sent, not what is looked at."""
    return request.method not in ("GET", "HEAD")


def fresh(*, once: bool = False, when: When = always) -> Callable[[View], View]:
    """Ask again before the view is reached. `once`: one of the worker's factors is enough, for what cannot wait;
    otherwise every factor that they hold is asked for. `when` says which requests of a page need it at all.
    """

    def asked_again(view: View) -> View:
        @wraps(view)
        def asked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            asked_first = _ASKS[0][0](request, once) if _answers(request) or when(request) else None
            return asked_first or view(request, *args, **kwargs)

        return asked

    return asked_again


def inline(request: HttpRequest) -> dict[str, Any]:
    """For a page whose own form asks for the proof beside its other questions, so that nothing comes between:
    {"proof": its question or None, "persona": the name of the button that stands for it in the demonstration}.
    """
    return _ASKS[0][1](request)
