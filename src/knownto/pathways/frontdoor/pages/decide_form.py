"""The questions of a decision. The words of each level stand beside the choice of it."""

from typing import Any

from knownto.casework.pathway import Move
from knownto.face import forms
from knownto.pathways.frontdoor.deciding import TEMPLATE
from knownto.pathways.frontdoor.levels import Level

MOST = 6000


class Deciding(forms.Form):
    """`move` says which levels there are to choose from; `words` what each of them means today."""

    say_optional = False

    def __init__(self, *args: Any, move: Move, words: dict[int, Level], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["level"] = _levels(move, words)
        for code, question, hint in TEMPLATE:
            self.fields[code] = forms.Words(
                label=question, called=question, hint=hint, rows=4, max_length=MOST,
                missing=f"Answer: {question}",
            )  # fmt: skip
        self.fields["override_why"] = forms.Words(
            label="If this departs from the referrer, the guidance or a time limit: why?",
            called="why you decide so",
            hint="The page says what it departs from. Leave it empty where it departs from nothing.",
            required=False,
            rows=3,
            max_length=MOST,
        )
        self.fields["tell"] = forms.Words(
            label="What the referrer is told",
            called="what the referrer is told",
            hint="Say what was decided and what happens next. Nothing that a partner told the hub in a check.",
            missing="Enter what the referrer is told",
            rows=4,
            max_length=MOST,
        )


def _levels(move: Move, words: dict[int, Level]) -> forms.Choice:
    options = [
        forms.Option(str(level), f"Level {level}: {words[level].name}", words[level].words) for level in move.levels
    ]
    return forms.Choice(label="Level of need", options=options, missing="Select the level of need")
