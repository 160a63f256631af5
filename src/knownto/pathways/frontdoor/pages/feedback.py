"""What was decided on what somebody sent: the words for the referrer, what happens next, and how to disagree."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.casework import reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Ask, Statement
from knownto.pathways.frontdoor import disagreements, feedback, levels
from knownto.pathways.frontdoor.pages.panels import Panel


@dataclass(frozen=True)
class Outcome:
    """One outcome, as the referrer reads it. `level_name` is what that level is called here."""

    name: str
    words: str
    next: str
    level: int | None
    level_name: str
    at: datetime


@page(Permission.EPISODE)
@require_safe
def outcome(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Reading it is what was asked: whoever it was sent to has thereby answered."""
    with entering(request.viewer, episode, Permission.EPISODE, kind="outcome-seen", now=request.now) as entered:
        said = feedback.read_outcome(entered=entered, by=request.viewer, now=request.now)
        values = _values(entered, request.viewer, said, request.now)
    return render(request, "frontdoor/feedback.html", values | {"now": request.now})


def _values(entered: Entered, viewer: Viewer, said: list[tuple[Statement, dict]], now: datetime) -> dict[str, Any]:
    row = entered.episode
    mine = [each for each in disagreements.against(row) if each.from_agency_id == viewer.agency]
    known = reads.people([row]).get(row.id, []) if "people" in entered.sections else []
    return {
        "heading": "What was decided",
        "title": "Outcome",
        "reference": row.reference,
        "about": ", ".join(each.name for each in known if each.role in ("subject", "adult-at-risk")),
        "outcomes": [_outcome(plain, line.at, now) for line, plain in said],
        "receipt": feedback.receipt_of(row),
        "episode": row.id,
        "may_challenge": viewer.may(Permission.CHALLENGE) and bool(said),
        "challenges": [{"id": each.id, "reference": each.reference, "open": not each.closed_at} for each in mine],
    }


def _outcome(plain: dict[str, Any], at: datetime, now: datetime) -> Outcome:
    level = plain.get("level")
    named = levels.current(now)[level].name if level else ""
    return Outcome(plain["name"], plain.get("words", ""), plain.get("next", ""), level, named, at)


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What the referrer was told, and whether they have read it."""
    if "outcome" not in entered.sections:
        return None
    said = reads.statements(entered.episode, "outcome", "told", "not-told")
    if not said or not entered.parts & feedback.DECIDES:
        return Panel(55, "Outcome", "frontdoor/feedback_link.html", {"episode": entered.episode.id}) if said else None
    asks = Ask.objects.filter(episode=entered.episode, kind="outcome").select_related("clock").order_by("asked_at")
    lines = [{"kind": row.kind, "at": row.at, "said": plain} for row, plain in reversed(said)]
    sent = [{"at": ask.asked_at, "read": ask.answered_at, "due": ask.clock.due_at} for ask in asks]
    values = {"episode": entered.episode.id, "lines": lines, "sent": sent, "now": now}
    return Panel(55, "What the referrer was told", "frontdoor/feedback_panel.html", values)
