"""Strategy discussion, section 47, conference and plan, as data. Who holds which power is in each decision."""

from knownto.casework.pathway import Move, Pathway, State
from knownto.pathways.frontdoor.limits import limits
from knownto.pathways.frontdoor.pathway import CHECKS, MANAGER

COUNCIL = ("council", *MANAGER)
BEFORE_CONFERENCE = frozenset({"strategy-due", "strategy-called", "enquiry"})
OPEN = BEFORE_CONFERENCE | {"conference-due", "plan"}

PROTECTION = Pathway(
    code="protection",
    name="Child protection",
    starts="strategy-due",
    states=(
        State("strategy-due", "A strategy discussion is due", "hub", {"": "strategy"}, "A strategy discussion"),
        State("strategy-called", "A strategy discussion is called", "hub", {"": "strategy"}, "The discussion"),
        State("enquiry", "Section 47 enquiry", "assessment", {"": "conference"}, "The outcome of the enquiry"),
        State("conference-due", "A conference is due", "conferences", {"": "conference"}, "The conference"),
        State("plan", "Child protection plan", "safeguarding", {"": "review-first"}, "A review conference"),
        State("plan-reviewed", "Child protection plan, reviewed", "safeguarding", {"": "review"}, "A review"),
        State("no-further-action", "No further action under section 47", closed=True),
        State("child-in-need", "Passed to a child in need plan", closed=True),
        State("plan-ended", "The plan has ended", closed=True),
    ),
    moves=(
        Move("call", "Call a strategy discussion", frozenset({"strategy-due"}), "strategy-called", COUNCIL),
        Move("call-off", "The discussion was called off", frozenset({"strategy-called"}), "strategy-due", COUNCIL),
        Move("again", "Another discussion is needed", frozenset({"strategy-called", "enquiry"}), "strategy-due",
             COUNCIL),
        Move("enquire", "Begin a section 47 enquiry", frozenset({"strategy-called"}), "enquiry", MANAGER,
             ("discussion-held",), (4,), starts=("assessment",)),
        Move("not-47", "Section 47 is not met", frozenset({"strategy-called"}), "no-further-action", MANAGER,
             ("discussion-held",), (1, 2, 3, 4)),
        Move("in-need", "Child in need instead", frozenset({"strategy-called", "enquiry", "conference-due"}),
             "child-in-need", MANAGER, ("discussion-held",), (4,)),
        Move("conference", "Concerns substantiated: call a conference", frozenset({"enquiry"}), "conference-due",
             MANAGER, ("discussion-held",), (4,)),
        Move("unsubstantiated", "Not substantiated", frozenset({"enquiry"}), "no-further-action", MANAGER, (),
             (1, 2, 3, 4)),
        Move("plan", "The child needs a plan", frozenset({"conference-due"}), "plan", ("chair",), ("conference-held",),
             starts=("core-group",)),
        Move("no-plan", "No plan is needed", frozenset({"conference-due"}), "child-in-need", ("chair",),
             ("conference-held",)),
        Move("core-group-met", "The core group has met", frozenset({"plan", "plan-reviewed"}), "same", COUNCIL,
             stops=("core-group",)),
        Move("reviewed", "Reviewed: the plan goes on", frozenset({"plan"}), "plan-reviewed", ("chair",)),
        Move("reviewed-again", "Reviewed again: the plan goes on", frozenset({"plan-reviewed"}), "same", ("chair",)),
        Move("end-plan", "The plan ends", frozenset({"plan", "plan-reviewed"}), "plan-ended", ("chair",)),
        Move("police-protection", "Take into police protection", OPEN, "same", ("police",),
             starts=("police-protection",)),
        Move("police-protection-ends", "Police protection ends", OPEN, "same", ("police", *COUNCIL),
             stops=("police-protection",)),
        Move("emergency-order", "Emergency protection order made", OPEN, "same", MANAGER, starts=("emergency-order",)),
        Move("emergency-order-ends", "Emergency protection order ends", OPEN, "same", MANAGER,
             stops=("emergency-order",)),
        Move("section-20", "Accommodate under section 20", OPEN, "same", MANAGER, starts=("section-20",)),
        Move("section-20-ends", "Section 20 ends", OPEN, "same", MANAGER, stops=("section-20",)),
        Move("assessed", "The assessment is finished", frozenset({"enquiry", "conference-due", "plan",
             "plan-reviewed"}), "same", COUNCIL, stops=("assessment",)),
    ),
    limits=limits("strategy", "conference", "assessment", "core-group", "review-first", "review", "police-protection",
                  "emergency-order", "section-20", "minutes", "action", "answer-red", "answer-amber", "answer-green",
                  "gp-reply", "outcome-seen", "handover", "supervisor-review", "decision"),
    asks=CHECKS,
    needs=frozenset({"discussion-held", "conference-held"}),
)  # fmt: skip
