"""The inspectors' questions that are ready, in the order in which they are shown."""

from collections.abc import Mapping

from knownto.pathways.frontdoor import inspecting
from knownto.pathways.frontdoor.inspecting import Question

DISCUSSIONS, TIMES, DECISIONS = "Strategy discussions", "Time limits", "Decisions and feedback"
EMPTY = ("Held", "Who was missing", "Why", "Information")
ONE = "strategy discussions held"

QUESTIONS: Mapping[str, Question] = {
    question.code: question
    for question in (
        Question("without-health", DISCUSSIONS, "Which strategy discussions were held without health, and why?", ONE,
                 "without health", EMPTY, inspecting.without("health")),
        Question("without-police", DISCUSSIONS, "Which strategy discussions were held without police, and why?", ONE,
                 "without police", EMPTY, inspecting.without("police")),
        Question("without-school", DISCUSSIONS, "Which strategy discussions were held without the school, and why?",
                 ONE, "without the school", EMPTY, inspecting.without("school")),
        Question("without-referrer", DISCUSSIONS, "Which were held without whoever raised the worry, and why?", ONE,
                 "without whoever raised it", EMPTY, inspecting.without("referrer")),
        Question("without-centre", DISCUSSIONS,
                 "Where was the sexual assault referral centre required and not there, and why?", ONE,
                 "without the sexual assault referral centre", EMPTY, inspecting.without("sexual-assault-centre")),
        Question("without-any", DISCUSSIONS, "Which were held without somebody who was required, and why?", ONE,
                 "without somebody required", EMPTY, inspecting.without()),
        Question("not-quorate", DISCUSSIONS, "Which strategy discussions were not quorate?", ONE, "not quorate",
                 ("Held", "What was lacking", "Why it went ahead"), inspecting.not_quorate),
        Question("harm-unmet", DISCUSSIONS,
                 "Where was significant harm suspected, and no strategy discussion decided on in time?",
                 "contacts with significant harm suspected", "not decided on in time, or not taken to a discussion",
                 ("Received", "To be decided by", "What became of it"), inspecting.harm_unmet),
        Question("strategy-late", DISCUSSIONS, "Which strategy discussions were held late?", "discussions due",
                 "late", ("Suspected", "Due", "Held"), inspecting.strategy_late),
        Question("decision-time", TIMES, "How many contacts were decided within one working day?", "contacts decided",
                 "decided in time", ("Received", "Due", "Decided"), inspecting.decided_in_time, good=True),
        Question("conferences", TIMES,
                 "How many child protection conferences were held within 15 working days?", "conferences held",
                 "held in time", ("Section 47 begun", "Due", "Held"), inspecting.conferences_in_time, good=True),
        Question("powers", TIMES, "When were police protection and other emergency powers used, and when did they end?",
                 "uses of a power", "recorded", ("Power", "Used by", "Since", "Ended"), inspecting.powers_used),
        Question("again", DECISIONS, "How many children were referred again within 12 months?", "contacts received",
                 "referred again", ("Received",), inspecting.again),
        Question("not-told", DECISIONS, "Which referrers have not been told, or have not read, the outcome?",
                 "contacts decided", "not told or not read", ("Decided", "Outcome", "Told"), inspecting.not_told),
        Question("overridden", DECISIONS, "Which decisions departed from the guidance or from the referrer?",
                 "decisions with a level of need", "departed",
                 ("Decided", "Decision", "Level at contact", "Level decided", "In the power of"),
                 inspecting.overridden),
    )
}  # fmt: skip
