"""Turn a bound field into what its template needs: ids, what describes it, which component it is."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from knownto.face.look import Look, Option, look_of, options_of
from knownto.face.widgets import DateInputs

# The first match wins. CheckboxSelectMultiple is a subclass of RadioSelect, so it must come before it.
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "tick"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.PasswordInput, "password"),
    (DateInputs, "date"),
    (forms.MultiWidget, "several"),
    (forms.Widget, "text"),
)
IN_A_FIELDSET = frozenset({"checkboxes", "radios", "date", "several"})
CLASSES = {
    "select": "govuk-select",
    "textarea": "govuk-textarea",
    "file": "govuk-file-upload",
    "password": "govuk-input govuk-password-input__input govuk-js-password-input-input",
    "text": "govuk-input",
}


def kind_of(widget: forms.Widget) -> str:
    """Return the name of the component that shows this widget."""
    return next(kind for widget_class, kind in KINDS if isinstance(widget, widget_class))


def parts(field: BoundField) -> dict[str, Any]:
    """Return one field's template context: the template's name in `template`, and what it needs."""
    kind, look = kind_of(field.field.widget), look_of(field.field)
    id_ = field.auto_id or field.html_name
    errors = [str(error) for error in field.errors]
    context = {
        "template": f"face/forms/{kind}.html",
        "field": field, "kind": kind, "look": look, "id": id_, "name": field.html_name, "label": field.label,
        "optional": is_said_optional(field), "hint": field.help_text, "errors": errors,
        "counted": look.count and getattr(field.field, "max_length", None),
        "fieldset": kind in IN_A_FIELDSET, "first_input": first_input(field),
    }  # fmt: skip
    context["described_by"] = described_by(context)
    return context | _control(field, kind, look, context)


def is_said_optional(field: BoundField) -> bool:
    """Say whether the label should end in "(optional)". A lone tick box is optional by its nature."""
    quiet = not getattr(field.form, "say_optional", True) or kind_of(field.field.widget) == "tick"
    return not (field.field.required or quiet)


def described_by(context: dict[str, Any]) -> str:
    """Return the ids that a screen reader reads after the label."""
    said = (("hint", context["hint"]), ("error", context["errors"]), ("info", context["counted"]))
    return " ".join(f"{context['id']}-{suffix}" for suffix, there in said if there)


def first_input(field: BoundField) -> str:
    """Return the id that the error summary links to: a group's first input, or a date's first wrong one."""
    id_, kind = field.auto_id or field.html_name, kind_of(field.field.widget)
    if kind in ("radios", "checkboxes"):
        return f"{id_}_0"
    if kind == "date":
        return f"{id_}_{(wrong_pieces(field) or ['day'])[0]}"
    return field.field.widget.id_for_label(id_) if kind == "several" else id_


def wrong_pieces(field: BoundField) -> list[str]:
    """Return which of day, month and year to mark; all of them when the error says nothing finer."""
    if not field.errors:
        return []
    named = (error.params or {} for error in field.errors.as_data())
    pieces = [piece for params in named for piece in params.get("pieces", ())]
    return pieces or ["day", "month", "year"]


def _control(field: BoundField, kind: str, look: Look, context: dict[str, Any]) -> dict[str, Any]:
    if kind in ("checkboxes", "radios"):
        return {"items": list(_items(field))}
    if kind == "date":
        return {"pieces": _pieces(field)}
    if kind in ("tick", "several"):
        return {"control": _drawn(field, "govuk-checkboxes__input" if kind == "tick" else "govuk-input", context)}
    return {"control": _drawn(field, _classes(kind, look, context), context)}


def _classes(kind: str, look: Look, context: dict[str, Any]) -> str:
    base = CLASSES[kind]
    found = [base]
    if look.width:
        found.append(f"govuk-input--width-{look.width}")
    if context["errors"]:
        found.append(f"{base.split()[0]}--error")
    if context["counted"]:
        found.append("govuk-js-character-count")
    return " ".join(found)


def _drawn(field: BoundField, classes: str, context: dict[str, Any]) -> SafeString:
    # A placeholder disappears as one types, and is too faint for many to read: the label and hint say it
    # instead.
    attrs = {"class": classes, "placeholder": False, "aria-describedby": context["described_by"] or False}
    if context["counted"]:
        attrs["maxlength"] = False  # cutting a pasted text short in silence would lose words; the count warns instead
    return field.as_widget(attrs=attrs)


def _pieces(field: BoundField) -> list[dict[str, Any]]:
    widget, wrong = field.field.widget, wrong_pieces(field)
    drawn = widget.get_context(field.html_name, field.value(), {"id": field.auto_id or field.html_name})
    return [
        piece | {"error": piece["label"].lower() in wrong, "autocomplete": _birthday(field, piece["label"])}
        for piece in drawn["widget"]["pieces"]
    ]


def _birthday(field: BoundField, piece: str) -> str:
    # A date of birth about somebody else must not be offered from, or kept in, the browser of a shared
    # computer.
    asked = getattr(field.field, "autocomplete", "off")
    return f"bday-{piece.lower()}" if asked == "bday" else asked


def _items(field: BoundField) -> Iterator[dict[str, Any]]:
    options = options_of(field.field)
    for choice in field.subwidgets:
        drawn = choice.data
        option = options.get(str(drawn["value"]), Option(str(drawn["value"]), str(drawn["label"])))
        yield {
            "id": drawn["attrs"].get("id", f"{field.html_name}_{drawn['index']}"),
            "value": drawn["value"],
            "text": drawn["label"],
            "checked": drawn["selected"],
            "disabled": drawn["attrs"].get("disabled", False),
            "hint": option.hint,
            "exclusive": option.exclusive,
            "divider": option.divider,
            "reveals": [field.form[name] for name in option.reveals],
        }


def sections(form: forms.BaseForm) -> list[dict[str, Any]]:
    """Return the fields in the order shown: in groups where there are some, revealed ones left out."""
    hidden_here = set(form.revealed()) if hasattr(form, "revealed") else set()
    groups = getattr(form, "groups", ())
    placed = {name for group in groups for name in group.fields}
    found: list[dict[str, Any]] = []
    for field in form.visible_fields():
        group = next((group for group in groups if field.name in group.fields), None)
        if field.name in hidden_here:
            continue
        if not found or found[-1]["group"] is not group or field.name not in placed:
            found.append({"group": group, "fields": []})
        found[-1]["fields"].append(field)
    return found


def faults(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    """Yield (id to link to, sentence) for each error of a form, in the order of its questions."""
    start = next((first_input(field) for field in form.visible_fields()), "")
    for error in form.non_field_errors():
        yield start, str(error)
    for field in form.hidden_fields():
        yield from (("", str(error)) for error in field.errors)
    for field in form.visible_fields():
        yield from ((first_input(field), str(error)) for error in field.errors)
