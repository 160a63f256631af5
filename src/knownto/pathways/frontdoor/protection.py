"""Strategy discussion, section 47, conference and plan, as data. Who holds which power is in each decision.

Four limits run through several states, and moving on gives nobody more time: the discussion's from the moment that
significant harm was suspected, the conference's from the discussion at which section 47 was begun (never from a later
one), the assessment's from the referral, and each review's from the conference before it.
"""

from knownto.casework.pathway import AskKind, Move, Pathway, State
from knownto.pathways.frontdoor import removal
from knownto.pathways.frontdoor.limits import limits
from knownto.pathways.frontdoor.pathway import CHECKS, MANAGER

COUNCIL = ("council", *MANAGER)
BEFORE_CONFERENCE = frozenset({"strategy-due", "strategy-called", "discussed", "enquiry"})
PLANNED = frozenset({"plan", "plan-reviewed"})
OPEN = BEFORE_CONFERENCE | {"conference-due"} | PLANNED
IN_HAND = frozenset({"discussed", "enquiry"})

PROTECTION = Pathway(
    code="protection",
    purpose="section-47",
    name="Child protection",
    starts="strategy-due",
    begins=("strategy",),
    states=(
        State("strategy-due", "A strategy discussion is due", "hub", {"": "strategy"}, "A strategy discussion"),
        State("strategy-called", "A strategy discussion is called", "same", {"": "strategy"}, "The discussion"),
        State("discussed", "Discussed: what follows is to be decided", "same", {"": "strategy-decision"},
              "A manager's decision"),
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
        Move("held", "The discussion was held", frozenset({"strategy-called"}), "discussed", COUNCIL,
             ("discussion-held",), stops=("strategy",)),
        Move("again", "Another discussion is needed", IN_HAND, "strategy-due", COUNCIL, starts=("strategy",)),
        Move("enquire", "Begin a section 47 enquiry", frozenset({"discussed"}), "enquiry", MANAGER,
             ("discussion-held", "not-begun"), (4,), starts=("assessment", "conference"),
             hint="There is reasonable cause to suspect significant harm. The conference counts from this discussion."),
        Move("enquiry-goes-on", "The section 47 enquiry goes on", frozenset({"discussed"}), "enquiry", MANAGER,
             ("discussion-held", "begun"), (4,),
             hint="It was begun at an earlier discussion, and the conference still counts from that one."),
        Move("not-47", "Section 47 is not met", frozenset({"discussed"}), "no-further-action", MANAGER,
             ("discussion-held",), (1, 2, 3, 4)),
        Move("in-need", "Child in need instead", frozenset({"discussed", "enquiry", "conference-due"}),
             "child-in-need", MANAGER, ("discussion-held",), (4,)),
        Move("police-investigate", "Police investigate a crime", IN_HAND, "same", ("police",)),
        Move("police-do-not", "Police do not investigate", IN_HAND, "same", ("police",)),
        Move("conference", "Concerns substantiated: call a conference", frozenset({"enquiry"}), "conference-due",
             MANAGER, ("discussion-held",), (4,)),
        Move("unsubstantiated", "Not substantiated", frozenset({"enquiry"}), "no-further-action", MANAGER, (),
             (1, 2, 3, 4)),
        Move("plan", "The child needs a plan", frozenset({"conference-due"}), "plan", ("chair",), ("conference-held",),
             starts=("core-group", "review-first"), stops=("conference",)),
        Move("no-plan", "No plan is needed", frozenset({"conference-due"}), "child-in-need", ("chair",),
             ("conference-held",)),
        Move("core-group-met", "The core group has met", PLANNED, "same", (*COUNCIL, "chair"), stops=("core-group",)),
        Move("reviewed", "Reviewed: the plan goes on", frozenset({"plan"}), "plan-reviewed", ("chair",),
             ("review-held",), starts=("review",), stops=("review-first",)),
        Move("reviewed-again", "Reviewed again: the plan goes on", frozenset({"plan-reviewed"}), "same", ("chair",),
             ("review-held",), starts=("review",), stops=("review",)),
        Move("end-plan", "The plan ends", PLANNED, "plan-ended", ("chair",), ("review-held",)),
        Move("assessed", "The assessment is finished", frozenset({"enquiry", "conference-due", "plan",
             "plan-reviewed"}), "same", COUNCIL, stops=("assessment",)),
        *removal.moves(OPEN),
    ),
    limits=limits("strategy", "strategy-decision", "conference", "assessment", "core-group", "review-first", "review",
                  "police-protection", "emergency-order", "section-20", "minutes", "action", "answer-red",
                  "answer-amber", "answer-green", "gp-reply", "outcome-seen", "handover", "supervisor-review",
                  "decision"),
    asks=(*CHECKS, AskKind("minutes", "Send the minutes out", {"": "minutes"}, False, "frontdoor:episode", "work")),
    needs=frozenset({"discussion-held", "conference-held", "review-held", "begun", "not-begun"}),
)  # fmt: skip
