"""The forms of a worry about an adult: three limbs, the adult's own wishes, a decision, the second look, telling."""

from typing import Any

from knownto.face import forms
from knownto.pathways.frontdoor import adults
from knownto.pathways.frontdoor.adults_told import AdultTold

SHORT = forms.Look(small=True)


class Limbs(forms.Form):
    """Each limb of section 42(1), with what it is answered from."""

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial)
        for code, question in adults.LIMBS.items():
            missing = "Select an answer for each of the three"
            self.fields[code] = forms.Choice(
                label=question,
                options=list(adults.SAYS.items()),
                missing=missing,
                look=forms.Look(inline=True, size="m"),
            )
            self.fields[f"{code}_evidence"] = forms.Words(
                label="What is that answered from?",
                called="what it is answered from",
                hint="If it is not clear yet: what would make it clear?",
                max_length=2000,
                rows=3,
            )

    def limbs(self) -> dict[str, adults.Limb]:
        said = self.cleaned_data
        return {code: adults.Limb(said[code], said[f"{code}_evidence"]) for code in adults.LIMBS}


class Personal(forms.Form):
    """Making Safeguarding Personal."""

    asked = forms.Choice(
        label="Was the adult asked what they want to happen?",
        missing="Select whether the adult was asked",
        options=[
            forms.Option("asked", adults.ASKED["asked"], reveals=("wants",)),
            forms.Option("not-asked", adults.ASKED["not-asked"], reveals=("why_not",)),
        ],
    )
    wants = forms.Words(
        label="What do they want to happen?",
        called="what they want to happen",
        hint="In their own words where you can. That they want nothing done is an answer.",
        max_length=2000,
        rows=3,
    )
    why_not = forms.Words(
        label="Why were they not asked?",
        called="why they were not asked",
        hint="For example, it was not safe, or nobody could reach them. Say when they will be.",
        max_length=1000,
        rows=3,
    )
    capacity = forms.Choice(
        label="Mental capacity",
        missing="Select whether capacity was considered",
        options=[
            forms.Option(code, text, reveals=() if code == "not-considered" else ("capacity_for", "capacity_basis"))
            for code, text in adults.CAPACITY.items()
        ],
    )
    capacity_for = forms.Text(
        label="For which decision?",
        called="the decision",
        hint="Capacity is for one decision at one time: for example, whether to stay at home tonight.",
        max_length=200,
    )
    capacity_basis = forms.Words(label="What is that based on?", called="what it is based on", max_length=1000, rows=2)
    advocacy = forms.Choice(
        label="Independent advocate",
        missing="Select whether an advocate is needed",
        hint="Care Act 2014, section 68: where taking part is very difficult and nobody suitable supports them.",
        options=list(adults.ADVOCACY.items()),
    )
    advocacy_words = forms.Text(label="Who, or why", called="who, or why", required=False, max_length=200)

    def personal(self) -> adults.Personal:
        names = adults.Personal.__dataclass_fields__
        return adults.Personal(**{name: self.cleaned_data.get(name) or "" for name in names})


class Deciding(forms.Form):
    """One decision about an adult."""

    rationale = forms.Words(
        label="Why?",
        called="the reasons",
        hint="What it rests on, what the adult wants, and why this is proportionate.",
        missing="Enter the reasons",
        max_length=4000,
    )
    why_anyway = forms.Words(
        label="Not every limb is answered yes. Why is an enquiry made all the same?",
        called="why an enquiry is made all the same",
        required=False,
        max_length=1000,
        rows=3,
    )
    met = forms.Choice(
        label="Were the outcomes that the adult wanted met?",
        missing="Select whether the outcomes that the adult wanted were met",
        options=list(adults.MET.items()),
    )
    duties = forms.Choices(
        label="What else was considered?", options=list(adults.ALTERNATIVES.items()), required=False, look=SHORT
    )
    came_of_it = forms.Words(
        label="What came of that?",
        hint="For example, a care assessment is booked for 3 December.",
        required=False,
        max_length=1000,
        rows=2,
    )
    words = forms.Words(
        label="What is whoever raised it told?",
        called="what they are told",
        hint="Say what was decided and what happens next, and nothing that a partner said in a check.",
        max_length=2000,
    )

    def __init__(self, data: Any = None, *, move: str, clear: bool, initial: dict[str, Any]) -> None:
        super().__init__(data, initial=initial)
        unwanted = {
            "why_anyway": move != "enquire" or clear,
            "met": move != "finish",
            "duties": move not in adults.NO,
            "came_of_it": move not in adults.NO,
            "words": move in ("protect-tonight", "to-day"),
        }
        for name in (name for name, drop in unwanted.items() if drop):
            del self.fields[name]

    def wish(self, move: str) -> adults.Wish:
        said = self.cleaned_data
        came = said.get("came_of_it") or "Considered"
        return adults.Wish(
            move=move,
            rationale=said["rationale"],
            alternatives=dict.fromkeys(said.get("duties") or (), came),
            why_anyway=said.get("why_anyway") or "",
            words=said.get("words") or "",
            met=said.get("met") or "",
        )


class Second(forms.Form):
    """The second look at a no."""

    agree = forms.Choice(
        label="Do you agree that section 42 does not apply?",
        missing="Select whether you agree",
        options=[("yes", "Yes, I agree"), ("no", "No, I do not")],
        look=forms.Look(inline=True),
    )
    words = forms.Words(
        label="What did you look at, and why?", called="what you looked at, and why", max_length=2000, rows=4
    )


class Told(forms.Form):
    """Was the adult told?"""

    told = forms.Choice(
        label="Has the adult been told what was decided?",
        missing="Select whether the adult has been told",
        options=[forms.Option("yes", "Yes", reveals=("how", "said")), forms.Option("no", "No", reveals=("why_not",))],
    )
    how = forms.Text(label="How, and by whom?", called="how, and by whom", max_length=200)
    said = forms.Words(label="What did they say?", called="what they said", required=False, max_length=1000, rows=3)
    why_not = forms.Words(label="Why not, and when will they be?", called="why not", max_length=1000, rows=3)

    def as_told(self) -> AdultTold:
        said = self.cleaned_data
        names = ("how", "said", "why_not")
        return AdultTold(said["told"] == "yes", *(said.get(name) or "" for name in names))


class Back(forms.Form):
    """What is asked of whoever raised it."""

    question = forms.Words(
        label="What do you need to know from whoever raised it?", called="what you need to know", max_length=2000
    )
