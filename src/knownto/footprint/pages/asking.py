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
from knownto.linkage import Address, Evidence, clean
from knownto.policy import Purpose, purposes_for, role
from knownto.policy.purposes import FAMILY_STANDING

SEXES = (("", "Not known"), ("F", "Female"), ("M", "Male"))
NARROW, MIDDLE = forms.Look(width=10), forms.Look(width=20)
TOO_LITTLE = (
    "Enter two things you know of the person, such as a family name and a date of birth, or one that identifies "
    "by itself: an NHS number, a phone number, or a house number and postcode"
)
ADDRESS_ALONE = "Enter something of the child as well: your role is not shown who lives at an address"
UNUSABLE = {
    "nhs_number": "NHS number must have 10 numbers, copied exactly: the last is a check on the others",
    "phone": "Phone number must be a full UK number, with its area code",
    "postcode": "Postcode must be a whole postcode, such as SW1A 1AA",
}
NO_WILDCARDS = "{} must be written out: it cannot have * ? % or _ in it"


class Ask(forms.Form):
    """A search. `kept` is the reason given for the search before: shown in words, with a way to change it."""

    say_optional = False  # nearly everything is
    why_fields: ClassVar[tuple[str, ...]] = ("purpose", "work")

    purpose = forms.Choice(
        label="Purpose", missing="Select the purpose you are asking for", look=forms.Look(small=True)
    )
    work = forms.Text(
        label="Which piece of work is it for?",
        called="the piece of work",
        missing="Enter the reference of the piece of work this is for",
        hint="Your own contact, case or log number.",
        max_length=60,
        look=MIDDLE,
    )
    given = forms.Text(label="Given names", required=False, max_length=100)
    family = forms.Text(label="Family name", required=False, max_length=100)
    other = forms.Text(label="Another or former full name", called="other name", required=False, max_length=100)
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
        self, data: Any = None, *, viewer: Viewer, today: date, kept: Why | None = None, hide: bool = False
    ) -> None:
        super().__init__(data, initial=_initial(kept) if kept else {})
        self.today = today
        self.offered = offered(viewer)
        self.sees_households = any("household" in role(code).fields for code in viewer.roles)
        self._ask_purpose()
        self.hides_why = hide
        if hide:
            self._hide_why()

    def _ask_purpose(self) -> None:
        self.fields["purpose"].offer(_option(purpose) for purpose in self.offered)
        for purpose in self.offered:
            if purpose.family_must_know:
                self.fields |= _family_questions(purpose.code)

    def _hide_why(self) -> None:
        """What was said for the search before goes along unseen: the page says it in words.

        Typing then starts on the person.
        """
        for name in self._why_names():
            self.fields[name].widget = HiddenInput()
        self.fields["given"].widget.attrs["autofocus"] = True

    def _why_names(self) -> list[str]:
        return [name for name in self.fields if name in self.why_fields or name.startswith("family_")]

    def why_is_wrong(self) -> bool:
        """Is there a fault in what is not to be seen? Then it must be."""
        return any(name in self.errors for name in self._why_names())

    def carried(self) -> Why:
        """The reason that the form carries along, as it was sent or as it was kept."""
        code = self["purpose"].value() or ""
        family = [self[name].value() or "" if name in self.fields else "" for name in _family_names(code)]
        return Why(code, self["work"].value() or "", *family)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self._check_family()
        self._check_person()
        if not self.errors and self.question.too_little():
            raise ValidationError(TOO_LITTLE, code="too-little")
        if not self.errors and self.question.by_address_alone and not self.sees_households:
            raise ValidationError(ADDRESS_ALONE, code="address-alone")
        return self.cleaned_data

    def _check_family(self) -> None:
        standing, reason = _family_names(self.cleaned_data.get("purpose", ""))
        if standing not in self.fields:
            return
        if not self.cleaned_data.get(standing):
            self.add_error(standing, "Select whether the family has been told or agrees")
        elif self.cleaned_data[standing] == "dispensed" and not self.cleaned_data.get(reason):
            self.add_error(reason, "Enter why the family has not been told")

    def _check_person(self) -> None:
        for name in ("given", "family", "other", "address", "postcode"):
            if WILDCARDS.search(self.cleaned_data.get(name, "")):
                self.add_error(name, NO_WILDCARDS.format(self.fields[name].noun))
        self._check_born()
        self._check_usable()

    def _check_usable(self) -> None:
        """What was typed and could not be used would be left out in silence, and read as looked for."""
        held = {name: self.cleaned_data.get(name, "") for name in UNUSABLE}
        usable = clean(
            Evidence(
                nhs_number=held["nhs_number"],
                phones=(held["phone"],),
                addresses=(Address(postcode=held["postcode"]),),
            )
        )
        there = {"nhs_number": usable.nhs_number, "phone": usable.phones, "postcode": usable.places}
        for name, sentence in UNUSABLE.items():
            if held[name] and not there[name] and name not in self.errors:
                self.add_error(name, sentence)

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
        return Question(born=held.get("born"), age=held.get("age"), **{name: held.get(name) or "" for name in texts})

    @property
    def why(self) -> Why:
        """Why it was asked."""
        code = self.cleaned_data["purpose"]
        family = [self.cleaned_data.get(name) or "" for name in _family_names(code)]
        return Why(code, self.cleaned_data["work"], *family)


def offered(viewer: Viewer) -> tuple[Purpose, ...]:
    """The purposes that this worker's roles may ask for."""
    return purposes_for(frozenset(code for each in viewer.roles for code in role(each).purposes))


def _option(purpose: Purpose) -> forms.Option:
    reveals = (f"family_{purpose.code}",) if purpose.family_must_know else ()
    return forms.Option(purpose.code, purpose.name, hint=f"{purpose.hint} {_law(purpose)}.", reveals=reveals)


def _law(purpose: Purpose) -> str:
    """The part of the basis that is this purpose's own; what most of them share is said once, below."""
    own = [part for part in purpose.basis.split("; ") if not part.startswith(("UK GDPR", "article"))]
    return "; ".join(own) or purpose.basis


def _family_names(code: str) -> tuple[str, str]:
    return f"family_{code}", f"family_why_{code}"


def _family_questions(code: str) -> dict[str, Any]:
    """The question is asked apart for each purpose that needs it: a page may not hold one control twice."""
    return dict(zip(_family_names(code), (_standing(code), _reason()), strict=True))


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
    family = zip(_family_names(kept.purpose), (kept.family, kept.family_reason), strict=True)
    return {"purpose": kept.purpose, "work": kept.work, **dict(family)}
