"""What may be asked: whatever the worker knows, so long as it names somebody rather than fishes for
anybody.
"""

import re
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from typing import Any, Self

from knownto.linkage import Address, Evidence, address_key, clean

WILDCARDS = re.compile(r"[*%?_]")
LEAST_FACTS = 2

# How far out an estimated age may be, in years either way, up to that age: a toddler is guessed more closely.
SLACK = ((3, 1), (15, 2), (30, 4), (130, 8))


@dataclass(frozen=True, slots=True)
class Question:
    """One search, as it was asked. Everything is optional; `too_little` says whether it is enough."""

    given: str = ""
    family: str = ""
    other: str = ""
    born: date | None = None
    age: int | None = None
    sex: str = ""
    address: str = ""
    town: str = ""
    postcode: str = ""
    nhs_number: str = ""
    phone: str = ""

    @property
    def where(self) -> Address:
        lines = tuple(line.strip() for line in (*self.address.splitlines(), self.town) if line.strip())
        return Address(lines=lines, postcode=self.postcode.strip())

    @property
    def address_is_exact(self) -> bool:
        return bool(address_key(self.where))

    @property
    def by_address_alone(self) -> bool:
        """Asked who lives there: nothing is known of anybody."""
        return self.address_is_exact and not any(
            (self.given, self.family, self.other, self.born, self.age is not None, self.nhs_number, self.phone)
        )

    def facts(self) -> tuple[str, ...]:
        """The identifying facts there are. Sex alone tells nobody apart; a single letter is no name."""
        held = {
            "given name": len(self.given.strip()) > 1,
            "family name": len(self.family.strip()) > 1,
            "other name": len(self.other.strip()) > 1,
            "date of birth": self.born or self.age is not None,
            "postcode": any(place.postcode for place in clean(Evidence(addresses=(self.where,))).places),
        }
        return tuple(fact for fact, there in held.items() if there)

    def identifies_alone(self) -> bool:
        """An NHS number, a telephone number or an exact address is enough by itself."""
        numbers = clean(Evidence(nhs_number=self.nhs_number, phones=(self.phone,)))
        return bool(numbers.nhs_number or numbers.phones or self.address_is_exact)

    def too_little(self) -> bool:
        return len(self.facts()) < LEAST_FACTS and not self.identifies_alone()

    def evidence(self, today: date) -> Evidence:
        """What linkage compares. An estimated age becomes a span of dates of birth around it."""
        where = self.where
        evidence = Evidence(
            family_name=self.family,
            given_names=self.given,
            other_names=(self.other,) if self.other else (),
            birth_date=self.born,
            sex=self.sex,
            addresses=(where,) if where != Address() else (),
            nhs_number=self.nhs_number,
            phones=(self.phone,) if self.phone else (),
        )
        if self.born is None and self.age is not None:
            first, last = born_between(self.age, today)
            evidence = replace(evidence, born_from=first, born_to=last)
        return evidence

    def to_json(self) -> dict[str, Any]:
        """The filled answers only; the date as ISO text."""
        held = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in held.items()
            if value not in ("", None)
        }

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        born = found.get("born")
        return cls(**(found | {"born": date.fromisoformat(born)} if born else found))


def born_between(age: int, today: date) -> tuple[date, date]:
    """The first and last day of birth that an estimated age allows.

    >>> born_between(8, date(2026, 11, 16))
    (date(2015, 11, 17), date(2020, 11, 16))
    """
    slack = next(years for up_to, years in SLACK if age <= up_to)
    oldest = years_before(today, age + slack + 1) + timedelta(days=1)
    return oldest, years_before(today, max(0, age - slack))


def years_before(day: date, years: int) -> date:
    """The same day that many years before; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
