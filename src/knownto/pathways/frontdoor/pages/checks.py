"""The checks of one piece of work: who was asked, what came back, and what is still to be done about it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from knownto.access.acts import Viewer
from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts, answering, reads
from knownto.casework.entering import Entered, entering
from knownto.casework.models import Episode
from knownto.casework.register import pathway
from knownto.face import forms
from knownto.face.parts import Row, Tag
from knownto.pathways.frontdoor import asked_of, checking, gate, replies
from knownto.pathways.frontdoor.known import checks_back
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.replies import Check, Reply
from knownto.policy import Permission, role

COLOURS = {
    Reply.WAITING: "",
    Reply.LATE: "red",
    Reply.NOT_WAITED: "grey",
    Reply.ANSWERED: "green",
    Reply.NOTHING_KNOWN: "grey",
    Reply.DECLINED: "orange",
    Reply.WITHDRAWN: "grey",
}


@dataclass(frozen=True)
class Shown:
    """The checks as a page shows them: plain values, made inside the open rows."""

    id: UUID
    reference: str
    decided: int
    checks: tuple[Check, ...]
    tags: dict[UUID, Tag]
    footing: tuple[Row, ...]
    said_by: str
    may_ask: bool  # whether this viewer may ask partners at all
    open: bool  # whether partners may be asked as it stands
    shut: str  # otherwise why not
    late: int
    waiting: int
    moves_on: bool  # whether all are in and it waits only for somebody to say so
    may_see_cause: bool  # whether this viewer may record reasonable cause, which is a manager's

    @property
    def lines(self) -> list[tuple[Check, Tag]]:
        return [(each, self.tags[each.id]) for each in self.checks]


def shown(episode: Episode, viewer: Viewer, now: datetime) -> Shown:
    """Call inside rows that are open."""
    found, here = replies.checks(episode, now), gate.footing(episode)
    may_ask = may_ask_partners(viewer) and not episode.closed_at
    return Shown(
        episode.id,
        episode.reference,
        episode.decided,
        tuple(found),
        {each.id: Tag(each.says, COLOURS[each.reply]) for each in found},
        tuple(_footing(here)),
        _by(here),
        may_ask,
        bool(gate.may_ask_for(here)),
        _shut(here),
        sum(each.late for each in found),
        sum(each.open for each in found),
        may_ask and episode.state == "checks" and not checks_back(episode),
        episode.pathway == "contact" and _holds(viewer, gate.SEES_CAUSE),
    )


def may_ask_partners(viewer: Viewer) -> bool:
    """Does a role of theirs hold one of the powers that ask partners? The act decides it again."""
    return _holds(viewer, gate.ASKS)


def _holds(viewer: Viewer, powers: Collection[str]) -> bool:
    return any(power in role(code).powers for code in viewer.roles for power in powers)


def _shut(here: gate.Footing) -> str:
    """Why nobody may be asked for the usual purpose of such work; "" when they may."""
    usual = next(iter(asked_of.purposes(here.pathway)), "")
    code = gate.gate(here, usual)
    return gate.SHUT[code] if code else ""


def _footing(here: gate.Footing) -> list[Row]:
    said = [
        ("The family" if here.pathway != "adult" else "The adult", here.said or "Nobody has recorded how they stand"),
        ("Who", here.standing.who if here.standing else ""),
        ("Why", here.standing.why if here.standing else ""),
        ("Reasonable cause under section 47", here.cause.why if here.cause else ""),
        ("Section 47", "This work is under section 47" if here.pathway in gate.AT_SECTION_47 else ""),
        ("What the referrer said", "" if here.standing else here.referrer_said),
    ]
    return [Row(key, value) for key, value in said if value]


def _by(here: gate.Footing) -> str:
    names = reads.names([here.standing.worker]) if here.standing else {}
    return next(iter(names.values()), "")


def panel(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """The checks on the page of the work."""
    if "checks" not in entered.sections or not asked_of.purposes(entered.episode.pathway):
        return None
    made = shown(entered.episode, viewer, now)
    return Panel(40, "Partner checks", "frontdoor/checks_panel.html", {"shown": made, "now": now})


@page(Permission.EPISODE)
@require_http_methods(["GET", "HEAD"])
def checks(request: HttpRequest, episode: UUID) -> HttpResponse:
    with entering(request.viewer, episode, Permission.EPISODE, kind="checks-seen", now=request.now) as entered:
        if "checks" not in entered.sections:
            raise NotYours
        made = shown(entered.episode, request.viewer, request.now)
    back = reverse("frontdoor:episode", args=[episode])
    values = {"heading": "Partner checks", "shown": made, "back": back, "now": request.now}
    return render(request, "frontdoor/checks.html", values)


@page(Permission.DECIDE)
@require_POST
def remind(request: HttpRequest, episode: UUID, ask: UUID) -> HttpResponse:
    try:
        answering.remind(by=request.viewer, ask=ask, now=request.now)
    except NotPossibleNow as refused:
        messages.error(request, refused.because)
    else:
        messages.success(request, "They have been reminded.")
    return redirect("frontdoor:checks", episode)


class Because(forms.Form):
    """Why it is no longer needed."""

    because = forms.Words(
        label="Why is it no longer needed?",
        called="why it is no longer needed",
        hint="Whoever was asked is told that it is, and reads this.",
        max_length=500,
        rows=3,
    )


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, episode: UUID, ask: UUID) -> HttpResponse:
    check = _one(request, episode, ask)
    form = Because(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            answering.withdraw(by=request.viewer, ask=ask, because=form.cleaned_data["because"], now=request.now)
        except NotPossibleNow as refused:
            form.add_error(None, refused.because)
        else:
            messages.success(request, "They have been told that it is no longer needed.")
            return redirect("frontdoor:checks", episode)
    return _about(request, episode, check, form, "Say that a check is no longer needed", "Withdraw it")


class Used(forms.Form):
    """How an answer was used."""

    words = forms.Words(
        label="How was it used in deciding?",
        called="how it was used",
        hint="What it added or changed: the level, the plan, who keeps the child safe. Or why it changed nothing.",
        max_length=1000,
        rows=4,
    )


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def used(request: HttpRequest, episode: UUID, ask: UUID) -> HttpResponse:
    check = _one(request, episode, ask)
    form = Used(request.POST if request.method == "POST" else None, initial={"words": check.used})
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data["words"]
        try:
            checking.say_used(by=request.viewer, episode=episode, ask=ask, words=words, now=request.now)
        except NotPossibleNow as refused:
            form.add_error(None, refused.because)
        else:
            messages.success(request, "It is recorded how the answer was used.")
            return redirect("frontdoor:checks", episode)
    return _about(request, episode, check, form, "Say how an answer was used", "Save")


def _one(request: HttpRequest, episode: UUID, ask: UUID) -> Check:
    """That check. Raises NotYours."""
    with _going_in(request, episode) as entered:
        found = next((each for each in replies.checks(entered.episode, request.now) if each.id == ask), None)
    if found is None:
        raise NotYours
    return found


def _going_in(request: HttpRequest, episode: UUID):
    powers, viewer = gate.ASKS, request.viewer
    return entering(viewer, episode, Permission.DECIDE, powers=powers, kind="checks-seen", now=request.now)


def _about(
    request: HttpRequest, episode: UUID, check: Check, form: forms.Form, heading: str, button: str
) -> HttpResponse:
    values = {"heading": heading, "form": form, "check": check, "button_text": button, "now": request.now}
    return render(request, "frontdoor/checks_one.html", values | to_checks(episode))


def to_checks(episode: UUID) -> dict[str, str]:
    """The way back to the checks, for a page of one form."""
    back = reverse("frontdoor:checks", args=[episode])
    return {"back": back, "cancel": back}


class NotWaiting(forms.Form):
    """Which answers are not waited for, and why."""

    asks = forms.Choices(label="Whose answer is not waited for?", missing="Select whose answer is not waited for")
    why = forms.Words(
        label="Why does the decision not wait for it?",
        called="why it is not waited for",
        hint="They still owe the answer, and it is shown here when it comes.",
        max_length=500,
        rows=3,
    )

    def __init__(self, data: Any = None, *, checks: Sequence[Check], now: datetime) -> None:
        super().__init__(data)
        self.fields["asks"].offer(
            forms.Option(str(each.id), f"{each.agency_name}, {each.team}", hint=each.says) for each in checks
        )


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def not_waiting(request: HttpRequest, episode: UUID) -> HttpResponse:
    with _going_in(request, episode) as entered:
        found = [each for each in replies.checks(entered.episode, request.now) if each.open]
    form = NotWaiting(request.POST if request.method == "POST" else None, checks=found, now=request.now)
    if request.method == "POST" and form.is_valid():
        asks, why = [UUID(each) for each in form.cleaned_data["asks"]], form.cleaned_data["why"]
        checking.not_wait(by=request.viewer, episode=episode, asks=asks, why=why, now=request.now)
        messages.success(request, "It is recorded that the decision does not wait for them, and why.")
        return redirect("frontdoor:checks", episode)
    values = {"heading": "Go on without an answer", "form": form, "button_text": "Save", "checks": found}
    return render(request, "frontdoor/checks_not_waiting.html", values | to_checks(episode))


class Done(forms.Form):
    """That the checks are in."""

    rationale = forms.Words(
        label="What do the checks say, in short?",
        called="what the checks say",
        hint="For whoever decides. What was asked and answered is kept beside it.",
        max_length=1000,
        rows=4,
    )


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: HttpRequest, episode: UUID) -> HttpResponse:
    with _going_in(request, episode) as entered:
        made = shown(entered.episode, request.viewer, request.now)
    form = Done(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen, words = _seen(request, made.decided), form.cleaned_data["rationale"]
        try:
            checking.done(by=request.viewer, episode=episode, rationale=words, seen=seen, now=request.now)
        except NotPossibleNow as refused:
            form.add_error(None, overtaken(refused, episode, request))
        else:
            messages.success(request, "The checks are in. It waits for a decision.")
            return redirect("frontdoor:episode", episode)
    values = {"heading": "The checks are in", "form": form, "shown": made, "button_text": "Put up for a decision"}
    return render(request, "frontdoor/checks_done.html", values | to_checks(episode))


def _seen(request: HttpRequest, decided: int) -> int:
    said = request.POST.get("seen", "")
    return int(said) if said.isdecimal() else decided


def overtaken(refused: NotPossibleNow, episode: UUID, request: HttpRequest) -> str:
    """Why it was not possible; where somebody was first, who, what and when."""
    if not isinstance(refused, acts.Overtaken):
        return refused.because
    first = refused.decision
    with entering(request.viewer, episode, Permission.EPISODE, kind="checks-seen", now=request.now) as entered:
        name = reads.names([first.worker]).get(first.worker, "A rule")
        path = pathway(entered.episode.pathway)
    return f"{name} was first: {path.move(first.kind).name}. Read that, then send this again if it still holds."
