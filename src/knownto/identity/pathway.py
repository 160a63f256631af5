"""The review of who is who as a kind of work, and the telling of those who saw a wrong link: as data.

Time limits come from the local setting (`reviewing.toml`).
"""

from knownto.casework.pathway import AskKind, Limit, Move, Pathway, State, Tell
from knownto.identity.harm import setting
from knownto.worktime import Rule, Unit

LEAD = "office:who-is-who-lead"
PURPOSE = "accuracy"
BAND = {"grave": "red", "serious": "amber", "usual": ""}  # harm of a link by class, as casework says urgency


def _limit(code: str, name: str, *tells: Tell) -> Limit:
    return Limit(code, name, Rule(setting()["limit"][code], Unit.WORKING_DAYS, setting()["authority"]), tells=tells)


OVERDUE = (Tell("red", LEAD),)
LIMITS = (
    _limit("grave", "Decide a pair whose link would do grave harm", *OVERDUE),
    _limit("serious", "Decide a pair whose link would do serious harm", *OVERDUE),
    _limit("usual", "Decide a pair", *OVERDUE),
    _limit("second", "Give a second opinion", Tell("amber", "asked"), Tell("red", "asked"), Tell("red", LEAD)),
    _limit("lead", "Settle a disagreement", Tell("amber", LEAD), Tell("red", LEAD)),
)
OPEN = frozenset({"waiting", "second", "lead"})
BY_BAND = {"red": "grave", "amber": "serious", "": "usual"}

REVIEW = Pathway(
    code="who-is-who",
    name="Are these one person?",
    starts="waiting",
    states=(
        State("waiting", "Waits for a reviewer", "who-is-who", BY_BAND, "A reviewer"),
        State("second", "Waits for a second opinion", "same", {"": "second"}, "A second opinion"),
        State("lead", "Waits for the lead reviewer", "who-is-who-lead", {"": "lead"}, "The lead reviewer"),
        State("decided", "Decided", closed=True),
        State("gone", "Nothing left to decide", closed=True),
    ),
    moves=(
        Move("decide", "Decided", OPEN, "decided", ("reviewer", "review-lead")),
        Move("ask-second", "A second opinion was asked", OPEN, "second", ("reviewer", "review-lead"), renews=True),
        Move("to-lead", "Reviewers disagree", frozenset({"waiting", "second"}), "lead", ("reviewer",)),
        Move("take-back", "The reviewer took it back", frozenset({"second"}), "waiting", ("reviewer", "review-lead")),
        Move("gone", "Nothing is left to decide", OPEN, "gone", ("rule", "reviewer", "review-lead")),
    ),
    limits=LIMITS,
    asks=(
        AskKind(
            "second-opinion",
            "Second opinion on two records",
            {"": "second"},
            may_decline=False,
            page="identity:second",
            needs="review",
        ),
    ),
    seen_by_hub=False,
    purpose=PURPOSE,
    page="identity:pair",
)

TOLD = Pathway(
    code="wrong-link",
    name="Telling those who saw a wrong link",
    starts="telling",
    states=(
        State("telling", "Not everybody has said that they know", "who-is-who", {"": "everybody"}, "Those who saw it"),
        State("told", "Everybody knows", closed=True),
    ),
    moves=(Move("told", "Everybody has said that they know", frozenset({"telling"}), "told", ("rule",)),),
    limits=(
        _limit("everybody", "Everybody who saw it has said that they know", Tell("red", "owner"), Tell("red", LEAD)),
        _limit(
            "acknowledge",
            "Say that you know",
            Tell("amber", "asked"),
            Tell("red", "asked"),
            Tell("red", "asker"),
            Tell("red", LEAD),
        ),
    ),
    asks=(
        AskKind(
            "know-of-wrong-link",
            "Something that was shown may be of somebody else",
            {"": "acknowledge"},
            may_decline=False,
            page="identity:acknowledge",
            says="wrong-link",
        ),
    ),
    seen_by_hub=False,
    purpose=PURPOSE,
    page="identity:consequence",
    answered="told",
)
