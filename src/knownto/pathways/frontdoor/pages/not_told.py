"""Those who raised a worry and have not been told what came of it: why not, and who tells them now."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_POST, require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.casework import reads
from knownto.casework.entering import entering, listing
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.face.parts import Column, Phone, Table
from knownto.face.sheets import download
from knownto.pathways.frontdoor import feedback
from knownto.pathways.frontdoor.pages import standing
from knownto.worktime import LONDON

HOW = (("telephone", "By telephone"), ("letter", "By letter"), ("in person", "In person"))


@dataclass(frozen=True)
class Line:
    """One who has not been told."""

    id: UUID
    reference: str
    about: str
    decided: str
    raised_by: str
    phone: str
    since: datetime
    because: str
    can_send: bool


class Told(forms.Form):
    """Who was told, how, and when."""

    who = forms.Text(label="Who was told?", called="who was told", hint="Their name, or what they are to the family.")
    how = forms.Choice(label="How?", missing="Select how they were told", options=HOW, look=forms.Look(inline=True))
    day = forms.Date(label="On what day?", called="the day")
    at = forms.Text(
        label="At about what time?",
        called="the time",
        hint="For example, 14:30",
        look=forms.Look(width=5),
    )

    def __init__(self, data: Any = None, *, now: datetime, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        self.now = now

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("at") and self.cleaned_data.get("day"):
            self._read_time()
        return self.cleaned_data

    def _read_time(self) -> None:
        try:
            at = time.fromisoformat(self.cleaned_data["at"].strip().zfill(5))
        except ValueError:
            self.add_error("at", "The time must be like 14:30")
            return
        self.when = datetime.combine(self.cleaned_data["day"], at, LONDON)
        if self.when > self.now:
            self.add_error("day", "The day and time must be in the past")


@page(Permission.BOARD)
@require_safe
def not_told(request: HttpRequest) -> HttpResponse:
    """The longest wait first."""
    lines = _lines(request)
    if "csv" in request.GET:
        return download(_table(lines), f"not-told-{request.now:%Y-%m-%d}")
    values = {"heading": "Not told yet", "lines": lines, "now": request.now}
    return render(request, "frontdoor/not_told.html", values | {"may_tell": request.viewer.may(Permission.SCREEN)})


def _lines(request: HttpRequest) -> list[Line]:
    with listing(request.viewer, Permission.BOARD, kind="view-not-told", now=request.now):
        found = feedback.not_told(request.now)
        people = reads.people([each.episode for each in found])
        names = reads.names([each.episode.from_worker for each in found])
        return [_line(each, people.get(each.episode.id, []), names) for each in found]


def _line(each: feedback.NotTold, people: list[reads.Known], names: dict[UUID, str]) -> Line:
    row, team = each.episode, each.episode.from_team
    raised = (names.get(row.from_worker, ""), team.name if team else "", row.from_agency.name)
    return Line(
        id=row.id,
        reference=row.reference,
        about=next((known.name for known in people), ""),
        decided=pathway(row.pathway).state(row.state).name,
        raised_by=", ".join(part for part in raised if part) if team or row.from_worker else "No account here",
        phone=team.phone if team else "",
        since=each.since,
        because=each.because,
        can_send=each.sent is None and bool(team or row.from_worker),
    )


def _table(lines: list[Line]) -> Table:
    headings = ("Reference", "Decided", "Raised by", "Telephone", "Since", "Why they do not know")
    rows = [
        (each.reference, each.decided, each.raised_by, Phone(each.phone) if each.phone else "", localtime(each.since),
         each.because)
        for each in lines
    ]  # fmt: skip
    return Table("Not told yet", [Column(heading) for heading in headings], rows)


@page(Permission.SCREEN)
@require_POST
def tell(request: HttpRequest, episode: UUID) -> HttpResponse:
    """Send it now."""
    try:
        feedback.tell_again(by=request.viewer, episode=episode, now=request.now)
        messages.success(request, "It was sent. It stays off this list if they read it in time.")
    except feedback.MayNotBeTold as error:
        messages.error(request, f"It was not sent. {error.because}")
    return redirect("frontdoor:not-told")


@page(Permission.SCREEN)
def told(request: HttpRequest, episode: UUID) -> HttpResponse:
    """They were told by telephone, letter or in person."""
    with entering(request.viewer, episode, Permission.SCREEN, kind="outcome-telling", now=request.now) as entered:
        head = standing.head(entered, request.now)
    local = localtime(request.now)
    initial = {"day": local.date(), "at": f"{local:%H:%M}"}
    form = Told(request.POST if request.method == "POST" else None, now=request.now, initial=initial)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        feedback.told_otherwise(
            by=request.viewer, episode=episode, who=said["who"], how=said["how"], when=form.when, now=request.now
        )
        messages.success(request, "It was recorded that they have been told.")
        return redirect("frontdoor:not-told")
    values = {"heading": "They have been told", "form": form, "head": head, "button_text": "Record it"}
    return render(request, "frontdoor/not_told_told.html", values | {"cancel": "/front-door/not-told/"})
