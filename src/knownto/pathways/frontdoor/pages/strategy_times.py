"""A day and a time as people type them, which are London's, whatever the clocks do that night."""

import re
from datetime import date, datetime, time

from django.core.exceptions import ValidationError

from knownto.casework.clocks import calendar
from knownto.face import forms
from knownto.worktime import LONDON

TYPED = re.compile(r"(\d{1,2})(?:[:.\s]?(\d{2}))?\s*(am|pm)?", re.IGNORECASE)
NOT_A_TIME = "{} must be a time, such as 14:30 or 2:30pm"
NOON = 12


def read_time(text: str) -> time | None:
    """The time that was typed; None when it is none.

    >>> read_time("2.30pm")
    datetime.time(14, 30)
    """
    found = TYPED.fullmatch(text.strip())
    if found is None:
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "").lower()
    if half and not 1 <= hour <= NOON:
        return None
    if half:
        hour = hour % NOON + (NOON if half == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None  # noqa: PLR2004


def moment(day: date, at: time) -> datetime:
    """That day and time in London, as a moment."""
    return calendar().moment(day, at)


def london(at: datetime) -> datetime:
    return at.astimezone(LONDON)


class When(forms.Form):
    """A day and a time of day; `when` is the moment, once it is valid."""

    day = forms.Date(label="Which day?", called="day", missing="Enter the day")
    at = forms.Text(
        label="At what time?", called="time", hint="For example, 14:30", missing="Enter the time", max_length=8,
        look=forms.Look(width=5),
    )  # fmt: skip

    def clean_at(self) -> time:
        found = read_time(self.cleaned_data["at"])
        if found is None:
            raise ValidationError(NOT_A_TIME.format("Time"))
        return found

    @property
    def when(self) -> datetime:
        return moment(self.cleaned_data["day"], self.cleaned_data["at"])


def initial(at: datetime) -> dict[str, object]:
    """That moment as the form shows it."""
    return {"day": london(at).date(), "at": f"{london(at):%H:%M}"}
