"""A referral: what somebody tells the front door, as they tell it. Pure; JSON both ways, the filled fields only."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Self
from uuid import UUID

from knownto.linkage import Evidence

KINDS = ("child", "adult")
URGENCIES = ("red", "amber", "green")
CONSENT: Mapping[str, str] = {
    "agreed": "The family agrees",
    "told": "The family has been told",
    "not-sought": "Not sought yet",
    "unsafe": "It would not be safe to tell them",
}
SEEN: Mapping[str, str] = {"heard": "Seen and spoken to", "seen": "Seen, not spoken to", "not-seen": "Not seen"}
PARENTAL_RESPONSIBILITY: Mapping[str, str] = {"yes": "Yes", "no": "No", "not-known": "Not known"}
CAPACITY: Mapping[str, str] = {"yes": "Yes", "no": "No", "doubted": "There is doubt", "not-known": "Not known"}


class _Told:
    """What goes into JSON and comes back the same."""

    __slots__ = ()

    def to_json(self) -> dict[str, Any]:
        pairs = ((each.name, getattr(self, each.name)) for each in fields(self))  # type: ignore[arg-type]
        return {name: _plain(value) for name, value in pairs if value not in ("", None, (), {}, False)}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Raises TypeError for a field there is not, and ValueError for a day or an id that is none."""
        return cls(**{name: _READ.get(name, _same)(value) for name, value in found.items()})


@dataclass(frozen=True, slots=True)
class Factor(_Told):
    """Something of a parent or carer that touches the child (substance misuse, mental health...), and how it does.

    `code` is of `questions.toml`, `effect` the writer's words.
    """

    code: str
    effect: str = ""


@dataclass(frozen=True, slots=True)
class Child(_Told):
    """A child, as the writer knows them. Unborn: `evidence.unborn` with the expected date; unnamed: no names in it.

    `role` is subject, or sibling for one of the family whom the worry is not about. `seen` is a code of SEEN.
    `lived` maps a code of the AWARE prompt to words. `person` is the tracker's.
    """

    evidence: Evidence
    role: str = "subject"
    relation: str = ""  # to the first child: brother, cousin...
    school: str = ""
    language: str = ""
    seen: str = ""
    words: str = ""
    words_how: str = ""
    words_why_not: str = ""
    lived: Mapping[str, str] = field(default_factory=dict)
    impact: str = ""
    person: UUID | None = None

    @property
    def unnamed(self) -> bool:
        return not (self.evidence.family_name or self.evidence.given_names)

    @property
    def name(self) -> str:
        return _name(self.evidence)


@dataclass(frozen=True, slots=True)
class Adult(_Told):
    """An adult: a parent or carer, somebody of the household, a possible source of harm, or the adult at risk.

    `role` is parent, carer, household, source-of-harm or adult-at-risk. `views`, `outcome` and `capacity` are the
    adult's own, where the worry is about them (Making Safeguarding Personal); `capacity` a code of CAPACITY.
    """

    evidence: Evidence
    role: str = "parent"
    relation: str = ""
    parental_responsibility: str = ""
    lives_there: bool = False
    factors: tuple[Factor, ...] = ()
    views: str = ""
    outcome: str = ""
    capacity: str = ""
    capacity_why: str = ""
    person: UUID | None = None

    @property
    def name(self) -> str:
        return _name(self.evidence)


@dataclass(frozen=True, slots=True)
class BodyWornVideo(_Told):
    """Police only: was it on? The reference of the recording, never the recording; or why it was not."""

    on: bool = False
    reference: str = ""
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Referral(_Told):
    """The whole of it. `level_thought` is 1 to 4, None where the writer did not say."""

    kind: str = "child"
    urgency_asked: str = ""
    children: tuple[Child, ...] = ()
    adults: tuple[Adult, ...] = ()
    household_notes: str = ""
    what_happened: str = ""
    when: str = ""
    where: str = ""
    worries: str = ""
    strengths: str = ""
    consent: str = ""
    consent_why: str = ""
    wants: str = ""
    level_thought: int | None = None
    level_why: str = ""
    significant_harm: bool = False
    sexual_abuse: bool = False
    body_worn_video: BodyWornVideo | None = None
    police_reference: str = ""
    own_reference: str = ""  # the writer's agency's own number for it
    writer: str = ""  # who wrote it and how to reach them, for whoever reads it
    writer_phone: str = ""
    found_by: str = ""  # the search in the tracker that it was begun from
    before: str = ""  # what was considered and not referred before, that this comes of


def _name(evidence: Evidence) -> str:
    whole = f"{evidence.given_names} {evidence.family_name}".strip()
    return whole or ("Unborn child" if evidence.unborn else "Name not known")


def _same(value: Any) -> Any:
    return value


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, _Told | Evidence):
        return value.to_json()
    if isinstance(value, Mapping):
        return {name: each for name, each in value.items() if each}
    return str(value) if isinstance(value, UUID | date) else value


_READ: dict[str, Any] = {
    "evidence": Evidence.from_json,
    "person": UUID,
    "factors": lambda found: tuple(Factor.from_json(each) for each in found),
    "children": lambda found: tuple(Child.from_json(each) for each in found),
    "adults": lambda found: tuple(Adult.from_json(each) for each in found),
    "body_worn_video": BodyWornVideo.from_json,
}
