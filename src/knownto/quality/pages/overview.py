"""All of one's own agency's report: what is wrong, what is missing, how it goes, and what is not told and why."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Column, Link, Progress, Table
from knownto.face.times import long_date
from knownto.policy import Permission
from knownto.quality import reads
from knownto.quality.kinds import KINDS
from knownto.quality.limits import limits

FEW = "None or too few to say"
NOTHING = {"differs": "none, or too few to say"}


@page(Permission.FEEDS_OWN)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    told = reads.overview(request.viewer, now=request.now)
    here = {
        "heading": "Quality of our records",
        "told": told,
        "checked": _moment(told.checked_at),
        "compared": _moment(told.compared_at),
        "tables": [_table(kind, told) for kind in KINDS],
        "not_found": [c.found.says for c in told.counted if c.records == 0],
        "gaps": _gaps(told),
        "trend": _trend(told),
        "progress": _progress(told),
        "limits": limits(),
    }
    return render(request, "quality/overview.html", here)


def _moment(when: object) -> str:
    return f"{localtime(when):%d/%m/%Y %H:%M}" if when else ""  # type: ignore[arg-type]


def _table(kind: str, told: reads.Overview) -> Table:
    """What was found. What was not found is a list by itself, so that this one stays short enough to act on."""
    rows = [
        (Link(c.found.says, reverse("quality:listed", args=[c.found.code])), c.found.do, c.records)
        for c in told.counted
        if c.found.kind == kind and c.records
    ]
    columns = (Column("What", wide=True), Column("What to do", wide=True), Column("Records", numeric=True))
    return Table(KINDS[kind], columns, rows, dense=True, empty=f"{KINDS[kind]}: {NOTHING.get(kind, 'nothing found')}.")


def _gaps(told: reads.Overview) -> Table:
    rows = [
        (gap.field, f"{gap.share}%", f"{gap.others}%" if gap.others is not None else "Not told", gap.without, gap.of)
        for gap in told.gaps
    ]
    columns = (
        Column("Field"),
        Column("Missing here", numeric=True),
        Column("Others, median", numeric=True),
        Column("Records without it", numeric=True),
        Column("Of", numeric=True),
    )
    return Table("How often each field is missing", columns, rows, dense=True, empty="Nothing has been checked yet.")


def _trend(told: reads.Overview) -> Table:
    rows = [
        (long_date(p.as_of), p.records, *(FEW if p.kinds[kind] is None else p.kinds[kind] for kind in KINDS))
        for p in told.trend
    ]
    columns = (
        Column("Files up to"),
        Column("Records", numeric=True),
        *(Column(said, numeric=True) for said in KINDS.values()),
    )
    return Table("From check to check", columns, rows, dense=True, empty="Nothing has been checked yet.")


def _progress(told: reads.Overview) -> Progress | None:
    return Progress(told.running[0], told.running[1], told.running[2]) if told.running else None
