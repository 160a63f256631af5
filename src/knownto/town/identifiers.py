"""Numbers that look right and belong to nobody.

NHS numbers are from the range that is kept for tests (999 ...); phones from the ranges that Ofcom keeps for
drama; a pupil number's authority (999) and its year do not exist. A police national computer number has no
range kept for invention, so its serial is random: only its check letter is right.
"""

from random import Random

_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_PNC_LETTERS = "ZABCDEFGHJKLMNPQRTUVWXY"
_NHS_WEIGHTS = (10, 9, 8, 7, 6, 5, 4, 3, 2)

MOBILES = tuple(f"07700 900{n:03d}" for n in range(1000))
LANDLINES = tuple(f"01632 960{n:03d}" for n in range(1000))
# Teams have those from 100 to 699, and nobody's home has the number of a team.
HOME_LANDLINES = LANDLINES[:100] + LANDLINES[700:]
# A borough needs more numbers than the two ranges above hold; these are Ofcom's other drama ranges.
MORE_LANDLINES = tuple(
    f"{area} {n:03d}"
    for area in (
        "0113 496 0",
        "0114 496 0",
        "0115 496 0",
        "0116 496 0",
        "0117 496 0",
        "0118 496 0",
        "0121 496 0",
        "0131 496 0",
        "0141 496 0",
        "0151 496 0",
        "0161 496 0",
        "0191 498 0",
        "020 7946 0",
    )
    for n in range(1000)
)


def nhs_number(serial: int) -> str:
    """The `serial`-th test number with a right check digit, or "" where the sum gives none (about 1 in 11)."""
    digits = f"999{serial:06d}"
    check = 11 - sum(int(d) * w for d, w in zip(digits, _NHS_WEIGHTS, strict=True)) % 11
    return "" if check == 10 else f"{digits}{check % 11}"


def upn(school: int, year: int, serial: int) -> str:
    """A pupil's number: check letter, authority 999, school, the last two digits of the year, serial."""
    body = f"999{1000 + school % 9000:04d}{year % 100:02d}{serial % 1000:03d}"
    return _UPN_LETTERS[sum(int(d) * w for w, d in enumerate(body, start=2)) % 23] + body


def pnc(year: int, rng: Random) -> str:
    """Year, slash, seven digits and the check letter, as police write it."""
    serial = rng.randrange(1, 10_000_000)
    letter = _PNC_LETTERS[int(f"{year % 100:02d}{serial:07d}") % 23]
    return f"{year}/{serial:07d}{letter}"
