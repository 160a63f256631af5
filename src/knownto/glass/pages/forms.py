"""What is asked before the glass is broken, after it, and of whoever reviews it."""

from typing import Any, ClassVar

from knownto.face import forms
from knownto.footprint.pages.asking import Ask
from knownto.glass.breaking import Said
from knownto.glass.closing import OUTCOMES
from knownto.glass.reviewing import VERDICTS
from knownto.policy import LIFE_REASONS

SURE = "I believe that a life depends on it"


def _reasons() -> list[forms.Option]:
    return [forms.Option(reason.code, reason.name, hint=reason.hint) for reason in LIFE_REASONS.values()]


def _asked() -> dict[str, Any]:
    """The three questions, of a form that asks them. New each time: a field belongs to its form."""
    small = forms.Look(small=True)
    return {
        "reason": forms.Choice(label="Why?", missing="Select why a life depends on it", options=_reasons(), look=small),
        "words": forms.Text(
            label="What is happening, in a line",
            called="what is happening",
            hint="Or the number of the incident. It is sealed, and read by whoever reviews this.",
            max_length=200,
            required=False,
        ),
        "sure": forms.Tick(label=SURE, missing="Confirm that you believe a life depends on it"),
    }


class Why(forms.Form):
    """Why, for a person whom a search has already found."""

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields.update(_asked())

    def said(self, *, fresh: bool) -> Said:
        return _said(self.cleaned_data, fresh)


class WhoAndWhy(Ask):
    """Whom, and why: one page."""

    why_fields: ClassVar[tuple[str, ...]] = ()

    def _ask_purpose(self) -> None:
        """The purpose is that a life depends on it, and the piece of work is this."""
        self.fields = _asked() | {name: it for name, it in self.fields.items() if name not in ("purpose", "work")}
        self.sees_households = True

    def said(self, *, fresh: bool) -> Said:
        return _said(self.cleaned_data, fresh)


def _said(held: dict[str, Any], fresh: bool) -> Said:
    return Said(held["reason"], held.get("words") or "", bool(held["sure"]), fresh)


class Outcome(forms.Form):
    """What came of it."""

    outcome = forms.Choice(label="What came of it?", missing="Select what came of it", options=list(OUTCOMES.items()))
    words = forms.Words(
        label="In a few words",
        called="what came of it",
        hint="What you did with what you saw, and whom you rang. Sealed. Name nobody.",
        rows=4,
        max_length=1000,
    )


class Review(forms.Form):
    """Was it right?"""

    verdict = forms.Choice(label="Was it right?", missing="Select whether it was right", options=list(VERDICTS.items()))
    words = forms.Words(
        label="Why, and what should follow",
        called="why",
        hint="Sealed. The worker does not see it here: speak with them.",
        rows=4,
        max_length=1000,
    )
