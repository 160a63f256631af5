"""Worries about adults: the list of the office that decides on them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.casework import reads
from knownto.casework.entering import listing
from knownto.casework.models import Ask, Episode, Statement
from knownto.casework.register import pathway
from knownto.face.parts import Column, Table
from knownto.face.sheets import download
from knownto.partners import offices
from knownto.pathways.frontdoor import adults as adults_acts

MONTH = timedelta(days=31)
OFFICES = frozenset({"adults", "night", "hub"})


@dataclass(frozen=True)
class Line:
    """One adult in the office's list."""

    id: UUID
    reference: str
    about: str
    state: str
    worker: str
    due: datetime | None
    opened_at: datetime
    second: bool
    adult_told: bool
    urgency: str = ""


@page(Permission.HANDOVER)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Everything open about adults, the next due first; and those decided on whose adult has not been told."""
    with listing(request.viewer, Permission.WORK, kind="view-adults", now=request.now):
        team = reads.team_of(request.viewer)
        if team is None or not offices.offices_of(team) & OFFICES:
            raise NotYours
        lines = _lines(_open())
        untold = [line for line in _lines(_decided(request.now)) if not line.adult_told]
    if "csv" in request.GET:
        return download(_table([*lines, *untold]), f"adults-{request.now:%Y-%m-%d}")
    values = {"heading": "Worries about adults", "lines": lines, "untold": untold, "now": request.now}
    values["may_tell"] = any(adults_acts.holds(request.viewer, power) for power in adults_acts.POWERS)
    return render(request, "frontdoor/adults.html", values)


def _open() -> list[Episode]:
    return list(Episode.objects.filter(pathway="adult", closed_at=None).order_by("next_due")[:300])


def _decided(now: datetime) -> list[Episode]:
    recent = Episode.objects.filter(pathway="adult", closed_at__gte=now - MONTH)
    return list(recent.order_by("closed_at")[:300])


def _lines(rows: list[Episode]) -> list[Line]:
    people, workers = reads.people(rows), reads.names([row.worker_id for row in rows])
    second = set(
        Ask.objects.filter(episode__in=rows, kind="second-check", answered_at=None).values_list("episode", flat=True)
    )
    told = set(Statement.objects.filter(episode__in=rows, kind="told-adult").values_list("episode", flat=True))
    state = pathway("adult").state
    return [
        Line(
            id=row.id,
            reference=row.reference,
            about=next((each.name for each in people.get(row.id, [])), ""),
            state=state(row.state).name,
            worker=workers.get(row.worker_id, ""),
            due=row.next_due,
            opened_at=row.opened_at,
            second=row.id in second,
            adult_told=row.id in told,
            urgency=row.urgency,
        )
        for row in rows
    ]


def _table(lines: list[Line]) -> Table:
    headings = ("Reference", "State", "Received", "Due", "Waits for a second look", "Adult told")
    rows = [
        (each.reference, each.state, localtime(each.opened_at), localtime(each.due) if each.due else "",
         "Yes" if each.second else "", "Yes" if each.adult_told else "")
        for each in lines
    ]  # fmt: skip
    return Table("Worries about adults", [Column(heading) for heading in headings], rows)
