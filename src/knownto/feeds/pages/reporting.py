"""One file's report, and the decision to be made while it is held."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime

from knownto.face import forms
from knownto.face.parts import Column, Row, Table
from knownto.face.times import long_date
from knownto.feeds import reads
from knownto.feeds.models import Mode, State
from knownto.feeds.pages.presenter import state_tag
from knownto.partners import reads as partners
from knownto.policy import Permission

COLUMNS = (Column("Line"), Column("Column"), Column("What to do", wide=True))


class Decision(forms.Form):
    """What to do with a held file."""

    decision = forms.Choice(
        label="What should happen to it?",
        missing="Select what should happen to the file",
        options=[
            forms.Option("release", "It is right: let it go on", hint="What it says is used, and what it drops goes."),
            forms.Option("turn-away", "It is wrong: turn it away", hint="Nothing of it is used. Send the right file."),
        ],
    )
    reason = forms.Words(label="Why?", missing="Say why", max_length=1000, rows=3, hint="Do not name anybody.")


def shown(request: HttpRequest, file: UUID, form: Decision, status: int = 200) -> HttpResponse:
    """The report, with the decision to be made when the file is held."""
    told = reads.report(request.viewer, file, now=request.now)
    held = told.file.state == State.HELD
    here = {
        "heading": f"File about {long_date(told.file.as_of)}",
        "report": told,
        "tag": state_tag(told.file.state),
        "summary": _summary(told),
        "table": _bad(told),
        "form": form if held else None,
        "may_decide": held and request.viewer.may(Permission.RELEASE_FEED),
        "may_replay": told.can_be_replayed and request.viewer.may(Permission.SEND_FEED),
        "back": reverse("feeds:files"),
    }
    return render(request, "feeds/file.html", here, status=status)


def _summary(told: reads.Report) -> list[Row]:
    file = told.file
    rows = [
        Row("Name", file.name or "(no longer kept)"),
        Row("What", Mode(file.mode).label),
        Row("Received", f"{localtime(file.received_at):%d/%m/%Y %H:%M}"),
        Row("Rows read", file.rows),
        Row("Rows put aside as bad", file.rows_bad),
        Row("Rows that the agreement keeps out", file.rows_not_agreed),
        Row("Contacts added", told.added),
        Row("Contacts changed", told.changed),
        Row("Contacts dropped", told.dropped),
        Row("Manifest", "Yes" if told.has_manifest else "No"),
        Row("SHA-256", told.sha256 or "(no longer kept)"),
    ]
    return rows + _decided(told)


def _decided(told: reads.Report) -> list[Row]:
    if told.decided_at is None:
        return []
    name = partners.names([told.decided_by]).get(told.decided_by, "")
    when = f"{localtime(told.decided_at):%d/%m/%Y %H:%M}"
    return [Row("Decided", f"{name}, {when}"), Row("Because", told.decision)]


def _bad(told: reads.Report) -> Table:
    columns = (*COLUMNS, Column("What was there"))
    rows = [(cell.line, cell.field, cell.reason, cell.found) for cell in told.bad]
    return Table("Rows put aside", columns, rows, empty="No row was put aside.")
