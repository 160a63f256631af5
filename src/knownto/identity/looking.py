"""One question's candidates: looked up and opened in one round trip to each database.

They are the records whose shared keys say most: the rarer each key and the more of them, the more. All are
opened, and those read as records and compared who are not ruled out by a name, a birthday and a postcode that leave
them no chance to be shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from json import JSONDecoder
from math import inf
from typing import NamedTuple
from uuid import UUID

from knownto.identity.cleaned import forms
from knownto.identity.ruling_out import Limits
from knownto.identity.scores import model
from knownto.identity.statements import numbers
from knownto.keyring import prepared
from knownto.linkage import Cleaned, Comparison, Reason, compare, compare_rest

ASKED = 0  # a question is no record, so it takes the id that no record has
MOST_OPENED = 64  # records, those whose shared keys are rarest
MOST_SHOWN = 10  # people

# Ids as bytes: a driver takes longer to make a UUID of them than to open what it names.
LOOK = """
SELECT c.record, c.common, uuid_send(m.person_id), uuid_send(k.key), k.version, k.sealed
FROM identity_candidates(%s::bigint[], %s::bigint[], %s::int, %s::int) AS c
LEFT JOIN identity_cleaned k ON k.record = c.record LEFT JOIN identity_member m ON m.record = c.record
"""


_decode = JSONDecoder().decode  # quicker than json.loads, which first looks for what the bytes are


@dataclass(frozen=True, slots=True)
class Compared:
    """A record that was compared, whose it is (None while nobody's yet), and how well it fits."""

    record: int
    person: UUID | None
    comparison: Comparison


@dataclass(slots=True)
class Looked:
    """What a question came to: how many of its keys were too common to follow, who was compared, the best first, how
    many were ruled out, and the records that could not be opened."""

    common: int = 0
    compared: list[Compared] = field(default_factory=list)
    ruled_out: int = 0
    unopened: list[int] = field(default_factory=list)


class Opened(NamedTuple):
    """A candidate's plain form, None where it cannot be opened; and the bytes of whose id it is."""

    record: int
    person: bytes | None
    form: bytes | None


def look(asked: Cleaned, tokens: Sequence[int], cap: int, *, every: bool = False) -> Looked:
    """Compare the question with whoever shares keys that at most `cap` records have; with `every`, rule nobody out."""
    found = prepared.ask("default", LOOK, numbers([ASKED] * len(tokens)), numbers(tokens), cap, MOST_OPENED)
    opened = _opened([row for row in found if row[0] is not None])
    looked = weigh(asked, [one for one in opened if one.form is not None], every=every)
    looked.common = sum(common for record, common, *_ in found if record is None)
    looked.unopened = [one.record for one in opened if one.form is None]
    return looked


def _opened(found: list[tuple]) -> list[Opened]:
    plain = forms([(record, key, version, sealed) for record, _, _, key, version, sealed in found])
    return [Opened(record, person, form) for (record, _, person, *_), form in zip(found, plain, strict=True)]


def weigh(asked: Cleaned, opened: list[Opened], *, every: bool = False) -> Looked:
    """The same of candidates that are opened already."""
    looked = Looked()
    if every:
        looked.compared = [_compared(asked, one, None) for one in opened]
    else:
        _compare_some(asked, opened, looked)
    looked.compared.sort(key=lambda one: (-one.comparison.bits, one.record))
    return looked


def _compare_some(asked: Cleaned, opened: list[Opened], looked: Looked) -> None:
    """Whoever is not ruled out, likeliest first, until the rest can no longer be among those who are shown; and of
    people who were compared and are not to be shown every record, since the one that fits best speaks for each."""
    limits = Limits(asked, model())
    limited = [(limits.of(one.form), one) for one in opened]
    likely = [pair for pair in limited if pair[0].most > -inf]
    likely.sort(key=lambda pair: (-pair[0].most, pair[1].record))
    best = _Best(shared=bool(asked.phones))
    for limit, one in likely:
        if best.beats(limit.most, one.record):
            break
        found = _compared(asked, one, limit.begun)
        looked.compared.append(found)
        best.add(found)
    unlikely = [pair for pair in limited if pair[0].most == -inf]
    met = best.below(model().shown)
    again = [(limit, one) for limit, one in unlikely if one.person in met]
    looked.compared += [_compared(asked, one, limit.begun) for limit, one in again]
    looked.ruled_out = len(limited) - len(looked.compared)


class _Best:
    """The people compared so far, each by the record that fits best."""

    def __init__(self, *, shared: bool) -> None:
        self._found: dict[bytes, tuple[float, int]] = {}  # bits, and the record's id turned round: the lower is first
        self._shared = shared  # a telephone that several are held with takes from each, and changes the order

    def add(self, found: Compared) -> None:
        if found.person:
            person, fits = found.person.bytes, (found.comparison.bits, -found.record)
            self._found[person] = max(fits, self._found.get(person, fits))

    def beats(self, most: float, record: int) -> bool:
        """Whether as many as are shown come before one of so many bits at the most, and the first is likely enough for
        it not to count how many more there are."""
        if self._shared or len(self._found) < MOST_SHOWN:
            return False
        shown = nlargest(MOST_SHOWN, self._found.values())
        return (most, -record) < shown[-1] and shown[0][0] >= model().possible

    def below(self, bits: float) -> set[bytes]:
        return {person for person, (best, _) in self._found.items() if best < bits}


def _compared(asked: Cleaned, one: Opened, begun: tuple[Reason, ...] | None) -> Compared:
    """`begun`: the reasons of names and birth, where they are known."""
    person, held = UUID(bytes=one.person) if one.person else None, Cleaned.from_json(_decode(one.form.decode()))
    if begun is None:
        return Compared(one.record, person, compare(asked, held, model()))
    return Compared(one.record, person, compare_rest(asked, held, model(), begun))
