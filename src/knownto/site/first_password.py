"""A password that somebody else gave must be replaced before anything else is done with it."""

import secrets
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from knownto.access.middleware import needed
from knownto.policy import Permission

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is mistaken for another when read out
FIRST = {Permission.SIGN_IN, Permission.OWN_ACCOUNT}


class FirstPassword:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        """Runs after `Asking`, so what the viewer may not reach at all has been refused already."""
        waiting = request.user.is_authenticated and request.user.first_password
        at_home = request.resolver_match.view_name == "home"
        if waiting and (at_home or needed(request.resolver_match) not in FIRST):
            return redirect("account_change_password")
        return None


def generated() -> str:
    """A password to be read out once and replaced at the first sign-in: 20 letters of 31, so 99 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(5)) for _ in range(4))
