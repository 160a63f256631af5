"""People whose names, ages and homes are as common as in a real county, and the public tables that say how common.

Half of those who live there are known to some agency; the tables are of everybody, as a census is. Nothing of the
product is used: neither its tables of names nor its borough.
"""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from math import exp
from random import Random

NEWEST, OLDEST = 2026, 1936
KNOWN = 0.5  # of everybody, to some agency
ESTIMATED = 0.03  # of these, whose age is guessed
HOMES_OF_A_POSTCODE = (8, 28)
# Shares in 100,000 of the commonest, roughly as published; those after them follow the same law.
FAMILIES = (
    "Smith 1100 Jones 800 Taylor 590 Williams 560 Brown 555 Khan 480 Patel 470 Davies 430 Singh 420 Evans 345 Wilson 340"
    " Ali 330 Hussain 320 Thomas 310 Roberts 300 Johnson 290 Ahmed 280 Lewis 255 Walker 250 Robinson 245 Wood 240"
    " Thompson 238 White 235 Begum 230 Watson 210 Jackson 208 Wright 205 Green 200 Harris 198 Cooper 190 King 188 Lee 186"
    " Martin 185 Clarke 183 James 180 Morgan 178 Hughes 175 Edwards 173 Hill 170 Moore 165 Clark 163 Kaur 160 Harrison 155"
    " Scott 153 Young 150 Morris 148 Hall 146 Ward 144 Turner 142 Carter 140 Phillips 138 Mitchell 135 Miah 132 Rahman 130"
    " Adams 128 Shah 126 Akhtar 124 Mahmood 120 Nowak 90 Kowalski 80 Okafor 60 Mensah 50"
).split()
# Name, share in 100,000 of those of its sex when it was commonest, the year when it was, and how long it lasted.
WOMEN = (
    "Margaret 4000 1938 12 Susan 4200 1953 9 Patricia 3000 1945 10 Christine 2800 1950 8 Linda 2800 1951 8 Julie 3300 1963 7"
    " Karen 3000 1964 7 Tracey 2500 1967 5 Sarah 4200 1975 11 Nicola 3000 1974 7 Claire 3300 1976 7 Emma 3300 1980 9"
    " Rebecca 2600 1989 9 Laura 2900 1986 7 Gemma 2500 1984 5 Jessica 2900 1997 8 Chloe 2700 1999 7 Sophie 2500 1997 10"
    " Emily 2500 2004 10 Olivia 2200 2010 12 Amelia 1900 2014 8 Isla 1500 2016 6 Ava 1400 2014 6 Aisha 900 2002 20"
    " Fatima 900 2005 20 Zainab 600 2010 14 Maryam 700 2012 12 Simran 400 1998 12 Priya 400 1992 14 Zofia 350 2012 8"
    " Mary 1500 1940 25 Elizabeth 900 1960 40 Catherine 1000 1968 25 Helen 2000 1966 9 Jane 1600 1962 12 Amy 2000 1988 8"
    " Freya 1000 2014 8 Grace 1500 2008 10 Ella 1500 2008 8 Mia 1500 2013 8"
).split()
MEN = (
    "John 5000 1940 18 David 5600 1953 12 Peter 3600 1946 11 Michael 3800 1952 14 Alan 2500 1947 9 Robert 2600 1952 20"
    " Paul 4300 1962 10 Stephen 3700 1958 9 Andrew 3800 1966 9 Mark 4200 1966 8 Ian 2200 1963 9 Darren 2000 1969 6"
    " Christopher 3200 1981 10 James 3300 1985 18 Daniel 3000 1988 11 Matthew 3200 1985 9 Lee 2200 1978 7 Craig 1600 1974 7"
    " Thomas 2900 1995 12 Jack 3500 1999 10 Joshua 2800 1999 9 Oliver 2200 2010 10 Harry 2300 2010 9 George 1800 2014 12"
    " Noah 1500 2018 7 Muhammad 2600 2016 14 Mohammed 2400 2002 18 Ali 700 2005 20 Ibrahim 800 2014 12 Yusuf 700 2014 10"
    " Arjan 300 2012 10 Gurpreet 400 1988 12 Jakub 350 2010 8 Kevin 2500 1960 9 William 2000 1945 30 Ryan 1900 1992 8"
    " Liam 1700 1996 9 Charlie 1500 2008 9 Leo 1100 2018 7 Arthur 1000 2019 6"
).split()
TAIL = 20_000  # family names after those, and of first names:
FIRST_TAIL = 500
STARTS = "B Br C Ch Cr D Dr F Fl G Gr H J K L M N P Pr R S Sh St T Tr V W Y".split()
MIDDLES = "a e i o u ea ai oo ou ar er or an en in on al el il".split()
ENDS = "ton ley ford son man ham wick well den by kar sen ski vic yan ra li ta no dum".split()


