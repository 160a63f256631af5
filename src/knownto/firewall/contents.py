"""What a protection holds, sealed; and the blind keys that are made of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from knownto.firewall import phrases, slips
from knownto.firewall.models import Mark, What
from knownto.keyring import acts as keyring
from knownto.linkage import Address, Evidence, clean, keys, query_keys

Marks = set[tuple[str, int]]
EVERYTHING = frozenset(What.values)


@dataclass(frozen=True)
class Subject:
    """Somebody who is protected: who they are (with every address and number that leads to them), and where they go."""

    evidence: Evidence
    schools: tuple[str, ...] = ()
    surgeries: tuple[str, ...] = ()
    places: tuple[str, ...] = ()  # anything else that leads to them: a refuge, a nursery, a place of work

    @property
    def name(self) -> str:
        return f"{self.evidence.given_names} {self.evidence.family_name}".strip() or "Name not known"

    def to_json(self) -> dict[str, Any]:
        lists = {name: list(getattr(self, name)) for name in ("schools", "surgeries", "places")}
        return {"evidence": self.evidence.to_json()} | lists

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        lists = {name: tuple(plain.get(name, ())) for name in ("schools", "surgeries", "places")}
        return cls(Evidence.from_json(plain["evidence"]), **lists)


@dataclass(frozen=True)
class Protected:
    """All that is sealed of a protection. `whom`: the people it is kept from, where it is people. `why`: its reason;
    `authority`: the order or law, its court and number.
    """

    subjects: tuple[Subject, ...]
    what: frozenset[str] = EVERYTHING
    whom: tuple[Evidence, ...] = ()
    why: str = ""
    authority: str = ""
    names: tuple[str, ...] = field(default=())  # other names that they use, as workers

    def to_json(self) -> dict[str, Any]:
        return {
            "subjects": [each.to_json() for each in self.subjects],
            "what": sorted(self.what),
            "whom": [each.to_json() for each in self.whom],
            "why": self.why,
            "authority": self.authority,
            "names": list(self.names),
        }

    @classmethod
    def from_json(cls, plain: Mapping[str, Any]) -> Self:
        return cls(
            tuple(Subject.from_json(each) for each in plain["subjects"]),
            frozenset(plain["what"]),
            tuple(Evidence.from_json(each) for each in plain.get("whom", ())),
            plain.get("why", ""),
            plain.get("authority", ""),
            tuple(plain.get("names", ())),
        )

    @property
    def whom_names(self) -> tuple[str, ...]:
        return tuple(filter(None, (f"{each.given_names} {each.family_name}".strip() for each in self.whom)))


def marks(protected: Protected) -> Marks:
    """Every blind key of it."""
    said = [each for subject in protected.subjects for each in phrases_of(subject, protected.what)]
    loose = {each for subject in protected.subjects for each in loosely(subject, protected.what)}
    firsts = {each.split(" ")[0] for each in said} | slips.where_to_look(loose)
    found = {
        (Mark.Kind.PHRASE.value, each) for each in (*keyed("phrase", said).values(), *keyed("loose", loose).values())
    }
    found |= {(Mark.Kind.FIRST.value, each) for each in keyed("first", firsts).values()}
    found |= {(Mark.Kind.SUBJECT.value, each) for one in protected.subjects for each in held_under(one.evidence)}
    found |= {(Mark.Kind.RECIPIENT.value, each) for whom in protected.whom for each in held_under(whom)}
    names = (*protected.whom_names, *(name for whom in protected.whom for name in whom.other_names), *protected.names)
    found |= {(Mark.Kind.NAMESAKE.value, each) for name in names if (each := of_name(name)) is not None}
    return found


def phrases_of(subject: Subject, what: Iterable[str] = EVERYTHING) -> Iterator[str]:
    """Every phrase and code that would lead to them, of the kinds that are kept back."""
    evidence, kept = subject.evidence, frozenset(what)
    for address in evidence.addresses if What.ADDRESS in kept else ():
        yield from of_address(address)
    yield from (each for name in _places(subject, kept) for each in phrases.of_place(name))
    if What.PHONE in kept:
        yield from of_contact(evidence)


def loosely(subject: Subject, what: Iterable[str] = EVERYTHING) -> Iterator[str]:
    """What in a sentence would lead to them although it is not written so: a slip, a road without its number."""
    kept = frozenset(what)
    for address in subject.evidence.addresses if What.ADDRESS in kept else ():
        yield from slips.of_road(address.lines)
    yield from (each for name in _places(subject, kept) for each in slips.of_place(name))


def _places(subject: Subject, kept: frozenset[str]) -> Iterator[str]:
    named = ((What.ADDRESS, subject.places), (What.SCHOOL, subject.schools), (What.SURGERY, subject.surgeries))
    yield from (name for kind, names in named if kind in kept for name in names)


def of_address(address: Address) -> Iterator[str]:
    yield from phrases.of_address(address.lines)
    yield from filter(None, (phrases.code_of(address.postcode), phrases.code_of(address.uprn)))


def of_contact(evidence: Evidence) -> Iterator[str]:
    yield from filter(None, (phrases.code_of(each) for each in evidence.phones))
    for each in evidence.emails:
        said = " ".join(word.plain for word in phrases.words(each)[: phrases.LONGEST])
        yield from [said] if " " in said else []


def keyed(kind: str, said: Iterable[str]) -> dict[str, int]:
    """The blind key of each of those, in one ask. `kind`: a "phrase"; one that is "loose" (apart from what is written
    as it is, which also ties people to each other); the "first" word of one, or another beside which to look.
    """
    once = list(dict.fromkeys(said))
    return dict(zip(once, keyring.tokens((f"firewall-{kind}", each) for each in once), strict=True))


def of_name(name: str) -> int | None:
    """A name whichever way round it is written, without titles; None where it is no name."""
    said = sorted(word.raw for word in phrases.words(name) if len(word.raw) > 1)
    return keyring.token("firewall-name", " ".join(said)) if len(said) > 1 else None


def held_under(evidence: Evidence) -> list[int]:
    """The keys under which somebody is held. Apart from the tracker's own: one index is not the other."""
    return keyring.tokens((f"firewall-{kind}", value) for kind, value in dict.fromkeys(keys(clean(evidence))))


def asked_by(evidence: Evidence) -> list[int]:
    """The keys by which somebody is asked for."""
    return keyring.tokens((f"firewall-{kind}", value) for kind, value in dict.fromkeys(query_keys(clean(evidence))))
