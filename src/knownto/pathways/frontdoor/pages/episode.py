"""The page of one piece of work: where it stands, what runs, and each area's panel."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.acts import Viewer
from knownto.access.pages import page
from knownto.casework.entering import Entered, entering
from knownto.pathways.frontdoor.pages import (
    adult,
    around,
    challenge,
    checks,
    contact_panel,
    copies,
    facts,
    feedback,
    health,
    nights,
    people,
    refer_panel,
    standing,
    strategy_panel,
    support,
)
from knownto.pathways.frontdoor.pages.panels import Maker, Panel
from knownto.policy import Permission

# Each area's panel. What comes where on the page is each panel's own `order`, so the order here says nothing.
PANELS: list[Maker] = [
    contact_panel.panel,
    support.panel,
    people.people,
    refer_panel.referral,
    around.decisions,
    around.family_of_work,
    copies.panel_of_copies,
    checks.panel,
    health.panel,
    strategy_panel.meetings,
    strategy_panel.powers,
    adult.panel,
    challenge.panel,
    facts.panel,
    feedback.panel,
    nights.panel,
]


@page(Permission.EPISODE)
@require_safe
def episode(request: HttpRequest, episode: UUID) -> HttpResponse:
    with entering(request.viewer, episode, Permission.EPISODE, kind="episode-seen", now=request.now) as entered:
        head = standing.head(entered, request.now)
        shown = panels(entered, request.viewer, request.now)
    values = {"heading": head.what, "title": "Piece of work", "head": head, "panels": shown, "now": request.now}
    return render(request, "frontdoor/episode.html", values)


def panels(entered: Entered, viewer: Viewer, now: datetime) -> list[Panel]:
    """What this viewer is shown of it, in the order of the page."""
    made = (make(entered, viewer, now) for make in PANELS)
    return sorted((panel for panel in made if panel), key=lambda panel: panel.order)
