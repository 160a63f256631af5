"""The front door's pathways, as data: a contact about a child, the support that follows, an adult, a disagreement.

Section 47 and what comes of it is in `protection`.
"""

from knownto.casework.pathway import AskKind, Move, Pathway, State
from knownto.pathways.frontdoor import removal
from knownto.pathways.frontdoor.limits import limits

RATED = {"red": "checks-red", "amber": "checks-amber", "green": "checks-green", "": "checks-green"}
ANSWERED_BY = {"red": "answer-red", "amber": "answer-amber", "green": "answer-green", "": "answer-green"}

DAY = frozenset({"received", "screening", "checks", "deciding"})
OPEN = DAY | {"with-night"}
HUB = ("council", "council-manager", "emergency-duty")
MANAGER = ("council-manager", "emergency-duty")

# What must be known before a decision that rests on what partners said.
RESTS_ON_CHECKS = ("checks-back", "health-signed", "gp-used")

CHECKS = (
    AskKind("check", "Partner check", ANSWERED_BY),
    AskKind("health-check", "Health check, with analysis", ANSWERED_BY, page="frontdoor:health", needs="analyse"),
    AskKind("gp-request", "Request to a GP practice", {"": "gp-reply", "red": "answer-red"}),
    AskKind("more-from-referrer", "More from the referrer", ANSWERED_BY),
    AskKind("outcome", "Read the outcome", {"": "outcome-seen"}, False, "frontdoor:outcome", "work"),
    AskKind("handover", "Accept what the night hands over", {"": "handover"}, False, "frontdoor:handover", "",
            "handover"),
    AskKind("known-case", "Take up what is new about a case you have", {"": "decision"}, may_decline=False),
    AskKind("supervision", "Look at a referral of your team", {"": "supervisor-review"}, False,
            "frontdoor:supervise-one", "work", "supervise"),
    AskKind("action", "An agreed action", {"": "action"}),
)

CONTACT = Pathway(
    code="contact",
    name="Contact about a child",
    starts="received",
    begins=("decision",),
    states=(
        State("received", "Received", "hub", {"": "screen", "red": "screen-red"}, "Somebody to take it in hand"),
        State("screening", "Being screened", "hub", RATED, "Screening"),
        State("checks", "Partners are being asked", "hub", RATED, "Partners' answers"),
        State("deciding", "Waiting for a decision", "hub", RATED, "A decision"),
        State("with-night", "With the emergency duty team", "night", {"": "night"}, "The emergency duty team"),
        State("no-further-action", "No further action", closed=True),
        State("advice", "Advice and information given", closed=True),
        State("early-help", "Passed to early help", closed=True),
        State("assessment", "Passed for assessment", closed=True),
        State("strategy", "Passed to a strategy discussion", closed=True),
        State("routed", "Passed to the worker who has the case", closed=True),
        State("joined", "Joined to another contact", closed=True),
    ),
    moves=(
        Move("take", "Take it in hand", frozenset({"received"}), "screening", HUB),
        Move("rate", "Rate its urgency", OPEN, "same", HUB),
        Move("ask-partners", "Ask partners", frozenset({"received", "screening", "deciding"}), "checks", HUB),
        Move("checks-done", "The checks are in", frozenset({"checks"}), "deciding", HUB),
        Move("put-up", "Put up for a decision", frozenset({"screening"}), "deciding", HUB),
        Move("no-further-action", "No further action", OPEN, "no-further-action", HUB, RESTS_ON_CHECKS, (1,)),
        Move("advice", "Advice and information", OPEN, "advice", HUB, RESTS_ON_CHECKS, (1, 2)),
        Move("early-help", "Early help", OPEN, "early-help", HUB, RESTS_ON_CHECKS, (2, 3)),
        Move("assessment", "Assessment under section 17", OPEN, "assessment", MANAGER, RESTS_ON_CHECKS, (4,)),
        Move("strategy", "Strategy discussion", OPEN, "strategy", MANAGER, (), (4,), hint="Significant harm suspected"),
        Move("route", "Send to the worker who has the case", OPEN, "routed", HUB),
        Move("join", "Join to another contact", OPEN, "joined", HUB),
        Move("to-night", "Pass to the emergency duty team", DAY, "with-night", (*HUB, "rule")),
        Move("to-day", "Leave for the hub", frozenset({"with-night"}), "received", HUB),
        *removal.moves(OPEN),
    ),
    limits=limits(
        "decision", "screen", "screen-red", "checks-red", "checks-amber", "checks-green", "night", "handover",
        "answer-red", "answer-amber", "answer-green", "gp-reply", "outcome", "outcome-seen", "supervisor-review",
        "action", "harm-unmet", *removal.POWERS,
    ),
    asks=CHECKS,
    needs=frozenset(RESTS_ON_CHECKS),
)  # fmt: skip

