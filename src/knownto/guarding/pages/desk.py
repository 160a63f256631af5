"""The desk: who looked, the newest first; and the seals."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face import times
from knownto.face.parts import Column, Line, Link, Phone, Table, Tag
from knownto.guarding import reads
from knownto.guarding.acts import DONE
from knownto.guarding.models import State
from knownto.guarding.reads import Looked, Sealed
from knownto.policy import Permission

SECTIONS = (("desk", "Who looked"), ("seals", "Seals"), ("records", "Is it of them?"))
WAITS = {State.PROPOSED: "Your word: seal them?", State.LIFTING: "Your word: lift the seal?"}


def sections(current: str) -> list[Link]:
    return [Link(words, reverse(f"guarding:{route}"), current=route == current) for route, words in SECTIONS]


@page(Permission.GUARD)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    found = reads.looks(request.viewer, request.now)
    values = {
        "heading": "Guardian desk",
        "sections": sections("desk"),
        "open": sum(not each.done for each in found),
        "table": looks_table(found, request),
    }
    return render(request, "guarding/desk.html", values)


@page(Permission.GUARD)
@require_safe
def seals(request: HttpRequest) -> HttpResponse:
    found = reads.seals(request.viewer, request.now)
    headings = ("Called", "Sort", "How it stands", "Due")
    rows = [Line(_seal(each, request), mark="soon" if each.waits_for_me else "") for each in found]
    table = Table("Seals", [Column(h) for h in headings], rows, dense=True, empty="Nobody is sealed.")
    values = {"heading": "Seals", "sections": sections("seals"), "table": table, "propose": reverse("guarding:propose")}
    return render(request, "guarding/seals.html", values)


@page(Permission.GUARD)
@require_safe
def of_ask(request: HttpRequest, ask: UUID) -> HttpResponse:
    """From a list of work, or a notice, to where the desk answers it."""
    route, identity = reads.of_ask(request.viewer, ask, request.now)
    return redirect(f"guarding:{route}", identity) if identity else redirect(f"guarding:{route}")


@page(Permission.GUARD)
@require_safe
def of_work(request: HttpRequest, episode: UUID) -> HttpResponse:
    seal = reads.of_work(request.viewer, episode, request.now)
    return redirect("guarding:seal", seal) if seal else redirect("guarding:desk")


def looks_table(found: list[Looked], request: HttpRequest, *, of_one: bool = False) -> Table:
    headings = ("When", *(() if of_one else ("For",)), "Who looked", "Why", "Ring back", "What you did")
    rows = [_look(each, request, of_one) for each in found]
    empty = "Nobody has looked for anybody whom you guard."
    return Table("Who looked", [Column(h) for h in headings], rows, dense=True, empty=empty)


def _look(each: Looked, request: HttpRequest, of_one: bool) -> Line:
    late = not each.done and each.due < request.now
    at = Link(times.happened(each.at, request.now).said, reverse("guarding:look", args=[each.id]))
    due = times.due(each.due, request.now)
    waits = format_html("{} {}", Tag("Overdue", "red") if late else Tag("Say by", "yellow"), due.said)
    cells = [
        at,
        *(() if of_one else (each.called,)),
        format_html("{}<br>{}", each.who, ", ".join(filter(None, (each.team, each.agency)))),
        format_html("{}<br>{}", each.purpose, each.work),
        Phone(each.phone) if each.phone else "No number is held",
        DONE[each.done] if each.done else waits,
    ]
    return Line(cells, mark="late" if late else "" if each.done else "soon")


def _seal(each: Sealed, request: HttpRequest) -> list[object]:
    due = times.due(each.due, request.now)
    waits = Tag(WAITS[each.state], "yellow") if each.waits_for_me else each.state.label
    link = Link(each.called, reverse("guarding:seal", args=[each.id]))
    return [link, each.sort, waits, f"{due.said}, {due.distance}"]
