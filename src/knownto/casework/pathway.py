"""A pathway: a kind of work, written as frozen data, and the checker that says what is wrong with one.

Pure: nothing here reads a database or a clock. `problems` is run when a pathway is registered, so that a pathway
with a state that nobody owns stops the product from starting.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knownto.policy import PURPOSES
from knownto.worktime import Rule

# In whose power a decision is made. The council decides section 47, the chair the conference, police the arrest.
POWERS: Mapping[str, str] = {
    "council": "The council's children's services",
    "council-manager": "A manager of the council's children's services",
    "emergency-duty": "The council's emergency duty team",
    "adults": "The council's adult social care",
    "police": "Police",
    "health": "Health",
    "chair": "The independent chair",
    "referrer": "The agency that raised it",
    "reviewer": "A reviewer of who is who",
    "review-lead": "The lead reviewer of who is who",
    "guardian": "A guardian of sealed people",
    "rule": "A named rule, checked by nobody at the time",
}

# Who is told when a clock turns. Each means one team or worker of the episode or ask at that moment; what begins with
# OFFICE names an office of `partners.offices`.
AUDIENCES = ("owner", "owner-team", "supervisor", "manager", "asker", "asked", "night")
OFFICE = "office:"


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell `audience` when the clock turns `when` ("amber" or "red")."""

    when: str
    audience: str


@dataclass(frozen=True, slots=True)
class Limit:
    """A time limit that starts with a state, a decision or an ask.

    `warn` is counted from the same start; without it a clock turns amber when three quarters of its time have passed.
    """

    code: str
    name: str
    rule: Rule
    warn: Rule | None = None
    tells: tuple[Tell, ...] = (Tell("amber", "owner"), Tell("red", "owner"), Tell("red", "manager"))


@dataclass(frozen=True, slots=True)
class State:
    """Where an episode stands. An open one names the office that owns it and the limit that is its next time.

    `office` is a code of `partners.offices`, or "same": it stays with whoever has it. `limits` maps an urgency to
    the limit that runs here; "" is for any other. `awaits` says, for a board, what is awaited.
    """

    code: str
    name: str
    office: str = ""
    limits: Mapping[str, str] = field(default_factory=dict)
    awaits: str = ""
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """A kind of decision: from which states to which, in whose power, and what must be known first.

    `needs` are codes of what must be known (each module registers how it finds out); `levels` are the levels of need
    that may be decided with it, none where it decides no level. `to` is "same" where it
    stays where it is. `starts` and `stops` are codes of limits that this decision sets going, or ends, beside the
    state's own. `renews`: the state's own limit begins anew (a review is over, the next one is due in its time);
    without it, a decision that leads where the same limits run gives nobody more time.
    """

    code: str
    name: str
    sources: frozenset[str]
    to: str
    powers: tuple[str, ...]
    needs: tuple[str, ...] = ()
    levels: tuple[int, ...] = ()
    starts: tuple[str, ...] = ()
    stops: tuple[str, ...] = ()
    renews: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class AskKind:
    """One party owes another an answer. `limits` maps an urgency to a limit; "" is for any other.

    `page` names the route on which it is answered, where it is not casework's own page, and `page_takes` whose id that
    is given: "ask", "work", or "" for none. What has a page of its own has its own rules, and is answered only there.
    """

    code: str
    name: str
    limits: Mapping[str, str]
    may_decline: bool = True
    page: str = ""
    page_takes: str = "ask"
    needs: str = ""  # the permission without which it is nobody's in the team that owes it
    says: str = "asked"  # the kind of notice by which they learn of it


@dataclass(frozen=True, slots=True)
class Pathway:
    """A kind of work.

    `purpose` is the code of policy.PURPOSES for which something of it crosses between agencies, where nobody named
    another. `page` names the route of one such episode (given its id). `answered` is the move that a rule makes when
    the last thing it asked for has been answered, `read` the one when whoever asked has read that; "" for neither.
    """

    code: str
    name: str
    starts: str
    states: tuple[State, ...]
    moves: tuple[Move, ...]
    limits: tuple[Limit, ...]
    asks: tuple[AskKind, ...] = ()
    begins: tuple[str, ...] = ()  # limits that run from the opening on, through several states, until a move stops them
    seen_by_hub: bool = True
    purpose: str = "child-concern"
    page: str = "frontdoor:episode"
    answered: str = ""
    read: str = ""
    needs: frozenset[str] = frozenset()  # every fact that a move of it may need: what nobody finds out is a mistake

    def state(self, code: str) -> State:
        return _by_code(self.states, code)

    def move(self, code: str) -> Move:
        return _by_code(self.moves, code)

    def limit(self, code: str) -> Limit:
        return _by_code(self.limits, code)

    def ask(self, code: str) -> AskKind:
        return _by_code(self.asks, code)

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.sources)


