"""One seal, and what guardians decide about it: each decision by somebody who has just proved who they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from knownto.access.fresh import fresh, sent
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.face import forms, times
from knownto.face.parts import Column, Link, Row, Table
from knownto.face.times import long_date
from knownto.guarding import acts, reads
from knownto.guarding.models import State
from knownto.guarding.pages.desk import looks_table
from knownto.guarding.pages.standing import leads, stands
from knownto.guarding.reads import Sealed, Whole
from knownto.linkage import Evidence
from knownto.policy import Permission


@dataclass(frozen=True, slots=True)
class Move:
    """Something that a guardian can decide. `another`: only one of another agency than whoever proposed it."""

    words: str
    heading: str
    act: Callable[..., Any]
    state: State
    another: bool
    done: str


MOVES = {
    "agree": Move(
        "Agree to seal them", "Seal this person", acts.agree, State.PROPOSED, True, "Sealed. Nobody finds them."
    ),
    "turn-down": Move("Turn it down", "Do not seal", acts.turn_down, State.PROPOSED, True, "Turned down."),
    "keep": Move(
        "Look at it again, and keep it", "Keep the seal", acts.keep, State.IN_FORCE, False, "Kept for six months."
    ),
    "propose-lift": Move(
        "Propose to lift it",
        "Propose to lift the seal",
        acts.propose_lift,
        State.IN_FORCE,
        False,
        "Proposed. It stays in force until a guardian of another agency agrees.",
    ),
    "do-not-lift": Move("Do not lift it", "Keep the seal", acts.do_not_lift, State.LIFTING, False, "It stays sealed."),
    "lift": Move(
        "Lift it", "Lift the seal", acts.lift, State.LIFTING, True, "Lifted: partners' records are found again."
    ),
}
SAID = {code: move.words for code, move in MOVES.items()} | {
    "join-written": "Wrote down who they were",
    "join-half-given": "Gave their half of who they were",
    "join-read": "Read who they were",
}


class Because(forms.Form):
    """Why."""

    reason = forms.Words(label="Why?", called="why", missing="Enter why", rows=4, max_length=2000)


@page(Permission.GUARD)
@require_safe
def one(request: HttpRequest, seal: UUID) -> HttpResponse:
    found = reads.seal(request.viewer, seal, request.now)
    values = {
        "heading": found.seal.called,
        "rows": _rows(found, request),
        "moves": [Link(m.words, reverse("guarding:decide", args=[seal, c])) for c, m in _open(found.seal).items()],
        "joining": leads(found.join, seal),
        "others": [(each, reverse("guarding:too", args=[seal, each.person])) for each in found.others],
        "tables": _tables(found, request),
        "named": found.seal.named,
        "back": reverse("guarding:seals"),
    }
    return render(request, "guarding/seal.html", values)


@page(Permission.GUARD)
@fresh()
def decide(request: HttpRequest, seal: UUID, move: str) -> HttpResponse:
    chosen = MOVES.get(move)
    if chosen is None:
        raise Http404
    form = Because(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.act(by=request.viewer, seal=seal, reason=form.cleaned_data["reason"], now=request.now)
            messages.success(request, chosen.done)
        except NotPossibleNow as refused:
            messages.warning(request, refused.because)
        return redirect("guarding:seal", seal)
    back = reverse("guarding:seal", args=[seal])
    values = {"heading": chosen.heading, "form": form, "button_text": chosen.words, "back": back, "cancel": back}
    return render(request, "guarding/decide.html", values)


@page(Permission.GUARD)
@fresh(when=sent)
@require_POST
def too(request: HttpRequest, seal: UUID, person: UUID) -> HttpResponse:
    acts.take_too(by=request.viewer, seal=seal, person=person, now=request.now)
    messages.success(request, "They are sealed too.")
    return redirect("guarding:seal", seal)


def _open(seal: Sealed) -> dict[str, Move]:
    return {c: m for c, m in MOVES.items() if m.state == seal.state and (not m.another or seal.waits_for_me)}


def _rows(found: Whole, request: HttpRequest) -> list[Row]:
    due = times.due(found.seal.due, request.now)
    said = [
        Row("Sort", f"{found.seal.sort}. {found.seal.says}"),
        Row("How it stands", found.seal.state.label),
        Row("What is due next", f"{due.said}, {due.distance}"),
        Row("When somebody looks", found.do),
    ]
    if found.evidence:
        said += [Row("Who it is", who(found.evidence)), Row("Why", found.reason)]
    if found.join:
        said += [Row("Who they were", stands(found.join, request.now))]
    return said


def who(evidence: Evidence) -> str:
    """Everything that is known of who somebody is, in one line."""
    homes = [", ".join(filter(None, (*home.lines, home.postcode))) for home in evidence.addresses]
    facts = (
        f"{evidence.given_names} {evidence.family_name}".strip(),
        evidence.birth_date and f"born {long_date(evidence.birth_date)}",
        evidence.nhs_number and f"NHS number {evidence.nhs_number}",
        *homes,
        *evidence.phones,
    )
    return "; ".join(fact for fact in facts if fact)


def _tables(found: Whole, request: HttpRequest) -> list[Table]:
    tables = [looks_table(list(found.looks), request, of_one=True)]
    if found.said:
        rows = [[SAID[each.move], each.who, times.happened(each.at, request.now).said, each.why] for each in found.said]
        tables.append(Table("What was decided", [Column(h) for h in ("What", "Who", "When", "Why")], rows, dense=True))
    if found.held:
        rows = [
            [h.agency, long_date(h.as_of), h.contacts, "Without place" if h.shown else "Nobody"] for h in found.held
        ]
        columns = [Column("Agency"), Column("As of"), Column("Contacts", numeric=True), Column("Who finds it")]
        tables.append(Table("What partners send of them", columns, rows, dense=True))
    return tables
