"""Families with something to hide, and how people write addresses. Made up here; shares nothing with the product's own
reading of addresses: what it calls a leak is decided by words that exist in no other sentence.
"""

import html
import json
import random
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

SYLLABLES = (
    "bram", "cald", "dorn", "fenn", "garth", "holl", "kest", "lund", "marl", "nesh", "oxl", "pend", "quern", "rusk",
    "shel", "thorn", "ulv", "wend", "yarl", "zeal",
)  # fmt: skip
ENDS = ["wick", "vale", "combe", "stead", "mere", "holt", "ley", "beck", "ford", "shaw"]
KINDS = (("Street", "St"), ("Road", "Rd"), ("Avenue", "Ave"), ("Lane", "Ln"), ("Close", "Cl"), ("Drive", "Dr"),
         ("Crescent", "Cres"), ("Gardens", "Gdns"), ("Terrace", "Terr"), ("Court", "Ct"))  # fmt: skip
SCHOOLS = ("Primary School", "Church of England Primary School", "Academy", "Infant School", "Nursery")
SURGERIES = ("Surgery", "Medical Practice", "Health Centre")
IN_WORDS = {2: "two", 7: "seven", 9: "nine", 12: "twelve", 16: "sixteen"}


@dataclass(frozen=True)
class Somebody:
    """One of a family. An address: its lines, its postcode, the number of its property."""

    family_name: str
    given_names: str
    birth_date: date
    addresses: tuple[tuple[tuple[str, ...], str, str], ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class Home:
    """A home whose street's name is no word of any language, and is nobody else's."""

    number: int
    letter: str
    core: str
    kind: tuple[str, str]
    postcode: str
    uprn: str
    slips: tuple[str, ...]  # its street's name, as somebody in a hurry writes it

    @property
    def address(self) -> tuple[tuple[str, ...], str, str]:
        lines = (f"{self.number}{self.letter} {self.core} {self.kind[0]}", "Hallowbridge")
        return lines, f"{self.postcode[:-3]} {self.postcode[-3:]}", self.uprn


@dataclass(frozen=True)
class Family:
    """Who is protected, from whom, and everything that would lead there. `needles` are what no document may hold."""

    mother: Somebody
    child: Somebody
    father: Somebody
    homes: tuple[Home, ...]
    school: str
    school_slips: tuple[str, ...]
    surgery: str
    phone: str
    email: str
    needles: tuple[str, ...]


def family(chance: random.Random, number: int) -> Family:
    """One family, of that chance alone. `number` makes its names its own."""
    tag = _own_word(number)
    homes = tuple(_home(chance, f"{tag}{end}") for end in chance.sample(ENDS, 2))
    school = f"{tag.capitalize()}sted {chance.choice(SCHOOLS)}"
    surgery = f"{tag.capitalize()}dale {chance.choice(SURGERIES)}"
    phone = f"07700 9{number % 100000:05d}"
    email = f"{tag}.safe@example.org"
    mother = Somebody(
        family_name=chance.choice(("Wren", "Hale", "Okoro", "Singh", "Baig")) + "croft",
        given_names=chance.choice(("Imogen", "Amina", "Dana", "Priya")),
        birth_date=date(1985 + number % 15, 1 + number % 12, 1 + number % 27),
        addresses=tuple(home.address for home in homes), phones=(phone,), emails=(email,),
    )  # fmt: skip
    child = Somebody(
        family_name=mother.family_name, given_names=chance.choice(("Tobias", "Orla", "Zayn", "Ife")),
        birth_date=date(2012 + number % 10, 1 + number % 12, 1 + number % 28), addresses=(homes[0].address,),
    )  # fmt: skip
    father = Somebody(family_name="Ashdown", given_names=f"Piers {tag.capitalize()}", birth_date=date(1983, 4, 5))
    said = [home.core.lower() for home in homes] + [home.postcode.lower() for home in homes]
    said += [home.uprn for home in homes]
    school_slips = _slips(chance, f"{tag}sted")
    said += [slip for home in homes for slip in home.slips] + list(school_slips)
    needles = (*said, f"{tag}sted", f"{tag}dale", phone.replace(" ", "")[1:], f"{tag}safe")
    return Family(mother, child, father, homes, school, school_slips, surgery, phone, email, needles)


def _own_word(number: int) -> str:
    """A word that no other family's number makes."""
    word, size = "", len(SYLLABLES)
    for _ in range(3):
        number, at = divmod(number, size)
        word += SYLLABLES[at]
    return word


def _home(chance: random.Random, core: str) -> Home:
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    code = f"QK{chance.randint(1, 9)}{chance.randint(1, 9)}{chance.choice(letters)}{chance.choice(letters)}"
    number = chance.choice(list(IN_WORDS)) if chance.random() < 0.3 else chance.randint(1, 240)
    letter = chance.choice("ab") if chance.random() < 0.15 else ""
    uprn = f"10{chance.randint(10**9, 10**10 - 1)}"
    return Home(number, letter, core.capitalize(), chance.choice(KINDS), code, uprn, _slips(chance, core))


def _slips(chance: random.Random, word: str) -> tuple[str, ...]:
    """That word with one slip of the pen, and with two."""
    return tuple(_slipped(chance, _slipped(chance, word) if more else word) for more in (0, 0, 1, 1))


def _slipped(chance: random.Random, word: str) -> str:
    """A letter left out, written twice, wrong, or in its neighbour's place."""
    at = chance.randrange(1, len(word) - 1)
    before, this, after = word[:at], word[at], word[at + 1 :]
    return chance.choice((before + after, before + this + this + after, f"{before}{chance.choice('aeioutr')}{after}",
                          before + after[0] + this + after[1:]))  # fmt: skip


def written(chance: random.Random, of: Family) -> str:
    """A sentence with something protected in it, as somebody in a hurry might write it."""
    what = chance.choice((_house, _house, _road, _postcode, _school, _surgery, _phone, _mail, _uprn))
    return chance.choice(_SENTENCES).format(what(chance, of))


_SENTENCES = (
    "She is now at {}.", "He asked about {} twice", "Seen at {}, crying; police were called.", "({})", "{}", "NB {}!",
    "She said: \u201cwe moved to {} in May\u201d.", "Ring before you go to {}.\nTake somebody with you.",
)  # fmt: skip


def _house(chance: random.Random, of: Family) -> str:
    home = chance.choice(of.homes)
    core = _spelt(chance, home.core, home.slips)
    kind = chance.choice(("", *home.kind, f"{home.kind[1]}."))
    number = f"{home.number}{home.letter}"
    if not home.letter and home.number in IN_WORDS and chance.random() < 0.3:
        number = IN_WORDS[home.number]
    if home.letter and chance.random() < 0.5:
        number = f"{home.number} {home.letter}"
    return _untidy(chance, chance.choice((
        f"{number} {core} {kind}", f"{number}, {core} {kind}", f"No. {number} {core} {kind}",
        f"number {number}  {core}\t{kind}", f"{core} {kind}, {number}", f"{number}\n{core}\n{kind}",
        f"{number}\u00a0{core} {kind}", f"#{number} {core} {kind}",
    )))  # fmt: skip


def _road(chance: random.Random, of: Family) -> str:
    """Which road, and not where in it."""
    home = chance.choice(of.homes)
    core, kind = _spelt(chance, home.core, home.slips), chance.choice(home.kind)
    return _untidy(
        chance, chance.choice((f"a flat in {core} {kind}", f"{core} {kind}", f"off {core}  {kind} somewhere"))
    )


def _spelt(chance: random.Random, word: str, slips: tuple[str, ...]) -> str:
    """As it is written twice in three times."""
    return chance.choice(slips).capitalize() if chance.random() < 1 / 3 else word


def _postcode(chance: random.Random, of: Family) -> str:
    code = chance.choice(of.homes).postcode
    return _untidy(chance, chance.choice((
        code, f"{code[:-3]} {code[-3:]}", f"{code[:-3]}-{code[-3:]}", f"{code[:-3]}  {code[-3:]}", " ".join(code),
        f"{code[:-3]}\n{code[-3:]}", f"{code[:2]} {code[2:]}", f"{code[:-3]}.{code[-3:]}",
    )))  # fmt: skip


def _school(chance: random.Random, of: Family) -> str:
    core, _, rest = of.school.partition(" ")
    core = _spelt(chance, core, of.school_slips)
    school = f"{core} School" if "School" in rest else f"{core} {rest}"
    spaced, split = of.school.replace(" ", "  "), of.school.replace(" ", "\n", 1)
    return _untidy(chance, chance.choice((of.school, school, spaced, split)))


def _surgery(chance: random.Random, of: Family) -> str:
    return _untidy(chance, chance.choice((of.surgery, f"the {of.surgery}", of.surgery.replace("Centre", "Center"))))


def _phone(chance: random.Random, of: Family) -> str:
    bare = of.phone.replace(" ", "")
    return chance.choice((of.phone, bare, f"+44{bare[1:]}", f"+44 (0){of.phone[1:]}",
                          f"{bare[:5]}-{bare[5:8]}-{bare[8:]}",
                          f"0044 {of.phone[1:]}", f"{bare[:3]} {bare[3:7]} {bare[7:]}"))  # fmt: skip


def _mail(chance: random.Random, of: Family) -> str:
    return chance.choice((of.email, of.email.upper(), f"<{of.email}>"))


def _uprn(chance: random.Random, of: Family) -> str:
    return f"UPRN {chance.choice(of.homes).uprn}"


def _untidy(chance: random.Random, text: str) -> str:
    how = chance.choice(("as it is", "as it is", "upper", "lower", "accent", "hidden hyphen"))
    if how == "accent":
        return text.replace("e", "\u00e9", 1)
    if how == "hidden hyphen":
        return text[:-2] + "\u00ad" + text[-2:] if text[-2:].isalpha() else text
    return {"upper": text.upper, "lower": text.lower}.get(how, lambda: text)()


def found_in(document: bytes | str, of: Family) -> Iterator[str]:
    """The needles that the document holds, in whatever case, spacing, marks, entities or escapes."""
    text = document.decode("utf-8", "ignore") if isinstance(document, bytes) else document
    bare = "".join(_bare(_unescaped(text)))
    yield from (needle for needle in of.needles if needle in bare)


def _unescaped(text: str) -> str:
    whole = re.sub(r"<[^>]+>", " ", text) if "<html" in text[:400] or "</" in text else text
    whole = re.sub(r"\\u([0-9a-f]{4})", lambda code: chr(int(code[1], 16)), whole)
    return html.unescape(whole.replace("\\n", " ").replace("\\t", " "))


def _bare(text: str) -> Iterator[str]:
    for character in unicodedata.normalize("NFKD", text).casefold():
        if character.isascii() and character.isalnum():
            yield character


def as_text(plain: object) -> str:
    """JSON as it is sent."""
    return json.dumps(plain)
