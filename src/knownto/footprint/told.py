"""What is told of somebody so that they can be told from others, and no more: name as held, year, district.

Only from records of agencies whose agreement covers the asker and the purpose: that somebody has a record
with another is theirs to tell.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from knownto.firewall.audiences import Audience
from knownto.firewall.checks import Cleared, Whom, clear, hidden
from knownto.identity.answers import HeldRecord
from knownto.linkage import Evidence, clean

NO_NAME, NO_BIRTH = "Name not held", "Date of birth not held"


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, as little as tells them apart."""

    name: str
    born: str
    district: str


def may_show(records: Iterable[HeldRecord], agencies: Collection[str]) -> tuple[HeldRecord, ...]:
    """Those of the records whose agencies' agreements cover the asker."""
    return tuple(record for record in records if record.agency in agencies)


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody's records as a reader may see them: without what leads to where they are, if that is kept from them."""

    records: tuple[HeldRecord, ...]
    warning: str = ""
    hidden: bool = False


def kept(people: Sequence[Sequence[HeldRecord]], reader: Audience) -> list[Kept]:
    """Those people's records for that reader, looked up together. What one record gives away, all of theirs keep."""
    whom = [Whom(record.evidence, _named(record, "school"), _named(record, "surgery"))
            for records in people for record in records]  # fmt: skip
    found = iter(clear(whom, reader))
    return [_kept(records, [next(found) for _ in records]) for records in people]


def _kept(records: Sequence[HeldRecord], found: Sequence[Cleared]) -> Kept:
    hides = frozenset[str]().union(*(each.hides for each in found))
    warning = next((each.warning for each in found if each.warning), "")
    return Kept(tuple(_without(each, hides) for each in records) if hides else tuple(records), warning, bool(hides))


def _without(record: HeldRecord, hides: frozenset[str]) -> HeldRecord:
    evidence = hidden(record.evidence, hides)
    return replace(record, evidence=evidence, cleaned=clean(evidence))


def _named(record: HeldRecord, fact: str) -> tuple[str, ...]:
    return tuple(text for name, text in record.evidence.facts if fact in name)


def told(records: Sequence[HeldRecord], today: date) -> Told:
    """Each thing from the first of the records that holds it."""
    held = [record.evidence for record in records]
    return Told(
        next(filter(None, map(name, held)), NO_NAME),
        next(filter(None, (born(evidence, today) for evidence in held)), NO_BIRTH),
        next(filter(None, map(district, records)), ""),
    )


def name(evidence: Evidence) -> str:
    """The name as the partner holds it."""
    whole = f"{evidence.given_names} {evidence.family_name}".strip()
    return whole or next(iter(evidence.other_names), "")


def born(evidence: Evidence, today: date) -> str:
    """The year of birth, an age where only that is known, or that they are not born yet."""
    if evidence.unborn:
        return "Not yet born"
    if evidence.birth_date:
        return f"Born {evidence.birth_date.year}"
    if evidence.born_from and evidence.born_to:
        return _about(evidence.born_from, evidence.born_to, today)
    return ""


def _about(born_from: date, born_to: date, today: date) -> str:
    youngest, oldest = max(0, _age(born_to, today)), max(0, _age(born_from, today))
    return f"About {youngest} years old" if youngest == oldest else f"About {youngest} to {oldest} years old"


def _age(born_on: date, today: date) -> int:
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def district(record: HeldRecord) -> str:
    """The first half of the postcode of the present address."""
    return next((place.outcode for place in record.cleaned.places if place.postcode), "")
