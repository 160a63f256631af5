"""Invented streets and addresses of one slice of the town."""

import tomllib
from dataclasses import dataclass
from functools import cache
from random import Random

from knownto.town.names import DATA

_INWARD = "ABDEFGHJLNPQRSTUWXYZ"  # postcodes never end in C, I, K, M, O or V
OUTCODES = 9
OPEN = 6  # streets of a part of town that have room at one time, so that neighbours seldom are former neighbours


@dataclass(frozen=True, slots=True)
class Place:
    """An address. `kind` is home, or the sort of house that strangers share."""

    line_1: str
    line_2: str
    town: str
    postcode: str
    uprn: str
    kind: str = "home"


@cache
def words() -> dict:
    return tomllib.loads((DATA / "places.toml").read_text(encoding="utf-8"))


class Streets:
    """Gives out addresses, each once; `slice_no` keeps the slices' postcodes and property numbers apart."""

    def __init__(self, slice_no: int, borough: tuple[str, str], sector: int, rng: Random):
        self.town, self.area = borough
        self.slice_no, self.sector, self.rng = slice_no, sector, rng
        table = words()
        self.first, self.last = table["street_first"].split(), table["street_last"].split()
        self.districts = table["districts"]
        self.house_names = table["houses"].split()
        self.codes = 0
        self.uprns = 0
        self.open = {outcode: [self._street(outcode) for _ in range(OPEN)] for outcode in range(1, OUTCODES + 1)}

    def _street(self, outcode: int) -> list:
        """[outcode, name, postcode, next house number, last house number]"""
        name = f"{self.rng.choice(self.first)} {self.rng.choice(self.last)}"
        return [outcode, name, self._postcode(outcode), 1, self.rng.randint(18, 44)]

    def _postcode(self, outcode: int) -> str:
        number = self.codes
        self.codes += 1
        letters = _INWARD[number // 20 % 20] + _INWARD[number % 20]
        return f"{self.area}{outcode}{self._district(number)} {self.sector % 10}{letters}"

    def _district(self, number: int) -> str:
        """After 400 postcodes of a sector the outcode takes a second digit, as QK1 and QK11 do."""
        block = (self.sector // 10) * 5 + number // 400
        return str(block) if block else ""

    def new(self, outcode: int = 0, kind: str = "home", name: str = "") -> Place:
        outcode = outcode or self.rng.randint(1, OUTCODES)
        at = self.rng.randrange(OPEN)
        street = self.open[outcode][at]
        if street[3] > street[4]:
            street = self.open[outcode][at] = self._street(outcode)
        number = street[3]
        street[3] += 1
        self.uprns += 1
        uprn = f"99{self.slice_no:04d}{self.uprns:06d}"
        address = f"{number} {street[1]}"
        district = self.districts[outcode - 1]
        if name:
            return Place(f"{name}, {address}", district, self.town, street[2], uprn, kind)
        if kind == "home" and self.rng.random() < 0.14:
            block = self.rng.choice(self.house_names)
            flat = f"Flat {self.rng.randint(1, 24)}"
            return Place(f"{flat}, {block} House", address, self.town, street[2], uprn, kind)
        return Place(address, district if self.rng.random() < 0.4 else "", self.town, street[2], uprn, kind)

    def moved_from(self, place: Place) -> Place:
        """Where a household lived before: a third of the moves stay in the same part of town.

        Of true pairs that do not share a full postcode (29.1%), 9.2 points share the outcode.
        """
        same = self.rng.random() < 9.2 / 29.1
        outcode = int(place.postcode[2]) if same else 0
        return self.new(outcode)
