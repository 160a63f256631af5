"""Which partner's witness saw which head, and when; which has not, and for how long; and backups that were put back."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.face.parts import Column, Table, Tag
from knownto.ledger.models import Restore
from knownto.partners import reads as partners
from knownto.policy import Permission
from knownto.proof import BadHead, read_head
from knownto.witnessing import reads
from knownto.witnessing.models import Cosignature

STATES = {"silent": ("Silent", "orange"), "refuses": ("Refuses our log", "red")}


@page(Permission.WHO_LOOKED)
@require_safe
def witnesses(request: HttpRequest) -> HttpResponse:
    names = partners.agency_names()
    standing = reads.standing(request.viewer)
    here = {
        "heading": "Witnesses of the log",
        "back": reverse("assurance:start"),
        "standing": _standing(standing, names, request.now),
        "signed": _signed(reads.signed_lately(request.viewer), names),
        "restored": _restored(reads.restored(request.viewer)),
        "alarmed": [each for each in standing if each.alarms],
        "undeclared": any(each.declared_at is None for each in reads.restored(request.viewer)),
        "too_few": len(standing) < 2,
    }
    return render(request, "assurance/witnesses.html", here)


def _standing(rows: list[reads.Standing], names: dict[str, str], now: datetime) -> Table:
    columns = ("Partner", "State", "Last head seen", "Entries it covers", "Not yet seen", "Signed", "Its name")
    lines = [
        (
            names.get(row.witness.agency_id, row.witness.agency_id),
            Tag(*_state(row)),
            row.number if row.signed_at else "None yet",
            f"{row.size:,}",
            f"{row.behind:,}",
            _since(row.signed_at, now),
            row.witness.key.partition("+")[0],
        )
        for row in rows
    ]
    return Table(
        "Who witnesses", [Column(each) for each in columns], lines, scroll=True, empty="No partner witnesses the log."
    )


def _state(row: reads.Standing) -> tuple[str, str]:
    kinds = {alarm.kind for alarm in row.alarms}
    return next((STATES[kind] for kind in ("refuses", "silent") if kind in kinds), ("Signs", "green"))


def _since(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "Never"
    seconds = max(int((now - at).total_seconds()), 0)
    ago = f"{seconds} seconds" if seconds < 120 else f"{seconds // 60} minutes"
    if seconds >= 2 * 3600:
        ago = f"{seconds // 3600} hours" if seconds < 2 * 86400 else f"{seconds // 86400} days"
    return f"{at:%d/%m/%Y %H:%M:%S} UTC, {ago} ago"


def _signed(rows: list[Cosignature], names: dict[str, str]) -> Table:
    columns = ("Signed", "Partner", "Head", "Entries")
    lines = [
        (f"{row.at:%d/%m/%Y %H:%M:%S} UTC", names.get(row.witness.agency_id, ""), row.head_id, f"{row.head.size:,}")
        for row in rows
    ]
    return Table(
        "Signed last",
        [Column(each) for each in columns],
        lines,
        dense=True,
        scroll=True,
        empty="Nobody has signed a head yet.",
    )


def _restored(rows: list[Restore]) -> Table:
    columns = ("Noticed", "Gone back to", "Newest head that was lost", "Signed entries lost", "Declared")
    lines = [
        (
            f"{row.found_at:%d/%m/%Y %H:%M} UTC",
            f"head {row.kept_id}, {row.kept.size:,} entries",
            *_lost(row),
            f"{row.declared_at:%d/%m/%Y %H:%M} UTC" if row.declared_at else Tag("Not declared: nothing leaves", "red"),
        )
        for row in rows
    ]
    return Table(
        "Backups put back", [Column(each) for each in columns], lines, scroll=True, empty="No backup was ever put back."
    )


def _lost(row: Restore) -> tuple[str, str]:
    try:
        head = read_head(row.lost)
    except BadHead:
        return "Unreadable", "Unknown"
    return f"head {head.number}, {head.size:,} entries", f"{head.size - row.kept.size:,}"
