"""Names as people write them, made comparable: no titles, no placeholders, no accents, parts apart."""

import re
from typing import NamedTuple

from knownto.linkage import tables
from knownto.linkage.letters import fold
from knownto.linkage.standards import ABDUL, is_god, servant

_APOSTROPHES = re.compile(r"(?<=\w)'+(?=\w)")
_NOT_LETTERS = re.compile(r"[\W\d_]+")
_OCR = re.compile(r"(?<=[A-Z])[01](?=[A-Z])|(?<!\d)[01](?=[A-Z]{2})")
_BRACKETS = re.compile(r"""[(\[]([^)\]]*)[)\]]?|"([^"]+)"|(?<!\w)'([^']{2,}?)'(?!\w)""")
_ALIAS = re.compile(
    r"\b(?:NEE|FORMERLY|AKA|A\.K\.A|FKA|F\.K\.A|ALIAS|PREVIOUSLY|ALSO KNOWN AS|KNOWN AS|OTHERWISE|MAIDEN NAME)\b\.?:?"
    r"|(?<=\w )(?:NOW|OR)\b(?= \w)"
)
_ORDER = re.compile(r"\b(?:TWIN|TRIPLET|BABY|INFANT)\s*(?:NO\.?|NUMBER)?\s*([1-4]|ONE|TWO|THREE|[ABC]|I{1,3})\b")
_ORDERS = {"1": 1, "ONE": 1, "A": 1, "I": 1, "2": 2, "TWO": 2, "B": 2, "II": 2}
_PHRASES = re.compile(r"\b(?:" + "|".join(re.escape(p) for p in tables.PLACEHOLDER_PHRASES) + r")\b")
_PATRONYMIC = re.compile(r"(?:OVYCH|OVICH|EVYCH|EVICH|IVNA|OVNA|EVNA|YIVNA|ICHNA|INICHNA)$")
_LONGEST_SYLLABLE = 5  # letters of one written syllable of a Chinese or Vietnamese name, such as Huang
_TOO_LONG = 200
_MOST_PARTS = 8


class Name(NamedTuple):
    """One name of one person: parts of the given names, parts of the family name, both in standard
    letters."""

    given: tuple[str, ...] = ()
    family: tuple[str, ...] = ()


class Named(NamedTuple):
    """Everything that two name fields say. `order` is the place in a multiple birth, `generation` -1 or 1."""

    name: Name
    others: tuple[Name, ...]
    baby: bool
    order: int
    generation: int


def parts(text: str) -> list[str]:
    """The words of folded text, apostrophes closed up, digits and marks gone."""
    if text.isalpha():
        return [text]
    closed = _APOSTROPHES.sub("", _OCR.sub(lambda d: "OI"[int(d[0])], text))
    spaced = _NOT_LETTERS.sub(" ", closed)
    return _PHRASES.sub(" ", spaced).split()[:_MOST_PARTS] if " " in spaced else spaced.split()


def read(family_text: str, given_text: str, other_texts: tuple[str, ...] = ()) -> Named:
    """Both name fields and other full names, read together, since people put either in the wrong field."""
    family_text, given_text = fold(family_text[:_TOO_LONG]), fold(given_text[:_TOO_LONG])
    both = f"{given_text} {family_text}"
    order, generation = _birth_order(both), 0
    family_text, maiden = _aside(family_text)
    given_text, known_as = _aside(given_text)
    family_text, given_text = _at_comma(family_text, given_text)
    given, family = parts(given_text), parts(family_text)
    given, family, generation = _without_generation(given, family)
    given, family, baby = _without_baby(_kept(given), _kept(family))
    name = _placed(given, family, whole=_one_word(family_text or given_text))
    others = [Name(name.given, _family(_kept(parts(m)))) for m in maiden]
    others += [Name(_given(parts(k)), name.family) for k in known_as]
    others += [_placed_text(t) for t in other_texts]
    return Named(name, tuple(dict.fromkeys(o for o in others if o != name and any(o))), baby, order, generation)


def _aside(text: str) -> tuple[str, list[str]]:
    """What stands in brackets or after "nee" or "also known as", apart from the name itself."""
    if text.isalpha():
        return text, []
    aside = [_ALIAS.sub(" ", "".join(found)) for found in _BRACKETS.findall(text)]
    plain = _BRACKETS.sub(" ", text)
    first, *more = _ALIAS.split(plain)
    return first, [a for a in aside + more if _kept(parts(a))]


def _at_comma(family: str, given: str) -> tuple[str, str]:
    """ "JONES, SARAH" in one field is a family name and a given name."""
    for whole, other in ((family, given), (given, family)):
        if "," in whole and not other.strip():
            left, _, right = whole.partition(",")
            return left, right
    return family, given


def _birth_order(both: str) -> int:
    found = _ORDER.search(both)
    return _ORDERS.get(found[1], 3) if found else 0


def _without_generation(given: list[str], family: list[str]) -> tuple[list[str], list[str], int]:
    for words in (family, given):
        if len(words) > 1 and words[-1] in tables.YOUNGER:
            return [w for w in given if w is not words[-1]], [w for w in family if w is not words[-1]], 1
        if len(words) > 1 and words[-1] in tables.OLDER:
            return [w for w in given if w is not words[-1]], [w for w in family if w is not words[-1]], -1
    return given, family, 0


def _kept(words: list[str]) -> list[str]:
    while len(words) > 1 and words[0] in tables.TITLES:
        words = words[1:]
    while len(words) > 1 and words[-1] in tables.AFTER_NAMES:
        words = words[:-1]
    if len(words) == 1 and words[0] in tables.TITLES and words[0] not in _NAMES_TOO:
        return []
    return [w for w in words if w not in tables.PLACEHOLDERS]


