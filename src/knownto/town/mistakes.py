"""What gets written down wrongly: names, dates, postcodes. The rates are data (`data/mistakes.csv`).

Each function takes what is true and gives what a hurried clerk would have typed.
"""

import csv
import unicodedata
from datetime import date
from functools import cache
from itertools import accumulate
from random import Random

from knownto.town.names import DATA, spellings, traditions

NAME_MISTAKES = (
    "misspelt_name", "short_or_other_name", "names_swapped", "first_name_only", "family_name_only",
    "loosely_written_name", "wrong_name", "placeholder_name",
)  # fmt: skip
DATE_MISTAKES = (
    "day_and_month_swapped", "other_birth_date", "one_digit_out", "birth_date_years_out", "wrong_birth_date",
    "placeholder_birth_date",
)  # fmt: skip
PLACEHOLDER_DATES = (date(1900, 1, 1).toordinal(), date(1970, 1, 1).toordinal())
PLACEHOLDER_NAMES = ("NOT KNOWN", "Unknown", "NK", "NOT ENTERED", "Anon")
# Postcodes that stand for "none" in English records: police, and the NHS.
NO_FIXED_ABODE = {"police": "NF1 1NF", "hospital": "ZZ99 3VZ"}
_NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "wa", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip


@cache
def rates() -> dict[str, float]:
    """Mistake -> its share of one ordinary agency's records."""
    with (DATA / "mistakes.csv").open(encoding="utf-8", newline="") as lines:
        return {row["mistake"]: float(row["share"]) for row in csv.DictReader(lines)}


@cache
def running(mistakes: tuple[str, ...], errors: float) -> tuple[float, ...]:
    """Running sum of the rates, for one roll that decides which mistake is made, if any."""
    return tuple(accumulate(rates()[m] * errors for m in mistakes))


def mistake(mistakes: tuple[str, ...], errors: float, rng: Random) -> str:
    """The mistake that this record carries, or "" (nearly always)."""
    roll, sums = rng.random(), running(mistakes, errors)
    if roll >= sums[-1]:
        return ""
    return next(m for m, top in zip(mistakes, sums, strict=True) if roll < top)


def misspelt(name: str, rng: Random) -> str:
    """Another spelling that people use where there is one, else a slip of the keyboard."""
    known = [v for v in spellings().get(name, ()) if v[0].lower() == name[0].lower() and len(v) >= len(name) - 2]
    if known and rng.random() < 0.6:
        return rng.choice(known)
    return slip(name, rng)


def slip(name: str, rng: Random) -> str:
    """One letter doubled, dropped, swapped with the next, or its neighbour on the keyboard; never the first."""
    if len(name) < 3:
        return name + name[-1].lower()
    at = rng.randrange(1, len(name) - 1)
    kind = rng.randrange(4)
    if kind == 0:
        return name[:at] + name[at] + name[at:]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2 and name[at] != name[at + 1]:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    return name[:at] + rng.choice(_NEIGHBOURS.get(name[at].lower(), "e")) + name[at + 1 :]


def short(name: str, rng: Random) -> str:
    """The name people go by, or the first syllable of it."""
    known = spellings().get(name)
    return rng.choice(known) if known else name[:4].rstrip("aeiou-'") if len(name) > 5 else name


def loosely(name: str, rng: Random) -> str:
    return slip(slip(name, rng), rng)


def another_name(tradition: str, sex: str, rng: Random) -> tuple[str, str]:
    names = traditions()[tradition]
    return (names.female if sex == "F" else names.male)[1].draw(rng), names.family.draw(rng)


def wrong_date(kind: str, born: int, rng: Random) -> int:
    return _DATES[kind](date.fromordinal(born), rng).toordinal()


def _swapped(born: date, rng: Random) -> date:
    return born.replace(month=born.day, day=born.month) if born.day <= 12 else _one_digit(born, rng)


def _other(born: date, rng: Random) -> date:
    return date.fromordinal(born.toordinal() + rng.choice((-2, -1, 1, 2, 31, -30)))


def _one_digit(born: date, rng: Random) -> date:
    """The last digit of the day or of the year is another."""
    if rng.random() < 0.5:
        tens = born.day // 10 * 10
        days = [day for day in range(max(1, tens), min(28, tens + 9) + 1) if day != born.day]
        return born.replace(day=rng.choice(days or [born.day - 10]))
    decade = born.year // 10 * 10
    years = [year for year in range(decade, decade + 10) if year != born.year]
    return born.replace(year=rng.choice(years), day=min(born.day, 28))


def _years_out(born: date, rng: Random) -> date:
    return date.fromordinal(born.toordinal() + rng.choice((-1, 1)) * rng.randint(180, 1800))


def _wrong(born: date, rng: Random) -> date:
    return date.fromordinal(max(date(1910, 1, 1).toordinal(), born.toordinal() - rng.randint(2500, 9000)))


def _placeholder(born: date, rng: Random) -> date:
    return date.fromordinal(rng.choice(PLACEHOLDER_DATES))


_DATES = {
    "day_and_month_swapped": _swapped,
    "other_birth_date": _other,
    "one_digit_out": _one_digit,
    "birth_date_years_out": _years_out,
    "wrong_birth_date": _wrong,
    "placeholder_birth_date": _placeholder,
}


def miskeyed_postcode(postcode: str, rng: Random) -> str:
    """A wrong last letter or digit, still of an area that does not exist."""
    if not postcode:
        return postcode
    head, tail = postcode[:-3], postcode[-3:]
    if rng.random() < 0.5:
        return head + str((int(tail[0]) + rng.randint(1, 9)) % 10) + tail[1:]
    return head + tail[:2] + rng.choice("ABDEFGHJLNPQRSTUWXYZ".replace(tail[2], ""))


@cache
def plain(text: str) -> str:
    """Without marks on letters, as older systems keep names."""
    text = text.replace("ł", "l").replace("Ł", "L")
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
