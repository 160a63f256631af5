"""The forms of a meeting: whom to invite, who came, and what each told."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from knownto.casework.acts import Came, Seat
from knownto.face import forms
from knownto.partners.models import Team
from knownto.pathways.frontdoor.gathering import Place
from knownto.pathways.frontdoor.holding import INVESTIGATIONS, UNDER_WAY
from knownto.pathways.frontdoor.pages.strategy_times import When
from knownto.pathways.frontdoor.seats import CONCERNS, KINDS, REASONS, Proposed

SHORT, LONG, MOST = 300, 2000, 6000
NARROW = forms.Look(width=5)
USUAL_MINUTES = 60
WELCOME = REASONS["asked"]
Teams = Sequence[Team]


def _why(seat: str) -> forms.Words:
    return forms.Words(
        label=f"Why is {seat} left out?", called=f"why {seat} is left out", missing=f"Enter why {seat} is left out",
        rows=2, max_length=SHORT,
    )  # fmt: skip


def _where(team: Team | None) -> str:
    return f"{team.name}, {team.agency.name}, {team.phone}" if team else "Choose the team below"


class Calling(When):
    """Call a meeting. Required seats are invited unless somebody says why not; others are not unless ticked."""

    say_optional = False

    minutes = forms.Number(
        label="How long?", called="length", min_value=5, max_value=480, initial=USUAL_MINUTES,
        look=forms.Look(width=4, suffix="minutes"),
    )  # fmt: skip
    where = forms.Text(label="Where", called="where", hint="A room, a telephone number or a link", max_length=SHORT,
                       missing="Enter where it is held")  # fmt: skip
    agenda = forms.Words(label="What is to be discussed, and why now?", called="what is to be discussed", rows=4,
                         max_length=LONG, missing="Enter what is to be discussed")  # fmt: skip

    def __init__(self, *args: Any, kind: str, seats: Sequence[Proposed], teams: Teams, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind, self.seats, self.teams = kind, seats, {str(team.pk): team for team in teams}
        if kind == "strategy":
            self.fields = {"concerns": _concerns()} | self.fields
        for seat in seats:
            if seat.required:
                self.fields |= self._of_seat(seat)
        if welcome := [seat for seat in seats if not seat.required and seat.team]:
            self.fields["welcome"] = _welcome(welcome)
        self.data = self._with_those_ticked()

    def _of_seat(self, seat: Proposed) -> dict[str, Any]:
        why, which = f"why_{seat.key}", f"team_{seat.key}"
        invite = forms.Option("invite", f"Invite: {_where(seat.team)}", reveals=() if seat.team else (which,))
        leave = forms.Option("leave", "Leave out", reveals=(why,) if seat.team else (why, which))
        fields: dict[str, Any] = {
            f"seat_{seat.key}": forms.Choice(
                label=seat.name, hint=seat.because, options=[invite, leave], look=forms.Look(small=True),
                initial="invite", missing=f"{seat.name}: {seat.because.lower()}. Select whether they are invited",
            ),
            why: _why(seat.name),
        }  # fmt: skip
        if seat.team is None:
            fields[which] = forms.Pick(label=f"Which team is {seat.name}?", called="team", options=_options(self.teams),
                                       missing=f"Select the team for {seat.name}")  # fmt: skip
        return fields

    def _with_those_ticked(self) -> Any:
        """Somebody ticked as welcome who is required by what is suspected now: they are invited all the same."""
        if not self.is_bound:
            return self.data
        data, ticked = self.data.copy(), self.data.getlist("welcome")
        for seat in self.seats:
            if seat.required and seat.key in ticked and f"seat_{seat.key}" not in data:
                data[f"seat_{seat.key}"] = "invite"
        data.setlist("welcome", [key for key in ticked if not any(s.key == key and s.required for s in self.seats)])
        return data

    @property
    def concerns(self) -> frozenset[str]:
        return frozenset(self.cleaned_data.get("concerns", ()))

    def chosen(self) -> Iterator[Seat]:
        """The seats as they were answered: those required, invited or left out with the reason; those welcome."""
        for seat in self.seats:
            team = seat.team or self.teams.get(self.cleaned_data.get(f"team_{seat.key}") or "")
            if seat.required and team:
                left_out = self.cleaned_data[f"seat_{seat.key}"] == "leave"
                yield Seat(seat.code, team, why_not=self.cleaned_data[f"why_{seat.key}"] if left_out else "")
            elif team and seat.key in self.cleaned_data.get("welcome", ()):
                yield Seat(seat.code, team, required=False)

    @property
    def ends(self) -> Any:
        return self.when + timedelta(minutes=self.cleaned_data["minutes"])


def _welcome(seats: Sequence[Proposed]) -> forms.Choices:
    options = [
        forms.Option(seat.key, f"{seat.name}: {_where(seat.team)}", "" if seat.because == WELCOME else seat.because)
        for seat in seats
    ]
    return forms.Choices(label="Who else should be there?", options=options, required=False,
                         look=forms.Look(small=True))  # fmt: skip


def _concerns() -> forms.Choices:
    return forms.Choices(
        label="What is suspected?", hint="Select all that apply. It decides who must be there.",
        options=list(CONCERNS.items()), missing="Select what is suspected", look=forms.Look(small=True),
    )  # fmt: skip


def _options(teams: dict[str, Team]) -> list[tuple[str, str]]:
    return [("", "Select a team"), *((key, f"{team.agency.name}: {team.name}") for key, team in teams.items())]


def add_table(form: forms.Form, places: Iterable[tuple[str, str, bool]]) -> None:
    """Ask of each seat, given as (key, name, required), how it came and what it told."""
    for key, name, required in places:
        not_there = forms.Option("not", "Nobody came", reveals=(f"why_{key}",) if required else ())
        form.fields[f"came_{key}"] = forms.Choice(
            label=name,
            options=[
                forms.Option("came", "Came"),
                forms.Option("instead", "Somebody came instead", reveals=(f"instead_{key}",)),
                not_there,
            ],
            look=forms.Look(small=True, inline=False),
            missing=f"Say whether {name} came",
        )
        form.fields[f"instead_{key}"] = forms.Text(label="Who came instead?", max_length=SHORT,
                                                   missing="Enter who came instead")  # fmt: skip
        if required:
            form.fields[f"why_{key}"] = forms.Words(
                label="Why not?", called=f"why {name} did not come", rows=2, max_length=SHORT,
                missing=f"Enter why {name} did not come",
            )  # fmt: skip
        form.fields[f"told_{key}"] = forms.Words(
            label=f"{name}: what they told", called="what they told", required=False, rows=3, max_length=MOST
        )


def came(form: forms.Form, key: str) -> tuple[Came, str]:
    """How that seat came, and what it told."""
    held = form.cleaned_data
    answer, why, instead = held[f"came_{key}"], held.get(f"why_{key}") or "", held.get(f"instead_{key}") or ""
    return Came(answer != "not", why_not=why, instead=instead), held.get(f"told_{key}") or ""


def add_what_was_said(form: forms.Form, kind: str) -> None:
    """What was discussed, what police decide, and why it went ahead without somebody."""
    form.fields["discussed"] = forms.Words(
        label="What was discussed and agreed", called="what was discussed", rows=6, max_length=MOST,
        missing="Enter what was discussed and agreed",
    )  # fmt: skip
    if kind == "strategy":
        options = [
            forms.Option(code, name, reveals=("review_on",) if code in UNDER_WAY else ())
            for code, name in INVESTIGATIONS.items()
        ]
        form.fields["investigation"] = forms.Choice(
            label="What did police say about a criminal investigation?", options=options,
            hint="It is theirs to decide, and is recorded as what they said.",
            missing="Select what police said about a criminal investigation",
        )  # fmt: skip
        form.fields["review_on"] = forms.Date(
            label="Joint review of the investigation and the plan", called="joint review",
            missing="Enter the day of the joint review",
        )  # fmt: skip
    form.fields["why_not_quorate"] = forms.Words(
        label="If it was not quorate: why did it go ahead?", called="why it went ahead", required=False, rows=2,
        max_length=SHORT,
    )  # fmt: skip


class Holding(When):
    """Write down a meeting that was held."""

    say_optional = False

    def __init__(self, *args: Any, kind: str, places: Sequence[Place], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.places = places
        add_table(self, [(str(each.id), each.name, each.required and each.invited) for each in places])
        add_what_was_said(self, kind)
        for each in places:
            if not each.invited:
                self.fields[f"came_{each.id}"].initial = "not"


class AtOnce(forms.Form):
    """A discussion by telephone there and then."""

    say_optional = False

    concerns = _concerns()
    agenda = forms.Words(label="Why could it not wait?", called="why it could not wait", rows=3, max_length=LONG,
                         missing="Enter why it could not wait")  # fmt: skip

    def __init__(self, *args: Any, seats: Sequence[Proposed], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.seats = [seat for seat in seats if seat.team and (seat.required or seat.because != WELCOME)]
        self.others = [seat for seat in seats if seat.team and seat not in self.seats]
        add_table(self, [(seat.key, f"{seat.name} ({_where(seat.team)})", seat.required) for seat in self.seats])
        for seat in self.seats:
            if not seat.required:
                self.fields[f"came_{seat.key}"].initial = "not"
        if self.others:
            self.fields["welcome"] = _welcome(self.others)
            self.fields["welcome"].label = "Who else was on the line?"
        add_what_was_said(self, "strategy")

    def table(self) -> dict[tuple[str, int], tuple[Proposed, Came, str]]:
        """Of each seat, by its office and team: how it came, and what it told."""
        found = {(seat.code, seat.team.pk): (seat, *came(self, seat.key)) for seat in self.seats if seat.team}
        ticked = self.cleaned_data.get("welcome", ())
        there = {(seat.code, seat.team.pk): (seat, Came(True), "") for seat in self.others
                 if seat.team and seat.key in ticked}  # fmt: skip
        return found | there

    @property
    def concerned(self) -> frozenset[str]:
        return frozenset(self.cleaned_data.get("concerns", ()))


__all__ = ["KINDS", "AtOnce", "Calling", "Holding", "add_table", "came"]
