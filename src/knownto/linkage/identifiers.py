"""Numbers that identify by themselves, kept only when their own check digit agrees.

Sources: NHS Data Dictionary (NHS number, modulus 11); DfE UPN guide 2019 (check letter, modulus 23);
the PNC check letter is the same 23-letter alphabet; UPRN is 1 to 12 digits and carries no check digit.
"""

import re

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_UPN = re.compile(r"[A-Z]\d{11}[0-9A-Z]")
_PNC = re.compile(r"(\d{4}|\d{2})/?(\d{1,7})([A-Z])")
_LETTER_VALUES = {letter: value for value, letter in enumerate(_UPN_LETTERS)}


def nhs_number(text: str) -> str:
    """Ten digits, or "" when the modulus 11 check fails or every digit is the same."""
    digits = _digits(text)
    if len(digits) != 10 or len(set(digits)) == 1:
        return ""
    check = 11 - sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits if check % 11 == int(digits[9]) and check != 10 else ""


def upn(text: str) -> str:
    """Thirteen characters with their check letter first, or "". A temporary UPN ends in a letter."""
    plain = _plain(text)
    if not _UPN.fullmatch(plain):
        return ""
    return plain if plain[0] == upn_check_letter(plain[1:]) else ""


def upn_check_letter(rest: str) -> str:
    """The check letter of the twelve characters that follow it."""
    values = (_LETTER_VALUES[c] if c in _LETTER_VALUES else int(c) if c.isdigit() else 0 for c in rest)
    return _UPN_LETTERS[sum(v * w for v, w in zip(values, range(2, 14), strict=False)) % 23]


def pnc(text: str) -> str:
    """`YYYY/NNNNNNNL` in its long form, or "" when the check letter is wrong."""
    found = _PNC.fullmatch(_plain(text, keep="/"))
    if not found:
        return ""
    year, serial, letter = found[1], found[2].zfill(7), found[3]
    if letter != pnc_check_letter(year, serial):
        return ""
    return f"{_long_year(year)}/{serial}{letter}"


def pnc_check_letter(year: str, serial: str) -> str:
    """The letter for the last two digits of the year and the seven-digit serial."""
    return _PNC_LETTERS[int(year[-2:] + serial.zfill(7)) % 23]


def uprn(text: str) -> str:
    """One to twelve digits without leading zeros, or ""."""
    plain = _plain(text).lstrip("0")
    return plain if plain.isascii() and plain.isdigit() and len(plain) <= 12 else ""


def phone(text: str) -> str:
    """A United Kingdom number in its national form (leading 0), or "" when it cannot be one."""
    digits = _digits(text)
    if digits.startswith("0044"):
        digits = digits[4:]
    elif digits.startswith("44") and len(digits) >= 12:
        digits = digits[2:]
    digits = digits if digits.startswith("0") else "0" + digits
    return digits if len(digits) in (10, 11) and len(set(digits[1:])) > 2 else ""


def email(text: str) -> str:
    """Lower case, or "" when it has no name and place."""
    plain = text.strip().lower()
    name, at, place = plain.partition("@")
    return plain if at and name and "." in place and not set(plain) & set(" \t\r\n,;") else ""


def _long_year(year: str) -> str:
    # PNC ids began in 1974, some were back-dated to the 1950s: a two-digit year from 50 on is the last
    # century.
    return year if len(year) == 4 else ("19" if year >= "50" else "20") + year


def _digits(text: str) -> str:
    return "".join(c for c in text if "0" <= c <= "9")


def _plain(text: str, keep: str = "") -> str:
    return "".join(c for c in text.upper() if (c.isascii() and c.isalnum()) or c in keep)
