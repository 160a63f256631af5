"""The questions a form can ask. Errors name the question, never the answer: it may be somebody's name."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from knownto.face import dates
from knownto.face.look import Look, Option
from knownto.face.widgets import DateInputs, DatePieces


class Asked:
    """What our fields add to Django's: `hint`, `look`, and errors that say what to do.

    `called` is the question as a noun, for use in errors ("date of birth"); `missing` is the whole sentence
    shown when a needed answer is not there. Browsers are told not to remember answers unless `autocomplete`
    says so.
    """

    verb: ClassVar[str] = "Enter"
    browser: ClassVar[dict[str, str]] = {}
    called: str
    look: Look

    def __init__(
        self,
        *,
        label: str,
        hint: str = "",
        called: str = "",
        missing: str = "",
        look: Look | None = None,
        autocomplete: str = "off",
        **rest: Any,
    ) -> None:
        self.look = look or Look()
        self.called = called or (label[:1].lower() + label[1:]).rstrip("?")
        self.autocomplete = autocomplete
        wording = {"required": missing or f"{self.verb} {self.called}"} | self.wording(rest)
        wording |= rest.pop("error_messages", None) or {}
        super().__init__(label=label, help_text=hint, error_messages=wording, **rest)  # type: ignore[call-arg]

    @property
    def noun(self) -> str:
        """Return the question as a noun that can begin a sentence."""
        return self.called[:1].upper() + self.called[1:]

    def wording(self, rest: dict[str, Any]) -> dict[str, str]:
        """Return Django's messages, by code, in the question's own words."""
        longest, shortest = rest.get("max_length"), rest.get("min_length")
        return {
            "invalid": f"{self.noun} is not in the right format",
            "max_length": f"{self.noun} must be {longest} characters or fewer",
            "min_length": f"{self.noun} must be {shortest} characters or more",
        }

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Add the browser's hints to the control."""
        attrs = super().widget_attrs(widget)  # type: ignore[misc]
        return {**attrs, "autocomplete": self.autocomplete, **self.browser}


class Text(Asked, forms.CharField):
    """One line. Names are not spelling mistakes, so the browser does not check them."""

    browser = {"spellcheck": "false"}


class Words(Asked, forms.CharField):
    """Several lines; with `look=Look(count=True)` and a `max_length`, a count of what is left."""

    def __init__(self, *, rows: int = 5, **rest: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), **rest)


class Email(Asked, forms.EmailField):
    """An e-mail address."""

    browser = {"spellcheck": "false"}

    def wording(self, rest: dict[str, Any]) -> dict[str, str]:
        """Say what an address looks like."""
        correct = f"{self.noun} must be in the correct format, like name@example.org"
        return super().wording(rest) | {"invalid": correct}


class Phone(Asked, forms.CharField):
    """A telephone number, kept as typed: people know numbers in groups."""

    widget = forms.TextInput(attrs={"type": "tel"})


class Code(Asked, forms.CharField):
    """A one-time code: a numeric keypad, and offered by a phone that received it."""

    browser = {"inputmode": "numeric", "spellcheck": "false", "autocomplete": "one-time-code"}


class Password(Asked, forms.CharField):
    """A password that can be shown. `autocomplete` is "current-password" or "new-password"."""

    widget = forms.PasswordInput
    browser = {"spellcheck": "false", "autocapitalize": "none"}

    def __init__(self, *, autocomplete: str = "current-password", **rest: Any) -> None:
        super().__init__(autocomplete=autocomplete, strip=False, **rest)


class Number(Asked, forms.IntegerField):
    """A whole number. A text input: number inputs change when somebody scrolls."""

    widget = forms.TextInput
    browser = {"inputmode": "numeric", "spellcheck": "false"}

    def wording(self, rest: dict[str, Any]) -> dict[str, str]:
        """Say the limits."""
        return {
            "invalid": f"{self.noun} must be a whole number",
            "min_value": f"{self.noun} must be {rest.get('min_value')} or more",
            "max_value": f"{self.noun} must be {rest.get('max_value')} or less",
        }


class Date(Asked, forms.Field):
    """A date in three inputs; the cleaned value is a `date` or None. Months may be numbers or names."""

    widget = DateInputs

    def to_python(self, value: DatePieces | date | None) -> date | None:
        """Read the three pieces. Raises ValidationError that says which of them is wrong."""
        if value is None or isinstance(value, date):
            return value
        return dates.read(value, self.noun)


class File(Asked, forms.FileField):
    """A file to send. `accept` is the browser's hint (".csv,.xlsx"), never a check."""

    verb = "Choose"
    widget = forms.FileInput

    def __init__(self, *, accept: str = "", **rest: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": accept} if accept else {}), **rest)

    def wording(self, rest: dict[str, Any]) -> dict[str, str]:
        """Say what went wrong with the sending."""
        return {
            "invalid": f"{self.noun} was not received. Choose it again",
            "missing": f"{self.noun} was not received. Choose it again",
            "empty": f"{self.noun} is empty",
        }


class Chosen(Asked):
    """Asked, and answered by choosing among `options`: Option objects, or (value, text) pairs."""

    verb = "Select"
    options: tuple[Option, ...]

    def __init__(self, *, options: Iterable[Option | tuple[str, str]] = (), **rest: Any) -> None:
        super().__init__(**rest)
        self.offer(options)

    def offer(self, options: Iterable[Option | tuple[str, str]]) -> None:
        """Set the options, for a form that learns them when it is made."""
        self.options = tuple(each if isinstance(each, Option) else Option(*each) for each in options)
        self.choices = [(option.value, option.text) for option in self.options]

    def wording(self, rest: dict[str, Any]) -> dict[str, str]:
        """Django's own wording would repeat what was sent."""
        again = f"{self.noun}: select one of the answers shown"
        return {"invalid_choice": again, "invalid_list": again}


class Choice(Chosen, forms.ChoiceField):
    """Radios: one answer of a few, all of them in sight."""

    widget = forms.RadioSelect


class Pick(Chosen, forms.ChoiceField):
    """A drop-down list, where there are too many answers for radios. `blank` is its first, empty line."""

    widget = forms.Select

    def __init__(self, *, blank: str = "Select one", **rest: Any) -> None:
        self.blank = blank
        super().__init__(**rest)

    def offer(self, options: Iterable[Option | tuple[str, str]]) -> None:
        """Put the empty line first."""
        super().offer(options)
        self.choices = [("", self.blank), *self.choices]


class Choices(Chosen, forms.MultipleChoiceField):
    """Checkboxes: any number of answers. An exclusive option ("None of these") stands alone."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: list[str]) -> None:
        """Refuse "none of these" beside any of these."""
        super().validate(value)
        alone = {option.value for option in self.options if option.exclusive}
        if len(value) > 1 and alone & set(value):
            raise ValidationError(f"{self.noun}: select the answers that apply, or the last one alone", code="mixed")


class Tick(Asked, forms.BooleanField):
    """One checkbox: a declaration, or something to switch on."""

    verb = "Confirm"


__all__ = ["Choice", "Choices", "Code", "Date", "Email", "File", "Number", "Password", "Phone", "Pick",
           "Text", "Tick", "Words"]  # fmt: skip
