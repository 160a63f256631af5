"""The one control that Django lacks: a date as three inputs."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

DatePieces = tuple[str, str, str]
PIECES = ("day", "month", "year")


class DateInputs(forms.Widget):
    """Day, month and year, each typed: people know a date of birth by heart; calendars are slow."""

    template_name = "face/forms/date_inputs.html"
    use_fieldset = True

    def format_value(self, value: Any) -> DatePieces:
        """Return (day, month, year) as text, from a date or from what was typed."""
        if isinstance(value, date):
            return str(value.day), str(value.month), str(value.year)
        return tuple(value) if value else ("", "", "")  # type: ignore[return-value]

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> DatePieces:
        """Return the three pieces as typed, without the spaces around them."""
        return tuple(str(data.get(f"{name}_{piece}", "")).strip() for piece in PIECES)  # type: ignore[return-value]

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        """Say whether none of the three was sent."""
        return not any(f"{name}_{piece}" in data for piece in PIECES)

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of the first input."""
        return f"{id_}_day" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the three inputs to Django's context."""
        context = super().get_context(name, value, attrs)
        id_ = context["widget"]["attrs"].get("id", name)
        typed = self.format_value(value)
        context["widget"]["pieces"] = [
            {"name": f"{name}_{piece}", "id": f"{id_}_{piece}", "label": piece.capitalize(), "value": text,
             "width": 4 if piece == "year" else 2}
            for piece, text in zip(PIECES, typed, strict=True)
        ]  # fmt: skip
        return context
