"""Addresses with two mistakes in them: a page that nobody classified, and one that is open to the wrong people."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from knownto.access.pages import page
from knownto.policy import Permission
from knownto.site import addresses


def unclassified(request: HttpRequest) -> HttpResponse:
    return HttpResponse("anything")


@page(Permission.OWN_ACCOUNT)  # should be WHO_LOOKED
def wrongly_open(request: HttpRequest) -> HttpResponse:
    return HttpResponse("who looked at whom")


@page(Permission.SEARCH)
def breaks(request: HttpRequest) -> HttpResponse:
    raise RuntimeError


handler400, handler403 = addresses.handler400, addresses.handler403
handler404, handler500 = addresses.handler404, addresses.handler500
MISTAKES = [
    path("planted/unclassified/", unclassified, name="planted-unclassified"),
    path("planted/open/", wrongly_open, name="planted-open"),
    path("planted/breaks/", breaks, name="planted-breaks"),
]
urlpatterns = [*addresses.urlpatterns, *MISTAKES]
