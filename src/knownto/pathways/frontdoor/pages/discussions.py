"""The discussions and conferences that the viewer or their team is invited to, or has called."""

from datetime import timedelta

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.fresh import fresh
from knownto.access.pages import page
from knownto.casework import reads
from knownto.casework.entering import listing
from knownto.casework.models import Invitation, Meeting
from knownto.face import sheets
from knownto.face.parts import Column, Line, Link, Table
from knownto.pathways.frontdoor.pages.strategy_times import london
from knownto.pathways.frontdoor.seating import name_of
from knownto.pathways.frontdoor.seats import KINDS
from knownto.policy import Permission

COLUMNS = (Column("Discussion"), Column("Reference"), Column("When"), Column("You are there for"), Column("Answer"),
           Column("Information"))  # fmt: skip
KEPT_IN_SIGHT = timedelta(days=90)
MOST = 200


@page(Permission.WORK)
@require_safe
def discussions(request: HttpRequest) -> HttpResponse:
    come, over = tables(request)
    values = {"heading": "Discussions", "to_come": come, "over": over}
    return render(request, "frontdoor/discussions.html", values)


@page(Permission.WORK)
@fresh()
@require_safe
def as_csv(request: HttpRequest) -> HttpResponse:
    come, _ = tables(request)
    return sheets.download(come, "discussions")


def tables(request: HttpRequest) -> tuple[Table, Table]:
    """Those to come, the next first; and those of the last three months."""
    with listing(request.viewer, Permission.WORK, kind="discussions-listed", now=request.now):
        team = reads.team_of(request.viewer)
        invited = Q(worker=request.viewer.worker_id) | Q(worker=None, team=team, team__isnull=False)
        rows = Invitation.objects.filter(invited, invited_at__isnull=False) if team else Invitation.objects.none()
        seats = {row.meeting_id: row for row in rows}
        mine = Meeting.objects.filter(Q(pk__in=seats) | Q(called_by=request.viewer.worker_id))
        mine = mine.filter(starts__gt=request.now - KEPT_IN_SIGHT).select_related("episode").order_by("starts")[:MOST]
        lines = [(each, _line(each, seats.get(each.pk))) for each in mine]
    come = [line for each, line in lines if each.held_at is None and each.cancelled_at is None]
    over = [line for each, line in reversed(lines) if each.held_at or each.cancelled_at]
    return (
        Table("To come", COLUMNS, come, size="m", empty="You are invited to nothing that is still to come."),
        Table("In the last three months", COLUMNS, over, size="m", empty="None in the last three months."),
    )


def _line(each: Meeting, seat: Invitation | None) -> Line:
    at = london(each.held_at or each.starts)
    address = reverse("frontdoor:meeting", args=[each.episode_id, each.pk])
    unanswered = seat is not None and seat.accepted is None and each.held_at is None and each.cancelled_at is None
    cells = (
        Link(KINDS.get(each.kind, "Meeting"), address, each.episode.reference), each.episode.reference,
        f"{at:%H:%M, %A} {at.day} {at:%B %Y}", name_of(each.kind, seat.office) if seat else "You called it",
        _answer(each, seat), _information(seat),
    )  # fmt: skip
    return Line(cells, mark="soon" if unanswered else "")


def _answer(each: Meeting, seat: Invitation | None) -> str:
    if each.cancelled_at:
        return "Called off"
    if seat is None:
        return "Held" if each.held_at else "To come"
    if each.held_at:
        return "Came" if seat.attended else "Did not come"
    return {None: "Not answered yet", True: "Coming", False: "Not coming"}[seat.accepted]


def _information(seat: Invitation | None) -> str:
    return "" if seat is None else "Sent" if seat.informed else "Not sent"
