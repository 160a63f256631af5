"""What an address, a school or a number looks like inside a sentence, in every way that people write it.

Pure: text in, spans and plain phrases out. Both sides are brought to one form (case, accents, marks, line breaks,
abbreviations, plurals, numbers in words), so that "12, LARCH COURT", "12 Larch Ct." and "12 larch\ncourt" are one.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LONGEST = 8  # words of a phrase
MOST_JOINED = 8  # pieces that one code may be written in: "N F 1 2 A B", "07700 900 123"

SHORT = {
    "street": "st", "saint": "st", "str": "st", "road": "rd", "avenue": "av", "ave": "av", "lane": "ln",
    "close": "cl", "drive": "dr", "drv": "dr", "doctor": "dr", "court": "ct", "crescent": "cre", "cres": "cre",
    "garden": "gdn", "place": "pl", "terrace": "ter", "terr": "ter", "square": "sq", "grove": "gr", "gro": "gr",
    "house": "hse", "mount": "mt", "cottage": "cott", "park": "pk", "green": "grn", "north": "n", "south": "s",
    "east": "e", "west": "w", "walk": "wlk", "apartment": "flat", "apt": "flat", "primary": "prim",
    "secondary": "sec", "school": "sch", "academy": "acad", "hospital": "hosp", "centre": "center", "ctr": "center",
    "and": "&", "bldg": "building", "rise": "ris", "view": "vw", "hill": "hl", "meadow": "mdw", "parade": "pde",
    "upper": "upr", "lower": "lwr", "great": "gt", "little": "lit", "lt": "lit", "row": "row", "way": "wy",
}  # fmt: skip
UNITS = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
UNITS += "seventeen eighteen nineteen"
TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBERS = {word: number for number, word in enumerate(UNITS.split())}
NUMBERS |= {word: (at + 2) * 10 for at, word in enumerate(TENS.split())}
FILLERS = frozenset({"no", "nr", "number", "num", "the", "of", "at", "house no"})
TYPES = frozenset({
    "st", "rd", "av", "ln", "cl", "dr", "ct", "cre", "gdn", "pl", "ter", "sq", "gr", "wlk", "ris", "vw", "hl", "mdw",
    "pde", "row", "wy", "mew", "hse", "cott", "pk", "grn",
})  # fmt: skip
# A street or school whose only other word is one of these is told from others by its kind as well: "12 High Street".
EVERYWHERE = frozenset({
    "high", "church", "station", "pk", "new", "main", "mill", "grn", "sch", "n", "s", "e", "w", "victoria", "king",
    "queen", "london", "old", "st", "hl", "hill", "bridge", "market", "broad", "long", "upr", "lwr", "gt", "lit",
})  # fmt: skip
GENERIC = frozenset({
    "sch", "prim", "sec", "acad", "junior", "infant", "nursery", "high", "college", "community", "church", "england",
    "ce", "rc", "c", "surgery", "practice", "medical", "center", "health", "clinic", "hosp", "doctor", "gp", "group",
    "catholic", "voluntary", "aided", "&", "special", "first", "middle", "upr", "lwr", "grammar", "trust", "free",
    "children", "kindergarten", "pharmacy", "dental", "refuge",
})  # fmt: skip

PLACES = frozenset({
    "sch", "prim", "sec", "acad", "junior", "infant", "nursery", "college", "grammar", "kindergarten", "surgery",
    "practice", "refuge",
})  # fmt: skip

_POSTCODE = re.compile(r"(?:gir0aa|[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2})")
_PIECE = re.compile(r"[^\W\d_]+|\d+")
_DROPPED = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff'`\u2018\u2019\u02bc]")
_ENDS = re.compile(r"(?<=[.!?])\s+|\n\s*\n")  # a line break alone ends nothing: an address goes over several
PHONE = range(9, 14)
UPRN = range(6, 13)


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text in the one form, and where it stood. `raw` is it before anything was shortened."""

    plain: str
    raw: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Written:
    """A phrase (words, in the one form) or a code (letters and digits), and where it stood in the text."""

    plain: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text: letters and digits apart ("12a" is "12", "a"), what says nothing left out."""
    found = []
    for start, end, piece in _pieces(text):
        plain = _plain(piece)
        if plain and plain not in FILLERS:
            found.append(Word(plain, piece, start, end))
    return _tens(found)


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Each run of letters or digits, folded, with its place in the text as it was given."""
    folded, places = _folded(text)
    for match in _PIECE.finditer(folded):
        yield places[match.start()], places[match.end() - 1] + 1, match[0]


def _folded(text: str) -> tuple[str, list[int]]:
    """Lower case, no accents, no apostrophes or invisible marks; and whence each character came."""
    out: list[str] = []
    places: list[int] = []
    for at, character in enumerate(text):
        if _DROPPED.match(character):
            continue
        for each in unicodedata.normalize("NFKD", character).casefold():
            if not unicodedata.combining(each):
                out.append(each)
                places.append(at)
    return "".join(out), places


def _plain(piece: str) -> str:
    if piece.isdigit():
        return piece.lstrip("0") or "0"
    if piece in NUMBERS:
        return str(NUMBERS[piece])
    single = piece[:-1] if len(piece) > 3 and piece.endswith("s") and not piece.endswith("ss") else piece
    return SHORT.get(single, SHORT.get(piece, single))


def _tens(found: list[Word]) -> list[Word]:
    """ "Forty two" is one number."""
    out: list[Word] = []
    for word in found:
        before = out[-1] if out else None
        if before and before.raw in TENS.split() and word.raw in NUMBERS and 0 < int(word.plain) < 10:
            out[-1] = Word(str(int(before.plain) + int(word.plain)), word.raw, before.start, word.end)
        else:
            out.append(word)
    return out


