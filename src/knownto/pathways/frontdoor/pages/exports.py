"""Contacts for a partner's own system: look first, then take the file; the mapping; and their references back."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.access.viewer import Viewer
from knownto.face import dates, forms
from knownto.face.parts import Column, Link, Table
from knownto.face.widgets import PIECES
from knownto.pathways.frontdoor.exports import making
from knownto.pathways.frontdoor.exports.fields import FIELDS
from knownto.pathways.frontdoor.exports.making import Export, Wanted
from knownto.pathways.frontdoor.exports.mapping import SHAPES, BadMapping, Mapped, mapping, unmapped
from knownto.pathways.frontdoor.exports.rows import OF, Period
from knownto.policy import Permission

LONGEST = timedelta(days=92)
SHOWN, BESIDE = 25, 3  # rows that the look shows, and how many of them heading by heading; the file has them all
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Choose(forms.Form):
    """Which contacts, and in which shape."""

    shape = forms.Choice(label="In which shape?", missing="Select a shape")
    of = forms.Choice(label="Which contacts?", missing="Select which contacts")
    since = forms.Date(label="From", hint="For example, 1 11 2026", called="the first day")
    until = forms.Date(label="Until, that day included", called="the last day")

    def __init__(self, data: Any = None, *, viewer: Viewer, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["shape"].offer(list(_shapes(viewer.agency)))
        decides = making.decides(viewer.agency)
        self.fields["of"].offer([(code, words) for code, words in OF.items() if decides or code != "decided"])

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            self.add_error("until", dates.wrong("The last day must not be before the first", list(PIECES)))
        elif since and until and until - since > LONGEST:
            self.add_error("until", dates.wrong("Choose three months at most", list(PIECES)))
        return said


def _shapes(agency: str) -> Any:
    """The shapes that can be used: one whose file is wrong is shown on its own page, and not offered."""
    for code in SHAPES:
        try:
            found = mapping(code, agency)
        except BadMapping:
            continue
        yield forms.Option(code, found.shape.name, hint="Your agency's own mapping" if found.own else "")


def takes_away(request: HttpRequest) -> bool:
    """Not when it is only looked at."""
    return request.POST.get("act") in ("csv", "xlsx")


@page(Permission.COPIES)
@fresh(when=takes_away)
@require_http_methods(["GET", "POST"])
def exports(request: HttpRequest) -> HttpResponse:
    if request.method == "GET":
        return _shown(request, Choose(viewer=request.viewer, initial=_usual(request)))
    form = Choose(request.POST, viewer=request.viewer)
    if not form.is_valid():
        return _shown(request, form)
    try:
        return _answer(request, form, _wanted(request.viewer, form.cleaned_data))
    except NotPossibleNow as error:
        form.add_error(None, error.because)
        return _shown(request, form)


def _answer(request: HttpRequest, form: Choose, wanted: Wanted) -> HttpResponse:
    act = request.POST.get("act", "look")
    if act not in ("csv", "xlsx"):
        export = making.dry_run(by=request.viewer, wanted=wanted, now=request.now)
        return _shown(request, form, _looked(export, wanted))
    export = making.take(by=request.viewer, wanted=wanted, now=request.now)
    content = making.to_csv(export) if act == "csv" else making.to_xlsx(export, wanted.mapped.shape.system)
    name = f"{wanted.mapped.code}-{wanted.of}-{wanted.period.since}-{wanted.period.until}.{act}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8" if act == "csv" else XLSX, headers=headers)


def _usual(request: HttpRequest) -> dict[str, Any]:
    """The week that ended yesterday, in the shape that fits what the agency does."""
    today = localdate(request.now)
    decides = making.decides(request.viewer.agency)
    usual = {"since": today - timedelta(days=7), "until": today - timedelta(days=1)}
    return usual | ({"shape": "mosaic", "of": "decided"} if decides else {"shape": "connect", "of": "referred"})


def _wanted(viewer: Viewer, said: dict[str, Any]) -> Wanted:
    return Wanted(mapping(said["shape"], viewer.agency), said["of"], Period(said["since"], said["until"]))


def _shown(request: HttpRequest, form: Choose, looked: dict[str, Any] | None = None) -> HttpResponse:
    mappings = [Link(code.capitalize(), reverse("frontdoor:mapping", args=[code])) for code in SHAPES]
    values = {"heading": "Export for your own system", "form": form, "mappings": mappings}
    return render(request, "frontdoor/exports.html", values | (looked or {}))


def _looked(export: Export, wanted: Wanted) -> dict[str, Any]:
    """What the file would hold, and what somebody should know before they take it."""
    columns = [Column(heading) for heading in export.headings]
    return {
        "looked": export,
        "system": wanted.mapped.shape.system,
        "note": wanted.mapped.shape.note,
        "beside": _beside(export, wanted.mapped),
        "rows": Table("Every column", columns, export.cells[:SHOWN], dense=True, scroll=True, size="s"),
        "more": max(0, len(export.cells) - SHOWN),
        "unmapped": Table("Codes without one of theirs", (Column("Heading"), Column("Our code")), export.unmapped),
        "held_back": Table("Held back", (Column("Reference"), Column("Why", wide=True)), export.held_back),
    }


def _beside(export: Export, mapped: Mapped) -> Table:
    """The first rows, heading by heading: what comes from where, and how it looks in their words."""
    first = export.cells[:BESIDE]
    columns = (Column("Their heading"), Column("Comes from"), *(Column(f"Row {n}") for n in range(1, len(first) + 1)))
    rows = [
        (column.heading, _holds(column), *(row[number] for row in first))
        for number, column in enumerate(mapped.shape.column)
    ]
    return Table("The first rows, heading by heading", columns, rows, dense=True, size="s")


@page(Permission.COPIES)
@require_safe
def shape(request: HttpRequest, shape: str) -> HttpResponse:
    if shape not in SHAPES:
        raise Http404
    values = {"heading": f"Mapping: {shape.capitalize()}", "back": reverse("frontdoor:exports")}
    values |= {"file": f"{request.viewer.agency}-{shape}.toml"}
    try:
        values |= _mapping(mapping(shape, request.viewer.agency))
    except BadMapping as error:
        values["wrong"] = error.sentences
    return render(request, "frontdoor/exports_mapping.html", values)


def _mapping(mapped: Mapped) -> dict[str, Any]:
    headings = (Column("Their heading"), Column("What it holds"), Column("Codes"), Column("Longest", numeric=True))
    rows = [(each.heading, _holds(each), each.codes, each.longest or "") for each in mapped.shape.column]
    codes = [(listed, ours, theirs) for listed, table in mapped.shape.codes.items() for ours, theirs in table.items()]
    return {
        "mapped": mapped,
        "columns": Table("Columns", headings, rows, dense=True),
        "codes": Table("Codes", (Column("List"), Column("Our code"), Column("Their code")), codes, dense=True),
        "unmapped": Table("Our codes that have none", (Column("Heading"), Column("Our code")), unmapped(mapped.shape)),
    }


def _holds(column: Any) -> str:
    if column.fixed:
        return f"Always “{column.fixed}”"
    return FIELDS[column.field].words if column.field else "Left empty"
