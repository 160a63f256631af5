"""Error pages: plain words, nothing about anybody, and the same for 'not there' and 'not yours'."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from knownto.access.pages import page
from knownto.policy import Permission


@page(Permission.SIGN_IN)
def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token no longer holds: most often a page left open while somebody else signed in."""
    return render(request, "403_csrf.html", status=403)


@page(Permission.SIGN_IN)
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "404.html", status=404)


@page(Permission.SIGN_IN)
def unreadable(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return HttpResponse(render_to_string("400.html"), status=400)


@page(Permission.SIGN_IN)
def broken(request: HttpRequest) -> HttpResponse:
    """Shown without asking the database who is there: the database may be what broke."""
    return HttpResponse(render_to_string("500.html"), status=500)