def firsts(said: Iterable[Word]) -> set[str]:
    """The words with which a phrase could begin."""
    return {word.plain for word in said}


def runs(said: list[Word], beginning: set[str]) -> Iterator[Written]:
    """Every run of up to LONGEST words that begins with one of those."""
    for at, word in enumerate(said):
        if word.plain in beginning:
            for last in range(at, min(at + LONGEST, len(said))):
                plain = " ".join(each.plain for each in said[at : last + 1])
                yield Written(plain, word.start, said[last].end)


def codes(text: str) -> Iterator[Written]:
    """Every postcode, telephone number and property number, however it is spaced and split."""
    pieces = list(_pieces(text))
    for at, (start, _, _) in enumerate(pieces):
        joined = ""
        for _, end, piece in pieces[at : at + MOST_JOINED]:
            joined += piece
            if len(joined) > PHONE.stop:
                break
            if code := _code(joined):
                yield Written(code, start, end)


def _code(joined: str) -> str:
    if _POSTCODE.fullmatch(joined):
        return joined
    return _digits(joined) if joined.isdigit() and len(joined) >= UPRN.start else ""


def _digits(digits: str) -> str:
    """A number as it is dialled in this country: 0044 and 44 before it are nought."""
    for before in ("0044", "44"):
        if digits.startswith(before) and len(digits) > 11:
            return "0" + digits[len(before) :].removeprefix("0")
    return digits


def code_of(text: str) -> str:
    """A postcode, telephone or property number as `codes` finds it; "" for none."""
    joined = "".join(piece for _, _, piece in _pieces(text))
    return _code(joined) if len(joined) <= PHONE.stop + 2 else ""


def parts(lines: Iterable[str]) -> list[str]:
    """The parts of an address; a number on a line of its own goes with what follows it."""
    split = [part.strip() for line in lines for part in re.split(r"[,\n;]", line) if part.strip()]
    return [f"{part} {split[at]}" if part.isdigit() and at < len(split) else part for at, part in enumerate(split, 1)]


def of_address(lines: Iterable[str]) -> Iterator[str]:
    """The phrases by which a home is recognised: number and street, either way round; a house or block by its name.

    What comes after the street (the district, the town) is not a home, and is in every other sentence.
    """
    for at, part in enumerate(parts(lines)):
        found = words(part)
        said = [word.plain for word in found]
        if number := numbered(said):
            yield from _street(*number)
            yield " ".join([*number[0], "".join(word.raw for word in found[len(found) - len(number[1]) :])])
            return
        yield from _named(said, at)


def numbered(said: list[str]) -> tuple[list[str], list[str]] | None:
    """The number (with its letter) and the street, where those words hold both."""
    at = next((i for i, word in enumerate(said) if word.isdigit() and (i == 0 or said[0] != "flat")), None)
    if said[:1] == ["flat"]:
        at = next((i for i, word in enumerate(said[2:], 2) if word.isdigit()), None)
    if at is None:
        return None
    end = at + 1
    while end < len(said) and (said[end].isdigit() or (len(said[end]) == 1 and said[end] not in "nesw&")):
        end += 1
    street = said[end:]
    return (said[at:end], street) if street else None


def _street(number: list[str], street: list[str]) -> Iterator[str]:
    core = _core(street, TYPES)
    yield from dict.fromkeys((" ".join([*number, *core]), " ".join([*core, *number]), " ".join([*street, *number])))


def _core(street: list[str], kinds: frozenset[str]) -> list[str]:
    """Without the word for its kind, where what is left tells it from others."""
    core = street[:-1] if len(street) > 1 and street[-1] in kinds else street
    return street[:2] if len(core) == 1 and core[0] in EVERYWHERE else core


def _named(said: list[str], at: int) -> Iterator[str]:
    """A house with a name: on the first lines only, and only where two words say it."""
    if at <= 1 and said[:1] != ["flat"] and len(said) >= 2:
        yield " ".join(said[:LONGEST])


def of_place(name: str) -> Iterator[str]:
    """The phrases by which a school, nursery, surgery or other place is recognised: whole, and by what is its own."""
    said = [word.plain for word in words(re.split(r"[,\n;(]", name)[0])][:LONGEST]
    if not said or (len(said) == 1 and said[0] in GENERIC | EVERYWHERE):
        return
    yield " ".join(said)
    core = list(said)
    while len(core) > 1 and core[-1] in GENERIC:
        core.pop()
    if len(core) > 1 and not set(core) <= EVERYWHERE | GENERIC | {"dr"}:
        yield " ".join(core)
    if len(core) == 1 and core[0] not in GENERIC:
        kinds = ("sch", "prim", "acad") if set(said) & {"sch", "prim", "acad", "sec"} else tuple(said[1:2])
        yield from (f"{core[0]} {kind}" for kind in kinds)


def is_one_place(name: str) -> bool:
    """Is it the name of one school, surgery or refuge? "School" alone is all of them."""
    said = {word.plain for word in words(name)}
    return bool(said & PLACES) and bool(said - GENERIC - PLACES)


def sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence begins and ends that holds that part of the text, whatever full stops are inside the part."""
    begins, ends = 0, len(text)
    for match in _ENDS.finditer(text):
        if match.end() <= start:
            begins = match.end()
        elif match.start() >= end:
            ends = match.start()
            break
    return begins, ends
