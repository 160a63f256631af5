"""Why somebody may ask, and the law that lets them. Text is the product's own; the law is named, not quoted.

Whether a duty needs the family to be told or to agree follows *AB v Haringey* [2013] EWHC 416 (Admin): below
section 47, partners are not asked until the family knows, or somebody has recorded why not.
"""

from dataclasses import dataclass

PUBLIC_TASK = "UK GDPR article 6(1)(e)"
SAFEGUARDING = "article 9(2)(g) with Data Protection Act 2018, Schedule 1, paragraph 18"


@dataclass(frozen=True)
class Purpose:
    """A reason that the law recognises. `family_must_know` asks how the family stands before the search runs."""

    code: str
    name: str
    hint: str
    basis: str
    family_must_know: bool = False


PURPOSES: dict[str, Purpose] = {
    p.code: p
    for p in (
        Purpose(
            "child-concern",
            "A worry about a child has reached us",
            "Deciding what to do about a contact or referral.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; Children Act 2004, sections 10 and 11",
        ),
        Purpose(
            "section-47",
            "Section 47 enquiry or strategy discussion",
            "There is reasonable cause to suspect significant harm.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; Children Act 1989, section 47",
        ),
        Purpose(
            "section-17",
            "Assessment of a child in need",
            "The family knows or agrees, or it is recorded why not.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; Children Act 1989, section 17",
            family_must_know=True,
        ),
        Purpose(
            "early-help",
            "Early help",
            "The family knows or agrees, or it is recorded why not.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; Children Act 2004, section 10",
            family_must_know=True,
        ),
        Purpose(
            "adult-concern",
            "A worry about an adult with care and support needs",
            "Deciding whether section 42 of the Care Act applies, or making the enquiry.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; Care Act 2014, sections 42 and 45",
        ),
        Purpose(
            "police-attendance",
            "Police are at the scene or on their way",
            "Only where it is strictly necessary for the policing purpose.",
            "Data Protection Act 2018, Part 3 (law enforcement), section 35 and Schedule 8",
        ),
        Purpose(
            "accuracy",
            "Making sure that records are of the right person",
            "Saying whether two partners' records are of one person: the evidence of who they are, and nothing else.",
            f"{PUBLIC_TASK}; {SAFEGUARDING}; UK GDPR article 5(1)(d) (accuracy); "
            "Data Protection Act 2018, section 38 (accuracy, for law enforcement)",
        ),
        Purpose(
            "immediate-danger",
            "Somebody is in danger now",
            "To protect life. The privacy officer is shown every use of this purpose.",
            "UK GDPR article 6(1)(d) and (e); article 9(2)(c) and (g)",
        ),
    )
}

# How the family stands, asked where a purpose needs it. Dispensing is a decision, so it needs a reason.
FAMILY_STANDING: dict[str, str] = {
    "agreed": "The family agrees",
    "told": "The family has been told",
    "dispensed": "Neither, and I have recorded why not",
}


def purposes_for(codes: frozenset[str]) -> tuple[Purpose, ...]:
    """The purposes of those codes, in the order in which they are offered."""
    return tuple(p for p in PURPOSES.values() if p.code in codes)
