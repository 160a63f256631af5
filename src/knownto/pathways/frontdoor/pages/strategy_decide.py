"""Deciding on child protection: section 47 after a discussion, its outcome, what the chair decides, what police do."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework import acts
from knownto.casework.entering import Entered, entering
from knownto.casework.pathway import Move
from knownto.casework.register import missing, pathway
from knownto.face import forms
from knownto.pathways.frontdoor import levels, strategy
from knownto.pathways.frontdoor.deciding import TEMPLATE, rationale_of
from knownto.pathways.frontdoor.pages import overtaken, standing
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.removal import POWERS
from knownto.pathways.frontdoor.whose_power import power_here
from knownto.policy import Permission

# What has a page of its own, because it does more than decide.
ELSEWHERE = frozenset({"call", "call-off", "held", "core-group-met", *POWERS, *(each.ends for each in POWERS.values())})
POLICE = frozenset({"police-investigate", "police-do-not"})
SHORT = frozenset({"again", "enquiry-goes-on", "assessed", *POLICE})
ENQUIRIES = {"single": "By the council alone", "joint": "Jointly with police"}
MOST = 6000


class Decision(forms.Form):
    """A decision with its reasons, in the parts of a good rationale; one question where it is small."""

    say_optional = False

    def __init__(self, *args: Any, move: Move, words: dict[int, Any], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.move = move
        if move.code == "enquire":
            self.fields["enquiry"] = forms.Choice(
                label="How is the enquiry made?", options=list(ENQUIRIES.items()), missing="Select how it is made",
            )  # fmt: skip
        if move.levels:
            options = [forms.Option(str(n), f"Level {n}: {words[n].name}", words[n].words) for n in move.levels]
            only = str(move.levels[0]) if len(move.levels) == 1 else None
            self.fields["level"] = forms.Choice(label="Level of need", options=options, initial=only,
                                                missing="Select the level of need")  # fmt: skip
        self.fields |= _why() if move.code in SHORT else _template()

    @property
    def rationale(self) -> str:
        return self.cleaned_data.get("why") or rationale_of(self.template)

    @property
    def template(self) -> dict[str, str]:
        return {code: self.cleaned_data[code] for code, _, _ in TEMPLATE if self.cleaned_data.get(code)}


def _why() -> dict[str, Any]:
    return {"why": forms.Words(label="Why?", called="why", rows=5, max_length=MOST, missing="Enter why")}


def _template() -> dict[str, Any]:
    return {
        code: forms.Words(label=question, called=question, hint=hint, rows=4, max_length=MOST,
                          missing=f"Answer: {question}")
        for code, question, hint in TEMPLATE
    }  # fmt: skip


@page(Permission.DECIDE)
def decide(request: HttpRequest, episode: UUID, move: str) -> HttpResponse:
    """One decision. Who may make it is the data's to say; what must be known first is shown before anybody types."""
    chosen = _move(move)
    head, lacking, seen = _here(request, episode, chosen)
    form, first, problem = Decision(request.POST or None, move=chosen, words=levels.current(request.now)), None, ""
    if request.method == "POST" and form.is_valid():
        try:
            _decided(request, episode, form)
            messages.success(request, f"Recorded: {chosen.name}.")
            return redirect("frontdoor:episode", episode)
        except acts.Overtaken as error:
            first = overtaken.first(request.viewer, episode, error, request.now)
        except NotPossibleNow as error:
            problem = error.because
    back = _back(request, episode)
    values = {
        "form": form, "here": head, "heading": chosen.name, "title": "Decide", "button_text": "Record this decision",
        "back": back, "cancel": back, "first": first, "problem": problem, "hint": chosen.hint, "now": request.now,
        "warning": " ".join(lacking), "seen": first.number if first else seen,
    }  # fmt: skip
    return render(request, "frontdoor/meeting_form.html", values)


def _move(code: str) -> Move:
    found = next((move for move in pathway("protection").moves if move.code == code), None)
    if found is None or found.code in ELSEWHERE:
        raise NotYours
    return found


def _here(request: HttpRequest, episode: UUID, move: Move) -> tuple[standing.Head, list[str], int]:
    """Where the work stands, what the decision still lacks, and how many decisions there are. Raises NotYours."""
    with entering(
        request.viewer, episode, Permission.DECIDE, powers=move.powers, kind="decision-prepared", now=request.now
    ) as entered:
        _must_be_mine(entered, request, move)
        row = entered.episode
        lacks = missing(row, move.needs) if row.state in move.sources else ["This is not decided from where it stands."]
        return standing.head(entered, request.now), lacks, row.decided


def _must_be_mine(entered: Entered, request: HttpRequest, move: Move) -> None:
    if entered.episode.pathway != "protection":
        raise NotYours
    power_here(entered, request.viewer, move)


def _decided(request: HttpRequest, episode: UUID, form: Decision) -> None:
    said, meeting = form.cleaned_data, _meeting(request)
    facts = {"enquiry": said.get("enquiry", ""), "meeting": meeting, "template": form.template}
    deciding = strategy.Deciding(
        form.move.code, form.rationale, int(said["level"]) if said.get("level") else None,
        {name: value for name, value in facts.items() if value},
    )  # fmt: skip
    strategy.decide(by=request.viewer, episode=episode, deciding=deciding, seen=seen_by(request), now=request.now)


def _back(request: HttpRequest, episode: UUID) -> str:
    meeting = _meeting(request)
    if meeting:
        return reverse("frontdoor:meeting", args=[episode, meeting])
    return reverse("frontdoor:episode", args=[episode])


def _meeting(request: HttpRequest) -> str:
    """The meeting at which it is decided, as the address says; "" where it says none."""
    try:
        return str(UUID(request.GET.get("meeting", "")))
    except ValueError:
        return ""
