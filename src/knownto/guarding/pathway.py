"""A seal as a piece of work of the guardian desk, and the conflict register likewise: as data.

Words of it hold nothing of anybody: who is sealed and why is in the guards' own rows, under the guards' own keys.
"""

from knownto.casework.pathway import AskKind, Limit, Move, Pathway, State, Tell
from knownto.worktime import Rule, Unit

OWN = "Partnership's own standard, to be confirmed locally"
DESK, SECOND = "guardian-desk", "guardian-second"
BOTH = (Tell("red", f"office:{DESK}"), Tell("red", f"office:{SECOND}"))
PURPOSE = "immediate-danger"

LIMITS = (
    Limit("agree", "Say whether you agree", Rule(1, Unit.WORKING_DAYS, OWN), tells=(Tell("amber", "asked"), *BOTH)),
    Limit("decide", "A second person says whether they agree", Rule(2, Unit.WORKING_DAYS, OWN), tells=BOTH),
    Limit("review", "Look at the seal again", Rule(6, Unit.MONTHS, OWN), tells=(Tell("amber", "owner-team"), *BOTH)),
    Limit("look", "Say what you did about a look", Rule(1, Unit.HOURS, OWN), tells=(Tell("red", "asked"), *BOTH)),
    Limit("whether", "Say whether a record is of them", Rule(4, Unit.HOURS, OWN), tells=(Tell("red", "asked"), *BOTH)),
)
AGREE = AskKind("guard-agree", "Agree to a seal", {"": "agree"}, page="guarding:ask", needs="guard")
LOOKED = AskKind(
    "guard-look", "Somebody looked", {"": "look"}, False, "guarding:ask", needs="guard", says="somebody-looked"
)
WHETHER = AskKind("guard-whether", "Is it of them?", {"": "whether"}, False, "guarding:ask", needs="guard")
ASKS = (AGREE, LOOKED, WHETHER)
IN_FORCE = frozenset({"in-force", "lifting"})

SEALED = Pathway(
    code="sealed",
    name="Seal",
    starts="proposed",
    states=(
        State("proposed", "Waits for a second person", DESK, {"": "decide"}, "A guardian of another agency"),
        State("in-force", "In force", "same", {"": "review"}, "The review"),
        State(
            "lifting", "To be lifted, if a second person agrees", "same", {"": "decide"}, "Another agency's guardian"
        ),
        State("turned-down", "Turned down", closed=True),
        State("lifted", "Lifted", closed=True),
    ),
    moves=(
        Move("agree", "Sealed", frozenset({"proposed"}), "in-force", ("guardian",)),
        Move("turn-down", "Turned down", frozenset({"proposed"}), "turned-down", ("guardian",)),
        Move("keep", "Looked at again, and kept", frozenset({"in-force"}), "in-force", ("guardian",), renews=True),
        Move("propose-lift", "Proposed to lift it", frozenset({"in-force"}), "lifting", ("guardian",)),
        Move("do-not-lift", "Not lifted", frozenset({"lifting"}), "in-force", ("guardian",)),
        Move("lift", "Lifted", frozenset({"lifting"}), "lifted", ("guardian",)),
    ),
    limits=LIMITS,
    asks=ASKS,
    seen_by_hub=False,
    purpose=PURPOSE,
    page="guarding:of",
)

REGISTER = Pathway(
    code="conflict-register",
    name="Staff conflict register",
    starts="kept",
    states=(
        State("kept", "Kept", DESK, {"": "review"}, "The review"),
        State("ended", "Ended", closed=True),
    ),
    moves=(
        Move("keep", "Looked at again", frozenset({"kept"}), "kept", ("guardian",), renews=True),
        Move("end", "Ended", frozenset({"kept"}), "ended", ("guardian",)),
    ),
    limits=LIMITS,
    asks=(LOOKED,),
    seen_by_hub=False,
    purpose=PURPOSE,
    page="guarding:of",
)
