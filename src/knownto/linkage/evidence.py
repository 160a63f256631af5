"""What a partner says about one person, as it was said: nothing is cleaned, nothing is guessed."""

from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Address:
    """One address. A previous postcode on its own is an Address with only `postcode`."""

    lines: tuple[str, ...] = ()
    postcode: str = ""
    uprn: str = ""

    def to_json(self) -> dict[str, Any]:
        return _filled(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        return cls(tuple(found.get("lines", ())), found.get("postcode", ""), found.get("uprn", ""))


@dataclass(frozen=True, slots=True)
class Evidence:
    """Identity evidence of one record. Everything is optional; addresses have the current one first.

    `born_from`..`born_to` is an estimated date of birth, or, with `unborn`, the days around the expected one.
    `household` is the partner's own grouping: it says nothing across agencies by itself. `facts` are others, each a
    name and a text, of which a model may have learnt something (see `facts.py`).
    """

    family_name: str = ""
    given_names: str = ""
    other_names: tuple[str, ...] = ()
    birth_date: date | None = None
    born_from: date | None = None
    born_to: date | None = None
    unborn: bool = False
    sex: str = ""
    addresses: tuple[Address, ...] = ()
    nhs_number: str = ""
    upn: str = ""
    pnc: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    household: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The filled fields only; dates as ISO text."""
        return _filled(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        return cls(**{name: _READ.get(name, _same)(value) for name, value in found.items()})


def _filled(thing: Address | Evidence) -> dict[str, Any]:
    pairs = ((f.name, getattr(thing, f.name)) for f in fields(thing))
    return {name: _plain(value) for name, value in pairs if value}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    return value.to_json() if isinstance(value, Address) else value


def _same(value: Any) -> Any:
    return value


_READ: dict[str, Any] = {
    "birth_date": date.fromisoformat,
    "born_from": date.fromisoformat,
    "born_to": date.fromisoformat,
    "other_names": tuple,
    "phones": tuple,
    "emails": tuple,
    "facts": lambda found: tuple((name, text) for name, text in found),
    "addresses": lambda found: tuple(Address.from_json(a) for a in found),
}