SUPPORT = Pathway(
    code="support",
    purpose="section-17",
    name="Early help, assessment and child in need",
    starts="to-allocate",
    states=(
        State("to-allocate", "Waiting for a worker", "same", {"": "decision"}, "Allocation"),
        State("early-help", "Early help", "same", {"": "early-help"}, "The early help assessment"),
        State("early-help-plan", "Early help plan", "same", {"": "early-help-review"}, "A review"),
        State("assessment", "Assessment", "assessment", {"": "assessment"}, "The assessment"),
        State("child-in-need", "Child in need plan", "safeguarding", {"": "in-need-review"}, "A review"),
        State("stepped-up", "Stepped up to a strategy discussion", closed=True),
        State("closed", "Closed", closed=True),
    ),
    moves=(
        Move("start-early-help", "Start early help", frozenset({"to-allocate"}), "early-help", HUB, levels=(2, 3)),
        Move("start-assessment", "Start the assessment", frozenset({"to-allocate"}), "assessment", HUB, levels=(4,)),
        Move("plan", "Agree the plan", frozenset({"early-help"}), "early-help-plan", HUB),
        Move("step-up", "Step up to assessment", frozenset({"early-help", "early-help-plan"}), "assessment", HUB,
             levels=(4,)),
        Move("step-down", "Step down to early help", frozenset({"assessment", "child-in-need"}), "early-help", HUB,
             levels=(2, 3)),
        Move("child-in-need", "Child in need plan", frozenset({"assessment"}), "child-in-need", HUB, levels=(4,)),
        Move("reviewed", "Reviewed: the plan goes on", frozenset({"early-help-plan", "child-in-need"}), "same", HUB,
             renews=True),
        Move("strategy", "Strategy discussion", frozenset({"early-help", "early-help-plan", "assessment",
             "child-in-need"}), "stepped-up", ("council", *MANAGER), levels=(4,)),
        Move("close", "Close", frozenset({"to-allocate", "early-help", "early-help-plan", "assessment",
             "child-in-need"}), "closed", HUB, levels=(1, 2, 3, 4)),
    ),
    limits=limits("decision", "early-help", "early-help-review", "assessment", "in-need-review", "action",
                  "answer-red", "answer-amber", "answer-green", "gp-reply", "outcome-seen", "handover",
                  "supervisor-review"),
    asks=CHECKS,
)  # fmt: skip

