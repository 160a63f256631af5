"""How somebody can take part in a piece of work, and what of it that lets them see.

Facts, gathered by whoever asks; the first that applies is the widest. Nobody sees a piece of work for having a role
alone: a screener sees the hub's because it is the hub's, a teacher their own referral because they wrote it.
"""

# What there is to see of a piece of work.
SECTIONS = frozenset(
    {"referral", "people", "checks", "health", "decisions", "meetings", "minutes", "outcome", "asks", "facts", "clocks"}
)

PARTS: dict[str, frozenset[str]] = {
    "hub": SECTIONS,  # it is with the hub or the night, and they work there
    "allocated": SECTIONS,  # they have it in hand, lead on it, or it is with their team
    "health": frozenset({"referral", "people", "checks", "health", "meetings", "asks", "clocks"}),
    "invited": frozenset({"people", "meetings", "minutes", "asks"}),
    "asked": frozenset({"asks"}),
    "referrer": frozenset({"referral", "people", "outcome"}),
    "supervisor": frozenset({"referral", "people", "outcome"}),
    "escalated": frozenset({"referral", "people", "decisions", "outcome"}),
}
