"""The panels of child protection: its meetings and what can be called or decided next, and emergency powers."""

from datetime import date, datetime
from uuid import UUID

from django.urls import reverse

from knownto.access.acts import Viewer
from knownto.access.refusals import NotYours
from knownto.casework import reads, words
from knownto.casework.entering import Entered
from knownto.casework.models import Meeting
from knownto.casework.pathway import Move
from knownto.casework.register import pathway
from knownto.face.parts import Column, Line, Link, Table, Tag
from knownto.pathways.frontdoor import conferences
from knownto.pathways.frontdoor.holding import INVESTIGATIONS, UNDER_WAY, last_held
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.protection import holds, standing_of
from knownto.pathways.frontdoor.pages.strategy_decide import ELSEWHERE, POLICE
from knownto.pathways.frontdoor.pages.strategy_times import london
from knownto.pathways.frontdoor.removal import POWERS
from knownto.pathways.frontdoor.seating import RUNS
from knownto.pathways.frontdoor.seats import KINDS
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission

COLUMNS = (Column("Meeting"), Column("When"), Column("State"), Column("Quorate"))


def meetings(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """The meetings of child protection work, and what can be called or decided from here."""
    row = entered.episode
    if row.pathway != "protection" or "meetings" not in entered.sections:
        return None
    found = Meeting.objects.filter(episode=row).order_by("-starts")
    whole = bool(entered.parts & RUNS)
    rows = [_row(row.id, each) for each in found if whole or _invited(viewer, each)]
    table = Table("Meetings", COLUMNS, rows, size="s", hide_caption=True, empty="No meeting has been called yet.")
    why = next((plain.get("words", "") for _, plain in reads.statements(row, "why")), "") if whole else ""
    values = {
        "table": table, "why": why, "calls": _calls(entered, viewer), "decides": _decides(entered, viewer),
        "police": _police(entered) if whole else "",
    }  # fmt: skip
    return Panel(20, "Discussions and conferences", "frontdoor/strategy_panel.html", values)


def _police(entered: Entered) -> str:
    """Does a criminal investigation go on beside the plan, and when is it reviewed together? In a sentence, or ""."""
    row, said = last_held(entered.episode, "strategy"), ""
    decided = [made.kind for made, _ in reads.decisions(entered.episode) if made.kind in POLICE]
    plain = words.opened([row])[0] if row else {}
    if decided:
        said = "Police investigate" if decided[-1] == "police-investigate" else "Police do not investigate"
    elif plain.get("investigation") in UNDER_WAY:
        said = INVESTIGATIONS[plain["investigation"]]
    review = plain.get("review_on") if said and decided[-1:] != ["police-do-not"] else ""
    return f"{said}. Joint review: {date.fromisoformat(review):%-d %B %Y}." if review else said and f"{said}."


def _invited(viewer: Viewer, meeting: Meeting) -> bool:
    team = reads.team_of(viewer)
    asked = meeting.invitations.exclude(invited_at=None)
    return asked.filter(team=team).exists() or asked.filter(worker=viewer.worker_id).exists()


def _row(episode: UUID, each: Meeting) -> Line:
    at = london(each.held_at or each.starts)
    link = Link(KINDS.get(each.kind, "Meeting"), reverse("frontdoor:meeting", args=[episode, each.pk]),
                f"on {at:%d %B %Y}")  # fmt: skip
    state = Tag("Called off", "grey") if each.cancelled_at else Tag("Held", "green") if each.held_at else Tag("To come")
    quorate = "" if each.quorate is None else "Yes" if each.quorate else "No"
    return Line((link, f"{at:%H:%M, %A} {at.day} {at:%B %Y}", state, quorate), "late" if each.quorate is False else "")


def _calls(entered: Entered, viewer: Viewer) -> list[Link]:
    """What can be called now, by whoever calls meetings."""
    row = entered.episode
    if not entered.parts & RUNS or not viewer.may(Permission.MEET) or row.closed_at:
        return []
    links = []
    if row.state == "strategy-due":
        links = [
            Link("Call a strategy discussion", reverse("frontdoor:meeting-call", args=[row.id, "strategy"])),
            Link("Write down a discussion by telephone, now", reverse("frontdoor:meeting-at-once", args=[row.id])),
        ]
    for kind in conferences.may_call(row):
        links.append(Link(f"Call: {KINDS[kind].lower()}", reverse("frontdoor:meeting-call", args=[row.id, kind])))
    return links


def _decides(entered: Entered, viewer: Viewer) -> list[Link]:
    row = entered.episode
    if row.closed_at or not viewer.may(Permission.DECIDE):
        return []
    moves = [move for move in pathway("protection").moves_from(row.state) if move.code not in ELSEWHERE]
    return [
        Link(move.name, reverse("frontdoor:protection-decide", args=[row.id, move.code]))
        for move in moves
        if _may(entered, viewer, move)
    ]


def _may(entered: Entered, viewer: Viewer, move: Move) -> bool:
    try:
        power_here(entered, viewer, move)
    except NotYours:
        return False
    return True


def powers(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """Emergency powers: what is in force for whoever sees the clocks, and a way in for whoever may use one."""
    row = entered.episode
    if row.pathway not in ("contact", "protection") or row.closed_at:
        return None
    may = viewer.may(Permission.DECIDE) and any(holds(entered, viewer, power) for power in POWERS.values())
    names = {each.id: each.name for each in reads.people([row]).get(row.id, [])}
    shown = "clocks" in entered.sections or may
    standing = standing_of(entered, viewer, names) if shown else []
    if not standing and not may:
        return None
    values = {"standing": standing, "may": may, "episode": row.id, "now": now}
    return Panel(30, "Emergency powers", "frontdoor/strategy_powers.html", values)
