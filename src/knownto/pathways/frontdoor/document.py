"""The document that an agency's own record system is given: its shape, strictly, and the JSON Schema made from it.

What is described here is all that ever leaves as a copy: who told what, what was decided, in words; never what another
partner answered, and never why the hub decided beyond what it told the referrer.
"""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

VERSION = "1.0"
SCHEMA = "https://json-schema.org/draft/2020-12/schema"


class Said(BaseModel):
    """What is not described is not sent, and nothing is changed once it was made."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Coded(Said):
    """A code of ours, and what it means in words. Systems read the code, people the words."""

    code: str
    words: str


class Agency(Said):
    code: str = Field(description="The agency's code in Knownto.")
    name: str
    team: str = ""


class Address(Said):
    lines: list[str] = []
    postcode: str = ""
    uprn: str = Field("", description="Unique property reference number.")


class Person(Said):
    """Somebody as the writer knew them. Nothing was looked up or put right."""

    role: Literal["child", "parent", "carer", "sibling", "household", "source-of-harm", "adult-at-risk"]
    name: str = Field(description="As it is written: 'Unborn child' and 'Name not known' where there is none.")
    given_names: str = ""
    family_name: str = ""
    other_names: list[str] = []
    birth_date: date | None = None
    born_from: date | None = Field(None, description="With born_to: about when they were born, or are expected.")
    born_to: date | None = None
    unborn: bool = False
    sex: str = Field("", description="F, M, X or empty.")
    addresses: list[Address] = Field([], description="The present one first.")
    nhs_number: str = ""
    upn: str = Field("", description="Unique pupil number.")
    phones: list[str] = []
    emails: list[str] = []
    relation: str = Field("", description="To the first child.")


class Heading(Said):
    """Something said under a heading."""

    code: str
    heading: str
    words: str


class Child(Person):
    role: Literal["child"]
    school: str = ""
    language: str = Field("", description="First language.")
    seen: Coded | None = Field(None, description="Was the child seen, and spoken to?")
    own_words: str = Field("", description="The child's own words.")
    own_words_how: str = Field("", description="How they were heard.")
    own_words_why_not: str = Field("", description="Why there are none.")
    lived_experience: list[Heading] = Field([], description="What life is like for the child, by the AWARE prompt.")
    impact: str = Field("", description="What this does to the child.")


class Adult(Person):
    parental_responsibility: Coded | None = None
    lives_there: bool = False
    factors: list[Heading] = Field([], description="What of theirs touches the child, and how.")
    views: str = Field("", description="What the adult themselves says, where the worry is about them.")
    wanted_outcome: str = ""
    capacity: Coded | None = None
    capacity_why: str = ""


class BodyWornVideo(Said):
    on: bool = False
    reference: str = Field("", description="Of the recording. The recording itself is never here.")
    why_not: str = ""


class Referral(Said):
    """What the referrer wrote, whole."""

    sent_at: AwareDatetime
    about: Literal["child", "adult"]
    urgency_asked: str = Field("", description="red, amber, green, or empty.")
    children: list[Child] = []
    adults: list[Adult] = []
    household_notes: str = ""
    what_happened: str = ""
    when: str = ""
    where: str = ""
    worries: str = ""
    strengths: str = ""
    consent: Coded | None = Field(None, description="How the family stands to this being sent.")
    consent_why: str = ""
    wants: str = Field("", description="What the referrer wants to happen.")
    level_thought: Annotated[int, Field(ge=1, le=4)] | None = Field(None, description="Level of need, 1 to 4.")
    level_why: str = ""
    significant_harm: bool = False
    sexual_abuse: bool = False
    body_worn_video: BodyWornVideo | None = None
    police_reference: str = ""
    own_reference: str = Field("", description="The referring agency's own number.")
    writer: str = ""
    writer_phone: str = ""


class Outcome(Said):
    """What the referrer was told, in the words that they were told it."""

    told_at: AwareDatetime
    decision: Coded | None = None
    decided_at: AwareDatetime | None = None
    level: Annotated[int, Field(ge=1, le=4)] | None = Field(None, description="Level of need, 1 to 4, as decided.")
    words: str
    next: str = Field("", description="What happens next.")


class Seat(Said):
    """Somebody who was needed at a discussion, or welcome."""

    stands_for: str = Field(description="What they stand for: police, health, school...")
    agency: Agency
    required: bool
    came: bool
    sent_information: bool = False
    why_not: str = ""


class Minutes(Said):
    """What was said and decided at a discussion."""

    discussion: str = Field(description="What sort of discussion: strategy, conference...")
    held_at: AwareDatetime
    where: str = ""
    quorate: bool
    why_not_quorate: str = ""
    seats: list[Seat] = []
    sections: list[Heading] = []
    actions: list[Heading] = Field([], description="Agreed actions: who, what and by when.")


class Reference(Said):
    """What the work is called in a partner's own system."""

    system: str
    reference: str


class Document(Said):
    """One copy. `kind` says which of referral, outcome and minutes it is about; an outcome repeats its referral."""

    schema_version: Literal["1.0"]
    kind: Literal["referral", "outcome", "minutes"]
    marking: str = Field(description="How to handle it.")
    reference: str = Field(description="The work's reference in Knownto. Quote it when you ring.")
    pathway: Coded
    made_at: AwareDatetime
    from_agency: Agency = Field(description="Who raised it.")
    to_agency: Agency = Field(description="Whose record system this is for.")
    purpose: Coded
    basis: str = Field(description="The law under which it is shared.")
    provenance: str = Field(description="Where what is said here comes from.")
    handling: str = Field("", description="What must not be passed on, where a court or somebody's safety says so.")
    their_references: list[Reference] = []
    referral: Referral | None = None
    outcome: Outcome | None = None
    minutes: Minutes | None = None

    def to_json(self) -> dict[str, Any]:
        """The filled fields only, as the schema describes them; times with their zone."""
        return self.model_dump(mode="json", exclude_defaults=True)


def json_schema() -> dict[str, Any]:
    """The JSON Schema of the document, as partners are given it."""
    return {"$schema": SCHEMA, "$id": f"urn:knownto:copy:{VERSION}"} | Document.model_json_schema(mode="validation")
