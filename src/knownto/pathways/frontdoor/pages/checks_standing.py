"""On what footing partners are asked: how the family or the adult stands, and reasonable cause under section 47."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from knownto.access.pages import page
from knownto.casework.entering import entering
from knownto.face import forms
from knownto.pathways.frontdoor import asked_of, gate
from knownto.pathways.frontdoor.gate import Footing
from knownto.pathways.frontdoor.pages.checks import to_checks
from knownto.policy import Permission

SAID_BY_REFERRER = {"agreed": "agreed", "told": "told", "unsafe": "dispensed"}


class Standing(forms.Form):
    """How they stand. What somebody else said before is filled in as a start, and is nothing until it is sent."""

    standing = forms.Choice(label="How do they stand to partners being asked?", missing="Select how they stand")
    who = forms.Words(
        label="Who was asked or told, by whom, and how?",
        called="who was asked or told",
        hint="For example: his mother, by telephone this morning, by me.",
        max_length=500,
        required=False,
        rows=2,
    )

    def __init__(self, data: Any = None, *, pathway: str, initial: dict[str, str]) -> None:
        super().__init__(data, initial=initial)
        self.ways = asked_of.stands(pathway)
        self.fields["standing"].offer(
            forms.Option(each.code, each.label, hint=each.hint, reveals=(_why(each.code),) if each.needs_why else ())
            for each in self.ways.values()
        )
        for each in self.ways.values():
            if each.needs_why:
                self.fields[_why(each.code)] = forms.Words(
                    label="Why?", called="why", missing="Enter the reason", max_length=500, rows=3
                )

    def clean(self) -> dict[str, Any]:
        super().clean()
        way = self.ways.get(self.cleaned_data.get("standing", ""))
        if way and not way.needs_why and not self.cleaned_data.get("who"):
            self.add_error("who", "Enter who was asked or told, by whom, and how")
        return self.cleaned_data

    @property
    def why(self) -> str:
        return self.cleaned_data.get(_why(self.cleaned_data["standing"])) or ""


def _why(code: str) -> str:
    return f"why_{code}"


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def standing(request: HttpRequest, episode: UUID) -> HttpResponse:
    here = _footing(request, episode, gate.ASKS)
    form = Standing(request.POST if request.method == "POST" else None, pathway=here.pathway, initial=_start_from(here))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        gate.say_standing(
            by=request.viewer,
            episode=episode,
            standing=said["standing"],
            who=said["who"],
            why=form.why,
            now=request.now,
        )
        messages.success(request, "It is recorded how they stand.")
        return redirect("frontdoor:checks", episode)
    values = {"form": form, "heading": "How they stand to partners being asked", "here": here, "button_text": "Record"}
    return render(request, "frontdoor/checks_standing.html", values | to_checks(episode))


def _footing(request: HttpRequest, episode: UUID, powers: tuple[str, ...]) -> Footing:
    with entering(
        request.viewer, episode, Permission.DECIDE, powers=powers, kind="checks-seen", now=request.now
    ) as entered:
        return gate.footing(entered.episode)


def _start_from(here: Footing) -> dict[str, str]:
    """What was recorded last, here or in the work that led here; else what the referrer said."""
    if last := here.standing or here.before:
        return {"standing": last.code, "who": last.who, _why(last.code): last.why}
    code, why = here.referrer
    mine = SAID_BY_REFERRER.get(code, "")
    return {"standing": mine, _why(mine): why}


class Cause(forms.Form):
    """A manager's judgement that there is, or no longer is, reasonable cause."""

    says = forms.Choice(
        label="Is there reasonable cause to suspect that the child suffers, or is likely to suffer, significant harm?",
        missing="Select whether there is reasonable cause",
        options=[
            forms.Option("yes", "Yes", hint="Partners may then be asked under section 47, without agreement."),
            forms.Option("no", "No, or no longer", hint="Partners are then asked only as the family stands."),
        ],
    )
    why = forms.Words(
        label="On what facts?", called="on what facts", hint="What was seen or said, by whom.", max_length=1000, rows=4
    )


@page(Permission.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def cause(request: HttpRequest, episode: UUID) -> HttpResponse:
    here = _footing(request, episode, gate.SEES_CAUSE)
    form = Cause(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        withdrawn, why = form.cleaned_data["says"] == "no", form.cleaned_data["why"]
        gate.say_cause(by=request.viewer, episode=episode, why=why, withdrawn=withdrawn, now=request.now)
        messages.success(request, "Your judgement is recorded, with your name and in your power.")
        return redirect("frontdoor:checks", episode)
    values = {"form": form, "heading": "Reasonable cause under section 47", "here": here, "button_text": "Record"}
    return render(request, "frontdoor/checks_cause.html", values | to_checks(episode))
