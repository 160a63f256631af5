"""Every usual way in which a person's facts could lie about in stolen bytes. Standard library only."""

import base64
from collections.abc import Iterator
from datetime import date

SHORTEST = 9  # anything shorter turns up by chance in a gigabyte of ciphertext


def of_text(text: str) -> Iterator[bytes]:
    """UTF-8, UTF-16 both ways, hexadecimal, and base64 at each of its three alignments."""
    for raw in {text.encode(), text.upper().encode(), text.lower().encode()}:
        yield raw
        yield raw.hex().encode()
        yield from _base64(raw)
    yield text.encode("utf-16-le")
    yield text.encode("utf-16-be")


def _base64(raw: bytes) -> Iterator[bytes]:
    """The characters of its base64 that do not depend on what stands before or after it."""
    for before in range(3):
        coded = base64.b64encode(b"\0" * before + raw)
        yield coded[(before * 8 + 5) // 6 : len(coded) - 4 if (before + len(raw)) % 3 else len(coded)]


def of_name(given: str, family: str) -> Iterator[bytes]:
    quoted = f'{given}","{family}'
    for pair in (f"{given} {family}", f"{family}, {given}", f"{family} {given}", quoted, f"{given}\t{family}"):
        yield from of_text(pair)


def of_birth_date(born: date) -> Iterator[bytes]:
    """Twelve usual formats."""
    month = f"{born:%B}"
    for text in (
        f"{born:%Y-%m-%d}", f"{born:%d/%m/%Y}", f"{born:%m/%d/%Y}", f"{born:%d-%m-%Y}", f"{born:%d.%m.%Y}",
        f"{born:%Y/%m/%d}", f"{born.day} {month} {born.year}", f"{month} {born.day}, {born.year}",
        f"{born:%d %b %Y}", f"{born.day}/{born.month}/{born.year}", f"{born:%d%m%Y}|", f"{born:%Y%m%d}T",
    ):  # fmt: skip
        yield from of_text(text)


def of_number(number: str) -> Iterator[bytes]:
    digits = "".join(c for c in number if c.isalnum() or c == "+")
    yield from of_text(number)
    yield from of_text(digits)
    if len(digits) == 10:
        yield from of_text(f"{digits[:3]} {digits[3:6]} {digits[6:]}")


def of_address(line: str, postcode: str) -> Iterator[bytes]:
    for text in (f"{line}, {postcode}", f"{line}|{postcode}", f'{line}","{postcode}', line):
        yield from of_text(text)
