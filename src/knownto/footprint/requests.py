"""A question to one team about one person, as data: asked, answered, read by whoever asked.

What it is for, and how the family stands, is what was said for the search that it comes from.
"""

from knownto.casework.pathway import AskKind, Limit, Move, Pathway, State, Tell
from knownto.worktime import Rule, Unit

OWN = "Partnership's own standard, to be confirmed locally"
BOTH = (Tell("amber", "asked"), Tell("red", "asked"), Tell("red", "asker"))
OWNER = (Tell("red", "owner"),)

TODAY, TWO_DAYS = "red", ""  # as the urgencies of casework say it

LIMITS = (
    Limit("ask-today", "Answer by the end of the working day", Rule(0, Unit.WORKING_DAYS, OWN), tells=BOTH),
    Limit("ask-two-days", "Answer within two working days", Rule(2, Unit.WORKING_DAYS, OWN), tells=BOTH),
    Limit("ask-open", "Ring them, or take it back", Rule(5, Unit.WORKING_DAYS, OWN), tells=OWNER),
    Limit("ask-read", "Read the answer", Rule(1, Unit.WORKING_DAYS, OWN), tells=OWNER),
)

ASK_THEM = AskKind("ask-them", "Question about somebody", {TODAY: "ask-today", TWO_DAYS: "ask-two-days"})

REQUEST = Pathway(
    code="request",
    name="Question to another team",
    starts="asked",
    states=(
        State("asked", "Asked", "same", {"": "ask-open"}, "Their answer"),
        State("answered", "Answered", "same", {"": "ask-read"}, "You to read the answer"),
        State("done", "Read", closed=True),
    ),
    moves=(
        Move("answered", "The answer has come", frozenset({"asked"}), "answered", ("rule",)),
        Move("read", "Whoever asked has read the answer", frozenset({"answered"}), "done", ("rule",)),
    ),
    limits=LIMITS,
    asks=(ASK_THEM,),
    seen_by_hub=False,
    page="casework:of",
    answered="answered",
    read="read",
)
