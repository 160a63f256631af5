"""A referral as a partner's own system sends it: strictly this shape, and what is answered."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from knownto.linkage import Address, Evidence
from knownto.pathways.frontdoor import questions
from knownto.pathways.frontdoor.referral import Adult, BodyWornVideo, Child, Factor, Referral
from knownto.pathways.frontdoor.writing import AROUND

STRICT = ConfigDict(extra="forbid", strict=True)


def _day(said: str) -> str:
    """A day of the calendar, between the last two centuries and the next."""
    if not date(1900, 1, 1) <= date.fromisoformat(said) <= date(2100, 1, 1):
        raise ValueError("no such day")
    return said


def _part(said: str) -> str:
    if said not in {part.code for part in questions.aware()}:
        raise ValueError("no such part")
    return said


def _factor(said: str) -> str:
    if said not in {factor.code for factor in questions.factors()}:
        raise ValueError("no such factor")
    return said


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
Name = Annotated[str, StringConstraints(max_length=100, strip_whitespace=True)]
Line = Annotated[str, StringConstraints(max_length=300, strip_whitespace=True)]
Words = Annotated[str, StringConstraints(max_length=8000, strip_whitespace=True)]
Number = Annotated[str, StringConstraints(max_length=30, strip_whitespace=True)]


class Who(Schema):
    """Somebody, as far as they are known. For an age alone, give the days between which they were born."""

    model_config = STRICT

    given_names: Name = ""
    family_name: Name = ""
    other_names: Annotated[list[Name], Field(max_length=10)] = []
    birth_date: Day | None = None
    born_from: Day | None = None
    born_to: Day | None = None
    sex: Literal["F", "M", ""] = ""
    address_lines: Annotated[list[Line], Field(max_length=5)] = []
    postcode: Number = ""
    nhs_number: Number = ""
    phone: Number = ""


class LivedPart(Schema):
    """One part of the AWARE prompt, by its code."""

    model_config = STRICT

    part: Annotated[str, AfterValidator(_part)]
    words: Words


class TheChild(Who):
    """A child. `expected_birth_date` for one who is not born yet. `worry`: is it about this child too?"""

    expected_birth_date: Day | None = None
    worry: bool = True
    relation: Line = ""
    school: Line = ""
    language: Line = ""
    seen: Literal["heard", "seen", "not-seen", ""] = ""
    words: Words = ""
    words_how: Line = ""
    words_why_not: Line = ""
    lived: Annotated[list[LivedPart], Field(max_length=10)] = []
    impact: Words = ""


class TheFactor(Schema):
    """Something of an adult that touches the child, and how."""

    model_config = STRICT

    factor: Annotated[str, AfterValidator(_factor)]
    effect: Words = ""


class TheAdult(Who):
    """An adult: a parent, somebody of the household, or the adult at risk whom it is about."""

    role: Literal["parent", "carer", "household", "source-of-harm", "adult-at-risk"] = "parent"
    relation: Line = ""
    parental_responsibility: Literal["yes", "no", "not-known", ""] = ""
    lives_there: bool = False
    factors: Annotated[list[TheFactor], Field(max_length=20)] = []
    views: Words = ""
    outcome: Words = ""
    capacity: Literal["yes", "no", "doubted", "not-known", ""] = ""
    capacity_why: Words = ""


class Video(Schema):
    """Body-worn video: the reference only, never the recording."""

    model_config = STRICT

    on: bool
    reference: Line = ""
    why_not: Line = ""


class TheReferral(Schema):
    """A referral. `team` is the code of the sender's own team that wrote it; `own_reference` the sender's number."""

    model_config = STRICT

    kind: Literal["child", "adult"]
    urgency: Literal["red", "amber", "green", ""] = ""
    children: Annotated[list[TheChild], Field(max_length=20)] = []
    adults: Annotated[list[TheAdult], Field(max_length=20)] = []
    what_happened: Annotated[str, StringConstraints(min_length=1, max_length=8000, strip_whitespace=True)]
    when: Line = ""
    where: Line = ""
    worries: Words = ""
    strengths: Words = ""
    household_notes: Words = ""
    consent: Literal["agreed", "told", "not-sought", "unsafe", ""] = ""
    consent_why: Words = ""
    wants: Words = ""
    level_thought: Annotated[int, Field(ge=1, le=4)] | None = None
    level_why: Words = ""
    significant_harm: bool = False
    sexual_abuse: bool = False
    body_worn_video: Video | None = None
    police_reference: Line = ""
    own_reference: Line = ""
    writer: Name = ""
    writer_phone: Number = ""
    team: Annotated[str, StringConstraints(max_length=40)] = ""


class Receipt(Schema):
    """It is stored. `again`: it had been, and nothing was done a second time."""

    reference: str
    received_at: datetime
    again: bool


class Standing(Schema):
    """Where one of your own referrals stands. `outcome` is there once it has been told."""

    reference: str
    received_at: datetime
    stands: str
    open: bool
    decision_due: datetime | None
    outcome: str


class WrongField(Schema):
    """What must be put right, and why. What you sent is not repeated."""

    field: str
    because: str


class WrongFields(Schema):
    """Why it was not taken."""

    code: str
    because: str
    fields: list[WrongField]


def referral_of(told: TheReferral) -> Referral:
    """The referral that a system told."""
    same = told.model_dump(exclude={"urgency", "children", "adults", "body_worn_video", "team"})
    video = told.body_worn_video
    return Referral(
        **same,
        urgency_asked=told.urgency,
        children=tuple(map(_child, told.children)),
        adults=tuple(map(_adult, told.adults)),
        body_worn_video=BodyWornVideo(video.on, video.reference, video.why_not) if video else None,
    )


def _child(told: TheChild) -> Child:
    plain = ("relation", "school", "language", "seen", "words", "words_how", "words_why_not", "impact")
    return Child(
        _evidence(told, told.expected_birth_date),
        role="subject" if told.worry else "sibling",
        lived={each.part: each.words for each in told.lived},
        **{name: getattr(told, name) for name in plain},
    )


def _adult(told: TheAdult) -> Adult:
    plain = ("role", "relation", "parental_responsibility", "lives_there", "views", "outcome", "capacity",
             "capacity_why")  # fmt: skip
    factors = tuple(Factor(each.factor, each.effect) for each in told.factors)
    return Adult(_evidence(told), factors=factors, **{name: getattr(told, name) for name in plain})


def _evidence(told: Who, expected: str | None = None) -> Evidence:
    where = Address(tuple(told.address_lines), told.postcode)
    days = {name: date.fromisoformat(said) for name, said in _days(told) if said}
    if expected:
        born = date.fromisoformat(expected)
        days = {"born_from": born - AROUND, "born_to": born + AROUND}
    return Evidence(
        family_name=told.family_name,
        given_names=told.given_names,
        other_names=tuple(told.other_names),
        unborn=bool(expected),
        sex=told.sex,
        addresses=(where,) if where != Address() else (),
        nhs_number=told.nhs_number,
        phones=(told.phone,) if told.phone else (),
        **days,
    )


def _days(told: Who) -> Iterator[tuple[str, str | None]]:
    yield from (("birth_date", told.birth_date), ("born_from", told.born_from), ("born_to", told.born_to))


__all__ = ["Receipt", "Standing", "TheReferral", "WrongField", "WrongFields", "referral_of"]
