"""What can be told from one record alone. Pure: evidence in, codes out."""

from collections.abc import Callable, Iterator
from datetime import date

from knownto.linkage import Cleaned, Evidence, clean, identifiers, tables
from knownto.linkage.places import postcode

LONGEST_LIFE = 130  # years
SCHOOL_AGES = range(5, 17)  # in which a child in England has a pupil number


def faults(said: Evidence, cleaned: Cleaned, day: date) -> Iterator[str]:
    """The codes of what cannot be right, or is missing, on that day."""
    yield from _numbers(said, cleaned)
    yield from _born(said, day)
    if _is_placeholder(said.family_name, cleaned.family, cleaned) or _is_placeholder(
        said.given_names, cleaned.given, cleaned
    ):
        yield "name-placeholder"
    if said.phones and not cleaned.phones:
        yield "phone-impossible"
    if said.emails and not cleaned.emails:
        yield "email-impossible"
    yield from (code for code, field in KEY_FIELDS.items() if not FIELDS[field][0](said))


def _numbers(said: Evidence, cleaned: Cleaned) -> Iterator[str]:
    given = (
        ("nhs", said.nhs_number, cleaned.nhs_number),
        ("upn", said.upn, cleaned.upn),
        ("pnc", said.pnc, cleaned.pnc),
    )
    yield from (f"{kind}-impossible" for kind, text, plain in given if text and not plain)
    if any(a.uprn and not identifiers.uprn(a.uprn) for a in said.addresses):
        yield "uprn-impossible"
    if any(a.postcode and not _can_be_postcode(a.postcode) for a in said.addresses):
        yield "postcode-impossible"


def _can_be_postcode(text: str) -> bool:
    """What stands for "no fixed abode" is no postcode, and no mistake either."""
    plain = "".join(c for c in text.upper() if c.isalnum())
    return bool(postcode(text)) or plain in tables.FALSE_POSTCODES


def _born(said: Evidence, day: date) -> Iterator[str]:
    born = said.birth_date
    if born is None:
        return
    if born > day:
        yield "born-future"
    if born.year < day.year - LONGEST_LIFE:
        yield "born-long-ago"
    elif born in tables.FALSE_DATES:
        yield "born-placeholder"


def _is_placeholder(text: str, kept: tuple[str, ...], cleaned: Cleaned) -> bool:
    """Something is written, and nothing of it is anybody's name. A baby that has no name yet is no mistake."""
    if not text.strip() or kept or cleaned.baby:
        return False
    alone = clean(Evidence(family_name=text))
    return not (alone.family or alone.given or alone.baby)


def _of_school_age(said: Evidence, day: date) -> bool:
    return said.birth_date is not None and day.year - said.birth_date.year in SCHOOL_AGES


def _always(said: Evidence, day: date) -> bool:
    return True


Given, Due = Callable[[Evidence], bool], Callable[[Evidence, date], bool]

# field -> (is it given?, should it be?): a pupil number is missing only of a pupil.
FIELDS: dict[str, tuple[Given, Due]] = {
    "Family name": (lambda e: bool(e.family_name), _always),
    "Given names": (lambda e: bool(e.given_names), lambda e, _: not e.unborn),
    "Both names": (lambda e: bool(e.family_name and (e.given_names or e.unborn)), _always),
    "Date of birth": (lambda e: bool(e.birth_date), lambda e, _: not e.unborn),
    "Date of birth or age": (lambda e: bool(e.birth_date or e.born_from), _always),
    "Sex": (lambda e: bool(e.sex), lambda e, _: not e.unborn),
    "Address or postcode": (lambda e: any(a.lines or a.postcode for a in e.addresses), _always),
    "UPRN": (lambda e: any(a.uprn for a in e.addresses), _always),
    "NHS number": (lambda e: bool(e.nhs_number), lambda e, _: not e.unborn),
    "Pupil number (UPN)": (lambda e: bool(e.upn), _of_school_age),
    "Telephone": (lambda e: bool(e.phones), _always),
    "E-mail": (lambda e: bool(e.emails), _always),
}
KEY_FIELDS = {
    "born-missing": "Date of birth or age",
    "name-missing": "Both names",
    "home-missing": "Address or postcode",
}
SHOWN_FIELDS = tuple(field for field in FIELDS if field != "Both names")


def gaps(said: Evidence, day: date) -> Iterator[tuple[str, bool]]:
    """(field, missing) of every field that this record should have."""
    for field, (given, due) in FIELDS.items():
        if due(said, day):
            yield field, not given(said)
