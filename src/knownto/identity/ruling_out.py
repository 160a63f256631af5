"""The most that a candidate can come to, told without a comparison: most of those who share a common name were born
at another time, and need not be compared at all.

A bound, not a guess: nobody is ruled out whom the whole comparison would show, or who could tell on how others are
shown. Names and birth are compared as they always are, but once for all of a question's candidates that have the same;
of every other field the most that it can say is added. It is told from the sealed form's own text, which need not even
be read as a record: names, birth and postcodes stand in it as they are.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
from math import inf
from typing import NamedTuple

from knownto.linkage import Cleaned, Model, Reason, birth_reasons, name_reasons

# A form begins with the names (g, f, o) and then the birth (b, bf, bt), where it has them: see `Cleaned.to_json`.
AFTER_NAMES = re.compile(rb'"(?!(?:g|f|o)")[a-z]+":')
BIRTH = re.compile(rb'(?:"(?:b|bf|bt)":\d+,?)*')
BORN = b'"b":'
BABY = b'"bb":'  # an unnamed baby's names are compared by rules of their own
PLACES = b'"p":['
POSTCODE = re.compile(rb'"p":\[\["[a-z]*","[^"]*","[^"]*","[^"]')  # its current address has one
WITHOUT_NUMBER = ("postcode", "communal", "outcode")  # all that a postcode alone can come to
NUMBERS = ("nhs_number", "upn", "pnc")
BY_NAME = frozenset(("family", "given", "birth", "together", "middle"))
SAYS_WHO = frozenset(("family", "given", "birth"))


class Said(NamedTuple):
    """What names or a birth say: bits, how many facts agree, how many speak against somebody's being meant, why."""

    bits: float  # in a comparison's own order of adding, so that a limit is not a last digit too low
    agreed: int
    against: int
    reasons: tuple[Reason, ...]


def _said(reasons: Iterable[Reason], before: float = 0.0) -> Said:
    total, agreed, against, told = before, 0, 0, tuple(reasons)
    for reason in told:
        total += reason.bits
        if reason.field in SAYS_WHO:
            agreed, against = agreed + (reason.bits > 0), against + (reason.bits < 0)
    return Said(total, agreed, against, told)


class Limit(NamedTuple):
    """The most bits of a candidate: infinite where nothing can be told, minus infinite where it is ruled out. What was
    said of the names and the birth so far; nothing where they are compared by rules of their own."""

    most: float
    begun: tuple[Reason, ...] | None


@dataclass(slots=True)
class Limits:
    """One question's limits, and what was said already of the names and births of its candidates."""

    asked: Cleaned
    model: Model
    enough: float = 0.0  # bits below which nobody is shown, or is another's rival
    rest: float = 0.0  # the most of what is not looked at
    same_place: float = 0.0
    outcode: float = 0.0
    elsewhere: float = 0.0
    shared: tuple[bytes, ...] = ()  # numbers, telephones and addresses of e-mail: whoever has one is always compared
    postcodes: tuple[bytes, ...] = ()
    outcodes: tuple[bytes, ...] = ()
    names: dict[bytes, Said] = field(default_factory=dict)
    births: dict[bytes, Said] = field(default_factory=dict)

    def __post_init__(self) -> None:
        asked, model = self.asked, self.model
        self.enough = min(model.shown, model.possible, model.join - model.margin)
        self.rest = _rest(asked, model)
        self.shared = tuple(map(_text, (*(n for n in map(partial(getattr, asked), NUMBERS) if n), *asked.phones)))
        self.shared += tuple(map(_text, asked.emails))
        self._ready_places()

    def _ready_places(self) -> None:
        places, levels = self.asked.places, self.model.levels["place"]
        self.outcode, self.same_place = max(0.0, levels["outcode"].bits), max(at.bits for at in levels.values())
        self.elsewhere = levels["different"].bits if self.asked.postcodes else 0.0
        if not any(p.number or p.uprn for p in places):
            self.same_place = max(levels[name].bits for name in WITHOUT_NUMBER)
        # An address without a postcode may be anybody's as far as can be told here: every form with one has this mark.
        self.postcodes = tuple(_text(p.postcode) if p.postcode else PLACES for p in places)
        self.postcodes += tuple(_text(p.uprn) for p in places if p.uprn)
        self.outcodes = tuple(_text(p.outcode)[:-1] for p in places if p.postcode)

    def of(self, form: bytes) -> Limit:
        """The limit of a plain form, as it is sealed."""
        if BABY in form or self.asked.facts:
            return Limit(inf, None)
        names, birth = self._names_and_birth(form)
        begun = names.reasons + birth.reasons
        for mark in self.shared:
            if mark in form:
                return Limit(inf, begun)
        most = names.bits + birth.bits + self.rest + self._place(form)
        if most >= self.enough:
            return Limit(most, begun)
        # Of that name and birth: nobody may be told that nothing is known of such a question.
        fits = names.agreed + birth.agreed > 1 and not (names.against or birth.against)
        return Limit(most if fits else -inf, begun)

    def _names_and_birth(self, form: bytes) -> tuple[Said, Said]:
        at = form.find(BORN)
        if at < 0:
            found = AFTER_NAMES.search(form)
            at = found.start() if found else len(form)
        names, births = form[:at], BIRTH.match(form, at)[0]
        return self.names.get(names) or self._of_names(names), self.births.get(births) or self._of_birth(births)

    def _place(self, form: bytes) -> float:
        """The most that the place can say of this form."""
        for code in self.postcodes:
            if code in form:
                return self.same_place
        for code in self.outcodes:
            if code in form:
                return self.outcode
        if not self.elsewhere:
            return 0.0
        return self.elsewhere if POSTCODE.search(form) else max(0.0, self.elsewhere)

    def _of_names(self, text: bytes) -> Said:
        said = self.names[text] = _said(name_reasons(self.asked, _read(text), self.model), self.model.prior)
        return said

    def _of_birth(self, text: bytes) -> Said:
        told = birth_reasons(self.asked, _born(text), self.model)
        bits = told[0].bits if told else 0.0
        said = self.births[text] = Said(bits, bits > 0, bits < 0, tuple(told))
        return said


def _rest(asked: Cleaned, model: Model) -> float:
    """The most that is said by fields that nobody looks at here; of numbers and contacts only what differs is."""
    apart = {*BY_NAME, *NUMBERS, "place", "contact", *model.facts} | (set() if asked.told_sex else {"sex"})
    most = sum(_most(name, model) for name in model.levels if name not in apart)
    return most + sum(max(0.0, model.levels[name]["different"].bits) for name in (*NUMBERS, "contact"))


def _most(name: str, model: Model) -> float:
    """A level that counts rarity says no limit here, and then nobody is ruled out."""
    return max(0.0, *(inf if at.rarity else at.bits for at in model.levels[name].values()))


def _text(value: str) -> bytes:
    """A value as it stands in a form."""
    return json.dumps(value, ensure_ascii=False).encode()


@lru_cache(maxsize=32768)
def _born(text: bytes) -> Cleaned:
    """A birthday by itself, which thousands share: most are met again within minutes."""
    if text.startswith(BORN):
        return Cleaned(birth=int(text[len(BORN) :].rstrip(b",")))
    return _read(b"{" + text)


_decode = json.JSONDecoder().decode


def _read(part: bytes) -> Cleaned:
    """The record that would have this much of a form and nothing else."""
    return Cleaned.from_json(_decode(part.rstrip(b",}").decode() + "}"))
