"""A page's form, made of its questions. What was typed is kept as it was typed, right or wrong: nothing is lost."""

from collections.abc import Iterable, Mapping
from typing import Any

from knownto.face import forms
from knownto.pathways.frontdoor.levels import Level
from knownto.pathways.frontdoor.questions import LIVED, Question, aware_note

Typed = dict[str, Any]
PIECES = ("day", "month", "year")
YOUNGEST = 0


def form_for(
    questions: Iterable[Question], typed: Mapping[str, Any], *, check: bool = False, levels: Iterable[Level] = ()
) -> forms.Form:
    """The form, filled in with what was typed. With `check` its faults are found and shown."""
    fields = {each.name: _field(each, levels) for each in questions}
    kind = type("Asked", (forms.Form,), fields | {"groups": _groups(fields), "say_optional": False})
    if check:
        return kind(dict(typed))
    shown = {name: field.widget.value_from_datadict(dict(typed), {}, name) for name, field in fields.items()}
    return kind(initial=shown)


def typed_in(questions: Iterable[Question], sent: Any) -> Typed:
    """What was sent of those questions, as it was typed; empty answers too, which undo earlier ones."""
    found: Typed = {}
    for each in questions:
        for name in names_of(each):
            found[name] = sent.getlist(name) if each.type == "choices" else str(sent.get(name, "")).strip()
    return found


def names_of(question: Question) -> list[str]:
    """The names of its controls."""
    return [f"{question.name}_{piece}" for piece in PIECES] if question.type == "date" else [question.name]


def cleaned(questions: Iterable[Question], typed: Mapping[str, Any], levels: Iterable[Level] = ()) -> dict[str, Any]:
    """What can be read of what was typed: an answer with a fault is left out, and its page says so."""
    form = form_for(questions, typed, check=True, levels=levels)
    form.is_valid()
    return {name: value for name, value in form.cleaned_data.items() if value not in (None, "", [], False)}


def _field(question: Question, levels: Iterable[Level]) -> Any:
    said = {"label": question.label, "hint": question.hint, "called": question.called, "required": False}
    return _MAKE[question.type](question, said, levels)


def _look(question: Question) -> forms.Look:
    hidden = question.look == "hidden"
    return forms.Look(question.width, inline=question.inline, suffix=question.suffix, hide_label=hidden)


def _text(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Text(**said, look=_look(question), max_length=question.max or 200)


def _phone(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Phone(**said, look=_look(question), max_length=question.max or 30)


def _words(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Words(**said, look=_look(question), rows=question.rows, max_length=question.max or 4000)


def _date(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Date(**said)


def _number(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Number(**said, look=_look(question), min_value=YOUNGEST, max_value=question.max)


def _tick(question: Question, said: dict[str, Any], _: Any) -> Any:
    return forms.Tick(**said)


def _choice(question: Question, said: dict[str, Any], levels: Iterable[Level]) -> Any:
    look = forms.Look(inline=question.inline, small=question.inline, hide_label=question.look == "hidden")
    return forms.Choice(**said, look=look, options=_options(question, levels))


def _choices(question: Question, said: dict[str, Any], levels: Iterable[Level]) -> Any:
    return forms.Choices(**said, options=_options(question, levels))


def _options(question: Question, levels: Iterable[Level]) -> list[forms.Option]:
    if question.options == "levels":
        return [forms.Option(str(each.level), f"Level {each.level}: {each.name}", each.words) for each in levels]
    return [_option(*option) for option in question.options]


def _option(value: str, text: str, hint: str = "", reveals: Iterable[str] = ()) -> forms.Option:
    return forms.Option(value, text, hint, tuple(reveals))


def _groups(fields: Mapping[str, Any]) -> tuple[forms.Group, ...]:
    lived = tuple(name for name in fields if name.startswith(LIVED))
    if not lived:
        return ()
    hint = f"Say what you saw; leave out what you did not. {aware_note()}"
    return (forms.Group("Lived experience: the AWARE prompt", lived, hint),)


_MAKE = {
    "text": _text, "phone": _phone, "words": _words, "date": _date, "number": _number, "tick": _tick,
    "choice": _choice, "choices": _choices,
}  # fmt: skip
