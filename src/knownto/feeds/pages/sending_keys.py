"""The keys with which the agency's own systems send files."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_POST

from knownto.access.pages import page
from knownto.feeds import acts, reads
from knownto.policy import Permission


@page(Permission.SEND_FEED)
@require_http_methods(["GET", "HEAD", "POST"])
def keys(request: HttpRequest) -> HttpResponse:
    made = acts.make_key(viewer=request.viewer, now=request.now) if request.method == "POST" else ""
    found = [(key, _said(key)) for key in reads.sending_keys(request.viewer)]
    return render(request, "feeds/keys.html", {"heading": "Sending keys", "made": made, "found": found})


def _said(key: reads.SendingKey) -> str:
    used = f"last used {localtime(key.used_at):%d/%m/%Y}" if key.used_at else "never used"
    ended = f", ended {localtime(key.ended_at):%d/%m/%Y}" if key.ended_at else ""
    return f"Made {localtime(key.made_at):%d/%m/%Y %H:%M}, {used}{ended}"


@page(Permission.SEND_FEED)
@require_POST
def end(request: HttpRequest, key: UUID) -> HttpResponse:
    acts.end_key(viewer=request.viewer, key=key, now=request.now)
    return redirect("feeds:keys")
