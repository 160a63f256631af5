"""What a partner may send: one row is one contact of one person. This class is the contract.

The JSON Schema, the Table Schema, the examples and the contract page are all made from it (`published`), and every
row of every file goes through it. It checks what can be told from a row alone; `rules` has what depends on the day,
the agency and its agreement. A value is text, as it stood in the cell, without the spaces around it.
"""

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from knownto.linkage import identifiers

PLACEHOLDER_DATES = (date(1900, 1, 1), date(1970, 1, 1))
SEXES = {"f": "F", "female": "F", "m": "M", "male": "M", "x": "X", "indeterminate": "X"}
SEXES |= {"u": "", "unknown": "", "not known": ""}

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
# What nobody can see but everybody can be misled by: control characters, and marks that turn text round.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_WHITE = re.compile(r"[\s\u200b\u200e\u200f\ufeff]+")


def tidy(cell: str) -> str:
    """The cell's text: spaces, line ends and invisible marks around and between words become single spaces.

    The marks that join letters in Persian or Hindi names are left alone.
    """
    return cell.strip() if cell.isprintable() and "  " not in cell else _WHITE.sub(" ", cell).strip()


def fault(code: str, what: object = "") -> PydanticCustomError:
    return PydanticCustomError(code, "{what}", {"what": str(what)})  # type: ignore[arg-type]


def _seen(text: str) -> str:
    if not text.isprintable() and _HIDDEN.search(text):
        raise fault("hidden-characters")
    return text


def read_day(text: Any) -> date | None:
    """A date in either agreed form. A placeholder is no date."""
    if not isinstance(text, str):
        raise fault("not-a-date")
    found = _ISO.fullmatch(text)
    parts = found.groups() if found else None
    if parts is None:
        found = _BRITISH.fullmatch(text)
        if found is None:
            raise fault("not-a-date")
        parts = found.groups()[::-1]
    try:
        day = date(int(parts[0]), int(parts[1]), int(parts[2]))
    except ValueError:
        raise fault("no-such-date") from None
    if day in PLACEHOLDER_DATES:
        return None
    if day.year < 1900:
        raise fault("too-far-back")
    return day


def _real_day(day: date | None) -> date:
    if day is None:
        raise fault("placeholder-date")
    return day


def _one_of(*choices: str) -> BeforeValidator:
    def read(text: Any) -> str:
        lowered = str(text).lower()
        if lowered not in choices:
            raise fault("not-one-of", ", ".join(choices))
        return lowered

    return BeforeValidator(read)


def _sex(text: Any) -> str:
    try:
        return SEXES[str(text).lower()]
    except KeyError:
        raise fault("not-one-of", "F, M, X, or empty") from None


def _age(text: Any) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", str(text)) or int(text) > 120:
        raise fault("not-a-whole-number")
    return int(text)


def _several(text: Any) -> tuple[str, ...]:
    return tuple(part.strip()[:200] for part in str(text).split(";") if part.strip())


def _number(code: str, read: Any) -> AfterValidator:
    """An identifier with a check digit, in its plain form."""

    def check(text: str) -> str:
        plain: str = read(text)
        if not plain:
            raise fault(code)
        return plain

    return AfterValidator(check)


def _text(longest: int) -> Any:
    return Annotated[str, Field(max_length=longest), AfterValidator(_seen)]


