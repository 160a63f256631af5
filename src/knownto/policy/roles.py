"""The roles. The description of each is the policy: it is shown to the worker, and to whoever audits us."""

from dataclasses import dataclass, field

from knownto.policy.permissions import Permission as P

# How much of a footprint a role is shown. `pointer` answers "who knows them, and whom do I ring";
# `headline` adds how many contacts of what sort, and when.
POINTER = frozenset({"agency", "open", "team"})
HEADLINE = POINTER | {"dates", "counts", "categories"}
SURROUNDINGS = frozenset({"household", "addresses"})

EVERYBODY = frozenset({P.SIGN_IN, P.OWN_ACCOUNT, P.AGREEMENTS})
ASKS = frozenset({P.SEARCH, P.FOOTPRINT, P.QUERY_RECORD, P.ASK})
# Whoever works with children or adults may raise a worry, answer what their team is asked, and disagree.
# Any of them may find that a life depends on what their role is not shown.
PRACTISES = frozenset({P.WORK, P.REFER, P.ANSWER, P.EPISODE, P.CHALLENGE, P.BREAK_GLASS})
HUB = frozenset({P.BOARD, P.SCREEN, P.DECIDE, P.MEET, P.KNOWN_FACTS, P.HANDOVER, P.WHEREABOUTS})


@dataclass(frozen=True)
class Role:
    """What a kind of worker is for, in words, and the permissions and fields that follow from it."""

    code: str
    name: str
    description: str
    permissions: frozenset[P]
    fields: frozenset[str] = field(default=frozenset())
    purposes: tuple[str, ...] = ()
    powers: tuple[str, ...] = ()  # in which its decisions are made: codes of `casework.pathway.POWERS`


