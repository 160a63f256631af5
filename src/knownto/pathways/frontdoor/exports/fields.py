"""What of ours can be exported: each field's name, and what it holds. A mapping names these and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """`codes`: its value is one of a list of ours, which a mapping should turn into theirs.

    `only`: in contacts that the agency "decided", or "referred", and in no others; "" in either.
    """

    words: str
    codes: tuple[str, ...] = ()
    only: str = ""


URGENCIES = ("red", "amber", "green")
DECISIONS = (
    "no-further-action", "advice", "early-help", "assessment", "strategy", "route", "join", "enquire",
)  # fmt: skip
YES = ("yes",)
LEVELS = ("1", "2", "3", "4")

FIELDS: Mapping[str, Field] = {
    "reference": Field("Reference in Knownto"),
    "their_reference": Field("Reference in the agency's own system"),
    "received_on": Field("Day received"),
    "received_at": Field("Time received"),
    "kind": Field("About a child or an adult", ("child", "adult")),
    "referred_by": Field("Agency that referred"),
    "referred_by_team": Field("Team that referred"),
    "writer": Field("Who wrote it"),
    "writer_phone": Field("Their telephone"),
    "urgency": Field("Urgency", URGENCIES),
    "role": Field("What the person is to the contact", ("child", "adult-at-risk")),
    "family_name": Field("Family name"),
    "given_names": Field("Given names"),
    "other_names": Field("Other names"),
    "born": Field("Date of birth"),
    "expected": Field("Expected date of birth"),
    "sex": Field("Sex", ("F", "M", "X")),
    "address": Field("Address"),
    "postcode": Field("Postcode"),
    "uprn": Field("Unique property reference number"),
    "nhs_number": Field("NHS number"),
    "upn": Field("Unique pupil number"),
    "phone": Field("Telephone"),
    "email": Field("Email"),
    "school": Field("School or nursery"),
    "language": Field("First language"),
    "adults": Field("Parents, carers and others"),
    "what_happened": Field("What happened"),
    "when": Field("When"),
    "where": Field("Where"),
    "worries": Field("Worries"),
    "strengths": Field("What is going well"),
    "child_words": Field("The child's own words"),
    "child_words_how": Field("How they were heard, or why there are none"),
    "lived": Field("The child's lived experience"),
    "impact": Field("What this does to the child"),
    "seen": Field("Was the child seen?", ("heard", "seen", "not-seen")),
    "consent": Field("How the family stands", ("agreed", "told", "not-sought", "unsafe")),
    "consent_why": Field("Why"),
    "wants": Field("What the referrer wants"),
    "level_thought": Field("Level of need, as the referrer thinks", LEVELS),
    "significant_harm": Field("Significant harm suspected", YES),
    "sexual_abuse": Field("Sexual abuse suspected", YES),
    "body_worn_video": Field("Body-worn video"),
    "police_reference": Field("Police reference"),
    "own_reference": Field("The referrer's own number"),
    "decision": Field("Decision", DECISIONS),
    "level": Field("Level of need, as decided", LEVELS),
    "decided_on": Field("Day decided"),
    "decided_by": Field("Who decided", only="decided"),
    "rationale": Field("Reasons for the decision", only="decided"),
    "outcome": Field("What the referrer was told"),
    "told_on": Field("Day told"),
    "supervised_on": Field("Day a supervisor looked at it", only="referred"),
    "supervised_by": Field("Who looked at it", only="referred"),
    "supervision_marks": Field("How good it was, by what is looked at", only="referred"),
    "supervision_note": Field("What the supervisor said", only="referred"),
}
