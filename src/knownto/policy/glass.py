"""Breaking the glass: a life depends on seeing one person now, and policy would otherwise refuse.

The reasons are data, because "other" would be everybody's reason. None of them is weaker than "somebody may die or be
gravely harmed before the usual way would answer": vital interests, UK GDPR article 6(1)(d) and article 9(2)(c), and for
police the Data Protection Act 2018, section 35 with Schedule 8, paragraph 3 (protecting vital interests).
"""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class LifeReason:
    """Why a life depends on it: a code for the ledger, and the words that the worker chooses."""

    code: str
    name: str
    hint: str


LIFE_REASONS: dict[str, LifeReason] = {
    r.code: r
    for r in (
        LifeReason("child-in-danger", "A child is in danger now", "Grave harm before anybody else could be asked."),
        LifeReason("adult-in-danger", "An adult is in danger now", "A threat to life, or violence that is going on."),
        LifeReason("missing", "Somebody is missing, and at high risk", "Every hour counts in finding them."),
        LifeReason("harm-to-self", "Somebody may take their own life", "They have said so, or done something."),
        LifeReason("medical", "A medical emergency", "They cannot speak for themselves, and nobody who can is there."),
        LifeReason("workers", "Workers or the public are in danger", "At an address, or from somebody on the way."),
    )
}


@dataclass(frozen=True)
class BrokenGlass:
    """A fact: this worker broke the glass for this person (an opaque id), until then, for a code of LIFE_REASONS."""

    person: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class Breaking:
    """What is put forward for breaking the glass: what the worker said, and what is known of their use of it.

    `fresh`: they proved again, within minutes, who they are. `open_now` and `today` are how many they have open, and
    how many they opened in the last 24 hours; `searches` how often they looked in that time for somebody to open;
    `most_*` are the partnership's settings.
    """

    reason: str
    sure: bool
    fresh: bool
    suspended: bool
    open_now: int
    today: int
    most_at_once: int
    most_a_day: int
    searches: int = 0
    most_searches: int = 9
