"""Which copies of one's own agency went out, wait or are stuck; sending one again; and the panel of a piece of work."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from knownto.access.acts import Viewer
from knownto.access.pages import page
from knownto.casework.entering import Entered
from knownto.disclosure.endpoints import takes_copies
from knownto.face import sheets
from knownto.face.parts import Column, Line, Link, Row, Table, Tag
from knownto.face.times import happened
from knownto.pathways.frontdoor import paper, sent_copies
from knownto.pathways.frontdoor.documenting import their_references
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.sent_copies import Copy, State
from knownto.policy import Permission

SAYS: dict[State, tuple[str, str]] = {
    State.MAKING: ("Being made", "grey"),
    State.HELD_BACK: ("Not sent: it may not be told", "red"),
    State.WAITING: ("Waiting to be sent", "grey"),
    State.STUCK: ("Stuck", "red"),
    State.LEFT: ("In your folder, not yet taken in", ""),
    State.ARRIVED: ("Arrived", "green"),
    State.WITHDRAWN: ("Withdrawn", "grey"),
}
SHOWN = {"": "All of the last 90 days", "open": "Not arrived yet", "stuck": "Stuck or not sent"}


@page(Permission.COPIES)
@require_safe
def copies(request: HttpRequest) -> HttpResponse:
    show = request.GET.get("show", "")
    if show not in SHOWN:
        raise Http404
    found = sent_copies.of_agency(request.viewer, show, request.now)
    values = {
        "heading": "Copies for your own record system",
        "shown": [_link(code, words, show) for code, words in SHOWN.items()],
        "table": _table(found, request.now),
        "takes": takes_copies(request.viewer.agency),
        "alarm": sent_copies.alarm_since(request.viewer.agency),
        "now": request.now,
        "more": len(found) == sent_copies.MOST,
        "csv": f"{reverse('frontdoor:copies-csv')}?show={show}",
        "paper": "" if paper.can_make() else paper.MISSING,
    }
    return render(request, "frontdoor/copies.html", values)


@page(Permission.COPIES)
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    show = request.GET.get("show", "")
    if show not in SHOWN:
        raise Http404
    found = sent_copies.of_agency(request.viewer, show, request.now)
    columns = [Column(heading) for heading in ("Reference", "Copy", "Owed", "State", "Why", "Arrived", "Tries")]
    rows = [
        (each.reference, each.name, each.owed_at, SAYS[each.state][0], each.why, each.arrived_at, each.tries)
        for each in found
    ]
    return sheets.download(Table("Copies", columns, rows), "copies")


def _link(code: str, words: str, show: str) -> Link:
    return Link(words, f"{reverse('frontdoor:copies')}?show={code}", current=code == show)


def _table(found: Iterable[Copy], now: datetime) -> Table:
    columns = (Column("Reference"), Column("Copy"), Column("Owed"), Column("State"), Column("What to know", wide=True))
    rows = [Line(_cells(each, now), "late" if each.state in (State.STUCK, State.HELD_BACK) else "") for each in found]
    return Table("Copies", columns, rows, dense=True, hide_caption=True, empty="No copy has been owed in that time.")


def _cells(copy: Copy, now: datetime) -> tuple:
    words, colour = SAYS[copy.state]
    reference = Link(copy.reference, reverse("frontdoor:copy", args=[copy.id]))
    return reference, copy.name, _ago(copy.owed_at, now), Tag(words, colour), _known(copy, now)


def _known(copy: Copy, now: datetime) -> str:
    tries = f"{copy.tries} {'try' if copy.tries == 1 else 'tries'}" if copy.tries > 1 else ""
    arrived = f"Taken in {_ago(copy.arrived_at, now)}" if copy.arrived_at else ""
    return ". ".join(filter(None, [copy.why, arrived, tries]))


def _ago(when: datetime, now: datetime) -> str:
    moment = happened(when, now)
    return f"{moment.said} ({moment.distance})"


@page(Permission.COPIES)
@require_safe
def one(request: HttpRequest, copy: UUID) -> HttpResponse:
    found = sent_copies.one(request.viewer, copy, request.now)
    words, colour = SAYS[found.state]
    rows = [
        Row("Work", found.reference),
        Row("Copy of", found.name),
        Row("Owed", _ago(found.owed_at, request.now)),
        Row("State", Tag(words, colour)),
        Row("Why", found.why),
        Row("Id in your system", str(found.parcel or "")),
        Row("Taken in", _ago(found.arrived_at, request.now) if found.arrived_at else ""),
    ]
    values = {
        "heading": f"Copy for {found.reference}",
        "title": "Copy",
        "rows": [row for row in rows if row.value],
        "copy": found,
        "back": reverse("frontdoor:copies"),
        "again": reverse("frontdoor:copy-again", args=[copy]),
        "can_again": found.state in sent_copies.CAN_BE_SENT_AGAIN,
    }
    return render(request, "frontdoor/copies_one.html", values)


@page(Permission.COPIES)
@require_POST
def again(request: HttpRequest, copy: UUID) -> HttpResponse:
    sent_copies.send_again(by=request.viewer, copy=copy, now=request.now)
    messages.success(request, "It will be sent again, as a new copy with an id of its own.")
    return redirect("frontdoor:copies")


def panel_of_copies(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """Which copies of this went where, its documents, and what partners' systems call it."""
    documents = [
        Link(words, reverse("frontdoor:document", args=[entered.episode.id, what]))
        for what, words in sent_copies.there_is(entered, viewer)
    ]
    if not documents:
        return None
    found = sent_copies.of_episode(entered.episode) if "referral" in entered.sections else []
    columns = (Column("Copy"), Column("For"), Column("State"), Column("What to know", wide=True))
    rows = [(each.name, each.agency, Tag(*SAYS[each.state]), _known(each, now)) for each in found]
    values = {
        "documents": documents,
        "table": Table("Copies sent", columns, rows, dense=True, size="s") if rows else None,
        "references": [Row(each.system, each.reference) for each in their_references(entered.episode)],
    }
    return Panel(85, "Documents and copies", "frontdoor/copies_panel.html", values)
