"""Where the data protection officer begins."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.assurance.words import LISTS
from knownto.policy import Permission


@page(Permission.WHO_LOOKED)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    return render(request, "assurance/start.html", {"heading": "Who looked", "lists": LISTS.values()})
