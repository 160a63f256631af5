"""Addresses made comparable: flat, number (or range), building, postcode, UPRN, and what is no home at
all."""

import re
from functools import lru_cache
from typing import NamedTuple

from knownto.linkage import identifiers, tables
from knownto.linkage.evidence import Address
from knownto.linkage.letters import fold

_POSTCODE = re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})")
_FLAT = re.compile(r"\b(?:" + "|".join(sorted(tables.FLAT_WORDS)) + r")\s*(?:NO\s*)?(\d+\s*[A-Z]?|[A-Z])\b")
_RANGE = re.compile(r"\b(\d+)\s*(?:-|–|/|TO)\s*(\d+)\b")
_NUMBER = re.compile(r"\b(\d+)\s?([A-H])?\b(?!\s*(?:ST|ND|RD|TH)\b)")
_SLASHED = re.compile(r"^\s*(\d+[A-Z]?)\s*/\s*(\d+)\b")
_FLOOR = re.compile(
    r"\b(?:(BASEMENT|GROUND|FIRST|SECOND|THIRD|1ST|2ND|3RD|TOP|UPPER|LOWER|MIDDLE|GARDEN|FRONT|REAR)(?: FLOOR)? FLAT"
    r"|(GROUND|FIRST|SECOND|THIRD|1ST|2ND|3RD|TOP) FLOOR|(BASEMENT|ANNEXE|ANNEX))\b"
)
_FLOORS = {"1ST": "FIRST", "2ND": "SECOND", "3RD": "THIRD", "ANNEX": "ANNEXE"}
_WIDEST_RANGE = 6  # 12/14 is two houses knocked into one, 2/12 is flat 2 of number 12
_MARKS = re.compile(r"[^\w\s/–-]+")


def _any_of(phrases: frozenset[str]) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, phrases), key=len, reverse=True)) + r")\b")


_NO_ABODE, _COMMUNAL, _CARE_OF = map(_any_of, (tables.NO_ABODE, tables.COMMUNAL, tables.CARE_OF))


class Place(NamedTuple):
    """One cleaned address. `kind`: "home", "communal" (shared by strangers) or "" (only a postcode is
    known)."""

    kind: str = ""
    flat: str = ""  # "2", "B" or "GROUND"
    number: str = ""  # "14", "12-14", or a building's name closed up
    postcode: str = ""
    uprn: str = ""

    @property
    def outcode(self) -> str:
        return self.postcode[:-3]


def postcode(text: str) -> str:
    """Letters and digits only, "" for what is no postcode or stands for "no fixed abode" (NF1 1NF, ZZ99
    3VZ)."""
    plain = "".join(c for c in fold(text[:20]) if c.isalnum())
    return plain if _POSTCODE.fullmatch(plain) and plain not in tables.FALSE_POSTCODES else ""


def place(address: Address) -> Place | None:
    """The cleaned address, or None when it says nothing of where someone lives (no fixed abode, empty)."""
    return _place(address.lines, address.postcode, address.uprn)


@lru_cache(maxsize=4096)
def _place(lines: tuple[str, ...], postcode_text: str, uprn_text: str) -> Place | None:
    text = _MARKS.sub(" ", fold(" , ".join(lines)[:300]).replace("'", ""))
    code, uprn = postcode(postcode_text), identifiers.uprn(uprn_text)
    if _NO_ABODE.search(text):
        return None
    if _COMMUNAL.search(text) or _CARE_OF.search(_MARKS.sub(" ", text.replace("/", " "))[:12]):
        return Place("communal", *_flat_and_number(text, lines), code, uprn) if code or uprn else None
    flat, number = _flat_and_number(text, lines)
    if not (code or uprn):
        return None
    return Place("home" if uprn or number else "", flat, number, code, uprn)


def _flat_and_number(text: str, lines: tuple[str, ...]) -> tuple[str, str]:
    slashed = _SLASHED.match(text)
    if slashed and not 0 <= int(slashed[2]) - int(re.sub(r"\D", "", slashed[1])) <= _WIDEST_RANGE:
        return _slashed(_close(slashed[1]), slashed[2])
    flat, rest = _flat(text)
    number = _number(rest)
    if not flat and (block := _block(lines)):
        return number, block
    if not flat and number[-1:].isalpha():
        return number[-1], number[:-1]
    return flat, number or _building(lines)


def _slashed(first: str, second: str) -> tuple[str, str]:
    """2/14 is flat 2 of number 14, and so is 14/2 as it is written in Scotland: the house has the higher number."""
    return (second, first) if first.isdigit() and int(first) > int(second) else (first, second)


def _flat(text: str) -> tuple[str, str]:
    """The flat, and what is left of the address without it."""
    floor, word = _FLOOR.search(text), ""
    if floor:
        word = floor[1] or floor[2] or floor[3]
        text = text[: floor.start()] + " " + text[floor.end() :]
    if found := _FLAT.search(text):
        return _close(found[1]), text[: found.start()] + " " + text[found.end() :]
    return _FLOORS.get(word, word), text


def _number(text: str) -> str:
    spread = _RANGE.search(text)
    if spread and int(spread[1]) < int(spread[2]):
        return f"{int(spread[1])}-{int(spread[2])}"
    found = _NUMBER.search(text)
    return found[1].lstrip("0") + (found[2] or "") if found else ""


def _building(lines: tuple[str, ...]) -> str:
    """A house with a name and no number: its name, closed up. A street's name alone is not exact."""
    return next((name for part in _segments(lines) if (name := _house(_FLAT.sub(" ", part)))), "")


def _block(lines: tuple[str, ...]) -> str:
    """The name of the block in "12 Kestrel House", where 12 is a flat."""
    found = (_NUMBERED.match(part) for part in _segments(lines)[:1])
    return next((_house(f[1]) for f in found if f), "")


def _segments(lines: tuple[str, ...]) -> list[str]:
    return [part for line in lines[:3] for part in fold(line[:80]).split(",")]


def _house(text: str) -> str:
    words = re.sub(r"[^A-Z ]", "", text).split()
    return "".join(words) if len(words) > 1 and words[-1] in _HOUSES else ""


_HOUSES = frozenset(["HOUSE", "COTTAGE", "FARM", "LODGE", "VILLA", "BUNGALOW", "HALL", "MANOR", "BARN", "COURT"])
_HOUSES |= {"TOWER", "TOWERS", "POINT", "HEIGHTS", "MANSIONS"}
_NUMBERED = re.compile(r"^\s*\d+[A-Z]?\s+([A-Z][A-Z' ]+)$")


def _close(text: str) -> str:
    return text.replace(" ", "").lstrip("0")


def address_key(address: Address) -> str:
    """The one best key of an exact home address, or "" (no number, no postcode, no fixed abode, communal)."""
    found = place(address)
    return next(iter(place_keys(found)), "") if found else ""


def place_keys(found: Place) -> tuple[str, ...]:
    """Every exact key of a home: its UPRN, and flat|number|postcode. Partners hold one or the other."""
    if found.kind != "home":
        return ()
    keys = (found.uprn and f"uprn:{found.uprn}", found.number and found.postcode and _written(found))
    return tuple(k for k in keys if k)


def _written(found: Place) -> str:
    return f"{found.flat}|{found.number}|{found.postcode}"
