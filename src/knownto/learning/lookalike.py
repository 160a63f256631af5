"""Invented people of the past with ten or so faulty records each: like the sets of historical figures that are used to
compare matchers, with none of their people. Titles, other names, lost forenames, wrong digits, moved postcodes.
"""

from collections.abc import Iterator
from random import Random

from knownto.linkage import tables

NEAR = "abdefghjlnpqrstuwxyz"
_ENDS = ("ton", "ham", "bury", "ford", "ley", "wick", "thorpe", "by", "mouth", "field", "worth", "combe")
_STARTS = ("ash", "bar", "cal", "dun", "el", "fen", "hal", "kir", "lang", "mar", "nor", "ox", "pen", "red", "stan")
_STARTS += ("thorn", "up", "wal", "whit", "yar", "hazel", "brad", "clif", "gains", "hart", "mel", "tam", "wood")
_WORK = ("politician", "cricketer", "writer", "painter", "officer", "priest", "engineer", "actor", "botanist", "judge")
_WORK += ("composer", "footballer", "poet", "physician", "architect", "merchant", "historian", "chemist", "singer")
_LETTERS = "abcdefghijklmnoprstuw"


class Past:
    """Draws people and their records; the same seed gives the same."""

    def __init__(self, seed: int) -> None:
        self.chance = Random(seed)  # noqa: S311 - invented people
        self.towns = [a + b for a in _STARTS for b in _ENDS]
        self.chance.shuffle(self.towns)
        self.families = _names("families.csv")
        self.given = _names("forenames.csv")

    def rows(self, people: int) -> Iterator[dict[str, str]]:
        for number in range(people):
            person = self._person()
            for at in range(self.chance.choice((1, 3, 5, 8, 10, 11, 12, 14, 18))):
                yield {"unique_id": f"P{number}-{at + 1}", "cluster": f"P{number}", **self._record(person, at)}

    def _person(self) -> dict[str, str]:
        c = self.chance
        year = int(1900 - c.expovariate(1 / 80)) if c.random() < 0.85 else c.randrange(1900, 1985)
        day = "01-01" if c.random() < 0.12 else f"{c.randrange(1, 13):02}-{c.randrange(1, 29):02}"
        place = self.towns[min(int(c.expovariate(1 / 40)), len(self.towns) - 1)]
        family = self._family()
        return {
            "first": c.choices(*self.given)[0].lower(),
            "middle": c.choices(*self.given)[0].lower() * (c.random() < 0.5),
            "family": family, "title": self._title(family, place) if c.random() < 0.35 else "",
            "dob": f"{max(year, 1450)}-{day}", "place": place, "postcode": self._postcode(place),
            "sex": "female" if c.random() < 0.15 else "male", "work": _WORK[min(int(c.expovariate(1 / 4)), 18)],
        }  # fmt: skip

    def _family(self) -> str:
        c = self.chance
        return c.choice(_STARTS) + c.choice(_ENDS) if c.random() < 0.5 else c.choices(*self.families)[0].lower()

    def _title(self, family: str, place: str) -> str:
        nth = self.chance.choice(("1st", "2nd", "3rd", "4th", "5th"))
        rank = self.chance.choice(("baronet", f"baron {family} of {place}", f"earl of {place}", f"viscount {place}"))
        return f", {nth} {rank}"

    def _postcode(self, place: str) -> str:
        c = self.chance
        at = self.towns.index(place)
        outcode = f"q{_LETTERS[at % 20]}{at // 20 + 1}"
        return f"{outcode} {c.randrange(1, 10)}{c.choice(NEAR)}{c.choice(NEAR)}"

    def _record(self, person: dict[str, str], at: int) -> dict[str, str]:
        whole, first, family = self._named(person, at)
        return {
            "full_name": whole, "first_and_surname": f"{first} {family}".strip(), "first_name": first,
            "surname": family, "dob": self._dob(person["dob"], at), "birth_place": self._place(person["place"]),
            "postcode_fake": self._moved(person["postcode"], person["place"], at),
            "gender": person["sex"] if self.chance.random() > 0.25 else "",
            "occupation": person["work"] if self.chance.random() > 0.4 else "",
        }  # fmt: skip

    def _named(self, person: dict[str, str], at: int) -> tuple[str, str, str]:
        c = self.chance
        first, family, middle, title = person["first"], person["family"], person["middle"], person["title"]
        roll = c.random() if at else 1.0
        if roll < 0.08:
            first = self._short(first)
        elif roll < 0.14:
            first = self._slip(first)
        elif roll < 0.18:
            first = middle or first[0]
        elif roll < 0.22:
            first = ""
        if at and c.random() < 0.12:
            family = self._slip(family)
        if at and title and c.random() < 0.25:
            family = title.split()[-1]
        if at and c.random() < 0.03:
            family = self._family()
        first, family = (family, first) if at and c.random() < 0.02 else (first, family)
        title = "" if at and c.random() < 0.4 else title
        parts = [p for p in (first, middle * (c.random() < 0.6), family) if p]
        if at and c.random() < 0.1:
            parts = parts[-2:]
        return " ".join(parts) + title, first, family

    def _short(self, name: str) -> str:
        short = _SHORT.get(name.upper())
        return self.chance.choice(short).lower() if short else name[:3]

    def _slip(self, text: str) -> str:
        c = self.chance
        if len(text) < 2:
            return text
        at = c.randrange(len(text) - 1)
        letter = c.choice("0123456789" if text[at].isdigit() else _LETTERS)
        return c.choice((text[:at] + text[at + 1 :], text[:at] + letter + text[at + 1 :], text[: at + 1] + text[at:]))

    def _dob(self, dob: str, at: int) -> str:
        c = self.chance
        roll = c.random() if at else 1.0
        if roll < 0.13:
            return ""
        if roll < 0.22:
            where = c.choice((3, 5, 6, 8, 9))
            return dob[:where] + str(c.randrange(10)) + dob[where + 1 :]
        if roll < 0.26:
            return dob[:4] + "-01-01"
        return f"{int(dob[:4]) + c.randrange(-3, 4)}{dob[4:]}" if roll < 0.29 else dob

    def _place(self, place: str) -> str:
        roll = self.chance.random()
        return "" if roll < 0.14 else self.chance.choice(self.towns) if roll < 0.17 else place

    def _moved(self, code: str, place: str, at: int) -> str:
        c = self.chance
        roll = c.random() if at else 1.0
        if roll < 0.13:
            return ""
        if roll < 0.35:
            return code[:-3] + f"{c.randrange(1, 10)}{c.choice(NEAR)}{c.choice(NEAR)}"
        return self._postcode(c.choice(self.towns)) if roll < 0.4 else code


_SHORT = {r["full"]: r["short"].split() for r in tables.rows("nicknames.csv")}


def _names(table: str) -> tuple[list[str], list[float]]:
    chosen = [r for r in tables.rows(table) if r["tradition"] == "english"]
    return [r["name"] for r in chosen], [float(r["per_100000"]) for r in chosen]
