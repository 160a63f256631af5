"""How few are too few to be told of, how long a record must have stood still, and when one is out of date.

Each can be set in the settings as QUALITY_<NAME>. `docs/data-quality.md` says what each defends.
"""

from dataclasses import dataclass, fields
from functools import cache

from django.conf import settings


@dataclass(frozen=True)
class Limits:
    """Figures that an installation can change. None may be set so low that one agency could be told from another."""

    agree: int = 2  # agencies that must agree with one another before a difference is told; never fewer
    among: int = 3  # other agencies that hold that field at all, so that "two of them" points at none; never fewer
    least: int = 5  # records with one kind of difference, below which there is no list and no count
    holds: float = 0.05  # share of an agency's records with a field, from which on it is one that holds it
    steady_days: int = 28  # that a record must have stood unchanged before it is compared with others
    told_most: int = 3  # differing versions of one person that one agency is ever told of, in a year
    days_between: int = 7  # between two comparisons with others
    stale_days: int = 180  # without a file that names the record
    open_days: int = 365  # without any contact in an involvement that is still open
    trend: int = 12  # checks shown side by side


LOWEST = {"agree": 2, "among": 3, "least": 2, "steady_days": 7, "days_between": 1}


@cache
def limits() -> Limits:
    """The figures in force."""
    said = {f.name: getattr(settings, f"QUALITY_{f.name.upper()}", f.default) for f in fields(Limits)}
    return Limits(**{name: max(value, LOWEST.get(name, value)) for name, value in said.items()})
