"""At the outermost boundary: who is asking, may they reach this page at all, and what was refused."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch

from knownto.access import clock
from knownto.access.acts import record_refusal
from knownto.access.refusals import NotYours, Refused
from knownto.access.viewer import Viewer, viewer_of
from knownto.policy import Permission

SECOND_FACTOR = "second_factor"  # the session's word that a second factor was given


class Asking:
    """Puts `request.viewer` and `request.now` in place, and lets nobody reach what their roles do not include."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.viewer = _viewer(request)  # type: ignore[attr-defined]
        request.now = clock.now()  # type: ignore[attr-defined]
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        permission = needed(request.resolver_match)
        viewer: Viewer | None = request.viewer  # type: ignore[attr-defined]
        if permission is Permission.SIGN_IN:
            return None
        if viewer is None:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/")
        if permission is None or not viewer.may(permission):
            return self.refuse(request, NotYours("not-your-role"))
        if not viewer.second_factor and permission is not Permission.OWN_ACCOUNT:
            return redirect("mfa_index")
        return None

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return self.refuse(request, error) if isinstance(error, Refused) else None

    def refuse(self, request: HttpRequest, error: Refused) -> HttpResponse:
        """Record it, then answer: what is not yours looks exactly like what is not there."""
        route = request.resolver_match.view_name if request.resolver_match else ""
        record_refusal(request.viewer, code=error.code, what=route or "", now=clock.now())  # type: ignore[attr-defined]
        if isinstance(error, NotYours):
            return render(request, "404.html", status=404)
        return render(request, "refused.html", {"because": error.because}, status=403)


def needed(match: ResolverMatch | None) -> Permission | None:
    """The permission that the page at this address names, or None, which means nobody."""
    if match is None:
        return None
    return getattr(match.func, "permission", None) or settings.ROUTE_PERMISSIONS.get(match.view_name)


def _viewer(request: HttpRequest) -> Viewer | None:
    if not request.user.is_authenticated:
        return None
    return viewer_of(request.user, second_factor=bool(request.session.get(SECOND_FACTOR)))
