"""Inspectors' questions: the list, and one of them answered for a stretch of time, as a sentence, a chart and a list.

Two clicks from anywhere: Inspect in the menu, and the question. Whoever may see counts only is given no list, and no
number from which somebody could be picked out.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.casework.entering import listing
from knownto.face import forms, sheets
from knownto.face.charts import Bar, Bars
from knownto.face.parts import Column, Link, Table
from knownto.pathways.frontdoor import small_numbers
from knownto.pathways.frontdoor.inspecting import Item, Question
from knownto.pathways.frontdoor.inspectors_questions import QUESTIONS
from knownto.pathways.frontdoor.pages.strategy_times import london
from knownto.pathways.frontdoor.periods import Period, last_quarter, last_year, this_quarter
from knownto.policy import Permission

NOT_SHOWN = "Not shown"
MOST = 2000


class Dates(forms.Form):
    """From which day to which."""

    first = forms.Date(label="From", called="first day", missing="Enter the first day")
    last = forms.Date(label="To", called="last day", missing="Enter the last day")

    def clean(self) -> dict[str, Any]:
        super().clean()
        first, last = self.cleaned_data.get("first"), self.cleaned_data.get("last")
        if first and last and last < first:
            self.add_error("last", "Last day must be on or after the first day")
        return self.cleaned_data


@dataclass(frozen=True)
class Answered:
    """The answer: said in a sentence, by month, and (for whoever may see it) one line for each."""

    question: Question
    period: Period
    sentence: str
    chart: Bars
    months: Table
    lines: Table | None
    links: list[Link] = field(default_factory=list)


@page(Permission.INSPECT)
@require_safe
def inspect(request: HttpRequest) -> HttpResponse:
    groups: dict[str, list[Link]] = {}
    for question in QUESTIONS.values():
        address = reverse("frontdoor:inspect-one", args=[question.code])
        groups.setdefault(question.group, []).append(Link(question.asks, address))
    values = {"heading": "Inspectors' questions", "groups": groups, "period": last_quarter(request.now)}
    return render(request, "frontdoor/inspect.html", values)


@page(Permission.INSPECT)
@require_safe
def one(request: HttpRequest, question: str) -> HttpResponse:
    form, period = _period(request)
    found = _answer(request, _question(question), period)
    values = {"heading": found.question.asks, "found": found, "form": form, "periods": _periods(request, question)}
    return render(request, "frontdoor/inspect_one.html", values)


@page(Permission.INSPECT)
@require_safe
def as_csv(request: HttpRequest, question: str) -> HttpResponse:
    _, period = _period(request)
    found = _answer(request, _question(question), period)
    return sheets.download(found.lines or found.months, f"{question}-{period.first}-to-{period.last}")


def _question(code: str) -> Question:
    if code not in QUESTIONS:
        raise NotYours
    return QUESTIONS[code]


def _period(request: HttpRequest) -> tuple[Dates, Period]:
    """The days that were chosen, or the last quarter. Days that are none leave the quarter, and say so."""
    usual = last_quarter(request.now)
    chosen = any(name.startswith("first") for name in request.GET)
    form = Dates(request.GET if chosen else None, initial={"first": usual.first, "last": usual.last})
    if chosen and form.is_valid():
        return form, Period(form.cleaned_data["first"], form.cleaned_data["last"])
    return form, usual


def _periods(request: HttpRequest, question: str) -> list[Link]:
    named = (("Last quarter", last_quarter), ("This quarter", this_quarter), ("Last 12 months", last_year))
    address = reverse("frontdoor:inspect-one", args=[question])
    return [Link(name, f"{address}?{urlencode(_said(make(request.now)))}") for name, make in named]


def _said(period: Period) -> dict[str, int]:
    return {
        f"{name}_{piece}": getattr(day, piece)
        for name, day in (("first", period.first), ("last", period.last))
        for piece in ("day", "month", "year")
    }


def _answer(request: HttpRequest, question: Question, period: Period) -> Answered:
    viewer = request.viewer
    with listing(viewer, Permission.INSPECT, kind="inspected", now=request.now):
        items = question.find(period)
    named = viewer.may(Permission.BOARD)
    months = _months(items, period, named)
    bars = [_bar(*month) for month in months]
    columns = (Column("Month"), Column(question.found.capitalize(), numeric=True), Column("In all", numeric=True))
    sheet = f"{reverse('frontdoor:inspect-csv', args=[question.code])}?{urlencode(_said(period))}"
    return Answered(
        question,
        period,
        _sentence(question, items, named),
        Bars(f"{question.found.capitalize()}, by month", bars, heading="Month", figure="Number"),
        Table("By month", columns, months, size="s"),
        _lines(question, items) if named else None,
        [Link("Download as CSV", sheet)],
    )


def _bar(name: str, hits: Any, total: Any) -> Bar:
    return Bar(name, 0, NOT_SHOWN) if hits == NOT_SHOWN else Bar(name, hits, f"{hits} of {total}")


def _sentence(question: Question, items: list[Item], named: bool) -> str:
    hits, total = sum(item.hit for item in items), len(items)
    most = 0 if named else settings.SMALL_NUMBERS
    if total == 0:
        return f"There were no {question.counted} in this time."
    share = f" ({hits * 100 / total:.0f}%)" if named else ""
    return f"{question.counted.capitalize()}: {small_numbers.of(hits, total, most)} {question.found}{share}."


def _months(items: list[Item], period: Period, named: bool) -> list[tuple[str, Any, Any]]:
    """(month, how many, in all). Small numbers, and what would give them away, are hidden from who sees counts only."""
    hits = Counter(london(item.at).date().replace(day=1) for item in items if item.hit)
    every = Counter(london(item.at).date().replace(day=1) for item in items)
    months = period.months()
    if named:
        return [(f"{month:%B %Y}", hits[month], every[month]) for month in months]
    small, few = settings.SMALL_NUMBERS, [every[month] - hits[month] for month in months]
    hide = [
        any(pair)
        for pair in zip(
            small_numbers.hidden([hits[month] for month in months], small),
            small_numbers.hidden(few, small),
            strict=True,
        )
    ]
    return [
        (f"{month:%B %Y}", NOT_SHOWN if secret else hits[month], NOT_SHOWN if secret else every[month])
        for month, secret in zip(months, hide, strict=True)
    ]


def _lines(question: Question, items: list[Item]) -> Table:
    """One line for each that is asked for; where being asked for is good, one for each that is not."""
    wanted = [item for item in items if item.hit is not question.good]
    rows = [
        (Link(item.reference, reverse("frontdoor:episode", args=[item.episode])), *item.cells)
        for item in wanted[:MOST]
    ]
    caption = f"Not {question.found}" if question.good else question.found.capitalize()
    columns = (Column("Reference"), *(Column(name, wide=name.startswith("Why")) for name in question.columns))
    return Table(caption, columns, rows, size="s", dense=True, empty=f"None: no {question.counted} to list.")
