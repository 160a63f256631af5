"""From the rows that a partner sent of one person to one piece of evidence about them.

The identity columns repeat on every row of a record. The row of the contact that began last (then: the last line)
is current; names and addresses that differ on other rows, or that were current before, are kept as earlier ones.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import itemgetter
from typing import Any

from knownto.feeds.contract import COLUMNS
from knownto.feeds.dates import whole_years, years_before
from knownto.linkage.evidence import Address, Evidence

EARLIER = 8  # earlier names, and earlier addresses, that are kept
BEFORE_EXPECTED, AFTER_EXPECTED = timedelta(days=28), timedelta(days=14)
BANDS = ((5, "0-4"), (11, "5-10"), (18, "11-17"), (25, "18-24"), (65, "25-64"))

# The identity columns, as they are staged: what was empty is left out.
FIRST_OF_CONTACT = COLUMNS.index("category")
IDENTITY = frozenset(COLUMNS[2:FIRST_OF_CONTACT])

Said = dict[str, Any]  # one row's identity columns as JSON


def variants(rows: Sequence[dict[str, Any]]) -> list[Said]:
    """The distinct identity parts of a record's rows, current first. Rows are in the order of the file."""
    oldest_first = sorted(rows, key=itemgetter("started_on"))  # stable: a later line comes after an earlier one
    distinct: list[Said] = []
    for row in reversed(oldest_first):
        said = {name: value for name, value in row.items() if name in IDENTITY}
        if said not in distinct:
            distinct.append(said)
    return distinct


def evidence_of(distinct: Sequence[Said], as_of: date) -> Evidence:
    """The evidence that those variants are, current first."""
    current = distinct[0]
    own = _own_names(current)
    names = [name for said in distinct for name in (*_own_names(said), *said.get("other_names", ()))]
    return Evidence(
        family_name=current.get("family_name", ""),
        given_names=current.get("given_names", ""),
        other_names=_distinct(name for name in names if name not in own),
        sex=_first(distinct, "sex"),
        addresses=_distinct(a for said in distinct for a in _addresses(said)),
        nhs_number=_first(distinct, "nhs_number"),
        upn=_first(distinct, "upn"),
        pnc=_first(distinct, "pnc"),
        phones=_distinct(said["phone"] for said in distinct if "phone" in said),
        emails=_distinct(said["email"] for said in distinct if "email" in said),
        household=_first(distinct, "household_id"),
        **_birth(distinct, as_of),
    )


def with_earlier(now: Evidence, before: Evidence) -> Evidence:
    """The evidence now, with the names and addresses that were said before as earlier ones.

    Not when the agency has put somebody else into the record: then what was said before was of another person.
    """
    if _somebody_else(now, before):
        return now
    own = _full_name(now.given_names, now.family_name)
    names = (*now.other_names, _full_name(before.given_names, before.family_name), *before.other_names)
    return replace(
        now,
        other_names=_distinct(name for name in names if name and name != own)[:EARLIER],
        addresses=_distinct((*now.addresses, *before.addresses))[:EARLIER],
    )


def _somebody_else(now: Evidence, before: Evidence) -> bool:
    births = now.birth_date and before.birth_date and now.birth_date != before.birth_date
    return bool(births and now.given_names.casefold() != before.given_names.casefold())


def age_band(evidence: Evidence, as_of: date) -> str:
    """A coarse age, for counts: the only thing about the person that is in the clear."""
    if evidence.unborn:
        return "unborn"
    born = evidence.birth_date or evidence.born_to
    if born is None:
        return ""
    age = whole_years(born, as_of)
    return next((band for limit, band in BANDS if age < limit), "65+")


def _own_names(said: Said) -> tuple[str, ...]:
    name = _full_name(said.get("given_names", ""), said.get("family_name", ""))
    return (name,) if name else ()


def _full_name(given: str, family: str) -> str:
    return f"{given} {family}".strip()


def _addresses(said: Said) -> Iterable[Address]:
    lines = tuple(said[name] for name in ("address_line_1", "address_line_2", "town") if name in said)
    current = Address(lines, said.get("postcode", ""), said.get("uprn", ""))
    if current != Address():
        yield current
    yield from (Address(postcode=postcode) for postcode in said.get("earlier_postcodes", ()))


def _birth(distinct: Sequence[Said], as_of: date) -> dict[str, Any]:
    born, expected = _first(distinct, "date_of_birth"), _first(distinct, "expected_birth_date")
    age = next((said["estimated_age"] for said in distinct if "estimated_age" in said), None)
    if born:
        return {"birth_date": date.fromisoformat(born)}
    if expected:
        day = date.fromisoformat(expected)
        return {"born_from": day - BEFORE_EXPECTED, "born_to": day + AFTER_EXPECTED, "unborn": True}
    if age is not None:
        return {"born_from": years_before(as_of, age + 1) + timedelta(days=1), "born_to": years_before(as_of, age)}
    return {}


def _first(distinct: Sequence[Said], name: str) -> str:
    return next((said[name] for said in distinct if said.get(name)), "")


def _distinct(things: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(things))
