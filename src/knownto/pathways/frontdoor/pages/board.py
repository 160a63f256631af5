"""The hub's board, as a page that keeps itself fresh, and as a sheet to take away."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.face import sheets, times
from knownto.face.parts import Column, Link, Pages, Table, Tag
from knownto.pathways.frontdoor import board as reads
from knownto.pathways.frontdoor.board import A_SHEET, BOARDS, Board, Row, Wanted
from knownto.pathways.frontdoor.pages.standing import URGENCY
from knownto.pathways.frontdoor.recognised import SORTS
from knownto.policy import Permission

NAMES = {"contact": "Contacts", "support": "Support", "protection": "Protection", "adult": "Adults"}
FLAGS = {"already-open": "red", "possible-duplicate": "orange", "re-referral": "orange", "earlier-contact": "grey"}
WHOSE = (("", "Anybody"), ("mine", "Me"), ("nobody", "Nobody yet"))
URGENCIES = (("", "Any"), ("red", "Red"), ("amber", "Amber"), ("green", "Green"))
COLUMNS = (
    "Reference", "Stage", "Urgency", "Level", "Next due", "What is due", "With", "Worker", "From", "Team",
    "Came in", "Asked", "Answered", "Seen before",
)  # fmt: skip


@page(Permission.BOARD)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    wanted = asked_for(request.GET)
    shown = reads.board(request.viewer, wanted, now=request.now)
    values = {
        "heading": "The board",
        "title": "The board",
        "boards": [Link(NAMES[code], f"?board={code}", current=code == wanted.board) for code in BOARDS],
        "board": shown,
        "wanted": wanted,
        "stages": [_stage(each, wanted) for each in shown.stages],
        "rows": [line(row, request.now) for row in shown.rows],
        "whose": WHOSE,
        "urgencies": URGENCIES,
        "pages": _pages(shown, wanted),
        "refreshed": localtime(request.now),
        "again": address(wanted),
        "sheet": f"{reverse('frontdoor:board-csv')}?{query(wanted)}",
        "now": request.now,
    }
    return render(request, "frontdoor/board.html", values)


@page(Permission.BOARD)
@fresh()
@require_safe
def board_csv(request: HttpRequest) -> HttpResponse:
    """The list as a sheet, without names: what is taken away is work, not people."""
    wanted = asked_for(request.GET)
    shown = reads.board(request.viewer, wanted, now=request.now, most=A_SHEET, named=False)
    rows = [_cells(row) for row in shown.rows]
    return sheets.download(Table("Board", [Column(name) for name in COLUMNS], rows), f"board-{wanted.board}")


def asked_for(given: Mapping[str, str]) -> Wanted:
    """What an address asks for. Raises NotYours for a board there is not."""
    which, number = given.get("board", "contact"), given.get("page", "1")
    if which not in BOARDS:
        raise NotYours
    return Wanted(
        which,
        given.get("stage", ""),
        given.get("whose", ""),
        given.get("urgency", ""),
        given.get("agency", ""),
        given.get("late") == "1",
        int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1,
    )


def query(wanted: Wanted, **changed: Any) -> str:
    """The address of that view of the board: codes only."""
    said = vars(wanted) | changed
    said["late"] = "1" if said["late"] else ""
    return urlencode({name: value for name, value in said.items() if value and (name, value) != ("page", 1)})


def address(wanted: Wanted, **changed: Any) -> str:
    return f"{reverse('frontdoor:board')}?{query(wanted, **changed)}"


def _stage(stage: reads.Stage, wanted: Wanted) -> dict[str, Any]:
    chosen = stage.code == wanted.stage
    href = address(wanted, stage="" if chosen else stage.code, page=1)
    return {"name": stage.name, "open": stage.open, "late": stage.late, "href": href, "current": chosen}


def _pages(shown: Board, wanted: Wanted) -> Pages:
    before = address(wanted, page=wanted.page - 1) if wanted.page > 1 else ""
    return Pages(before, address(wanted, page=wanted.page + 1) if shown.more else "", "Pages of the board")


def line(row: Row, now: datetime) -> dict[str, Any]:
    """One row, ready to show."""
    return {
        "row": row,
        "names": ", ".join(row.children) or "Nobody named yet",
        "href": reverse("frontdoor:episode", args=[row.id]) if row.may_open else "",
        "mark": times.due(row.due, now).state,
        "urgency": URGENCY.get(row.urgency),
        "awaited": _awaited(row),
        "flags": [Tag(SORTS[code], FLAGS[code]) for code in row.flags],
    }


def _awaited(row: Row) -> str:
    if row.asked > row.answered:
        return f"{row.answered} of {row.asked} have answered"
    return row.state.awaits


def _cells(row: Row) -> tuple[Any, ...]:
    return (
        row.reference, row.state.name, row.urgency, row.level or "", row.due, row.due_for, row.team, row.worker,
        row.from_agency, row.from_team, row.opened_at, row.asked, row.answered,
        "; ".join(SORTS[code] for code in row.flags) if row.looked else "not looked up yet",
    )  # fmt: skip
