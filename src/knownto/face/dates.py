"""Read a date that somebody typed in three pieces, and say plainly what is wrong with it."""

from datetime import date

from django.core.exceptions import ValidationError

from knownto.face.widgets import PIECES, DatePieces

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FULL = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
         "november", "december")  # fmt: skip


def read(typed: DatePieces, called: str) -> date | None:
    """Return the date, or None when all three pieces are empty. `called` begins each error, as a noun.

    Raises ValidationError whose params["pieces"] names the inputs to mark.
    """
    if not any(typed):
        return None
    missing = [piece for piece, text in zip(PIECES, typed, strict=True) if not text]
    if missing:
        raise wrong(f"{called} must include a {' and '.join(missing)}", missing)
    day, month, year = typed
    if not (year.isdecimal() and len(year) == 4):
        raise wrong(f"{called} must have a year of 4 numbers", ["year"])
    return _real(_number(day), _month(month), int(year), called)


def _real(day: int, month: int, year: int, called: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise wrong(f"{called} must be a real date", list(PIECES)) from None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= 2 else 0


def _month(text: str) -> int:
    word = text.casefold().rstrip(".")
    for names in (MONTHS, _FULL):
        if word in names:
            return names.index(word) + 1
    return 9 if word == "sept" else _number(text)


def wrong(message: str, pieces: list[str]) -> ValidationError:
    """Return the error that marks these pieces of the date."""
    return ValidationError(message.replace("%", "%%"), code="date", params={"pieces": pieces})
