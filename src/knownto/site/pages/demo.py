"""One-click sign-in, in the demonstration only: everywhere else these pages do not exist."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from knownto.access.pages import page
from knownto.policy import Permission
from knownto.site import personas as people
from knownto.site import sessions


@page(Permission.SIGN_IN)
@require_safe
def personas(request: HttpRequest) -> HttpResponse:
    """Who there is to be, and what each may do."""
    only_in_the_demonstration()
    here = {"heading": "Who do you want to be?", "personas": people.here(), "to_try": people.to_try()}
    return render(request, "site/demo.html", here)


@page(Permission.SIGN_IN)
@require_POST
def become(request: HttpRequest, code: str) -> HttpResponse:
    """Sign in as that persona, as if with a second factor. Recorded like every sign-in."""
    only_in_the_demonstration()
    worker = people.worker(code)
    if worker is None:
        raise Http404
    if request.user.is_authenticated:
        sessions.end(request, why="became-another")
    sessions.begin(request, worker, how="persona", second_factor=True, shared=True)
    return redirect("/")


def only_in_the_demonstration() -> None:
    if not settings.DEMO:
        raise Http404
