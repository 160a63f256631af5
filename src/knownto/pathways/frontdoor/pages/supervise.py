"""What one's own agency's people referred: the queue, one of them with its marks, and how it goes over time."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.face import forms, sheets
from knownto.face.charts import Bar, Bars
from knownto.face.parts import Column, Line, Link, Table
from knownto.firewall import audiences
from knownto.pathways.frontdoor import considering, measuring, supervising
from knownto.pathways.frontdoor.measuring import Measure, VideoGap
from knownto.pathways.frontdoor.pages.considered import STATES
from knownto.pathways.frontdoor.pages.letters import blocks_for
from knownto.pathways.frontdoor.pages.refer_sent import SAID
from knownto.policy import Permission

SECTIONS = (
    ("Referrals", "frontdoor:supervise"),
    ("Considered, not referred", "frontdoor:supervise-considered"),
    ("How it goes", "frontdoor:supervise-trends"),
    ("Video and AWARE", "frontdoor:supervise-video"),
)


class Marks(forms.Form):
    """A mark for each criterion, and a note."""

    note = forms.Words(
        label="Note to whoever wrote it",
        hint="What was good, and one thing that would make the next one better.",
        required=False,
        max_length=2000,
        rows=4,
    )

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        scale = [(str(value), name) for value, name in supervising.scale().items()]
        asked = {each.code: _choice(each, scale) for each in supervising.rubric()}
        self.fields = asked | self.fields

    @property
    def marks(self) -> dict[str, int]:
        return {each.code: int(self.cleaned_data[each.code]) for each in supervising.rubric()}


def _choice(criterion: supervising.Criterion, scale: list[tuple[str, str]]) -> forms.Choice:
    missing = f"Select a mark for: {criterion.name[0].lower()}{criterion.name[1:]}"
    look = forms.Look(inline=True, small=True)
    return forms.Choice(label=criterion.name, hint=criterion.hint, options=scale, missing=missing, look=look)


def _links(here: str) -> list[Link]:
    return [Link(text, reverse(route), current=route == here) for text, route in SECTIONS]


@page(Permission.SUPERVISE)
def queue(request: HttpRequest) -> HttpResponse:
    found = supervising.queue(request.viewer, request.now)
    if request.GET.get("as") == "csv":
        columns = [Column(each) for each in ("Reference", "Written by", "Team", "Sent", "Where it stands", "Look by")]
        rows = [[w.reference, w.by, w.team, w.sent_at, w.stands, w.due or "Looked at"] for w in found]
        return sheets.download(Table("Referrals", columns, rows), "referrals-of-my-agency")
    values = {
        "heading": "Your agency's referrals",
        "waiting": [each for each in found if each.due],
        "looked": [each for each in found if not each.due],
        "links": _links("frontdoor:supervise"),
        "now": request.now,
    }
    return render(request, "frontdoor/supervise.html", values)


@page(Permission.SUPERVISE)
def one(request: HttpRequest, episode: UUID) -> HttpResponse:
    """One referral beside the rubric."""
    form = Marks(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        note = form.cleaned_data["note"]
        supervising.mark(by=request.viewer, episode=episode, marks=form.marks, note=note, now=request.now)
        messages.success(request, "Marked. Whoever wrote it has been told that there is a note.")
        return redirect("frontdoor:supervise")
    looked = supervising.look(request.viewer, episode, request.now)
    initial = {"note": looked.note} | {code: str(mark) for code, mark in looked.marks.items()}
    values = {
        "heading": "A referral of your agency",
        "looked": looked,
        "blocks": blocks_for(looked.referral, audiences.on_page(request.viewer)) if looked.referral else [],
        "since": [(SAID[each.kind], each) for each in looked.since],
        "form": form or Marks(initial=initial),
        "now": request.now,
        "back": reverse("frontdoor:supervise"),
    }
    return render(request, "frontdoor/supervise_one.html", values)


@page(Permission.SUPERVISE)
def considered(request: HttpRequest) -> HttpResponse:
    found = considering.of_agency(request.viewer, request.now)
    columns = [Column(each) for each in ("Reference", "Written by", "When", "How it stands", "Look by")]
    if request.GET.get("as") == "csv":
        rows = [[c.reference, c.by, c.at, STATES[c.state], c.due or ""] for c in found]
        return sheets.download(Table("Considered", columns, rows), "considered-not-referred")
    values = {
        "heading": "Considered, and not referred",
        "found": [(STATES[each.state], each) for each in found],
        "links": _links("frontdoor:supervise-considered"),
        "now": request.now,
    }
    return render(request, "frontdoor/supervise_considered.html", values)


@page(Permission.SUPERVISE)
def trends(request: HttpRequest) -> HttpResponse:
    found = measuring.trends(request.viewer, request.now)
    table = _trends(found.measures)
    if request.GET.get("as") == "csv":
        return sheets.download(table, "referrals-by-month")
    values = {
        "heading": "How your agency refers",
        "table": table,
        "chart": _by_month(found.measures),
        "marks": _averages(found.averages),
        "links": _links("frontdoor:supervise-trends"),
        "note": "Of teams, not of people. A share is of the children in that month's referrals.",
    }
    return render(request, "frontdoor/supervise_figures.html", values)


def _trends(found: list[Measure]) -> Table:
    columns = [Column("Month"), Column("Team")]
    columns += [Column(each, numeric=True) for each in (
        "Sent", "Marked", "Average mark", "With the child's words", "With impact", "With AWARE", "Thought level 1 or 2",
        "Decided level 1 or 2",
    )]  # fmt: skip
    rows = [
        [
            m.month,
            m.team,
            m.sent,
            m.marked,
            m.average or "",
            *map(_share, (m.voice, m.impact, m.aware)),
            m.below,
            m.decided_below,
        ]
        for m in found
    ]
    return Table("Referrals by month and team", columns, rows, dense=True, empty="Nothing was sent in the last year.")


def _averages(averages: dict[str, float]) -> Table | None:
    """As figures: a bar for an average of a few marks would say more than is known."""
    names = {each.code: each.name for each in supervising.rubric()}
    rows = [[names[code], f"{mark} of {max(supervising.scale())}"] for code, mark in averages.items()]
    columns = [Column("What is looked at"), Column("Average", numeric=True)]
    return Table("Average marks", columns, rows) if rows else None


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def _by_month(found: list[Measure]) -> Bars | None:
    sent: dict[str, int] = {}
    for each in reversed(found):
        sent[each.month] = sent.get(each.month, 0) + each.sent
    bars = [Bar(month, count) for month, count in sent.items()]
    return Bars("Referrals by month", bars, heading="Month", figure="Referrals") if bars else None


@page(Permission.SUPERVISE)
def video(request: HttpRequest) -> HttpResponse:
    """Where nobody said whether body-worn video was on, and how often the AWARE prompt was used."""
    table = _gaps(measuring.video(request.viewer, request.now))
    if request.GET.get("as") == "csv":
        return sheets.download(table, "video-and-aware")
    values = {
        "heading": "Body-worn video and the AWARE prompt",
        "table": table,
        "links": _links("frontdoor:supervise-video"),
        "note": "The last year, by team. Body-worn video is asked of police only, and only its reference is kept.",
    }
    return render(request, "frontdoor/supervise_figures.html", values)


def _gaps(found: list[VideoGap]) -> Table:
    names = ("Sent", "Video not answered", "Video not on", "On, no reference", "Children", "With AWARE")
    columns = [Column("Team"), *(Column(each, numeric=True) for each in names)]
    rows = [Line(_gap(gap), "soon" if gap.not_answered or gap.no_reference else "") for gap in found]
    return Table("Exceptions by team", columns, rows, dense=True, empty="Nothing was sent in the last year.")


def _gap(gap: VideoGap) -> list[Any]:
    used = f"{gap.aware} ({_share(gap.aware / gap.children)})" if gap.children else "0"
    return [gap.team, gap.sent, gap.not_answered, gap.not_on, gap.no_reference, gap.children, used]
