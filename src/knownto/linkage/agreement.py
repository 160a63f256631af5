"""How far two cleaned records agree, field by field: each function answers a level's name (see
data/levels.csv)."""

from datetime import date

from knownto.linkage.cleaning import Cleaned
from knownto.linkage.likeness import one_slip
from knownto.linkage.places import Place

_SWAP_YEARS = 12 * 366
_GENERATION = 15 * 365
_SPREADSHEET = 1462  # days between the two beginnings of time of one maker's spreadsheets
_FIVE_YEARS = 5 * 366
_THIRTEEN_MONTHS = 400
# People guess ages to within a few years: most to within three, hardly anybody by more than five.
_NEAR_AN_ESTIMATE, _YEARS_FROM_AN_ESTIMATE = 3 * 366, 5 * 366
_DAYS_LIVED = 45 * 365.25  # the ages in safeguarding records spread as if evenly over 45 years


def birth(a: Cleaned, b: Cleaned) -> str:
    """The level for dates of birth and estimated ages; "" when either record has neither."""
    if a.born and b.born:
        return _dates(a, b, a.born, b.born)
    if a.born:
        return _date_in_span(a.birth, b) if b.born_from else ""
    if b.born:
        return _date_in_span(b.birth, a) if a.born_from else ""
    return _spans(a, b) if a.born_from and b.born_from else ""


def _dates(a: Cleaned, b: Cleaned, x: date, y: date) -> str:
    if a.birth == b.birth:
        return "first_of_january" if x.month == 1 and x.day == 1 else "exact"
    gap = abs(a.birth - b.birth)
    if gap == _SPREADSHEET or (abs(x.year - y.year) == 100 and (x.month, x.day) == (y.month, y.day)):
        return "digit"
    if gap < _SWAP_YEARS:
        if x.year == y.year and x.month == y.day and x.day == y.month:
            return "swapped"
        if one_slip(a.birth_text, b.birth_text):
            return "digit"
        if x.year == y.year and (x.month == x.day == 1 or y.month == y.day == 1):
            return "same_year_unknown_day"
        if x.year == y.year and x.month == y.month:
            return "month"
    return _apart(gap)


def _apart(gap: int) -> str:
    if gap >= _GENERATION:
        return "generation"
    if gap > _FIVE_YEARS:
        return "far"
    return "five_years" if gap > _THIRTEEN_MONTHS else "year"


def _date_in_span(day: int, other: Cleaned) -> str:
    if other.born_from <= day <= other.born_to:
        return "estimate_agrees"
    return _outside(min(abs(day - other.born_from), abs(day - other.born_to)))


def _spans(a: Cleaned, b: Cleaned) -> str:
    gap = max(a.born_from, b.born_from) - min(a.born_to, b.born_to)
    return _outside(gap) if gap > 0 else "estimate_agrees"


def _outside(gap: int) -> str:
    if gap <= _NEAR_AN_ESTIMATE:
        return "estimate_near"
    return "estimate_years" if gap <= _YEARS_FROM_AN_ESTIMATE else "estimate_differs"


def estimate_share(a: Cleaned, b: Cleaned) -> float:
    """The share of all birthdays that would agree with the wider estimate."""
    days = max(a.born_to - a.born_from, b.born_to - b.born_from) + 1
    return min(1.0, days / _DAYS_LIVED)


_PLACE_ORDER = {"same_home": 6, "flat_missing": 4, "range": 3, "postcode": 2, "communal": 1, "": 0}


def place(a: Cleaned, b: Cleaned) -> str:
    """The best level among all the addresses of each; "" when either has none."""
    if not a.places or not b.places:
        return ""
    best = ""
    for p in a.places:
        for q in b.places:
            if p.postcode == q.postcode or p.uprn == q.uprn:
                level = two_places(p, q)
                if level == "same_home":
                    now = p is a.places[0] and q is b.places[0]
                    return "same_home" if now else _still_best(a, b)
                best = max(best, level, key=_PLACE_ORDER.__getitem__)
    return best or _districts(a, b)


def _still_best(a: Cleaned, b: Cleaned) -> str:
    return "same_home" if two_places(a.places[0], b.places[0]) == "same_home" else "same_home_before"


def two_places(p: Place, q: Place) -> str:
    """The level of two addresses by themselves; "" when not even the postcode is the same."""
    if p.kind == "communal" or q.kind == "communal":
        return "communal" if p.postcode == q.postcode or (p.uprn and p.uprn == q.uprn) else ""
    if p.uprn and p.uprn == q.uprn:
        return "same_home"
    if not p.postcode or p.postcode != q.postcode:
        return ""
    if not p.number or not q.number:
        return "postcode"
    if p.number == q.number:
        return _same_number(p, q)
    if _within(p.number, q.number) or _within(q.number, p.number):
        return "range"
    return "flat_missing" if _told_otherwise(p, q) else "postcode"


def _same_number(p: Place, q: Place) -> str:
    if p.uprn and q.uprn and p.uprn != q.uprn:
        return "postcode"
    if p.flat == q.flat:
        return "same_home"
    return "postcode" if p.flat and q.flat and _sort(p.flat) == _sort(q.flat) else "flat_missing"


def _sort(flat: str) -> str:
    """Flat 2 and flat 3 are two homes; flat 2, flat B and the first floor flat may be one."""
    return "digits" if flat[0].isdigit() else "letter" if len(flat) == 1 else "floor"


def _told_otherwise(p: Place, q: Place) -> bool:
    """Flat and number the other way round, or a block by its name and by its number."""
    if not p.flat or not q.flat:
        return False
    return (p.flat, p.number) == (q.number, q.flat) or (
        p.flat == q.flat and p.number[0].isdigit() is not q.number[0].isdigit()
    )


def _within(one: str, spread: str) -> bool:
    low, dash, high = spread.partition("-")
    return bool(dash) and one.isdigit() and int(low) <= int(one) <= int(high)


def _districts(a: Cleaned, b: Cleaned) -> str:
    if not a.postcodes or not b.postcodes:
        return "different" if a.homes and b.homes else ""
    return "different" if {p[:-3] for p in a.postcodes}.isdisjoint(p[:-3] for p in b.postcodes) else "outcode"


def contact(a: Cleaned, b: Cleaned, at_home: bool) -> str:
    """Phones and emails; a family at one address shares both, so there they say little more."""
    if a.emails and b.emails and not set(a.emails).isdisjoint(b.emails):
        return "email_family" if at_home else "email"
    if not a.phones or not b.phones:
        return ""
    if set(a.phones).isdisjoint(b.phones):
        return "different"
    return "phone_family" if at_home else "phone"


def number(x: str, y: str) -> str:
    """Two identifying numbers of one kind; "" when either is not known."""
    if not x or not y:
        return ""
    return "same" if x == y else "different"
