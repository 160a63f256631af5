"""The roles. The description of each is the policy: it is shown to the worker, and to whoever audits us."""

from dataclasses import dataclass, field

from knownto.policy.permissions import Permission as P

# How much of a footprint a role is shown. `pointer` answers "who knows them, and whom do I ring";
# `headline` adds how many contacts of what sort, and when.
POINTER = frozenset({"agency", "open", "team"})
HEADLINE = POINTER | {"dates", "counts", "categories"}
SURROUNDINGS = frozenset({"household", "addresses"})

EVERYBODY = frozenset({P.SIGN_IN, P.OWN_ACCOUNT, P.AGREEMENTS})
ASKS = frozenset({P.SEARCH, P.FOOTPRINT, P.QUERY_RECORD})


@dataclass(frozen=True)
class Role:
    """What a kind of worker is for, in words, and the permissions and fields that follow from it."""

    code: str
    name: str
    description: str
    permissions: frozenset[P]
    fields: frozenset[str] = field(default=frozenset())
    purposes: tuple[str, ...] = ()


ROLES: dict[str, Role] = {
    r.code: r
    for r in (
        Role(
            "screener",
            "MASH screener",
            "Screens worries that reach the multi-agency safeguarding hub. May search for a person or an address "
            "for any safeguarding purpose, see the full headline footprint with household and other addresses, "
            "and print it for the work it was asked for.",
            EVERYBODY | ASKS | {P.PACK},
            HEADLINE | SURROUNDINGS,
            ("child-concern", "section-47", "section-17", "early-help", "adult-concern", "immediate-danger"),
        ),
        Role(
            "officer",
            "Police officer",
            "Attends incidents. May search for a person or an address that a police duty concerns, and see the "
            "headline footprint and the household. May not print it: what is needed later is asked of the hub.",
            EVERYBODY | ASKS,
            HEADLINE | {"household"},
            ("police-attendance", "child-concern", "section-47", "adult-concern", "immediate-danger"),
        ),
        Role(
            "health-practitioner",
            "Health practitioner",
            "Health visitor, school nurse, hospital or community practitioner. May search for a person in their "
            "care or whom they worry about, and see the headline footprint and the household.",
            EVERYBODY | ASKS,
            HEADLINE | {"household"},
            ("child-concern", "section-47", "early-help", "adult-concern", "immediate-danger"),
        ),
        Role(
            "school-lead",
            "Designated safeguarding lead",
            "A school's safeguarding lead or deputy. May search for a child they worry about and see which "
            "agencies to ring: no counts, dates or kinds of contact.",
            EVERYBODY | ASKS,
            POINTER,
            ("child-concern", "early-help", "immediate-danger"),
        ),
        Role(
            "out-of-hours",
            "Out-of-hours social worker",
            "The emergency duty team. Decides at night what the hub decides by day, for children and adults, and "
            "so sees and may print what the hub does.",
            EVERYBODY | ASKS | {P.PACK},
            HEADLINE | SURROUNDINGS,
            ("child-concern", "section-47", "section-17", "adult-concern", "immediate-danger"),
        ),
        Role(
            "data-manager",
            "Partner's data manager",
            "Looks after one agency's feed. Sends its files, reads why a row was put aside, and releases a held "
            "file. Sees that agency's own rows and nobody else's; may not search.",
            EVERYBODY | {P.SEND_FEED, P.FEEDS_OWN, P.RELEASE_FEED, P.FEEDS_STATE},
        ),
        Role(
            "privacy-officer",
            "Data protection officer",
            "Answers for how information is used. Sees who looked at whom, when and why, every refusal, and the "
            "agreements in force. Advises; does not decide, and may not search for people as a practitioner does.",
            EVERYBODY | {P.WHO_LOOKED, P.FEEDS_STATE, P.STATISTICS},
        ),
        Role(
            "scrutineer",
            "Independent scrutineer",
            "Holds the partnership to account. Sees counts of use and the freshness of each feed: never a person, "
            "nor who looked at one.",
            EVERYBODY | {P.STATISTICS, P.FEEDS_STATE},
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
