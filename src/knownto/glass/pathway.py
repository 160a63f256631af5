"""What is owed for a broken glass, as data: what came of it, and whether it was right."""

from knownto.casework.pathway import AskKind, Limit, Move, Pathway, State, Tell
from knownto.glass.limits import limits
from knownto.worktime import Rule, Unit

PRIVACY = "office:privacy"


def _limit(code: str, name: str, days: int, *tells: Tell) -> Limit:
    return Limit(code, name, Rule(days, Unit.WORKING_DAYS, limits().authority), tells=tells)


OUTCOME = AskKind(
    "glass-outcome",
    "What came of breaking the glass",
    {"": "glass-outcome"},
    may_decline=False,
    page="glass:outcome",
    says="glass-outcome",
)
REVIEW = AskKind(
    "glass-review",
    "Was it right to break the glass?",
    {"": "glass-review"},
    may_decline=False,
    page="glass:review",
    needs="glass-review",
    says="glass-broken",
)

GLASS = Pathway(
    code="glass",
    name="Broken glass",
    starts="broken",
    states=(
        State("broken", "Not yet accounted for", "privacy", {"": "glass-review"}, "What came of it, and the reviews"),
        State("reviewed", "Accounted for and reviewed", closed=True),
    ),
    moves=(
        Move("reviewed", "What came of it is said, and it is reviewed", frozenset({"broken"}), "reviewed", ("rule",)),
    ),
    limits=(
        _limit(
            "glass-outcome",
            "Say what came of breaking the glass",
            limits().outcome,
            Tell("amber", "asked"),
            Tell("red", "asker"),
            Tell("red", "supervisor"),
            Tell("red", PRIVACY),
        ),
        _limit("glass-review", "Review a broken glass", limits().review, Tell("amber", "asked"), Tell("red", PRIVACY)),
    ),
    asks=(OUTCOME, REVIEW),
    seen_by_hub=False,
    purpose="immediate-danger",
    page="glass:of",
    answered="reviewed",
)
