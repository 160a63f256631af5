"""What leads there without being written as it is: a road spelt wrong, a road without its number, a place on a map.

Found in sentences only. Between people's records it would make neighbours of a whole road.

Nothing is compared here, for what is protected is known by blind keys alone: both sides leave out up to one letter, or
two of a long name, in every way, and where they could have meant the same they meet (W. Garbe's symmetric deletion).
Letters too many, too few, wrong, or in each other's place all meet so.
"""

import math
import re
from collections.abc import Iterable, Iterator
from itertools import combinations

from knownto.firewall import phrases
from knownto.firewall.phrases import EVERYWHERE, GENERIC, TYPES, Word, Written

BESIDE = TYPES | GENERIC
MOST_WORDS = 3  # of a road's or school's own name
LONGEST = 24  # letters of one, for it to be known with a slip: two words that were run together are seldom longer
SCHOOLS = frozenset({"sch", "prim", "acad", "sec"})
DEGREE = r"(-?\d{1,3}\.\d{3,})\s*\u00b0?\s*([nsewNSEW]?)"
MAP = re.compile(DEGREE + r"(?=([^\d-]{1,14}))\3" + DEGREE)
THOUSANDTHS = 1000  # of a degree: a hundred metres


def letters(name: str, *, alone: bool = False) -> int:
    """How many may be left out of a name. Fewer of one that nothing stands beside: 12 March is not 12 Larch."""
    spans = ((2, range(9, LONGEST + 1)), (1, range(7 if alone else 4, 9)))
    return next((most for most, of in spans if len(name) in of), 0)


def variants(name: str, most: int) -> Iterator[str]:
    """The name, and it without each one letter, or two."""
    for out in range(most + 1):
        for gone in combinations(range(len(name)), out):
            yield "".join(letter for at, letter in enumerate(name) if at not in gone)


def of_road(lines: Iterable[str]) -> Iterator[str]:
    """The keys of an address: by its number and the road's name, and by the road alone where its name tells."""
    for said in map(phrases.words, phrases.parts(lines)):
        found = phrases.numbered([word.plain for word in said])
        if not found:
            continue
        number, street = "".join(found[0]), said[-len(found[1]) :]
        core, kind = _own(street, TYPES)
        yield from _beside(number, core, kind)
        yield from _named(core, [kind] if kind else [])
        return


def _own(said: list[Word], kinds: frozenset[str]) -> tuple[str, str]:
    """A name's own part, and the word for its kind; "" where the name is one that every town has."""
    end = len(said)
    while end > 1 and said[end - 1].plain in kinds:
        end -= 1
        if kinds is TYPES:
            break
    own = said[:end]
    common = all(word.plain in EVERYWHERE | GENERIC for word in own)
    kind = said[end].plain if end < len(said) else ""
    return "" if common else "".join(word.raw for word in own), kind


def _beside(number: str, core: str, kind: str) -> Iterator[str]:
    """With the word for its kind only where that lets more be left out."""
    if core:
        yield from (f"{number} {each}" for each in variants(core, letters(core, alone=True)))
    if core and kind and letters(core) > letters(core, alone=True):
        yield from (f"{number} {each} {kind}" for each in variants(core, letters(core)))


def _named(core: str, kinds: Iterable[str]) -> Iterator[str]:
    for kind in kinds if core else ():
        yield from (f"{each} {kind}" for each in variants(core, letters(core, alone=True)))


def of_place(name: str) -> Iterator[str]:
    """The keys of a school, surgery or other place: its own name beside a word for its kind; or a point on a map."""
    said = phrases.words(re.split(r"[,\n;(]", name)[0])
    core, kind = _own(said, GENERIC) if said else ("", "")
    plain = {word.plain for word in said}
    yield from _named(core, sorted({kind} - {""} | ({"sch", "prim", "acad"} if plain & SCHOOLS else set())))
    for north, east in _points(name):
        yield from (f"map {north + up} {east + right}" for up in (-1, 0, 1) for right in (-1, 0, 1))


def where_to_look(keys: Iterable[str]) -> set[str]:
    """The words of those keys beside which a sentence must be read: house numbers, and kinds of road and place."""
    ends = {word for key in keys for word in (key.split(" ")[0], key.split(" ")[-1])}
    return {word for word in ends if word.isdigit() or word in BESIDE}


def in_text(text: str, said: list[Word], beside: set[str]) -> Iterator[Written]:
    """Every key that could be one of those, and where it stands. `beside`: the words that are `where_to_look`."""
    for at, word in enumerate(said):
        if word.plain.isdigit() and word.plain in beside:
            yield from _around(said, at)
        elif word.plain in BESIDE & beside:
            for core in _runs(said[max(0, at - MOST_WORDS) : at], backwards=True):
                keys = _named(_joined(core), [word.plain])
                yield from (Written(key, core[0].start, word.end) for key in keys)
    for found in MAP.finditer(text):
        yield from (Written(f"map {north} {east}", *found.span()) for north, east in _points(found[0]))


def _around(said: list[Word], at: int) -> Iterator[Written]:
    """What follows a house number, or stands before it."""
    letter = said[at + 1].raw if at + 1 < len(said) and len(said[at + 1].raw) == 1 else ""
    for number, after in {said[at].plain: at + 1, said[at].plain + letter: at + 1 + bool(letter)}.items():
        for core in _runs(_name(said[after : after + MOST_WORDS])):
            yield from _keys(number, core, said[after + len(core) : after + len(core) + 1], said[at])
        kind = [word for word in said[max(0, at - 1) : at] if word.plain in TYPES]
        end = at - len(kind)
        before = _name(said[max(0, end - MOST_WORDS) : end][::-1])[::-1]
        for core in _runs(before, backwards=True):
            yield from _keys(number, core, kind, said[at])


def _name(said: list[Word]) -> list[Word]:
    """As far as it can be a road's own name: up to a number, or a word for its kind."""
    ends = (at for at, word in enumerate(said) if word.plain.isdigit() or (at and word.plain in TYPES))
    return said[: next(ends, len(said))]


def _keys(number: str, core: list[Word], kind: list[Word], where: Word) -> Iterator[Written]:
    name = kind[0].plain if kind and kind[0].plain in TYPES else ""
    words = (where, *core)
    start, end = min(each.start for each in words), max(each.end for each in words)
    yield from (Written(key, start, end) for key in _beside(number, _joined(core), name))


def _runs(said: list[Word], *, backwards: bool = False) -> Iterator[list[Word]]:
    for length in range(1, len(said) + 1):
        yield said[-length:] if backwards else said[:length]


def _joined(said: list[Word]) -> str:
    return "".join(word.raw for word in said)


def _points(text: str) -> Iterator[tuple[int, int]]:
    """Latitude and longitude, in thousandths of a degree."""
    for north, half, _, east, side in MAP.findall(text):
        yield _thousandths(north, half), _thousandths(east, side)


def _thousandths(degrees: str, half: str) -> int:
    return math.floor(float(degrees) * THOUSANDTHS) if half.lower() not in ("s", "w") else (
        math.floor(-abs(float(degrees)) * THOUSANDTHS)
    )  # fmt: skip
