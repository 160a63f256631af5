"""A held file: let it go on or turn it away, and say why. And: read a file again."""

from uuid import UUID

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from knownto.access.pages import page
from knownto.feeds import acts, jobs
from knownto.feeds.pages.reporting import Decision, shown
from knownto.policy import Permission


@page(Permission.RELEASE_FEED)
@require_POST
@transaction.non_atomic_requests
def decide(request: HttpRequest, file: UUID) -> HttpResponse:
    form = Decision(request.POST)
    if not form.is_valid():
        return shown(request, file, form, status=422)
    said = {"viewer": request.viewer, "file": file, "reason": form.cleaned_data["reason"], "now": request.now}
    if form.cleaned_data["decision"] == "turn-away":
        acts.turn_away(**said)
    else:
        jobs.soon(acts.release(**said))
    return redirect("feeds:file", file=file)


@page(Permission.SEND_FEED)
@require_POST
@transaction.non_atomic_requests
def replay(request: HttpRequest, file: UUID) -> HttpResponse:
    jobs.soon(acts.start_again(file=file, by=request.viewer, now=request.now))
    return redirect("feeds:file", file=file)
