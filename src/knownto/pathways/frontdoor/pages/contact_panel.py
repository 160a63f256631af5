"""The panel of what to do next about a contact: screen it, decide on it, put a decision right, take two apart."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from knownto.access.acts import Permission, Viewer
from knownto.casework.entering import Entered
from knownto.face.parts import Link
from knownto.pathways.frontdoor import deciding
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.powers import DECIDES


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    if entered.episode.pathway != "contact" or not entered.parts & DECIDES:
        return None
    links = list(_links(entered, viewer))
    return Panel(5, "What to do next", "frontdoor/episode_next.html", {"links": links}) if links else None


def _links(entered: Entered, viewer: Viewer) -> Iterator[Link]:
    work = entered.episode
    screens = viewer.may(Permission.SCREEN)
    if screens and not work.closed_at:
        yield Link("Screen it", reverse("frontdoor:screen", args=[work.id]))
    if deciding.options(entered, viewer):
        yield Link("Decide on it", reverse("frontdoor:decide", args=[work.id]))
    if deciding.anew(entered, viewer):
        yield Link("Put the decision right", reverse("frontdoor:decide", args=[work.id]))
    if screens and work.joined_to_id:
        yield Link("Take it apart from the contact it was joined to", reverse("frontdoor:take-apart", args=[work.id]))
