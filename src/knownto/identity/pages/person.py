"""How somebody came to be who they are taken for."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face import times
from knownto.face.parts import Column, Link, Table
from knownto.identity.history import Event, History, history
from knownto.policy import Permission


@page(Permission.REVIEW)
@require_safe
def person(request: HttpRequest, person: UUID) -> HttpResponse:
    found = history(request.viewer, person, request.now)
    values = {
        "heading": "History of one person",
        "back": reverse("identity:queue"),
        "tables": [_events(found, request), _records(found, request), _believed(found, request)],
    }
    return render(request, "identity/person.html", values)


def _when(at: object, request: HttpRequest) -> str:
    moment = times.happened(at, request.now)  # type: ignore[arg-type]
    return f"{moment.said}, {moment.distance}"


def _events(found: History, request: HttpRequest) -> Table:
    columns = [Column(h) for h in ("When", "What", "Who", "Why", "Undo")]
    rows = [[_when(e.at, request), e.what, e.who, e.why, _undo(e)] for e in found.events]
    return Table("What happened", columns, rows, empty="Nobody has decided anything, and nothing has changed.")


def _undo(event: Event) -> Link | str:
    return Link("Undo", reverse("identity:undo", args=[event.ruling]), about=event.what) if event.ruling else ""


def _records(found: History, request: HttpRequest) -> Table:
    columns = [Column("Held by"), Column("Taken for this person's since")]
    return Table("Records", columns, [[whose, _when(since, request)] for whose, since in found.records])


def _believed(found: History, request: HttpRequest) -> Table:
    headings = ("Of", "One person in how many such pairs", "What holds", "Model", "Worked out")
    rows = [[" and ".join(b.of), b.likely, b.said, b.model, _when(b.at, request)] for b in found.believed]
    return Table("What is believed of each two", [Column(h) for h in headings], rows, empty="There is one record only.")
