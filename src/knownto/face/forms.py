"""Forms: the door to everything that asks a question.

    from knownto.face import forms

    class Search(forms.Form):
        family_name = forms.Text(label="Family name", required=False, max_length=100)
        born = forms.Date(label="Date of birth", hint="For example, 27 3 2014", required=False)

Say what to ask; the renderer (settings: FORM_RENDERER = "knownto.face.forms.Renderer") decides the markup,
also for forms made of Django's own fields.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import django.forms
from django.forms.renderers import DjangoTemplates

from knownto.face.fields import (
    Choice,
    Choices,
    Code,
    Date,
    Email,
    File,
    Number,
    Password,
    Phone,
    Pick,
    Text,
    Tick,
    Words,
)
from knownto.face.look import Look, Option, options_of

__all__ = ["Choice", "Choices", "Code", "Date", "Email", "File", "Form", "Group", "Look", "Number", "Option",
           "Password", "Phone", "Pick", "Renderer", "Text", "Tick", "Words"]  # fmt: skip


class Renderer(DjangoTemplates):
    """Render every form as the design system's components."""

    form_template_name = "face/forms/form.html"
    field_template_name = "face/forms/field.html"


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that belong together under a legend. `size` is the legend's: "s", "m" or "l"."""

    legend: str
    fields: tuple[str, ...]
    hint: str = ""
    size: str = "m"


class Form(django.forms.Form):
    """A form whose hidden questions need no answer.

    A field named in an Option's `reveals` counts only when that option is chosen: `required` then means
    "needed once revealed", and what was typed before changing one's mind is dropped. A subclass's clean()
    calls this one first.
    """

    use_required_attribute = False  # the browser's own bubbles are not read out, and say less than our errors do
    groups: ClassVar[tuple[Group, ...]] = ()
    say_optional: ClassVar[bool] = True

    def clean(self) -> dict[str, Any]:
        """Drop the answers, and the errors, of questions that were not revealed."""
        super().clean()
        for name in set(self.revealed()) - set(self._chosen_to_show()):
            self.errors.pop(name, None)
            self.cleaned_data[name] = getattr(self.fields[name], "empty_value", None)
        return self.cleaned_data

    def revealed(self) -> Iterator[str]:
        """Yield the names of fields that some option reveals."""
        for field in self.fields.values():
            for option in options_of(field).values():
                yield from option.reveals

    def _chosen_to_show(self) -> Iterator[str]:
        for name, field in self.fields.items():
            chosen = self.cleaned_data.get(name) or ()
            chosen = (chosen,) if isinstance(chosen, str) else chosen
            for option in options_of(field).values():
                yield from option.reveals if option.value in chosen else ()
