"""From evidence to its cleaned form, which holds ready everything that a comparison needs."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple, Self

from knownto.linkage import facts, identifiers, tables
from knownto.linkage.evidence import Evidence
from knownto.linkage.names import Name, read
from knownto.linkage.places import Place, place
from knownto.linkage.standards import roots, standard_family, standard_given

_SEXES = {"F": "F", "FEMALE": "F", "M": "M", "MALE": "M"}
_EARLIEST_YEAR = 1895
_MOST = 6
_SAY_NOTHING = tables.COMPANIONS | tables.VIETNAMESE_MIDDLE  # of who is meant, only of what sex


@dataclass(slots=True)
class Cleaned:
    """One record, cleaned. Treat it as unchanging: it is not frozen only because freezing triples its cost.

    Dates are proleptic day numbers (`date.toordinal`), 0 for not known. The second block is worked out from
    the first and never stored.
    """

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()
    others: tuple[Name, ...] = ()
    birth: int = 0
    born_from: int = 0
    born_to: int = 0
    unborn: bool = False
    baby: bool = False
    order: int = 0
    generation: int = 0
    sex: str = ""
    places: tuple[Place, ...] = ()
    nhs_number: str = ""
    upn: str = ""
    pnc: str = ""
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    household: str = ""
    facts: tuple[tuple[str, str], ...] = ()

    call: str = field(default="", init=False, compare=False)  # the given name people use, as written
    call_standard: str = field(default="", init=False, compare=False)
    call_roots: tuple[str, ...] = field(default=(), init=False, compare=False)  # what it may be short for
    given_standard: tuple[str, ...] = field(default=(), init=False, compare=False)
    middle: tuple[str, ...] = field(default=(), init=False, compare=False)  # standard, beside the call name
    family_standard: tuple[str, ...] = field(default=(), init=False, compare=False)
    family_whole: str = field(default="", init=False, compare=False)
    told_sex: str = field(default="", init=False, compare=False)  # as recorded, or as Kaur and Singh tell
    customary_sex: str = field(default="", init=False, compare=False)
    family_core: tuple[str, ...] = field(default=(), init=False, compare=False)  # not Kaur, Singh...
    born: date | None = field(default=None, init=False, compare=False)
    birth_text: str = field(default="", init=False, compare=False)  # YYYYMMDD
    homes: frozenset[Place] = field(default=frozenset(), init=False, compare=False)
    postcodes: frozenset[str] = field(default=frozenset(), init=False, compare=False)

    def __post_init__(self) -> None:
        self._ready_names()
        if self.birth:
            self.born = date.fromordinal(self.birth)
            self.birth_text = self.born.isoformat().replace("-", "")
        if self.places:
            self.homes = frozenset(p for p in self.places if p.kind)
            self.postcodes = frozenset(p.postcode for p in self.places if p.postcode)

    def _ready_names(self) -> None:
        given, family = _given_ready(self.given), _family_ready(self.family)
        self.given_standard, self.call, self.call_standard, self.call_roots, self.middle = given
        self.family_standard, self.family_whole, self.family_core = family
        if given.standard or family.standard:
            self.customary_sex = _customary_sex(given.standard + family.standard)
        self.told_sex = self.sex or self.customary_sex

    def to_json(self) -> dict[str, Any]:
        """Only what is filled, under short names; `from_json` gives back an equal record."""
        return {short: value for short, name in _SHORT.items() if (value := getattr(self, name))}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        filled: dict[str, Any] = {_SHORT[short]: tuple(v) if type(v) is list else v for short, v in found.items()}
        if others := filled.get("others"):
            filled["others"] = tuple(Name(tuple(given), tuple(family)) for given, family in others)
        if places := filled.get("places"):
            filled["places"] = tuple(Place(*p) for p in places)
        if told := filled.get("facts"):
            filled["facts"] = tuple((name, text) for name, text in told)
        return cls(**filled)


_SHORT = {
    "g": "given", "f": "family", "o": "others", "b": "birth", "bf": "born_from", "bt": "born_to",
    "u": "unborn",
    "bb": "baby", "n": "order", "ge": "generation", "s": "sex", "p": "places", "nhs": "nhs_number",
    "upn": "upn",
    "pnc": "pnc", "ph": "phones", "em": "emails", "hh": "household",
    "fa": "facts",
}  # fmt: skip


class _Given(NamedTuple):
    """What is worked out from the given names alone."""

    standard: tuple[str, ...] = ()
    call: str = ""
    call_standard: str = ""
    call_roots: tuple[str, ...] = ()
    middle: tuple[str, ...] = ()


class _Family(NamedTuple):
    """What is worked out from the family name alone."""

    standard: tuple[str, ...] = ()
    whole: str = ""
    core: tuple[str, ...] = ()


# First names and family names are remembered apart, since many share each: together they would be a list of people.
@lru_cache(maxsize=32768)
def _given_ready(written: tuple[str, ...]) -> _Given:
    given = tuple(map(standard_given, written))
    if not given:
        return _Given()
    at = _call_place(given)
    middle = tuple(g for i, g in enumerate(given) if i != at and g not in _SAY_NOTHING)
    return _Given(given, written[at], given[at], roots(given[at]), middle)


@lru_cache(maxsize=32768)
def _family_ready(written: tuple[str, ...]) -> _Family:
    family = tuple(map(standard_family, written))
    return _Family(family, "".join(family), tuple(f for f in family if f not in tables.COMPANIONS))


def _customary_sex(parts: tuple[str, ...]) -> str:
    """Harpreet Kaur is a woman and Harpreet Singh a man: two people, whatever else agrees."""
    female = not tables.FEMALE_COMPANIONS.isdisjoint(parts)
    male = not tables.MALE_COMPANIONS.isdisjoint(parts)
    return "" if female is male else "F" if female else "M"


def _call_place(given: tuple[str, ...]) -> int:
    """Mohammed Tariq is called Tariq: a customary first name is not what tells brothers apart."""
    for at, part in enumerate(given):
        if part not in tables.CUSTOMARY_FIRST and part not in tables.COMPANIONS and len(part) > 1:
            return at
    return next((at for at in reversed(range(len(given))) if given[at] in tables.CUSTOMARY_FIRST), 0)


def clean(evidence: Evidence, earliest: int = _EARLIEST_YEAR) -> Cleaned:
    """The cleaned form of a record. Never raises, whatever the text; what cannot be used is left out.

    A birth before the year `earliest` is of nobody alive, save where records are of the dead.
    """
    named = read(evidence.family_name, evidence.given_names, evidence.other_names[:_MOST])
    born = _usable(evidence.birth_date, earliest)
    born_from, born_to = (0, 0) if born else _span(evidence.born_from, evidence.born_to)
    return Cleaned(
        given=named.name.given,
        family=named.name.family,
        others=named.others,
        birth=born,
        born_from=born_from,
        born_to=born_to,
        unborn=evidence.unborn,
        baby=named.baby or evidence.unborn,
        order=named.order,
        generation=named.generation,
        sex=_SEXES.get(evidence.sex.strip().upper(), ""),
        places=_few(place(a) for a in evidence.addresses[:12]),
        nhs_number=identifiers.nhs_number(evidence.nhs_number) if evidence.nhs_number else "",
        upn=identifiers.upn(evidence.upn) if evidence.upn else "",
        pnc=identifiers.pnc(evidence.pnc) if evidence.pnc else "",
        phones=_few(map(identifiers.phone, evidence.phones)),
        emails=_few(map(identifiers.email, evidence.emails)),
        household=evidence.household.strip(),
        facts=facts.cleaned(evidence.facts) if evidence.facts else (),
    )


def _few[T](found: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(f for f in found if f))[:_MOST]


def _usable(day: date | None, earliest: int) -> int:
    """A day number, 0 for a placeholder such as 1900-01-01: it is a default of a form, not a birthday."""
    if day is None or day in tables.FALSE_DATES or day.year < earliest:
        return 0
    return day.toordinal()


def _span(start: date | None, end: date | None) -> tuple[int, int]:
    if start is None or end is None:
        return 0, 0
    first, last = sorted((start.toordinal(), end.toordinal()))
    return first, last
