"""The search form: why, then whatever is known of the person. One page, because forty searches come before
lunch.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.forms import HiddenInput

from knownto.access.acts import Viewer
from knownto.face import forms
from knownto.footprint.question import WILDCARDS, Question
from knownto.footprint.why import Why
from knownto.linkage import Evidence, clean
from knownto.policy import Purpose, purposes_for, role
from knownto.policy.purposes import FAMILY_STANDING

SEXES = (("", "Not known"), ("F", "Female"), ("M", "Male"))
NARROW, MIDDLE = forms.Look(width=10), forms.Look(width=20)
TOO_LITTLE = (
    "Enter two things you know of the person, such as a family name and a date of birth, or one that identifies "
    "by itself: an NHS number, a phone number, or a house number and postcode"
)
NO_WILDCARDS = "{} must be written out: it cannot have * ? % or _ in it"


class Ask(forms.Form):
    """A search. `kept` is the reason given for the search before: shown in words, with a way to change it."""

    say_optional = False
    why_fields: ClassVar[tuple[str, ...]] = ("purpose", "work")
    groups: ClassVar[tuple[forms.Group, ...]] = (
        forms.Group("Why you are asking", ("purpose", "work")),
        forms.Group("The person", ("given", "family", "other", "born", "age", "sex")),
        forms.Group(
            "Where they live",
            ("address", "postcode"),
            hint="With nothing else filled in, this asks who is held to live there.",
        ),
        forms.Group("Numbers", ("nhs_number", "phone")),
    )

    purpose = forms.Choice(label="Purpose", missing="Select the purpose you are asking for")
    work = forms.Text(
        label="Which piece of work is it for?",
        called="the piece of work",
        missing="Enter the reference of the piece of work this is for",
        hint="Your own contact, case or log number.",
        max_length=60,
        look=MIDDLE,
    )
    given = forms.Text(label="Given names", required=False, max_length=100, look=MIDDLE)
    family = forms.Text(label="Family name", required=False, max_length=100, look=MIDDLE)
    other = forms.Text(
        label="Other name", hint="Another or former full name.", required=False, max_length=100, look=MIDDLE
    )
    born = forms.Date(label="Date of birth", required=False)
    age = forms.Number(
        label="Or about how old",
        called="age",
        required=False,
        min_value=0,
        max_value=120,
        look=forms.Look(width=3, suffix="years"),
    )
    sex = forms.Choice(label="Sex", options=SEXES, required=False, look=forms.Look(inline=True, small=True))
    address = forms.Text(label="House number and street", required=False, max_length=200)
    postcode = forms.Text(label="Postcode", required=False, max_length=10, look=NARROW)
    nhs_number = forms.Text(label="NHS number", required=False, max_length=20, look=NARROW)
    phone = forms.Phone(label="Phone number", required=False, max_length=30, look=MIDDLE)

    def __init__(
        self, data: Any = None, *, viewer: Viewer, today: date, kept: Why | None = None, change: bool = False
    ) -> None:
        initial = _initial(kept) if kept else {}
        super().__init__(data, initial=initial)
        self.today = today
        self.offered = offered(viewer)
        self._ask_purpose()
        self.hides_why = False
        if kept and not change:
            self._hide_why()
        self._focus()

    def _ask_purpose(self) -> None:
        self.fields["purpose"].offer(_option(purpose) for purpose in self.offered)
        for purpose in self.offered:
            if purpose.family_must_know:
                self.fields |= _family_questions(purpose.code)

    def _hide_why(self) -> None:
        """What was said for the search before goes along unseen: the page says it in words."""
        self.hides_why = True
        for name in self._why_names():
            self.fields[name].widget = HiddenInput()

    def _why_names(self) -> list[str]:
        return [name for name in self.fields if name in self.why_fields or name.startswith("family_")]

    def _focus(self) -> None:
        """Where typing starts: on the person when the reason is kept."""
        if self.hides_why:
            self.fields["given"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_family()
        self._check_person()
        if not self.errors and self.question.too_little():
            raise ValidationError(TOO_LITTLE, code="too-little")
        return self.cleaned_data

    def _check_family(self) -> None:
        code = self.cleaned_data.get("purpose", "")
        standing = f"family_{code}"
        if standing not in self.fields:
            return
        if not self.cleaned_data.get(standing):
            self.add_error(standing, "Select whether the family has been told or agrees")
        elif self.cleaned_data[standing] == "dispensed" and not self.cleaned_data.get(f"family_why_{code}"):
            self.add_error(f"family_why_{code}", "Enter why the family has not been told")

    def _check_person(self) -> None:
        for name in ("given", "family", "other", "address", "postcode"):
            if WILDCARDS.search(self.cleaned_data.get(name, "")):
                self.add_error(name, NO_WILDCARDS.format(self.fields[name].noun))
        numbers = clean(
            Evidence(
                nhs_number=self.cleaned_data.get("nhs_number", ""),
                phones=(self.cleaned_data.get("phone", ""),),
            )
        )
        if self.cleaned_data.get("nhs_number") and not numbers.nhs_number:
            self.add_error("nhs_number", "NHS number must have 10 numbers and be copied exactly: its last is
            a check")
        if self.cleaned_data.get("phone") and not numbers.phones:
            self.add_error("phone", "Phone number must be a full UK number, with its area code")
        self._check_born()

    def _check_born(self) -> None:
        born, age = self.cleaned_data.get("born"), self.cleaned_data.get("age")
        if born and born > self.today:
            self.add_error("born", "Date of birth must be in the past")
        if born and age is not None:
            self.add_error("age", "Enter a date of birth or an age, not both")

    @property
    def question(self) -> Question:
        """What was asked of the person."""
        held = self.cleaned_data
        texts = ("given", "family", "other", "sex", "address", "postcode", "nhs_number", "phone")
        return Question(
            born=held.get("born"), age=held.get("age"), **{name: held.get(name) or "" for name in texts}
        )

    @property
    def why(self) -> Why:
        """Why it was asked."""
        held, code = self.cleaned_data, self.cleaned_data["purpose"]
        return Why(code, held["work"], held.get(f"family_{code}") or "", held.get(f"family_why_{code}") or "")


def offered(viewer: Viewer) -> tuple[Purpose, ...]:
    """The purposes that this worker's roles may ask for."""
    return purposes_for(frozenset(code for each in viewer.roles for code in role(each).purposes))


def _option(purpose: Purpose) -> forms.Option:
    reveals = (f"family_{purpose.code}",) if purpose.family_must_know else ()
    return forms.Option(purpose.code, purpose.name, hint=f"{purpose.hint} {purpose.basis}.", reveals=reveals)


def _family_questions(code: str) -> dict[str, Any]:
    """The question is asked apart for each purpose that needs it: a page may not hold one control twice."""
    return {f"family_{code}": _standing(code), f"family_why_{code}": _reason()}


def _standing(code: str) -> forms.Choice:
    options: Iterable[forms.Option] = (
        forms.Option(value, text, reveals=(f"family_why_{code}",) if value == "dispensed" else ())
        for value, text in FAMILY_STANDING.items()
    )
    return forms.Choice(label="How does the family stand?", options=options, required=False)


def _reason() -> forms.Words:
    return forms.Words(
        label="Why has the family not been told?",
        called="why the family has not been told",
        hint="For example, telling them would put the child at risk. Say who decided.",
        max_length=300,
        required=False,
        rows=2,
    )


def _initial(kept: Why) -> dict[str, str]:
    code = kept.purpose
    return {
        "purpose": code,
        "work": kept.work,
        f"family_{code}": kept.family,
        f"family_why_{code}": kept.family_reason,
    }
