"""Where the threshold lies, agency by agency: a table, its chart, and a sheet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.face import sheets
from knownto.face.charts import Bar, Bars
from knownto.face.parts import Column, Link, Table
from knownto.pathways.frontdoor import thresholds as reads
from knownto.pathways.frontdoor.periods import Period, last_quarter, last_year, this_quarter

PERIODS = {"last-quarter": ("Last quarter", last_quarter), "this-quarter": ("This quarter", this_quarter),
           "year": ("Last 12 months", last_year)}  # fmt: skip
COLUMNS = (
    "From", "Contacts", "Waiting", "Joined or routed", "Decided", "Below the threshold", "Share below", "Level 1",
    "Level 2", "Level 3", "Level 4", "Beside a level thought", "Raised", "Lowered", "Overrides", "Disagreements",
)  # fmt: skip


@page(Permission.INSPECT)
@require_safe
def thresholds(request: HttpRequest) -> HttpResponse:
    code = request.GET.get("period", "year")
    code = code if code in PERIODS else "year"
    period: Period = PERIODS[code][1](request.now)
    rows = reads.sent(request.viewer, period, now=request.now)
    table = Table("What each agency sent", [Column(name, numeric=name != "From") for name in COLUMNS],
                  [_cells(row) for row in rows], dense=True, scroll=True,
                  empty="No contact came in this period.")  # fmt: skip
    if request.GET.get("as") == "csv":
        return sheets.download(table, f"thresholds-{code}")
    values: dict[str, Any] = {
        "heading": "Thresholds",
        "periods": [Link(name, f"?period={each}", current=each == code) for each, (name, _) in PERIODS.items()],
        "period": period,
        "table": table,
        "chart": _chart(rows) if rows else None,
        "sheet": f"?period={code}&as=csv",
    }
    return render(request, "frontdoor/thresholds.html", values)


def _cells(row: reads.Sent) -> tuple[Any, ...]:
    return (
        row.name, row.came, row.waiting, row.apart, row.decided, row.below, row.share_below, *row.levels, row.thought,
        row.raised, row.lowered, row.overridden, row.challenged,
    )  # fmt: skip


def _chart(rows: list[reads.Sent]) -> Bars:
    bars = [Bar(row.name, row.below, said=f"{row.below} of {row.decided} ({row.share_below})") for row in rows[:-1]]
    return Bars("Contacts below the threshold", bars, heading="Agency", figure="Below the threshold")