_NAMES_TOO = frozenset({"PRINCE", "MASTER", "LORD", "FATHER", "MD"})


def _without_baby(given: list[str], family: list[str]) -> tuple[list[str], list[str], bool]:
    """ "BABY OF SARAH JONES" has no given name of its own, but says the mother's family name."""
    words = given or family
    if not words or words[0] not in tables.BABY:
        lone = bool(given) and all(w in tables.BABY_MORE for w in given) and len(given[0]) > 1
        return ([], family, True) if lone else (given, family, False)
    rest = [w for w in words[1:] if w not in tables.BABY_MORE]
    if given and family:
        return [], family, True
    return [], rest[-1:], True


def _one_word(text: str) -> bool:
    """Okafor-Lunt and Al-Masri are one name each, of whoever has no other; Sarah Jones is two."""
    return len(text.split()) == 1


def _placed(given: list[str], family: list[str], whole: bool = False) -> Name:
    """Both fields as parts; one field that holds a full name is taken apart, unless it is one `whole` word."""
    if not (given and family) and not whole and (given or len(_family(family)) > 1):
        given, family = _taken_apart(given or family)
    if given and family and _other_way_round(given, family):
        given, family = family, given
    return _name(given, family)


def _name(given: list[str], family: list[str]) -> Name:
    if tables.FAMILY_FIRST.isdisjoint(family):
        return Name(_given(given), _family(family))
    return Name(_syllables(given), _family(family))


def _syllables(words: list[str]) -> tuple[str, ...]:
    """Ka Man Wong's name is Kaman, be she Amy besides; Thi and Van tell only a woman from a man."""
    apart = (
        [part for word in words for part in _without_filler(word)] if len(words) > 1 or words[:1] != ["VAN"] else words
    )
    filler = [w for w in apart if w in tables.VIETNAMESE_MIDDLE] if len(apart) > 1 else []
    own = [w for w in apart if w not in filler]
    western = [w for w in own[:1] if len(own) > 1 and (w in tables.NAMES_GIVEN or len(w) > _LONGEST_SYLLABLE)]
    rest = own[len(western) :]
    name = rest[:1] if rest and len(rest[0]) > _LONGEST_SYLLABLE else ["".join(rest[:2])] if rest else []
    more = rest[2:] if name and len(rest) > 1 and name != rest[:1] else rest[1:]
    return (*western, *name, *more, *filler)


def _without_filler(word: str) -> tuple[str, ...]:
    """Vanminh is Van Minh written in one."""
    front = next((f for f in tables.VIETNAMESE_MIDDLE if word.startswith(f) and len(word) > len(f) + 2), "")
    return (word[len(front) :], front) if front and word not in tables.NAMES_GIVEN else (word,)


def _taken_apart(words: list[str]) -> tuple[list[str], list[str]]:
    """A full name's given names and family name; one word is a given name."""
    if _family_first(words):
        return words[1:], words[:1]
    cut = _family_from(words)
    return (words[:cut], words[cut:]) if cut else (words, [])


def _family_from(words: list[str]) -> int:
    """Where the family name begins: at the last word, or at "van" or "de"."""
    begins = tables.JOIN_NEXT | tables.PARTICLES
    return next((i for i, word in enumerate(words) if i and word in begins), len(words) - 1)


def _family_first(words: list[str]) -> bool:
    """Wong Ka Man, Nguyen Thi Lan, and Shevchenko Olena Petrivna, whose last word is her father's name."""
    if len(words) < 2:
        return False
    return words[0] in tables.FAMILY_FIRST or (len(words) > 2 and _PATRONYMIC.search(words[-1]) is not None)


def _other_way_round(given: list[str], family: list[str]) -> bool:
    """Nobody's first name is only Kaur or Begum, or Nguyen: the fields were taken for each other."""
    last = (tables.LAST_ONLY, tables.FAMILY_FIRST)
    return any(only.issuperset(given) and only.isdisjoint(family) for only in last)


def _placed_text(text: str) -> Name:
    """A full name in one text, "Given Family"."""
    plain, _ = _aside(fold(text[:_TOO_LONG]))
    family, given = _at_comma("", plain)
    words = _kept(parts(given))
    if family:
        return _name(words, _kept(parts(family)))
    if _family_first(words):
        return _name(words[1:], words[:1])
    cut = _family_from(words)
    return _name(words[:cut], words[cut:]) if words else Name()


def _given(words: list[str]) -> tuple[str, ...]:
    kept = [w for w in words if w not in tables.DROPPED] or words
    if any(w.startswith(("ABD", "CABD")) or w in tables.JOIN_NEXT_GIVEN for w in kept):
        kept = [part for word in _joined(kept, tables.JOIN_NEXT_GIVEN) for part in servant(word)]
        kept = [ABDUL if w == "ABDI" and kept[i + 1 : i + 2] and is_god(kept[i + 1]) else w for i, w in enumerate(kept)]
    return tuple(kept)


def _family(words: list[str]) -> tuple[str, ...]:
    if len(words) < 2:
        return tuple(words)
    kept = [w for w in words[:-1] if w not in tables.DROPPED and w not in tables.PARTICLES] + words[-1:]
    return tuple(_joined(kept))


def _joined(words: list[str], joining: frozenset[str] = tables.JOIN_NEXT) -> list[str]:
    """ "MC DONALD" and "O BRIEN" are one part, as is "VAN DER BERG"."""
    done: list[str] = []
    before = ""
    for word in words:
        if word in joining and word is not words[-1]:
            before += word
        else:
            done.append(before + word)
            before = ""
    return done
