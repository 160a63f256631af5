"""A screen left alone locks; a working day ends; a seat taken elsewhere is gone. Decided by the server's clock alone.

Locking loses nothing: the session stays, what was half written is kept in it (`drafts`), the next request is answered
by the page that unlocks, and then goes on to where it was going. What pages ask for by themselves (progress, every few
seconds) does not count as somebody there.
"""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import Resolver404, resolve, reverse

from knownto.access import clock
from knownto.access.middleware import SECOND_FACTOR
from knownto.site import sessions
from knownto.site.limits import vouch

OPEN_WHILE_LOCKED = {"unlock", "keep", "account_logout", "healthz"}
HELD, MOST_HELD = "held", 50_000  # bytes of a form that waits for the screen to be unlocked
NOTED_EVERY = 15  # seconds: a session is not written again for every click


class IdleLock:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            stopped = self.stop(request)
            if stopped:
                return stopped
        response = self.get_response(request)
        if hasattr(request, "began_for") and request.session.get(SECOND_FACTOR):
            vouch(request, response, request.began_for)
        return response

    def stop(self, request: HttpRequest) -> HttpResponse | None:
        """The answer when the session may not go on, or None."""
        now = clock.now().timestamp()
        session = request.session
        if now - session.get(sessions.BEGAN, 0) > settings.SESSION_COOKIE_AGE:
            return self.over(request, "day-over")
        if not sessions.has_seat(request):
            return self.over(request, "signed-in-elsewhere")
        if now - session.get(sessions.LAST_SEEN, 0) > settings.IDLE_LOCK_SECONDS:
            lock(request)
        if session.get(sessions.LOCKED):
            return self.locked(request)
        if not by_itself(request) and now - session[sessions.LAST_SEEN] > NOTED_EVERY:
            session[sessions.LAST_SEEN] = now
        return None

    def over(self, request: HttpRequest, why: str) -> HttpResponse:
        with transaction.atomic():
            sessions.end(request, why=why)
        return redirect(f"{reverse('account_login')}?{urlencode({'ended': why})}")

    def locked(self, request: HttpRequest) -> HttpResponse | None:
        if route(request) in OPEN_WHILE_LOCKED:
            return None
        hold(request)
        to = unlock_address(request)
        if request.headers.get("HX-Request"):
            return HttpResponse(headers={"HX-Redirect": to})
        return redirect(to)


def lock(request: HttpRequest) -> None:
    """Lock this session. A new key makes the browser drop pages that it kept for its back button."""
    if not request.session.get(sessions.LOCKED):
        request.session.cycle_key()
        request.session[sessions.LOCKED] = clock.now().timestamp()


def hold(request: HttpRequest) -> None:
    """Keep what was being sent (sealed, in the session), so that it can be sent after unlocking."""
    small = int(request.headers.get("Content-Length") or 0) <= MOST_HELD
    fields = request.POST.urlencode() if request.method == "POST" and small and not request.FILES else ""
    if fields:
        request.session[HELD] = {"to": request.path, "fields": fields}


def unlock(request: HttpRequest) -> None:
    request.session.cycle_key()
    request.session.pop(sessions.LOCKED, None)
    request.session.pop("wrong_unlocks", None)
    request.session[sessions.LAST_SEEN] = clock.now().timestamp()


def unlock_address(request: HttpRequest) -> str:
    """Where the screen is unlocked, and where to go on from there. Addresses hold nobody's data."""
    going_to = request.get_full_path() if request.method == "GET" else ""
    back = f"?{urlencode({'next': going_to})}" if going_to and route(request) not in OPEN_WHILE_LOCKED else ""
    return reverse("unlock") + back


def by_itself(request: HttpRequest) -> bool:
    """Did the page ask, rather than somebody at it?"""
    return request.method == "GET" and bool(request.headers.get("HX-Request"))


def route(request: HttpRequest) -> str:
    try:
        return resolve(request.path_info).view_name
    except Resolver404:
        return ""
