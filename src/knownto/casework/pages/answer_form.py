"""What a team fills in: its answer, on whom it passes an ask to, why one is taken back."""

from collections.abc import Sequence
from typing import Any

from knownto.casework.asked_of import Asked, Wanted
from knownto.casework.models import Answer
from knownto.face import forms
from knownto.partners.models import Team

LONGEST = 8000
KNOWN_HINT = "Facts and where they come from, apart from what you think of them. Share what is relevant and no more."


def of(wanted: Wanted) -> str:
    """The name of the input for that question of the sheet."""
    return f"field_{wanted.code}"


class Reply(forms.Form):
    """Answered, nothing known, or declined with the reason. Silence is none of them."""

    answer = forms.Choice(label="What is your answer?", called="your answer", missing="Select your answer")
    known = forms.Words(label="What you know", hint=KNOWN_HINT, max_length=LONGEST, rows=8)
    looked = forms.Words(
        label="Where you looked (optional)",
        called="where you looked",
        hint="So that nobody reads more into it than it says.",
        max_length=2000,
        required=False,
        rows=3,
    )
    because = forms.Words(
        label="Why you cannot share it",
        hint="The law, or the harm that sharing would do. It is recorded as a decision of your agency.",
        max_length=2000,
        missing="Enter why you cannot share it",
    )

    def __init__(self, data: Any = None, *, asked: Asked) -> None:
        super().__init__(data)
        self.wanted = asked.wanted
        for each in self.wanted:
            self.fields[of(each)] = _field(each)
        if self.wanted:
            self.fields["known"].required = False
            self.fields["known"].label = "Anything else you know (optional)"
        self.order_fields(["answer", *map(of, self.wanted), "known", "looked", "because"])
        self.fields["answer"].offer(self._options(asked))

    def _options(self, asked: Asked) -> list[forms.Option]:
        options = [
            forms.Option(Answer.ANSWERED.value, "This is what we know", reveals=(*map(of, self.wanted), "known")),
            forms.Option(Answer.NOTHING_KNOWN.value, "We looked, and know nothing", reveals=("looked",)),
        ]
        if asked.may_decline:
            options.append(forms.Option(Answer.DECLINED.value, "We cannot share it, because", reveals=("because",)))
        return options

    def clean(self) -> dict[str, Any]:
        held = super().clean() or self.cleaned_data
        said = any(self.said.values()) or held.get("known")
        if held.get("answer") == Answer.ANSWERED.value and self.wanted and not said:
            self.add_error(of(self.wanted[0]), "Answer at least one of the questions, or select another answer")
        return held

    @property
    def said(self) -> dict[str, str]:
        """What was answered to each question of the sheet, by its code."""
        return {each.code: self.cleaned_data.get(of(each)) or "" for each in self.wanted}

    @property
    def words(self) -> str:
        """The words that go with the answer that was chosen."""
        names = {Answer.ANSWERED.value: "known", Answer.DECLINED.value: "because", Answer.NOTHING_KNOWN.value: "looked"}
        return self.cleaned_data.get(names[self.cleaned_data["answer"]]) or ""


def _field(wanted: Wanted) -> forms.Words:
    called = wanted.label[:1].lower() + wanted.label[1:]
    label = f"{wanted.label} (optional)"
    return forms.Words(label=label, called=called, hint=wanted.hint, max_length=LONGEST, required=False, rows=4)


class PassOn(forms.Form):
    """To whom it goes, and why."""

    team = forms.Pick(label="Which team should answer?", called="team", missing="Select a team")
    because = forms.Words(label="Why is it theirs?", called="why it is theirs", max_length=1000, rows=3)

    def __init__(self, data: Any = None, *, teams: Sequence[Team]) -> None:
        super().__init__(data)
        self.fields["team"].offer([(str(team.pk), team.name) for team in teams])


class Because(forms.Form):
    """Why it is no longer needed."""

    because = forms.Words(
        label="Why is it no longer needed?",
        called="why it is no longer needed",
        hint="Whoever was asked is told that it was taken back, and can read why.",
        max_length=1000,
        rows=3,
    )
