"""One protection: what it holds, its history, for print; asking to lift it, keeping it, lifting it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from knownto.access.acts import Permission
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.face import forms
from knownto.face.parts import Row
from knownto.face.times import long_date
from knownto.firewall import acts, reads
from knownto.firewall.contents import Subject
from knownto.firewall.models import What
from knownto.firewall.reads import Shown


@dataclass(frozen=True)
class Act:
    """One thing that can be done about a protection."""

    words: str
    act: Any
    done: str
    hint: str


ACTS = {
    "ask-to-lift": Act(
        "Ask to lift it", acts.ask_to_lift, "Somebody else must now look at it. It stands until they have.",
        "Say how you know that it is safe. It stands until a second person has looked at it and lifted it.",
    ),
    "keep": Act("Keep it", acts.keep, "It was kept.", "Say what you looked at, and why it must stay."),
    "lift": Act(
        "Lift it", acts.lift, "It is lifted. From now on the addresses are shown and sent like any others.",
        "Say what you did to make sure, for yourself. From then on the addresses are shown and sent like any others.",
    ),
}  # fmt: skip


class Why(forms.Form):
    why = forms.Words(label="Why?", called="why", missing="Enter why", max_length=2000, rows=4)

    def __init__(self, *args: Any, hint: str, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["why"].help_text = hint


@page(Permission.WHEREABOUTS)
@require_safe
def one(request: HttpRequest, protection: UUID) -> HttpResponse:
    return render(request, "firewall/protection.html", _values(request, protection))


@page(Permission.WHEREABOUTS)
@require_safe
def printed(request: HttpRequest, protection: UUID) -> HttpResponse:
    """For the file: what was done and why, without the address itself, which must not lie about on paper."""
    values = _values(request, protection)
    return render(request, "firewall/protection_print.html", values | {"marking": "OFFICIAL-SENSITIVE"})


def _values(request: HttpRequest, protection: UUID) -> dict[str, Any]:
    found = reads.one(request.viewer, protection, request.now)
    return {
        "heading": "A protected address",
        "found": found,
        "rows": rows(found),
        "people": [(each.name, where(each)) for each in found.plain.subjects],
        "steps": [(code, each.words) for code, each in ACTS.items() if _may(code, found, request)],
        "look": found.to_look_at(localdate(request.now)),
        "back": reverse("firewall:protections"),
        "now": request.now,
    }


def _may(code: str, found: Shown, request: HttpRequest) -> bool:
    """Can this worker do that now?"""
    if found.row.lifted_at:
        return False
    asked = found.row.lift_asked_at is not None
    mine = found.row.lift_asked_by == request.viewer.worker_id
    return {"ask-to-lift": not asked, "keep": True, "lift": asked and not mine}[code]


def rows(found: Shown) -> list[Row]:
    """What it is, from whom and why: nothing of where they are."""
    row, plain = found.row, found.plain
    until = f" until {long_date(row.until)}, when somebody must look at it" if row.until else ""
    said = [
        ("Whose", found.names),
        ("Must not reach", whom(found)),
        ("What is kept back", ", ".join(What(each).label for each in sorted(plain.what))),
        ("Because", plain.why),
        ("Order or authority", plain.authority),
        ("From", f"{long_date(row.since)}{until}"),
        ("Asked to be lifted by", found.asked_by),
    ]
    return [Row(key, value) for key, value in said if value]


def whom(found: Shown) -> str:
    """From whom it is kept, in words."""
    row = found.row
    named = ", ".join(found.plain.whom_names)
    where = {"agency": row.agency and row.agency.name, "team": row.team and row.team.name}.get(row.reach) or ""
    anybody = "anybody outside who could pass it on" if row.reach == "anybody" else ""
    return "; ".join(filter(None, (named, where, anybody)))


def where(subject: Subject) -> list[Row]:
    """What is recognised as theirs, for whoever must check that it is all there."""
    evidence = subject.evidence
    homes = [", ".join(filter(None, (*each.lines, each.postcode))) for each in evidence.addresses]
    said = [
        ("Addresses", "; ".join(homes)),
        ("School or nursery", "; ".join(subject.schools)),
        ("GP practice", "; ".join(subject.surgeries)),
        ("Other places", "; ".join(subject.places)),
        ("Telephone and e-mail", "; ".join((*evidence.phones, *evidence.emails))),
    ]
    return [Row(key, value) for key, value in said if value]


@page(Permission.WHEREABOUTS)
def step(request: HttpRequest, protection: UUID, step: str) -> HttpResponse:
    """Ask to lift it, keep it, or lift it, with the reason."""
    found = reads.one(request.viewer, protection, request.now)
    chosen = ACTS.get(step)
    if chosen is None:
        raise NotYours
    form, problem = Why(request.POST if request.method == "POST" else None, hint=chosen.hint), ""
    if request.method == "POST" and form.is_valid():
        try:
            chosen.act(by=request.viewer, protection=protection, why=form.cleaned_data["why"], now=request.now)
            messages.success(request, chosen.done)
            return redirect("firewall:protection", protection)
        except NotPossibleNow as error:
            problem = error.because
    values = {"heading": chosen.words, "form": form, "problem": problem, "found": found, "rows": rows(found)}
    values |= {"button_text": chosen.words, "cancel": reverse("firewall:protection", args=[protection])}
    return render(request, "firewall/step.html", values)
