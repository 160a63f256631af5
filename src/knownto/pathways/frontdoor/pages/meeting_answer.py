"""What somebody who is invited does: says whether they come, sends information, takes the calendar file."""

from datetime import UTC
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from knownto.access.pages import page
from knownto.access.refusals import NotYours
from knownto.face import forms
from knownto.pathways.frontdoor import invitations, sharing
from knownto.pathways.frontdoor.calendars import calendar_file
from knownto.pathways.frontdoor.gathering import Gathering
from knownto.pathways.frontdoor.pages.meeting import seen
from knownto.pathways.frontdoor.pages.meeting_act import answered
from knownto.policy import Permission

SHORT, MOST = 300, 6000


class Answer(forms.Form):
    """Coming, somebody else, or nobody and why."""

    coming = forms.Choice(
        label="Does somebody of your team come?",
        options=[
            forms.Option("yes", "Yes"),
            forms.Option("instead", "Somebody else comes instead", reveals=("instead",)),
            forms.Option("no", "Nobody can come", "Send information instead: it counts.", reveals=("because",)),
        ],
        missing="Select whether somebody comes",
    )
    instead = forms.Text(label="Who comes instead?", max_length=SHORT, missing="Enter who comes instead")
    because = forms.Words(label="Why can nobody come?", called="why", rows=2, max_length=SHORT,
                          missing="Enter why nobody can come")  # fmt: skip


class Information(forms.Form):
    """What the viewer's agency knows."""

    words = forms.Words(
        label="What your agency knows",
        called="what your agency knows",
        hint="Facts, and who says so; worries and strengths; what you do not know. It goes to every agency that is "
        "invited, under your agency's agreement.",
        rows=10,
        max_length=MOST,
        missing="Enter what your agency knows",
    )


@page(Permission.EPISODE)
def answer(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = _mine(request, episode, meeting)
    form = Answer(request.POST or None)

    def act() -> None:
        said = form.cleaned_data
        invitations.answer_invitation(
            by=request.viewer, episode=episode, meeting=meeting, coming=said["coming"] == "yes",
            because=said.get("because") or "", instead=said.get("instead") or "", now=request.now,
        )  # fmt: skip

    return answered(request, here, form, act, "Say whether you come", "Send", "Whoever called it is told.")


@page(Permission.EPISODE)
def information(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = _mine(request, episode, meeting)
    form = Information(request.POST or None)

    def act() -> None:
        words = form.cleaned_data["words"]
        sharing.send_information(by=request.viewer, episode=episode, meeting=meeting, words=words, now=request.now)

    return answered(request, here, form, act, "Send information", "Send it", "It was sent, and is on the page.")


@page(Permission.EPISODE)
@require_safe
def calendar(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    """The invitation for their own calendar: a reference, a time, and where to sign in. Nothing about anybody."""
    here = seen(request, episode, meeting)
    address = request.build_absolute_uri(reverse("frontdoor:meeting", args=[episode, meeting]))
    made = calendar_file(here, address, request.now.astimezone(UTC))
    response = HttpResponse(made, content_type=f"text/calendar; charset=utf-8; method={_method(here)}")
    response["Content-Disposition"] = f'attachment; filename="discussion-{here.reference}.ics"'
    response["Cache-Control"] = "no-store"
    return response


def _method(here: Gathering) -> str:
    return "CANCEL" if here.cancelled_at else "REQUEST"


def _mine(request: HttpRequest, episode: UUID, meeting: UUID) -> Gathering:
    here = seen(request, episode, meeting)
    if here.own is None:
        raise NotYours
    return here