ADULT = Pathway(
    code="adult",
    purpose="adult-concern",
    name="Worry about an adult",
    starts="received",
    states=(
        State("received", "Received", "adults", {"": "adult-decision"}, "A decision on section 42"),
        State("with-night", "With the emergency duty team", "night", {"": "night"}, "The emergency duty team"),
        State("enquiry", "Section 42 enquiry", "adults", {"": "adult-enquiry"}, "The enquiry's plan"),
        State("no-further-action", "No further action", closed=True),
        State("advice", "Advice, or another duty", closed=True),
        State("closed", "Enquiry finished", closed=True),
    ),
    moves=(
        Move("to-night", "Pass to the emergency duty team", frozenset({"received"}), "with-night",
             (*HUB, "adults", "rule")),
        Move("to-day", "Leave for adult social care", frozenset({"with-night"}), "received",
             ("emergency-duty", "adults")),
        Move("enquire", "Section 42 applies: enquire", frozenset({"received", "with-night"}), "enquiry",
             ("adults", "emergency-duty"), ("three-limbs",)),
        Move("protect-tonight", "Act tonight to protect the adult", frozenset({"received", "with-night"}), "same",
             ("adults", "emergency-duty")),
        Move("advice", "Advice, or another duty", frozenset({"received", "with-night"}), "advice",
             ("adults", "emergency-duty"), ("three-limbs",)),
        Move("no-further-action", "No further action", frozenset({"received", "with-night"}), "no-further-action",
             ("adults",), ("three-limbs",)),
        Move("finish", "Finish the enquiry", frozenset({"enquiry"}), "closed", ("adults",)),
    ),
    limits=limits("adult-decision", "adult-enquiry", "night", "handover", "answer-red", "answer-amber", "answer-green",
                  "gp-reply", "outcome-seen", "supervisor-review", "action", "decision"),
    asks=(*CHECKS, AskKind("second-check", "Agree that section 42 does not apply", {"": "adult-decision"},
                            page="frontdoor:adult-second", page_takes="work")),
    needs=frozenset({"three-limbs"}),
)  # fmt: skip

CONSIDERED = Pathway(
    code="considered",
    name="Considered, and not referred",
    starts="considered",
    states=(
        State("considered", "Waiting for a supervisor", "same", {"": "considered"}, "A supervisor"),
        State("agreed", "A supervisor agreed", closed=True),
        State("referred", "Referred after all", closed=True),
    ),
    moves=(
        Move("agree", "Agree", frozenset({"considered"}), "agreed", ("referrer",)),
        Move("refer", "It should be referred", frozenset({"considered"}), "referred", ("referrer",)),
    ),
    limits=limits("considered"),
    seen_by_hub=False,
)

STAGES = ("stage-1", "stage-2", "stage-3", "stage-4")
ANSWERED_AT = {"": "challenge-1", "stage-2": "challenge-2", "stage-3": "challenge-3", "stage-4": "challenge-4"}
DECIDES = ("council", "council-manager", "emergency-duty", "adults", "police", "health", "referrer", "chair")

CHALLENGE = Pathway(
    code="challenge",
    name="Disagreement",
    starts="stage-1",
    states=(
        State("stage-1", "Between practitioners", "hub", {"": "challenge-1"}, "An answer"),
        State("stage-2", "Between managers", "hub", {"": "challenge-2"}, "An answer"),
        State("stage-3", "Between heads of service", "hub", {"": "challenge-3"}, "An answer"),
        State("stage-4", "With the independent chair", "conferences", {"": "challenge-4"}, "The chair's view"),
        State("agreed", "Agreed", closed=True),
        State("changed", "The decision was changed", closed=True),
        State("stands", "The decision stands", closed=True),
    ),
    moves=(
        Move("agree", "We agree after all", frozenset(STAGES), "agreed", DECIDES),
        Move("change", "Change the decision", frozenset(STAGES), "changed", ("council-manager", "chair", "adults")),
        Move("next-2", "Take it to managers", frozenset({"stage-1"}), "stage-2", DECIDES),
        Move("next-3", "Take it to heads of service", frozenset({"stage-2"}), "stage-3", DECIDES),
        Move("next-4", "Take it to the chair", frozenset({"stage-3"}), "stage-4", DECIDES),
        Move("view", "The chair's view: the decision stands", frozenset({"stage-4"}), "stands", ("chair",)),
    ),
    limits=limits("challenge-1", "challenge-2", "challenge-3", "challenge-4"),
    asks=(AskKind("challenge-answer", "Answer a disagreement", ANSWERED_AT, False, "frontdoor:challenge", "work"),),
)
