"""The questions of the screening page: each a small form of its own, sent by itself."""

from typing import Any, ClassVar

from knownto.face import forms

WHY = {"max_length": 4000, "rows": 3}
RATED = (
    forms.Option("red", "Red", "Decide within hours: harm is happening or likely now"),
    forms.Option("amber", "Amber", "Decide within a working day"),
    forms.Option("green", "Green", "Decide within three working days"),
)


class Act(forms.Form):
    """One thing that can be done. `button` is its words; `danger` marks what cannot be gone back on here."""

    title: ClassVar[str] = ""
    button: ClassVar[str] = "Save"
    say_optional = False


class Take(Act):
    title, button = "Take it in hand", "Take it in hand"


class Rate(Act):
    title, button = "Urgency", "Rate it"
    urgency = forms.Choice(label="How urgent is it?", options=RATED, missing="Select how urgent it is",
                           look=forms.Look(small=True))  # fmt: skip
    why = forms.Words(label="Why?", called="why", missing="Enter why it is that urgent", **WHY)


class Note(Act):
    title, button = "Note", "Write it down"
    note = forms.Words(label="What did you find out, or do?", called="the note", missing="Enter the note", **WHY)


class Tracker(Act):
    title, button = "Do children's services have them already?", "Ask the tracker"
    child = forms.Choice(label="About which child?", called="the child", missing="Select the child",
                         look=forms.Look(small=True))  # fmt: skip

    def __init__(self, *args: Any, children: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["child"].offer(children)
        if len(children) == 1:
            self.initial["child"] = children[0][0]


class Give(Act):
    title, button = "Give it to a colleague", "Give it"
    worker = forms.Pick(label="To whom?", blank="Nobody: it waits in the team", required=False)

    def __init__(self, *args: Any, colleagues: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["worker"].offer(colleagues)


class PutUp(Act):
    title, button = "Put it up for a decision", "Put it up"
    why = forms.Words(label="What should whoever decides know?", called="what they should know",
                      missing="Enter what whoever decides should know", **WHY)  # fmt: skip


class ToNight(Act):
    title, button = "Pass it to the emergency duty team", "Pass it on"
    why = forms.Words(label="Why can it not wait?", called="why it cannot wait",
                      missing="Enter why it cannot wait", **WHY)  # fmt: skip


class ToDay(Act):
    title, button = "Leave it for the hub", "Leave it for the hub"
    why = forms.Words(label="What was done, and why can it wait?", called="what was done",
                      missing="Enter what was done and why it can wait", **WHY)  # fmt: skip


class Route(Act):
    title, button = "Send it to the worker who has the case", "Send it to them"
    to = forms.Pick(label="Who has the case?", called="who has the case", missing="Select who has the case")
    case = forms.Text(label="Their reference, if you know it", called="their reference", required=False, max_length=40,
                      look=forms.Look(width=20))  # fmt: skip
    why = forms.Words(label="What is new, and why is it theirs?", called="what is new",
                      missing="Enter what is new and why it is theirs", **WHY)  # fmt: skip
    tell = forms.Words(label="What the referrer is told", called="what the referrer is told", required=False, **WHY)

    def __init__(self, *args: Any, workers: list[tuple[str, str]], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["to"].offer(workers)


class Join(Act):
    title, button = "Join it to another contact", "Join them"
    to = forms.Choice(label="To which?", called="the contact to join it to",
                      missing="Select the contact to join it to", look=forms.Look(small=True))  # fmt: skip
    why = forms.Words(label="Why are they the same worry?", called="why they are the same worry",
                      missing="Enter why they are the same worry", **WHY)  # fmt: skip

    def __init__(self, *args: Any, others: list[forms.Option], **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.fields["to"].offer(others)


class TakeApart(forms.Form):
    why = forms.Words(label="Why are they not the same worry?", called="why they are not the same worry",
                      missing="Enter why they are not the same worry", **WHY)  # fmt: skip
