"""What is done with one meeting: another time, called off, somebody else invited, an action agreed, minutes sent."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from knownto.access.pages import page
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts
from knownto.casework.acts import NotSaid, Seat
from knownto.face import forms
from knownto.partners import reads as partners
from knownto.pathways.frontdoor import conferences, invitations, minutes, strategy
from knownto.pathways.frontdoor.gathering import Gathering
from knownto.pathways.frontdoor.holding import Action, agree_on
from knownto.pathways.frontdoor.pages.meeting_hold import prepared
from knownto.pathways.frontdoor.pages.sent import seen_by
from knownto.pathways.frontdoor.pages.strategy_times import When, initial
from knownto.policy import Permission

MOST, SHORT = 20000, 300
Act = Callable[[], Any]


class Move(When):
    """Another time."""

    minutes = forms.Number(label="How long?", called="length", min_value=5, max_value=480,
                           look=forms.Look(width=4, suffix="minutes"))  # fmt: skip


class Because(forms.Form):
    """Why it is called off."""

    because = forms.Words(label="Why is it called off?", called="why", rows=3, max_length=SHORT,
                          missing="Enter why it is called off")  # fmt: skip


class Team(forms.Form):
    """A team: whom to invite, or who does what was agreed."""

    team = forms.Pick(label="Which team?", called="team", missing="Select a team")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.teams = {str(team.pk): team for team in partners.teams()}
        named = [(key, f"{team.agency.name}: {team.name}") for key, team in self.teams.items()]
        self.fields["team"].offer([("", "Select a team"), *named])

    @property
    def chosen(self) -> Any:
        return self.teams[self.cleaned_data["team"]]


class Agree(Team):
    """Who does what by when."""

    words = forms.Words(label="What do they do?", called="what they do", rows=3, max_length=SHORT,
                        missing="Enter what they do")  # fmt: skip
    by_day = forms.Date(label="By which day?", called="day", hint="Leave it empty for the usual time", required=False)


class Minutes(forms.Form):
    """The minutes, or a version that puts them right."""

    say_optional = False

    words = forms.Words(
        label="Minutes", hint="Who came, what each told, what was decided and who does what are on the page already: "
        "they go with it.", rows=14, max_length=MOST, missing="Enter the minutes",
    )  # fmt: skip

    def __init__(self, *args: Any, again: bool, **rest: Any) -> None:
        super().__init__(*args, **rest)
        if again:
            self.fields["why"] = forms.Text(label="What does this version put right?", max_length=SHORT,
                                            missing="Enter what it puts right")  # fmt: skip


@page(Permission.MEET)
def move(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = prepared(request, episode, meeting)
    length = (here.ends - here.starts) // timedelta(minutes=1)
    form = Move(request.POST or None, initial=initial(here.starts) | {"minutes": length})

    def act() -> None:
        ends = form.when + timedelta(minutes=form.cleaned_data["minutes"])
        invitations.move_to(by=request.viewer, episode=episode, meeting=meeting, starts=form.when, ends=ends,
                            now=request.now)  # fmt: skip

    return answered(request, here, form, act, "Another time", "Move it", "Everybody who is invited is told.")


@page(Permission.MEET)
def cancel(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = prepared(request, episode, meeting)
    form = Because(request.POST or None)

    def act() -> None:
        which = {"by": request.viewer, "episode": episode, "meeting": meeting, "now": request.now}
        because = form.cleaned_data["because"]
        if here.kind == "strategy":
            strategy.call_off(**which, because=because, seen=seen_by(request))
        else:
            conferences.cancel(**which, because=because)

    done = "It is called off, and everybody who was invited is told."
    return answered(request, here, form, act, "Call it off", "Call it off", done)


@page(Permission.MEET)
def invite(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = prepared(request, episode, meeting)
    form = Team(request.POST or None)

    def act() -> None:
        left_out = next((each.office for each in here.places if each.team == form.chosen.name and not each.invited), "")
        seat = Seat(left_out or "invited", form.chosen, required=bool(left_out))
        invitations.invite_more(by=request.viewer, episode=episode, meeting=meeting, seat=seat, now=request.now)

    return answered(request, here, form, act, "Invite somebody else", "Invite them", "They are invited, and told.")


@page(Permission.MEET)
def action(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = prepared(request, episode, meeting)
    form = Agree(request.POST or None)

    def act() -> None:
        agreed = Action(form.chosen, form.cleaned_data["words"], form.cleaned_data["by_day"])
        agree_on(by=request.viewer, episode=episode, meeting=meeting, action=agreed, now=request.now)

    return answered(request, here, form, act, "Agree an action", "Agree it", "It is theirs now, and they are told.")


@page(Permission.MEET)
def send_minutes(request: HttpRequest, episode: UUID, meeting: UUID) -> HttpResponse:
    here = prepared(request, episode, meeting)
    last = here.versions[-1].words if here.versions else here.plain.get("discussed", "")
    form = Minutes(request.POST or None, again=bool(here.versions), initial={"words": last})

    def act() -> None:
        said = form.cleaned_data
        minutes.send(by=request.viewer, episode=episode, meeting=meeting, words=said["words"],
                     why=said.get("why", ""), now=request.now)  # fmt: skip

    heading = "Put the minutes right" if here.versions else "Send the minutes out"
    return answered(request, here, form, act, heading, "Send them", "Everybody who was invited is told.")


def answered(
    request: HttpRequest, here: Gathering, form: forms.Form, act: Act, heading: str, button: str, done: str
) -> HttpResponse:
    """Do it once the form is right, and go back to the meeting; otherwise the form again, as it was filled in."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except NotSaid as error:
            form.add_error(None, error.offices[0])
        except (acts.Overtaken, NotPossibleNow) as error:
            form.add_error(None, error.because)
        else:
            messages.success(request, done)
            return redirect("frontdoor:meeting", here.episode, here.id)
    back = reverse("frontdoor:meeting", args=[here.episode, here.id])
    values = {"form": form, "here": here, "heading": heading, "button_text": button, "back": back, "cancel": back,
              "seen": here.seen, "now": request.now}  # fmt: skip
    return render(request, "frontdoor/meeting_form.html", values)
