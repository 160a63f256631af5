"""The night's own page, handing over to the day, and accepting what was handed over."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from knownto.access.acts import Permission, Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework import reads
from knownto.casework.entering import Entered, entering, listing
from knownto.casework.models import Ask, Episode
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.face.parts import Column, Table
from knownto.face.sheets import download
from knownto.pathways.frontdoor import nights
from knownto.pathways.frontdoor.pages import standing
from knownto.pathways.frontdoor.pages.panels import Panel

NOTE = "What was decided, what was done, and what has to happen next? Say what cannot wait."


@dataclass(frozen=True)
class Line:
    """One piece of work, as the night sees it."""

    id: UUID
    reference: str
    about: str
    what: str
    state: str
    urgency: str
    with_whom: str
    due: datetime | None
    at: datetime | None = None
    decide: str = ""


@dataclass(frozen=True)
class Handed:
    """One hand-over, as the day sees it."""

    line: Line
    note: str
    by: str
    at: datetime
    due: datetime
    accepted_at: datetime | None = None
    accepted_by: str = ""
    said: str = ""


class Note(forms.Form):
    """What the day must know."""

    note = forms.Words(label="Note for the day", hint=NOTE, missing="Enter a note for the day", max_length=4000)


@page(Permission.HANDOVER)
@require_safe
def night(request: HttpRequest) -> HttpResponse:
    """What is with the night now, what falls due before the hub opens, and what still has to be handed over."""
    opening = nights.next_opening(request.now)
    with listing(request.viewer, Permission.HANDOVER, kind="view-night", now=request.now):
        seen = nights.seen_by(request.viewer)
        here = [row for row in nights.with_night() if row.pathway in seen]
        late = [row for row in nights.due_before(opening) if row.pathway in seen]
        left = [piece for piece in nights.touched(request.now) if piece.episode.pathway in seen]
        waits = nights.opened(Ask.objects.filter(kind=nights.HANDOVER, answered_at=None))
        waits = [(ask, plain) for ask, plain in waits if ask.episode.pathway in seen]
        make = _maker([*here, *late, *(piece.episode for piece in left), *(ask.episode for ask, _ in waits)])
        values = {
            "here": [make(row) for row in here],
            "late": [make(row) for row in late],
            "left": [make(piece.episode, piece.at) for piece in left],
            "waits": _handed(waits, make),
        }
    is_night = nights.is_night(request.now)
    heading = "The night" if is_night else "The night (the hub is open now)"
    values |= {"heading": heading, "title": "The night", "opening": opening, "is_night": is_night, "now": request.now}
    values["may_hand"] = request.viewer.may(Permission.SCREEN)
    return render(request, "frontdoor/nights.html", values)


def _maker(rows: list[Episode]) -> Any:
    """Makes a line of a piece of work, with everybody's names opened once."""
    people, workers = reads.people(rows), reads.names([row.worker_id for row in rows])

    def make(row: Episode, at: datetime | None = None) -> Line:
        path = pathway(row.pathway)
        team = row.team.name if row.team else ""
        return Line(
            id=row.id,
            reference=row.reference,
            about=", ".join(each.name for each in people.get(row.id, [])[:1]),
            what=path.name,
            state=path.state(row.state).name,
            urgency=row.urgency,
            with_whom=": ".join(part for part in (team, workers.get(row.worker_id, "")) if part),
            due=row.next_due,
            at=at,
            decide=_decide(row),
        )

    return make


def _decide(row: Episode) -> str:
    """Where it is decided on."""
    if row.closed_at:
        return ""
    route = {"contact": "frontdoor:decide", "adult": "frontdoor:adult"}.get(row.pathway, "frontdoor:episode")
    return reverse(route, args=[row.id])


def _handed(waits: list[tuple[Ask, dict]], make: Any) -> list[Handed]:
    names = reads.names([each for ask, _ in waits for each in (ask.by_worker, ask.answered_by)])
    return [
        Handed(
            line=make(ask.episode),
            note=plain["question"],
            by=names.get(ask.by_worker, "Nobody: the product noticed it"),
            at=ask.asked_at,
            due=ask.clock.due_at,
            accepted_at=ask.answered_at,
            accepted_by=names.get(ask.answered_by, ""),
            said=plain.get("answer", ""),
        )
        for ask, plain in waits
    ]