@dataclass(frozen=True, slots=True)
class Person:
    given: str
    family: str
    born: date
    estimated: bool
    line: str
    postcode: str


@dataclass(frozen=True, slots=True)
class Public:
    """Shares of everybody: of each family name, each first name in each year of birth, each year; heads by postcode."""

    families: dict[str, float]
    given: dict[int, dict[str, float]]
    years: dict[int, float]
    postcodes: dict[str, int]


class Drawn:
    """Draws by weight."""

    def __init__(self, weights: dict[str, float] | dict[int, float]) -> None:
        self.what, self.sums = list(weights), list(accumulate(weights.values()))

    def by(self, rng: Random):  # noqa: ANN201 (what the weights are of)
        return self.what[bisect(self.sums, rng.random() * self.sums[-1])]


def _tail(rng: Random, many: int, largest: float, known: set[str]) -> dict[str, float]:
    """Invented names, falling by the law that names fall by."""
    found: dict[str, float] = {}
    while len(found) < many:
        name = rng.choice(STARTS) + rng.choice(MIDDLES) + rng.choice(["", "l", "n", "r", "m", "d"]) + rng.choice(ENDS)
        if name not in known:
            found.setdefault(name, largest * (1 + len(found) / 40) ** -0.75)
    return found


def _share(weights: dict) -> dict:
    total = sum(weights.values())
    return {what: weight / total for what, weight in weights.items()}


def _families(rng: Random) -> dict[str, float]:
    listed = dict(zip(FAMILIES[::2], map(float, FAMILIES[1::2]), strict=True))
    return _share(listed | _tail(rng, TAIL, 120, set(listed)))


def _firsts(rng: Random, listed: Sequence[str]) -> dict[int, dict[str, float]]:
    rows = list(zip(listed[::4], *(map(float, listed[n::4]) for n in (1, 2, 3)), strict=True))
    tail = [(name, share, rng.uniform(OLDEST, NEWEST), 25.0)
            for name, share in _tail(rng, FIRST_TAIL, 500, set(listed)).items()]  # fmt: skip
    return {
        year: _share(
            {name: share * exp(-(((year - peak) / (1.5 * width)) ** 2)) + 1 for name, share, peak, width in rows + tail}
        )
        for year in range(OLDEST, NEWEST + 1)
    }


def _years() -> dict[int, float]:
    """As many are born every year, more or less, and after sixty fewer are left."""
    waves = {year: 1 + 0.12 * ((year // 7) % 3 - 1) + 0.03 * (year % 5 - 2) for year in range(OLDEST, NEWEST + 1)}
    return _share({year: wave * min(1.0, (year - OLDEST + 2) / 32) for year, wave in waves.items()})


def crowd(known: int, seed: int) -> tuple[list[Person], Public]:
    """About so many people who are known to some agency, and the tables of everybody."""
    rng = Random(f"crowd {seed}")
    families, women, men, years = _families(rng), _firsts(rng, WOMEN), _firsts(rng, MEN), _years()
    given = {
        year: _share({n: women[year].get(n, 0) + men[year].get(n, 0) for n in women[year] | men[year]})
        for year in years
    }
    by = (Drawn(families), [{y: Drawn(each[y]) for y in years} for each in (women, men)], Drawn(years))
    there, heads = [], {}
    while len(there) * KNOWN < known:
        code = f"QK{len(heads) // 180 + 1} {len(heads) % 9 + 1}{'ABDEFGHJLNPQRSTUWXYZ'[len(heads) // 9 % 20]}A"
        before = len(there)
        for number in range(1, rng.randint(*HOMES_OF_A_POSTCODE) + 1):
            there += _home(rng, by, f"{number} Canal Street", code)
        heads[code] = len(there) - before
    return [one for one in there if rng.random() < KNOWN], Public(families, given, years, heads)


def _home(rng: Random, by: tuple, line: str, code: str) -> list[Person]:
    """One to six people, most of them of one name."""
    families, firsts, years = by
    name, found = families.by(rng), []
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4, 4, 5, 6))):
        year = years.by(rng)
        family = name if rng.random() < 0.8 else families.by(rng)
        born = date(year, 1, 1) + timedelta(rng.randrange(365))
        found.append(Person(firsts[rng.randrange(2)][year].by(rng), family, born, rng.random() < ESTIMATED, line, code))
    return found