A_DAY = {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{4})$"}
Id = Annotated[str, Field(min_length=1, max_length=64), AfterValidator(_seen)]
Day = Annotated[date | None, BeforeValidator(read_day), WithJsonSchema(A_DAY)]
RealDay = Annotated[date, BeforeValidator(lambda text: _real_day(read_day(text))), WithJsonSchema(A_DAY)]
Sex = Annotated[Literal["F", "M", "X", ""], BeforeValidator(_sex)]
Age = Annotated[int, BeforeValidator(_age), WithJsonSchema({"type": "integer", "minimum": 0, "maximum": 120})]
Several = Annotated[tuple[str, ...], BeforeValidator(_several), WithJsonSchema({"type": "string"})]
Text40, Text64, Text100 = _text(40), _text(64), _text(100)
NhsNumber = Annotated[_text(20), _number("bad-nhs-number", identifiers.nhs_number)]
Upn = Annotated[_text(20), _number("bad-upn", identifiers.upn)]
Pnc = Annotated[_text(20), _number("bad-pnc", identifiers.pnc)]
Postcode = _text(10)
Uprn = Annotated[_text(20), _number("bad-uprn", identifiers.uprn)]
Status = Annotated[Literal["open", "closed"], _one_of("open", "closed")]
Change = Annotated[Literal["upsert", "remove"], _one_of("upsert", "remove")]


def _column(says: str, like: str, default: Any = "") -> Any:
    return Field(default, description=says, examples=[like])


class Row(BaseModel):
    """One contact of one person."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, title="Knownto feed row")

    record_id: Id = _column("Your own id of the person. The same person keeps it.", "P-104233", ...)
    contact_id: Id = _column("Your own id of this contact: with record_id, the key of the row.", "C-88120", ...)
    family_name: Text100 = _column("Family name, as you hold it.", "Okafor")
    given_names: Text100 = _column("Given names, as you hold them.", "Adaeze Grace")
    other_names: Several = _column("Other or former names, given name first, with ; between.", "Ada Okafor", ())
    date_of_birth: Day = _column("Date of birth. Empty when it is not known: no placeholder.", "2014-03-27", None)
    estimated_age: Age | None = _column("Years of age on the file's day, when there is no date of birth.", "12", None)
    expected_birth_date: Day = _column("For an unborn child: when the birth is expected.", "", None)
    sex: Sex = _column("F, M or X; empty when not known.", "F")
    address_line_1: Text100 = _column("Number or name, and street.", "14 Heron Row")
    address_line_2: Text100 = _column("Anything more of the address.", "")
    town: Text100 = _column("Town.", "Hallowbridge")
    postcode: Postcode = _column("Postcode.", "QK1 2AB")
    uprn: Uprn = _column("Unique property reference number.", "100099912345")
    earlier_postcodes: Several = _column("Postcodes of earlier addresses, with ; between.", "QK3 4CD", ())
    nhs_number: NhsNumber = _column("NHS number. Its check digit is verified.", "999 000 0018")
    upn: Upn = _column("Unique pupil number. Its check letter is verified.", "")
    pnc: Pnc = _column("PNC identifier. Its check letter is verified.", "")
    phone: Text40 = _column("Telephone number.", "07700 900123")
    email: Text100 = _column("E-mail address.", "a.okafor@example.org")
    household_id: Text64 = _column("Your own id of the family or household.", "H-2207")
    category: Text40 = _column("A code of your agency's agreed list.", "", ...)
    started_on: RealDay = _column("Day of the incident, or on which the involvement began.", "2026-09-14", ...)
    last_contact_on: Day = _column("Day of the latest contact in it.", "2026-10-02", None)
    ended_on: Day = _column("Day on which the involvement ended.", "", None)
    status: Status = _column("open or closed.", "open", ...)
    team: Text40 = _column("Code of the team to ring.", "", ...)
    change: Change = _column("In a delta only: upsert (or empty), or remove.", "", "upsert")


class Removal(BaseModel):
    """A delta's row that takes back a contact or, without contact_id, a whole record. Nothing else of it is read."""

    model_config = ConfigDict(strict=True, extra="ignore", frozen=True)

    record_id: Id
    contact_id: Annotated[str, Field(max_length=64), AfterValidator(_seen)] = ""


COLUMNS = tuple(Row.model_fields)
REQUIRED = tuple(name for name, field in Row.model_fields.items() if field.is_required())
DELTA_ONLY = ("change",)