@page(Permission.SCREEN)
def hand_over(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Hand one piece of work to the day, with a note."""
    with entering(request.viewer, episode, Permission.SCREEN, kind="handover-prepared", now=request.now) as entered:
        head, to = standing.head(entered, request.now), nights.day_team(entered.episode).name
    form, problem = Note(request.POST if request.method == "POST" else None), ""
    if request.method == "POST" and form.is_valid():
        try:
            nights.hand_over(by=request.viewer, episode=episode, note=form.cleaned_data["note"], now=request.now)
            messages.success(request, f"It was handed over to {to}, who must accept it.")
            return redirect("frontdoor:night")
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": "Hand over to the day", "form": form, "head": head, "to": to, "problem": problem}
    values |= {"button_text": "Hand it over", "cancel": reverse("frontdoor:night"), "now": request.now}
    return render(request, "frontdoor/nights_hand_over.html", values)


@page(Permission.HANDOVER)
@require_safe
def handover(request: HttpRequest) -> HttpResponse:
    """What waits for the viewer's own team, the longest first; and what was accepted in the last week."""
    with listing(request.viewer, Permission.HANDOVER, kind="view-handover", now=request.now):
        waits = nights.waiting(request.viewer)
        team = reads.team_of(request.viewer)
        done = Ask.objects.filter(kind=nights.HANDOVER, to_team=team, answered_at__gte=request.now - nights.LOOKS_BACK)
        accepted = list(reversed(nights.opened(done))) if team else []
        make = _maker([ask.episode for ask, _ in [*waits, *accepted]])
        values = {"waits": _handed(waits, make), "accepted": _handed(accepted, make)}
    if "csv" in request.GET:
        return download(_table(values["waits"], values["accepted"]), f"handover-{request.now:%Y-%m-%d}")
    values |= {"heading": "Handed over by the night", "now": request.now}
    return render(request, "frontdoor/nights_handover.html", values)


def _table(*groups: list[Handed]) -> Table:
    headings = ("Reference", "Kind of work", "State", "Handed over", "By", "Accept by", "Accepted", "Accepted by")
    rows = [
        (each.line.reference, each.line.what, each.line.state, localtime(each.at), each.by, localtime(each.due),
         localtime(each.accepted_at) if each.accepted_at else "", each.accepted_by)
        for group in groups for each in group
    ]  # fmt: skip
    return Table("Handed over by the night", [Column(heading) for heading in headings], rows)


@page(Permission.HANDOVER)
@require_POST
def accept(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Accept it; or accept it and have it in hand."""
    take = request.POST.get("act") == "take"
    try:
        nights.accept(by=request.viewer, episode=episode, take=take, now=request.now)
        said = "You accepted it, and it is in your hands." if take else "You accepted it for your team."
        messages.success(request, said)
    except NotPossibleNow as error:
        messages.error(request, error.because)
    return redirect("frontdoor:episode", episode) if take else redirect("frontdoor:handover")


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What the night said of it, whether the day accepted it, and the way to hand it over."""
    if "clocks" not in entered.sections or entered.episode.pathway not in nights.HANDED_OVER:
        return None
    found = reads.asks(entered.episode, nights.HANDOVER)
    team = reads.team_of(viewer)
    hand = bool(team) and viewer.may(Permission.SCREEN) and nights.is_of_night(team)
    if not found and not hand:
        return None
    names = reads.names([each for ask, _ in found for each in (ask.by_worker, ask.answered_by)])
    lines = [_said(ask, plain, names, viewer, team) for ask, plain in found]
    hand = hand and not any(ask.answered_at is None for ask, _ in found)
    values = {"lines": lines, "hand": hand, "episode": entered.episode.id, "now": now}
    return Panel(15, "Between night and day", "frontdoor/nights_panel.html", values)


def _said(ask: Ask, plain: dict[str, Any], names: dict[UUID, str], viewer: Viewer, team: Any) -> dict[str, Any]:
    mine = ask.answered_at is None and ask.to_team == team and viewer.may(Permission.HANDOVER)
    return {
        "note": plain["question"],
        "by": names.get(ask.by_worker, "Nobody: the product noticed it"),
        "at": ask.asked_at,
        "due": ask.clock.due_at,
        "accepted_at": ask.answered_at,
        "accepted_by": names.get(ask.answered_by, ""),
        "mine": mine,
    }
