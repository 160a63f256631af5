"""What may be sent: the columns, this agency's own codes, and files to start from."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Column, Link, Table
from knownto.feeds import published
from knownto.feeds.limits import limits
from knownto.partners import reads as partners
from knownto.partners.agreement import Agreement, agreements
from knownto.partners.models import Agency
from knownto.policy import Permission

HOLDS = {
    "full": "Send it. Its headline is held.",
    "limited": "Send it. Only open or not, last seen and team are held.",
    "ask": "Do not send it in bulk: partners ask when they need it.",
    "nothing": "Do not send it: nothing of it is shared.",
}
DOWNLOADS = {
    ("example", "csv"): ("Example (CSV)", "text/csv; charset=utf-8"),
    ("example", "xlsx"): (
        "Example (Excel workbook)",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
    ("row-schema", "json"): ("JSON Schema of a row", "application/schema+json"),
    ("table-schema", "json"): ("Table Schema of a file", "application/json"),
}


@page(Permission.AGREEMENTS)
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    if request.viewer.agency in agreements():
        return redirect("feeds:contract", agency=request.viewer.agency)
    named = [a for a in partners.agencies() if a.code in agreements()]
    links = [Link(a.name, reverse("feeds:contract", args=[a.code])) for a in named]
    return render(request, "feeds/contracts.html", {"heading": "What each partner may send", "links": links})


@page(Permission.AGREEMENTS)
@require_safe
def one(request: HttpRequest, agency: str) -> HttpResponse:
    row, agreement = _agreed(agency)
    downloads = [
        Link(words, reverse("feeds:contract-download", args=[agency, *what])) for what, (words, _) in DOWNLOADS.items()
    ]
    here = {
        "heading": f"What {row.name} may send",
        "agency": row,
        "columns": _columns(),
        "categories": _categories(agreement),
        "teams": _teams(agency),
        "downloads": downloads,
        "limits": limits(),
        "others": reverse("feeds:contracts"),
    }
    return render(request, "feeds/contract.html", here)


def _agreed(agency: str) -> tuple[Agency, Agreement]:
    agreement = agreements().get(agency)
    if agreement is None:
        raise Http404
    return get_object_or_404(Agency, pk=agency), agreement


def _columns() -> Table:
    rows = [
        (c.name, "Required" if c.required else "Optional", c.form, c.longest or "", c.says) for c in published.columns()
    ]
    columns = (
        Column("Column"),
        Column("Needed"),
        Column("Form"),
        Column("Longest", numeric=True),
        Column("What it is", wide=True),
    )
    return Table("Columns", columns, rows, dense=True)


def _categories(agreement: Agreement) -> Table:
    rows = [(c.code, c.name, HOLDS[c.hold]) for c in agreement.categories.values()]
    return Table("Categories", (Column("Code"), Column("What it is"), Column("What to do", wide=True)), rows)


def _teams(agency: str) -> Table:
    rows = [(team.code, team.name) for team in partners.teams(agency)]
    return Table("Teams", (Column("Code"), Column("Team")), rows, empty="No team has been set up yet.")


@page(Permission.AGREEMENTS)
@require_safe
def download(request: HttpRequest, agency: str, what: str, ending: str) -> HttpResponse:
    _agreed(agency)
    if (what, ending) not in DOWNLOADS:
        raise Http404
    content = _content(agency, what, ending, request)
    response = HttpResponse(content, content_type=DOWNLOADS[what, ending][1])
    response["Content-Disposition"] = f'attachment; filename="{agency}-{what}.{ending}"'
    return response


def _content(agency: str, what: str, ending: str, request: HttpRequest) -> bytes:
    day = localdate(request.now)
    if what == "example":
        return published.example_csv(agency, day) if ending == "csv" else published.example_xlsx(agency, day)
    schema = published.json_schema(agency) if what == "row-schema" else published.table_schema(agency)
    return json.dumps(schema, indent=2).encode()
