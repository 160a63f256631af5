"""Two records beside each other, as a reviewer sees them: what each says, where they agree, and why in words.

Only who somebody is and who lives with them: never why an agency knows them, nor how often.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from knownto import linkage
from knownto.face.times import long_date
from knownto.firewall.audiences import Audience
from knownto.firewall.checks import Whom, clear, hidden
from knownto.identity import reads
from knownto.identity.answers import HeldRecord, HouseholdMember, KnownPerson
from knownto.identity.harm import probability
from knownto.identity.scores import model

SEXES = {"F": "Female", "M": "Male", "X": "Indeterminate"}
# What a mark means is said beside it, so that nobody needs to know the marks, or see colours.
SAME, ALIKE, DIFFERENT, ONE_SIDE, SAYS_LITTLE = "same", "alike", "different", "one-side", "says-little"
MARKS = {
    SAME: ("=", "Same"),
    ALIKE: ("≈", "Alike"),
    DIFFERENT: ("≠", "Different"),
    ONE_SIDE: ("○", "On one record only"),
    SAYS_LITTLE: ("·", "Says little"),
}
STRENGTHS = ((10.0, "Very strong"), (5.0, "Strong"), (2.0, "Some"), (0.0, "Weak"))
LEADS_THERE = frozenset({"place", "contact", "together", "rule"})  # what says where somebody is
MOST_TIMES = 1_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of fact: what each record says of it, and how they compare (a code of MARKS)."""

    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    verdict: str

    @property
    def mark(self) -> str:
        return MARKS[self.verdict][0]

    @property
    def said(self) -> str:
        return MARKS[self.verdict][1]


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reason: the sentence, how strong it is in words, and how many times likelier it makes one of the answers."""

    sentence: str
    strength: str
    times: str


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody who lives with one of them. `both`: with both, which says much."""

    name: str
    born: str
    why: str
    both: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two. `others` are the agencies of the rest of the person's records, whose person it is now."""

    record: int
    agency: str
    person: UUID | None
    others: tuple[str, ...]
    near: tuple[Near, ...]


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Both, with how likely the model thinks it that they are one person, in a hundred."""

    left: Side
    right: Side
    rows: tuple[Row, ...]
    against: tuple[Weighed, ...]
    in_favour: tuple[Weighed, ...]
    in_a_hundred: str
    together: bool
    warning: str = ""


def side_by_side(low: int, high: int, names: dict[str, str], reader: Audience) -> SideBySide | None:
    """Both records, opened; None when one of them cannot be. Inside rows that an audited act has opened."""
    person_of = reads.people_of((low, high))
    known = reads.people(set(person_of.values()))
    records = {record.id: record for each in known.values() for record in each.records}
    if low not in records or high not in records:
        return None
    found = linkage.compare(records[low].cleaned, records[high].cleaned, model())
    sides = [_side(records[i], person_of, known, names) for i in (low, high)]
    cleared = clear([Whom(records[i].evidence) for i in (low, high)], reader)
    hides = frozenset[str]().union(*(each.hides for each in cleared))
    shown = [replace(records[i], evidence=hidden(records[i].evidence, hides)) for i in (low, high)]
    told = [reason for reason in found.reasons if not (hides and reason.field in LEADS_THERE)]
    reasons = sorted(told, key=lambda reason: -abs(reason.bits))
    low_side, high_side = _near(sides, person_of, known)
    if hides:  # who lives with them says where that is
        low_side, high_side = replace(low_side, near=()), replace(high_side, near=())
    return SideBySide(
        low_side,
        high_side,
        rows=_rows(*shown, found.reasons),
        warning=next((each.warning for each in cleared if each.warning), ""),
        against=tuple(_weighed(r) for r in reasons if r.bits < 0 or r.field == "rule"),
        in_favour=tuple(_weighed(r) for r in reasons if r.bits > 0),
        in_a_hundred=in_a_hundred(found.bits),
        together=person_of.get(low) == person_of.get(high),
    )


def _side(
    record: HeldRecord, person_of: dict[int, UUID], known: dict[UUID, KnownPerson], names: dict[str, str]
) -> Side:
    person = person_of.get(record.id)
    rest = known[person].records if person in known else ()
    others = tuple(names.get(each.agency, each.agency) for each in rest if each.id != record.id)
    return Side(record.id, names.get(record.agency, record.agency), person, others, ())


def _near(sides: Sequence[Side], person_of: dict[int, UUID], known: dict[UUID, KnownPerson]) -> tuple[Side, Side]:
    """Who lives with each, by the households of the people they are of now."""
    people = [side.person for side in sides]
    living = {person: reads.household(person) for person in dict.fromkeys(people) if person}
    wanted = {member.person for found in living.values() for member in found}
    opened = known | reads.people(wanted - known.keys())
    left, right = (_with(side, living, opened) for side in sides)
    return left, right


def _with(side: Side, living: dict[UUID, tuple[HouseholdMember, ...]], opened: dict[UUID, KnownPerson]) -> Side:
    elsewhere = {m.person for person, found in living.items() if person != side.person for m in found}
    mine = living.get(side.person, ()) if side.person else ()
    shown = [m for m in mine if m.person in opened and m.person not in living]  # that they live together is seen
    near = tuple(_one_near(m, opened[m.person], m.person in elsewhere) for m in shown)
    return Side(side.record, side.agency, side.person, side.others, near)


def _one_near(member: HouseholdMember, known: KnownPerson, both: bool) -> Near:
    first = known.records[0].evidence
    why = ", ".join(reason.sentence.lower() for reason in member.reasons)
    return Near(_name(first) or "Name not held", _birth(first), why, both)


def _name(evidence: linkage.Evidence) -> str:
    return f"{evidence.given_names} {evidence.family_name}".strip()


def _birth(evidence: linkage.Evidence) -> str:
    if evidence.birth_date:
        return long_date(evidence.birth_date)
    if evidence.born_from and evidence.born_to:
        between = f"{long_date(evidence.born_from)} to {long_date(evidence.born_to)}"
        return f"Expected {between}" if evidence.unborn else f"Between {between}"
    return ""


def _address(address: linkage.Address) -> str:
    return ", ".join((*address.lines, address.postcode)) + (f" (property {address.uprn})" if address.uprn else "")


Read = Callable[[linkage.Evidence], Iterable[str]]
# What is shown, in the order in which people look, and the engine's fields by which it is compared.
SHOWN: tuple[tuple[str, Read, frozenset[str]], ...] = (
    ("Name", lambda e: [_name(e)], frozenset({"family", "given", "middle", "together"})),
    ("Other names", lambda e: e.other_names, frozenset()),
    ("Date of birth", lambda e: [_birth(e)], frozenset({"birth"})),
    ("Sex", lambda e: [SEXES.get(e.sex, e.sex)], frozenset({"sex"})),
    ("Address now", lambda e: [_address(a) for a in e.addresses[:1]], frozenset({"place"})),
    ("Addresses before", lambda e: [_address(a) for a in e.addresses[1:]], frozenset()),
    ("NHS number", lambda e: [e.nhs_number], frozenset({"nhs_number"})),
    ("Pupil number", lambda e: [e.upn], frozenset({"upn"})),
    ("Police number", lambda e: [e.pnc], frozenset({"pnc"})),
    ("Phone and e-mail", lambda e: (*e.phones, *e.emails), frozenset({"contact"})),
)


def _rows(low: HeldRecord, high: HeldRecord, reasons: Sequence[linkage.Reason]) -> tuple[Row, ...]:
    found = []
    for label, read, fields in SHOWN:
        left, right = (tuple(filter(None, read(each.evidence))) for each in (low, high))
        if left or right:
            bits = [r.bits for r in reasons if r.field in fields]
            found.append(Row(label, left, right, _verdict(left, right, bits)))
    return tuple(found)


def _verdict(left: tuple[str, ...], right: tuple[str, ...], bits: Sequence[float]) -> str:
    if not left or not right:
        return ONE_SIDE
    mine, theirs = ({one.casefold().strip() for one in side} for side in (left, right))
    if mine == theirs:
        return SAME
    if bits:
        return ALIKE if sum(bits) > 0 else DIFFERENT if min(bits) < 0 else SAYS_LITTLE
    return ALIKE if mine & theirs else DIFFERENT


def _weighed(reason: linkage.Reason) -> Weighed:
    if reason.field == "rule":
        return Weighed(reason.sentence, "A rule", "However much else agrees, a person decides")
    strength = next(word for least, word in STRENGTHS if abs(reason.bits) >= least)
    whom = "one person" if reason.bits > 0 else "two people"
    return Weighed(reason.sentence, strength, f"{_times(abs(reason.bits))} likelier for {whom}")


def _times(bits: float) -> str:
    """2 to the power of bits, as people say it: two figures that count."""
    times = min(2.0**bits, MOST_TIMES)
    if times < 10:
        return f"{times:.1f} times"
    size = 10 ** (len(str(int(times))) - 2)
    more = "more than " if times >= MOST_TIMES else ""
    return f"{more}{round(times / size) * size:,} times"


def in_a_hundred(bits: float) -> str:
    """Of a hundred such pairs, how many are one person."""
    share = 100 * probability(bits)
    if share < 1:
        return "fewer than 1 in 100"
    return "more than 99 in 100" if share > 99 else f"{share:.0f} in 100"
