"""The list of disagreements, and how many there were: a quarter without one says so, with what was decided in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.casework import reads
from knownto.casework.entering import listing
from knownto.casework.register import pathway
from knownto.face.parts import Column, Table
from knownto.face.sheets import download
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import disagreements
from knownto.pathways.frontdoor.pathway import STAGES

TWO_YEARS = timedelta(days=731)
ENDS = ("agreed", "changed", "stands")
OURS = "All agencies"


@dataclass(frozen=True)
class Line:
    """One disagreement in the list."""

    id: UUID
    reference: str
    about: str
    with_what: str
    agency: str
    state: str
    begun: datetime
    due: datetime | None


@page(Permission.CHALLENGE)
@require_safe
def challenges(request: HttpRequest) -> HttpResponse:
    """One's own; for the hub, everybody's. The open ones first, the next due first."""
    with listing(request.viewer, Permission.WORK, kind="view-challenges", now=request.now):
        lines = _lines(disagreements.mine(request.viewer))
    if "csv" in request.GET:
        return download(_table(lines), f"disagreements-{request.now:%Y-%m-%d}")
    values = {"heading": "Disagreements", "now": request.now}
    values |= {"open": [each for each in lines if each.due], "over": [each for each in lines if not each.due]}
    values |= {"may_count": request.viewer.may(Permission.INSPECT)}
    return render(request, "frontdoor/challenges.html", values)


def _lines(rows: list) -> list[Line]:
    people, path = reads.people(rows), pathway("challenge")
    return [
        Line(
            id=row.id,
            reference=row.reference,
            about=next((each.name for each in people.get(row.id, [])), ""),
            with_what=pathway(row.parent.pathway).name if row.parent else "",
            agency=row.from_agency.name,
            state=path.state(row.state).name,
            begun=row.opened_at,
            due=row.next_due,
        )
        for row in rows
    ]


def _table(lines: list[Line]) -> Table:
    headings = ("Reference", "With what", "Raised by", "Where it stands", "Begun", "Due")
    rows = [
        (each.reference, each.with_what, each.agency, each.state, localtime(each.begun),
         localtime(each.due) if each.due else "")
        for each in lines
    ]  # fmt: skip
    return Table("Disagreements", [Column(heading) for heading in headings], rows)


@page(Permission.INSPECT)
@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """Counts alone: nobody's name, and no reference."""
    with listing(request.viewer, Permission.INSPECT, kind="count-challenges", now=request.now):
        found = disagreements.counts(request.now - TWO_YEARS)
    table = _counted(found)
    if "csv" in request.GET:
        return download(table, f"disagreements-counted-{request.now:%Y-%m-%d}")
    values = {"heading": "Disagreements, counted", "table": table, "none": not any(each.opened for each in found)}
    return render(request, "frontdoor/challenges_counts.html", values)


def _counted(found: list[disagreements.Count]) -> Table:
    names, path = partners.agency_names(), pathway("challenge")
    stages = [Column(f"Went to stage {number}", numeric=True) for number in range(1, len(STAGES) + 1)]
    ends = [Column(path.state(code).name, numeric=True) for code in ENDS]
    columns = [Column("Quarter"), Column("Raised by"), Column("Decisions made", numeric=True),
               Column("Disagreements", numeric=True), *stages, *ends]  # fmt: skip
    rows = [
        (each.quarter, names.get(each.agency, OURS), each.decided, each.opened, *(each.stages[code] for code in STAGES),
         *(each.ended[code] for code in ENDS))
        for each in found
    ]  # fmt: skip
    return Table("Disagreements by quarter and agency", columns, rows, empty="Nothing has been decided yet.")