ROLES: dict[str, Role] = {
    r.code: r
    for r in (
        Role(
            "screener",
            "MASH screener",
            "Screens worries that reach the multi-agency safeguarding hub. May search for a person or an address "
            "for any safeguarding purpose, see the full headline footprint with household and other addresses, "
            "and print it for the work it was asked for. Takes contacts in hand, asks partners, says whose address "
            "must not reach whom, and decides levels of need below section 47 for the council; what is more than "
            "that is a manager's decision.",
            EVERYBODY | ASKS | PRACTISES | HUB | {P.PACK, P.INSPECT},
            HEADLINE | SURROUNDINGS,
            ("child-concern", "section-47", "section-17", "early-help", "adult-concern", "immediate-danger"),
            ("council",),
        ),
        Role(
            "officer",
            "Police officer",
            "Attends incidents. May search for a person or an address that a police duty concerns, and see the "
            "headline footprint and the household. May not print it: what is needed later is asked of the hub. Refers, "
            "answers what is asked of their team, and records police protection.",
            EVERYBODY | ASKS | PRACTISES | {P.DECIDE},
            HEADLINE | {"household"},
            ("police-attendance", "child-concern", "section-47", "adult-concern", "immediate-danger"),
            ("police", "referrer"),
        ),
        Role(
            "health-practitioner",
            "Health practitioner",
            "Health visitor, school nurse, hospital or community practitioner. May search for a person in their "
            "care or whom they worry about, and see the headline footprint and the household.",
            EVERYBODY | ASKS | PRACTISES,
            HEADLINE | {"household"},
            ("child-concern", "section-47", "early-help", "adult-concern", "immediate-danger"),
            ("referrer",),
        ),
        Role(
            "school-lead",
            "Designated safeguarding lead",
            "A school's safeguarding lead or deputy. May search for a child they worry about and see which "
            "agencies to ring: no counts, dates or kinds of contact.",
            EVERYBODY | ASKS | PRACTISES,
            POINTER,
            ("child-concern", "early-help", "immediate-danger"),
            ("referrer",),
        ),
        Role(
            "out-of-hours",
            "Out-of-hours social worker",
            "The emergency duty team. Decides at night what the hub decides by day, for children and adults, and "
            "so sees and may print what the hub does.",
            EVERYBODY | ASKS | PRACTISES | HUB | {P.PACK},
            HEADLINE | SURROUNDINGS,
            ("child-concern", "section-47", "section-17", "adult-concern", "immediate-danger"),
            ("emergency-duty", "council", "council-manager", "adults"),
        ),
        Role(
            "hub-manager",
            "MASH manager",
            "Answers for every decision of the safeguarding hub. Does what a screener does, makes the decisions that "
            "are a manager's (section 47, strategy discussion, closing what another would keep open), changes the "
            "words for the levels of need, and answers an inspector's questions. Is told when a colleague breaks the "
            "glass, and says whether it was right.",
            EVERYBODY | ASKS | PRACTISES | HUB | {P.PACK, P.DESCRIPTORS, P.INSPECT, P.STATISTICS, P.GLASS_REVIEW},
            HEADLINE | SURROUNDINGS,
            ("child-concern", "section-47", "section-17", "early-help", "adult-concern", "immediate-danger"),
            ("council", "council-manager"),
        ),
        Role(
            "social-worker",
            "Social worker",
            "Has children allocated. Sees the work that is with them or their team, calls strategy discussions, makes "
            "enquiries, and may search for what that work needs.",
            EVERYBODY | ASKS | PRACTISES | {P.PACK, P.DECIDE, P.MEET, P.KNOWN_FACTS},
            HEADLINE | SURROUNDINGS,
            ("section-47", "section-17", "child-concern", "immediate-danger"),
            ("council",),
        ),
        Role(
            "conference-chair",
            "Independent chair",
            "Chairs child protection conferences and gives a view in disagreements. Decides what is the chair's to "
            "decide, on the work that comes to conference; may not search, but where a life depends on it.",
            EVERYBODY | {P.WORK, P.ANSWER, P.EPISODE, P.DECIDE, P.MEET, P.CHALLENGE, P.BREAK_GLASS},
            powers=("chair",),
        ),
        Role(
            "hub-health",
            "Health practitioner in the hub",
            "Puts together what health knows for the safeguarding hub, says what it means, and signs it. Answers for "
            "health at strategy discussions.",
            EVERYBODY | ASKS | PRACTISES | {P.ANALYSE, P.BOARD},
            HEADLINE | {"household"},
            ("child-concern", "section-47", "early-help", "adult-concern", "immediate-danger"),
            ("health", "referrer"),
        ),
        Role(
            "general-practitioner",
            "GP practice safeguarding lead",
            "Answers the hub's requests about patients, and refers. May search for a patient they worry about, and see "
            "which agencies to ring.",
            EVERYBODY | ASKS | PRACTISES,
            POINTER,
            ("child-concern", "adult-concern", "immediate-danger"),
            ("referrer",),
        ),
        Role(
            "supervisor",
            "Supervisor of referrals",
            "Sees the referrals that their own agency's people sent, or decided not to send; says how good they were; "
            "sees which copies reached the agency's own system; and is told at once when one of its people breaks the "
            "glass, and says whether it was right.",
            EVERYBODY | {P.WORK, P.SUPERVISE, P.EPISODE, P.CHALLENGE, P.ANSWER, P.COPIES, P.REFER, P.GLASS_REVIEW},
            powers=("referrer",),
        ),
        Role(
            "adult-social-worker",
            "Adult social worker",
            "Takes up worries about adults with care and support needs. May search for the adult, answers what is "
            "asked of adult social care, accepts what the night hands over, and records who may be told.",
            EVERYBODY | ASKS | PRACTISES | {P.DECIDE, P.HANDOVER, P.KNOWN_FACTS},
            HEADLINE | {"household"},
            ("adult-concern", "child-concern", "immediate-danger"),
            ("adults", "referrer"),
        ),
        Role(
            "data-manager",
            "Partner's data manager",
            "Looks after one agency's feed. Sends its files, reads why a row was put aside, and releases a held "
            "file. Sees that agency's own rows and nobody else's; may not search.",
            EVERYBODY | {P.SEND_FEED, P.FEEDS_OWN, P.RELEASE_FEED, P.FEEDS_STATE, P.COPIES},
        ),
        Role(
            "matching-reviewer",
            "Reviewer of who is who",
            "Says whether two partners' records are of one person, where the product is not sure. Sees the evidence of "
            "who each is, side by side, and who lives with them: never why an agency knows them. May not search.",
            EVERYBODY | {P.WORK, P.ANSWER, P.REVIEW},
        ),
        Role(
            "matching-lead",
            "Lead reviewer of who is who",
            "Answers for the review of who is who. Does what a reviewer does, settles what two reviewers disagree on, "
            "and sees that everybody who was shown something through a wrong link has said that they know.",
            EVERYBODY | {P.WORK, P.ANSWER, P.REVIEW, P.REVIEW_LEAD},
        ),
        Role(
            "privacy-officer",
            "Data protection officer",
            "Answers for how information is used. Sees who looked at whom, when and why, every refusal, and the "
            "agreements in force. Is told of every glass that is broken, and says whether it was right. Advises; does "
            "not decide on work, and may not search for people as a practitioner does.",
            EVERYBODY | {P.WHO_LOOKED, P.FEEDS_STATE, P.STATISTICS, P.WORK, P.ANSWER, P.GLASS_REVIEW},
        ),
        Role(
            "guardian",
            "Guardian of sealed people",
            "Keeps the seal on people whom nobody may find: adopted children, protected witnesses, people in refuge, "
            "staff and their families. Seals, and lifts a seal, only together with a guardian of another agency. Is "
            "told who looked for them, rings back, and says what was done. May not search.",
            EVERYBODY | {P.WORK, P.ANSWER, P.GUARD},
            powers=("guardian",),
        ),
        Role(
            "scrutineer",
            "Independent scrutineer",
            "Holds the partnership to account. Sees counts of use and the freshness of each feed: never a person, "
            "nor who looked at one.",
            EVERYBODY | {P.STATISTICS, P.FEEDS_STATE, P.INSPECT},
        ),
        Role(
            "administrator",
            "Administrator",
            "Opens and closes accounts and gives roles. Sees no person's information, and cannot give a role to "
            "their own account.",
            EVERYBODY | {P.WORKERS, P.FEEDS_STATE},
        ),
    )
}


def role(code: str) -> Role:
    """The role of that code. Raises KeyError when there is none: an unknown role must never mean 'some role'."""
    return ROLES[code]
