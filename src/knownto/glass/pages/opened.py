"""What is seen through a broken glass, until its hour is over."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from knownto.access.pages import page
from knownto.footprint.pages.presenter import Shown
from knownto.footprint.routes import Routes
from knownto.glass import closing, reads, through
from knownto.policy import LIFE_REASONS, Permission


@page(Permission.BREAK_GLASS)
@require_safe
def opened(request: HttpRequest, glass: UUID) -> HttpResponse:
    found = through.look(by=request.viewer, glass=glass, now=request.now)
    shown = Shown(found.footprint, Routes())
    values = {
        "heading": "Opened in an emergency",
        "glass": found.glass,
        "left": reads.OpenGlass(found.glass.pk, found.glass.until).left(request.now),
        "shown": shown,
        "household": shown.living({}),
        "work": found.work,
        "reason": LIFE_REASONS[found.glass.reason].name,
        "receipt": found.footprint.receipt,
        "now": request.now,
        "owed": reverse("glass:of", args=[found.glass.episode_id]),
    }
    return render(request, "glass/opened.html", values)


@page(Permission.BREAK_GLASS)
@require_POST
def close(request: HttpRequest, glass: UUID) -> HttpResponse:
    """Seen enough: on to saying what came of it."""
    closing.close(by=request.viewer, glass=glass, now=request.now)
    messages.success(request, "Closed. Say what came of it as soon as you know.")
    return redirect("glass:of", reads.own(request.viewer, glass).episode_id)
