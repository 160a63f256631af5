"""The local setting: how often, by when, and what follows when no outcome is given."""

import tomllib
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

from django.conf import settings

OPEN_FOR = timedelta(minutes=60)  # the database holds it to the same (glass.wall)
A_DAY = timedelta(hours=24)
TAKES = ("glass", "account")


class BadSetting(ValueError):
    """The setting's file cannot be obeyed."""


@dataclass(frozen=True)
class Limits:
    """`outcome` and `review` in working days; `if_no_outcome` is one of TAKES; `authority` says on whose word."""

    authority: str
    at_once: int
    a_day: int
    searches_a_day: int
    outcome: int
    review: int
    if_no_outcome: str


@cache
def limits() -> Limits:
    """The setting, read once. Raises BadSetting."""
    try:
        found = Limits(**tomllib.loads(Path(settings.GLASS_FILE).read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise BadSetting(f"{settings.GLASS_FILE}: {error}") from None
    numbers = (found.at_once, found.a_day, found.searches_a_day, found.outcome, found.review)
    if not all(isinstance(each, int) and each > 0 for each in numbers) or found.if_no_outcome not in TAKES:
        raise BadSetting(f"{settings.GLASS_FILE}: numbers are whole and above 0; if_no_outcome is one of {TAKES}")
    return found
