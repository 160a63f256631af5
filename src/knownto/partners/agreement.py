"""Sharing agreements: readable files, checked when loaded, stamped on what is disclosed under them.

How much the tracker may hold of each category follows from the category itself being a disclosure: to say that
somebody attends a sexual assault centre is to tell. The four levels, most to least:
`full` headline; `limited` to open or not, last seen and team (the category itself is not held); `ask` means nothing
is sent in bulk and the agency is asked; `nothing` means not even that it exists is shown.
"""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.policy import PURPOSES

LEVELS = ("full", "limited", "ask", "nothing")


class BadAgreement(Exception):
    """An agreement file says something that cannot be obeyed. Names the file and the line of thought."""


@dataclass(frozen=True)
class Category:
    """One sort of contact: its code in the feed, its name on the page, how much may be held."""

    code: str
    name: str
    hold: str


@dataclass(frozen=True)
class Agreement:
    """What one agency shares with the partnership's tracker. `stamp` goes on every disclosure."""

    agency: str
    title: str
    version: str
    parties: tuple[str, ...]
    purposes: tuple[str, ...]
    categories: dict[str, Category]
    starts: date
    ends: date
    review: date
    accountable: str
    checksum: str

    @property
    def stamp(self) -> str:
        return f"{self.agency} {self.version} {self.checksum[:8]}"

    def in_force(self, day: date) -> bool:
        return self.starts <= day <= self.ends

    def covers(self, reader: str, purpose: str, day: date) -> bool:
        """May that agency's workers be shown this agency's headlines, for this purpose, on this day?"""
        return self.in_force(day) and reader in self.parties and purpose in self.purposes

    def only_on_request(self) -> tuple[Category, ...]:
        return tuple(c for c in self.categories.values() if c.hold == "ask")


@cache
def agreements() -> dict[str, Agreement]:
    """Every agreement, by the agency whose information it is about. Raises BadAgreement."""
    found = [read(path) for path in sorted(Path(settings.AGREEMENTS_FOLDER).glob("*.toml"))]
    by_agency = {a.agency: a for a in found}
    if len(by_agency) != len(found):
        raise BadAgreement("Two files describe the agreement of one agency.")
    return by_agency


def read(path: Path) -> Agreement:
    """Read and check one file. Raises BadAgreement, naming the file and what is wrong with it."""
    raw = path.read_bytes()
    try:
        said = tomllib.loads(raw.decode())
        categories = {code: Category(code, entry["name"], entry["hold"]) for code, entry in said["categories"].items()}
        agreement = Agreement(
            said["agency"],
            said["title"],
            said["version"],
            tuple(said["parties"]),
            tuple(said["purposes"]),
            categories,
            said["starts"],
            said["ends"],
            said["review"],
            said["accountable"],
            hashlib.sha256(raw).hexdigest(),
        )
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise BadAgreement(f"{path.name}: {type(error).__name__}: {error}") from None
    _check(path.name, agreement)
    return agreement


def _check(name: str, agreement: Agreement) -> None:
    faults = [
        (agreement.agency not in agreement.parties, "the agency is not among the parties"),
        (not set(agreement.purposes) <= set(PURPOSES), "a purpose is not one the product knows"),
        (any(c.hold not in LEVELS for c in agreement.categories.values()), f"a level is not one of {LEVELS}"),
        (not agreement.starts < agreement.review <= agreement.ends, "the review must fall between start and end"),
        (not agreement.categories, "no category is named"),
    ]
    for wrong, why in faults:
        if wrong:
            raise BadAgreement(f"{name}: {why}.")
