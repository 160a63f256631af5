"""The keys under which a record is found: each joins two or more facts, so that no key is a list of a whole
name.

A key is `(kind, plain value)`; whoever stores it blinds it first. Dates are keyed so that a day and month
the wrong way round make the same key, names by sound, so that most slips need no key of their own. What can be tried
when somebody asks (other years of an estimated age, every name that a short one may stand for) is not stored. A kind
that found nobody whom no other kind found was taken out: names by year, names by day of the year, homes by initial.
"""

from collections.abc import Iterator
from datetime import date
from string import ascii_uppercase

from knownto.linkage import tables
from knownto.linkage.cleaning import Cleaned
from knownto.linkage.places import place_keys
from knownto.linkage.sounds import sound
from knownto.linkage.standards import standard_family, standard_given

Key = tuple[str, str]

KINDS = (
    "nhs", "upn", "pnc", "phone_given", "email", "part_date", "initials_date", "names", "fronts",
    "given_year", "family_year", "postcode_given", "postcode_family", "postcode_year",
)  # fmt: skip
_MOST = 16
_MOST_ASKED = 40
_WIDEST_YEARS = 6
_FRONT = 3  # letters


def keys(cleaned: Cleaned) -> tuple[Key, ...]:
    """What to index for a record: at most 16, the ones that identify best first."""
    return tuple(dict.fromkeys(_all(cleaned, spread=0)))[:_MOST]


def query_keys(cleaned: Cleaned) -> tuple[Key, ...]:
    """What to look up in a search: the same kinds, with every full name a short one may stand for and years
    beside an estimated age. At most 40."""
    return tuple(dict.fromkeys(_all(cleaned, spread=1)))[:_MOST_ASKED]


def address_keys(cleaned: Cleaned) -> tuple[str, ...]:
    """Every exact home that the record gives, by UPRN and as written, current first: for looking up an
    address."""
    return tuple(dict.fromkeys(k for p in cleaned.places for k in place_keys(p)))


def _all(c: Cleaned, spread: int) -> Iterator[Key]:
    yield from _numbers(c)
    yield from _names_and_dates(c, spread)
    yield from _contacts(c, spread)
    yield from _places(c)


def _numbers(c: Cleaned) -> Iterator[Key]:
    yield from ((k, v) for k, v in (("nhs", c.nhs_number), ("upn", c.upn), ("pnc", c.pnc)) if v)


def _contacts(c: Cleaned, spread: int) -> Iterator[Key]:
    yield from (("email", e) for e in c.emails[:2])
    first = c.call_standard[:1] or c.family_whole[:1]
    yield from (("phone_given", f"{p}|{first}") for p in c.phones[:2] if first)
    if spread and not first:
        # A phone identifies by itself, so a search by one alone asks for every initial that a name can have.
        yield from (("phone_given", f"{p}|{letter}") for p in c.phones[:1] for letter in ascii_uppercase)


def _names_and_dates(c: Cleaned, spread: int) -> Iterator[Key]:
    calls, families = _calls(c, spread), _families(c)
    pairs = list(dict.fromkeys("|".join(sorted((sound(g), sound(f)))) for g in calls for f in families))
    if c.born:
        day = _unordered(c.born)
        yield from (("part_date", f"{p[:3]}|{day}") for p in _parts(c, spread))
        yield from (("initials_date", f"{both}|{day}") for both in _initials(c))
    yield from (("fronts", both) for both in _fronts(calls[: 1 + spread], families[: 1 + spread]))
    yield from (("names", pair) for pair in pairs[: 5 + 2 * spread])
    for year in _years(c, spread):  # the likeliest first
        yield from _half_year(c, families, year, spread)


def _fronts(calls: list[str], families: list[str]) -> Iterator[str]:
    """The beginnings of both names: for a name cut short, or misheard further on, by somebody who has no date."""
    for given in calls:
        for family in families:
            if len(given) >= _FRONT and len(family) >= _FRONT:
                yield "|".join(sorted((given[:_FRONT], family[:_FRONT])))


def _initials(c: Cleaned) -> list[str]:
    """For both names misheard: with the whole date, two letters are enough."""
    if not c.call_standard or not c.family_whole:
        return []
    return ["".join(sorted((c.call_standard[0], c.family_whole[0])))]


def _half_year(c: Cleaned, families: list[str], year: int, spread: int) -> Iterator[Key]:
    """One name by its sound and the other by its first letter: for one name misheard, cut short or left out. A
    record without a first name, such as a newborn's, has its family name alone, and every search of a year asks it."""
    if families and (spread or not c.call_standard):
        yield "family_year", f"{sound(families[0])}||{year}"
    if c.call_standard and c.family_whole and families:
        yield "given_year", f"{sound(c.call_standard)}|{c.family_whole[0]}|{year}"
        for first in dict.fromkeys((c.call_standard[0], c.given_standard[0][0])):
            yield "family_year", f"{sound(families[0])}|{first}|{year}"


def _places(c: Cleaned) -> Iterator[Key]:
    for code in list(dict.fromkeys(p.postcode for p in c.places if p.postcode))[:2]:
        if c.call_standard:
            yield "postcode_given", f"{code}|{sound(c.call_roots[0])[:3]}"
        if c.family_whole:
            yield from (("postcode_family", f"{code}|{sound(f)[:3]}") for f in _halves(c))
        if c.born:
            yield "postcode_year", f"{code}|{c.born.year}"


def _calls(c: Cleaned, spread: int) -> list[str]:
    """The call name, and names that it may be short for; a record's other given names after them."""
    found = [c.call_standard, *c.call_roots[:4]]
    found += [standard_given(o.given[0]) for o in c.others if o.given]
    return [f for f in dict.fromkeys(found) if f]


def _families(c: Cleaned) -> list[str]:
    """Family names, the last part first; then Kaur or Begum, which another record may have as the only one."""
    found = [*c.family_core[::-1]]
    found += [p for p in c.family_standard + c.given_standard if p in tables.COMPANIONS]
    found += [standard_family(o.family[-1]) for o in c.others if o.family]
    return [f for f in dict.fromkeys(found) if f]


def _halves(c: Cleaned) -> list[str]:
    """Both halves of a double-barrelled name, since another may know only either; else the one name there is."""
    return list(dict.fromkeys(_families(c)[: max(1, min(2, len(c.family_core)))]))


def _parts(c: Cleaned, spread: int) -> list[str]:
    """Up to four parts of the name in any place, so that a swapped or moved name is still found by its
    date; Kaur and Singh last, for whoever is only Kaur to somebody else."""
    found = [*_calls(c, spread)[:2], *_families(c)[:2], *c.given_standard, *c.family_standard]
    kept = [p for p in found if p not in tables.COMPANIONS]
    return list(dict.fromkeys((*kept, *found)))[: 4 + 2 * spread]


def _unordered(day: date) -> str:
    low, high = sorted((day.day, day.month))
    return f"{day.year}{low:02}{high:02}"


def _years(c: Cleaned, spread: int) -> list[int]:
    if c.born:
        return [c.born.year]
    if not c.born_from:
        return []
    first, last = (date.fromordinal(n).year for n in (c.born_from, c.born_to))
    middle = (first + last) / 2  # who guesses an age is oftenest right within a year or two
    near = sorted(range(first - spread, last + spread + 1), key=lambda year: (abs(year - middle), year))
    return near[: _WIDEST_YEARS + 6 * spread]