def _by_code[T: (State, Move, Limit, AskKind)](things: tuple[T, ...], code: str) -> T:
    """That one. Raises KeyError: a code that the pathway does not know must never mean 'some other'."""
    for thing in things:
        if thing.code == code:
            return thing
    raise KeyError(code)


def limit_for(limits: Mapping[str, str], urgency: str) -> str:
    """The code of the limit for that urgency."""
    return limits.get(urgency) or limits[""]


def problems(pathway: Pathway) -> list[str]:
    """Everything that is wrong with it, as sentences; none when it may be used."""
    return [
        *_of_states(pathway), *_of_moves(pathway), *_of_rules(pathway), *_of_asks(pathway), *_of_limits(pathway),
        *_unreachable(pathway),
    ]  # fmt: skip


def _of_states(pathway: Pathway) -> Iterator[str]:
    known = {limit.code for limit in pathway.limits}
    codes = [state.code for state in pathway.states]
    if len(codes) != len(set(codes)) or pathway.starts not in codes:
        yield f"{pathway.code}: its states have one code each, and it starts in one of them"
    for state in pathway.states:
        if state.closed:
            continue
        if not state.office:
            yield f"{pathway.code}: nobody owns the state {state.code}"
        if "" not in state.limits or not set(state.limits.values()) <= known:
            yield f"{pathway.code}: the state {state.code} has no next time"
        if not pathway.moves_from(state.code):
            yield f"{pathway.code}: nothing leads out of the open state {state.code}"


def _of_moves(pathway: Pathway) -> Iterator[str]:
    states, limits = {state.code: state for state in pathway.states}, {limit.code for limit in pathway.limits}
    for move in pathway.moves:
        if move.to not in {*states, "same"} or not move.sources or not move.sources <= states.keys():
            yield f"{pathway.code}: the decision {move.code} leads from or to a state there is not"
        elif any(states[source].closed for source in move.sources):
            yield f"{pathway.code}: the decision {move.code} moves what is closed"
        if not move.powers or not set(move.powers) <= POWERS.keys():
            yield f"{pathway.code}: nobody may make the decision {move.code}"
        own = {limit for source in move.sources if source in states for limit in states[source].limits.values()}
        if move.to == "same" and not move.renews and set(move.stops) & own - set(move.starts):
            yield f"{pathway.code}: the decision {move.code} stops the limit of the state it stays in"
        if not set(move.needs) <= pathway.needs:
            yield f"{pathway.code}: the decision {move.code} needs something that nobody finds out"
        if not {*move.starts, *move.stops} <= limits:
            yield f"{pathway.code}: the decision {move.code} starts or stops a limit there is not"


def _of_rules(pathway: Pathway) -> Iterator[str]:
    by_rule = {move.code for move in pathway.moves if "rule" in move.powers}
    if not {pathway.answered, pathway.read} - {""} <= by_rule:
        yield f"{pathway.code}: a rule moves it by a decision that is not a rule's to make"
    if pathway.purpose not in PURPOSES:
        yield f"{pathway.code}: nothing of it may cross between agencies, for want of a purpose"


def _of_asks(pathway: Pathway) -> Iterator[str]:
    known = {limit.code for limit in pathway.limits}
    for ask in pathway.asks:
        if "" not in ask.limits or not set(ask.limits.values()) <= known:
            yield f"{pathway.code}: what is asked by {ask.code} has no time by which it is owed"


def _of_limits(pathway: Pathway) -> Iterator[str]:
    if not set(pathway.begins) <= {limit.code for limit in pathway.limits}:
        yield f"{pathway.code}: it begins with a limit there is not"
    for limit in pathway.limits:
        if not any(tell.when == "red" for tell in limit.tells):
            yield f"{pathway.code}: nobody is told when {limit.code} has run out"
        if not all(_is_somebody(tell.audience) and tell.when in ("amber", "red") for tell in limit.tells):
            yield f"{pathway.code}: {limit.code} tells somebody there is not"


def _is_somebody(audience: str) -> bool:
    return audience in AUDIENCES or audience.startswith(OFFICE)


def _unreachable(pathway: Pathway) -> Iterator[str]:
    reached, before = {pathway.starts}, set()
    while reached != before:
        before = set(reached)
        reached |= {move.to for move in pathway.moves if move.sources & reached and move.to != "same"}
    for state in pathway.states:
        if state.code not in reached:
            yield f"{pathway.code}: nothing leads to the state {state.code}"
