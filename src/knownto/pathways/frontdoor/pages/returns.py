"""Who answers and who does not: partners' returns, as a table and a spreadsheet. Counts, nobody's name."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.face import forms, sheets
from knownto.face.parts import Column, Line, Table
from knownto.pathways.frontdoor import returns as counted
from knownto.pathways.frontdoor.returns import Returns
from knownto.policy import Permission

A_QUARTER = timedelta(days=91)


class Period(forms.Form):
    """From when until when."""

    say_optional = False
    since = forms.Date(label="Asked from", required=False)
    until = forms.Date(label="Asked until", required=False)

    def clean(self) -> dict[str, Any]:
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", "The last day must be after the first")
        return self.cleaned_data


@dataclass(frozen=True)
class Chosen:
    """The period, and the form that chose it. `query` keeps it for the spreadsheet."""

    since: date
    until: date
    form: Period
    query: str


def chosen(request: HttpRequest, back: timedelta = A_QUARTER) -> Chosen:
    """The period that was asked for; the last quarter where none was, or none that can be."""
    today = localdate(request.now)
    form = Period(request.GET if "since_day" in request.GET else _initial(today - back, today))
    good = form.is_valid()
    since = (form.cleaned_data.get("since") if good else None) or today - back
    until = (form.cleaned_data.get("until") if good else None) or today
    return Chosen(since, until, form, _initial(since, until).urlencode())


def _initial(since: date, until: date) -> QueryDict:
    made = QueryDict(mutable=True)
    for name, day in (("since", since), ("until", until)):
        made.update({f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)})
    return made


def table(found: list[Returns]) -> Table:
    """One line a partner."""
    columns = ("Asked", "Answered in time", "Answered late", "Nothing known", "Declined", "No reply, and late",
               "Still in time", "No longer asked", "In time, of those due")  # fmt: skip
    return Table(
        "Partner checks, by who was asked",
        [Column("Partner", wide=True), *(Column(each, numeric=True) for each in columns)],
        [_line(each) for each in found],
        dense=True,
        hide_caption=True,
        empty="No partner was asked in this period.",
    )


def _line(each: Returns) -> Line:
    cells = (each.name, each.asked, each.in_time, each.late, each.nothing_known, each.declined, each.no_reply)
    return Line((*cells, each.waiting, each.withdrawn, each.share), mark="late" if each.no_reply else "")


@page(Permission.INSPECT)
@require_http_methods(["GET", "HEAD"])
def returns(request: HttpRequest) -> HttpResponse:
    period = chosen(request)
    found = counted.tracker(request.viewer, period.since, period.until, request.now)
    values = {
        "heading": "Answers of partners",
        "table": table(found),
        "form": period.form,
        "practices": reverse("frontdoor:practices"),
    }
    csv = f"{reverse('frontdoor:returns-csv')}?{period.query}"
    return render(request, "frontdoor/checks_returns.html", values | {"csv": csv, "now": request.now})


@page(Permission.INSPECT)
@require_http_methods(["GET", "HEAD"])
def returns_csv(request: HttpRequest) -> HttpResponse:
    period = chosen(request)
    found = counted.tracker(request.viewer, period.since, period.until, request.now)
    return sheets.download(table(found), f"partner-returns-{period.since}-{period.until}")
