"""Every pathway walked at random, beside a model of what must hold; on the real database where there is one.

The model is written from the words of `pathway` alone: where a decision leads, who then owns it, which clocks run.
It is small enough to be walked a hundred thousand times; the product is compared with it step by step.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from knownto.casework import clocks
from knownto.casework.pathway import AskKind, Move, Pathway, limit_for
from knownto.worktime import Pause

START = datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
MOST_WORK, MOST_ASKS = 3, 4
ANY = st.integers(0, 10_000)
URGENCIES = ("", "red", "amber", "green")


@dataclass
class Timed:
    """A clock of the model."""

    limit: str
    runs: str
    start: datetime
    due: datetime
    stopped: bool = False
    look: datetime | None = None
    pauses: list[Pause] = field(default_factory=list)
    since: datetime | None = None  # stands still since then

    @property
    def next(self) -> datetime:
        return self.look or self.due


@dataclass
class Question:
    kind: str
    team: object
    clock: Timed
    answered: bool = False


@dataclass
class Work:
    """A piece of work of the model. `team` is whatever stands for a team."""

    path: Pathway
    state: str
    urgency: str
    team: object
    children: int = 1
    clocks: list[Timed] = field(default_factory=list)
    asks: list[Question] = field(default_factory=list)
    decided: list[str] = field(default_factory=list)
    closed: bool = False
    real: UUID | None = None

    def running(self, *, own: bool = False) -> list[Timed]:
        return [each for each in self.clocks if not each.stopped and not (own and each.runs == "ask")]

    @property
    def next_due(self) -> datetime | None:
        return None if self.closed else min(each.next for each in self.running())


class Model:
    """What must happen, by the words of the pathways. `team_of` gives whatever stands for the team of an office."""

    def __init__(self, team_of: Callable[[str], object]) -> None:
        self.team_of = team_of

    def start(self, work: Work, limit: str, runs: str, at: datetime) -> Timed:
        due = clocks.times(work.path.limit(limit), at, ())[1]
        work.clocks.append(Timed(limit, runs, at, due))
        return work.clocks[-1]

    def open(self, path: Pathway, urgency: str, now: datetime) -> Work:
        first = path.state(path.starts)
        work = Work(path, first.code, urgency, self.team_of("hub" if first.office == "same" else first.office))
        for code in path.begins:
            self.start(work, code, "opening", now)
        if limit_for(first.limits, urgency) not in path.begins:
            self.start(work, limit_for(first.limits, urgency), "state", now)
        return work

    def decide(self, work: Work, move: Move, urgency: str, now: datetime) -> None:
        before = work.path.state(work.state)
        after = before if move.to == "same" else work.path.state(move.to)
        work.state, work.urgency = after.code, urgency or work.urgency
        work.decided.append(after.code)
        for clock in work.running(own=True):
            clock.stopped = clock.limit in move.stops or after.closed
        work.closed = after.closed
        if after.closed:
            return
        if after.office not in ("same", before.office):
            work.team = self.team_of(after.office)
        for code in move.starts:
            self.start(work, code, "decision", now)
        self._state_clock(work, before.limits == after.limits and not move.renews, now)

    def _state_clock(self, work: Work, goes_on: bool, now: datetime) -> None:
        wanted = limit_for(work.path.state(work.state).limits, work.urgency)
        mine = next((each for each in work.running() if each.runs == "state"), None)
        if mine and goes_on:
            if mine.limit != wanted:
                self._follow(work, mine, wanted)
            return
        if mine:
            mine.stopped = True
        if wanted not in {each.limit for each in work.running(own=True)}:
            self.start(work, wanted, "state", now)

    def _follow(self, work: Work, mine: Timed, wanted: str) -> None:
        mine.stopped = True
        after = self.start(work, wanted, "state", mine.start)
        after.pauses, after.look, after.since = list(mine.pauses), mine.look, mine.since
        if not after.since:
            after.due = clocks.times(work.path.limit(wanted), after.start, after.pauses)[1]

    def ask(self, work: Work, kind: AskKind, team: object, now: datetime) -> None:
        limit = limit_for(kind.limits, work.urgency)
        work.asks.append(Question(kind.code, team, self.start(work, limit, "ask", now)))

    def answer(self, work: Work, ask: Question, now: datetime) -> None:
        ask.answered = ask.clock.stopped = True
        move = work.path.answered and work.path.move(work.path.answered)
        if move and not work.closed and all(each.answered for each in work.asks) and work.state in move.sources:
            self.decide(work, move, "", now)

    def pause(self, clock: Timed, now: datetime) -> None:
        clock.since, clock.look = now, clocks.look_again_after(now)

    def go_on(self, work: Work, clock: Timed, now: datetime) -> None:
        clock.pauses.append(Pause(clock.since or now, now))
        clock.since = clock.look = None
        clock.due = clocks.times(work.path.limit(clock.limit), clock.start, clock.pauses)[1]

    def sweep(self, work: Work, now: datetime) -> None:
        for clock in work.running():
            if clock.look and clock.look <= now:
                clock.look = clocks.look_again_after(now)


def wrong(work: Work) -> list[str]:
    """What must never be so of a piece of work."""
    state = work.path.state(work.state)
    said = {
        "an open state of closed work, or the reverse": state.closed == work.closed,
        "the state is not that of the last decision": work.state == [work.path.starts, *work.decided][-1],
        "nobody owns it": work.closed or work.team is not None,
        "nothing of its own will turn up": work.closed or bool(work.running(own=True)),
        "closed work owes something": not work.closed or not work.running(own=True),
        "an ask without a clock": all(each.answered or not each.clock.stopped for each in work.asks),
        "an answered ask still runs": all(not each.answered or each.clock.stopped for each in work.asks),
        "due before it began": all(each.due >= each.start for each in work.clocks),
        "two clocks of one state": len([each for each in work.running() if each.runs == "state"]) <= 1,
    }
    return [sentence for sentence, holds in said.items() if not holds]


class Walk(RuleBasedStateMachine):
    """Pathways at random. `paths` and `real` are set by whoever runs it; without `real` the model walks alone."""

    paths: tuple[Pathway, ...] = ()
    real: Callable[[], "object"] | None = None
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.now, self.works = START, []
        self.it = type(self).real() if type(self).real else None
        self.model = Model(self.it.team_of if self.it else lambda office: office)

    def teardown(self) -> None:
        if self.it:
            self.it.done()

    def _count(self) -> None:
        type(self).steps += 1

    def _pick(self, which: int, among: list) -> object:
        return among[which % len(among)]

    @precondition(lambda self: len(self.works) < MOST_WORK)
    @rule(which=ANY, urgency=st.sampled_from(URGENCIES))
    def open(self, which: int, urgency: str) -> None:
        self._count()
        work = self.model.open(self._pick(which, list(self.paths)), urgency, self.now)
        if self.it:
            work.real = self.it.open(work.path, urgency, self.now)
        self.works.append(work)

    @precondition(lambda self: any(not work.closed for work in self.works))
    @rule(which=ANY, move=ANY, urgency=st.sampled_from(("", "", "red", "green")))
    def decide(self, which: int, move: int, urgency: str) -> None:
        self._count()
        work = self._pick(which, [each for each in self.works if not each.closed])
        chosen = self._pick(move, list(work.path.moves_from(work.state)))
        before, seen = self._state_due(work), len(work.decided)
        source = work.path.state(work.state)
        self.model.decide(work, chosen, urgency, self.now)
        if self.it:
            self.it.decide(work, chosen, urgency, seen, self.now)
        after = work.path.state(work.state)
        if before and not after.closed and not chosen.renews and not urgency and source.limits == after.limits:
            assert self._state_due(work) in (before, None), "moving along gave more time"

    def _state_due(self, work: Work) -> datetime | None:
        return next((each.due for each in work.running() if each.runs == "state"), None)

    @precondition(lambda self: any(each.path.asks and len(each.asks) < MOST_ASKS for each in self._open()))
    @rule(which=ANY, kind=ANY)
    def ask(self, which: int, kind: int) -> None:
        self._count()
        work = self._pick(which, [each for each in self._open() if each.path.asks and len(each.asks) < MOST_ASKS])
        chosen = self._pick(kind, list(work.path.asks))
        self.model.ask(work, chosen, self.model.team_of("police"), self.now)
        if self.it:
            self.it.ask(work, chosen, self.now)

    def _open(self) -> list[Work]:
        return [work for work in self.works if not work.closed]

    def _waiting(self) -> list[tuple[Work, int]]:
        """Asks of closed work still want their answer."""
        return [(work, n) for work in self.works for n, ask in enumerate(work.asks) if not ask.answered]

    @precondition(lambda self: bool(self._waiting()))
    @rule(which=ANY)
    def answer(self, which: int) -> None:
        self._count()
        work, number = self._pick(which, self._waiting())
        self.model.answer(work, work.asks[number], self.now)
        if self.it:
            self.it.answer(work, number, self.now)

    @precondition(lambda self: bool(self._waiting()))
    @rule(which=ANY)
    def pass_on(self, which: int) -> None:
        self._count()
        work, number = self._pick(which, self._waiting())
        work.asks[number].team = self.model.team_of("child-abuse-investigators")
        if self.it:
            self.it.pass_on(work, number, self.now)

    @precondition(lambda self: any(each.running() for each in self._open()))
    @rule(which=ANY, clock=ANY)
    def pause_or_go_on(self, which: int, clock: int) -> None:
        self._count()
        work = self._pick(which, [each for each in self._open() if each.running()])
        chosen = self._pick(clock, sorted(work.running(), key=lambda each: (each.limit, each.start)))
        paused = chosen.since is not None
        if self.it:
            self.it.pause_or_go_on(work, chosen, paused, self.now)
        if paused:
            self.model.go_on(work, chosen, self.now)
        else:
            self.model.pause(chosen, self.now)

    @rule(minutes=st.sampled_from((1, 10, 61, 6 * 60, 25 * 60, 8 * 24 * 60)))
    def wait(self, minutes: int) -> None:
        self._count()
        self.now += timedelta(minutes=minutes)
        for work in self.works:
            self.model.sweep(work, self.now)
        if self.it:
            self.it.sweep(self.now)

    @invariant()
    def nothing_is_dropped(self) -> None:
        for work in self.works:
            assert not wrong(work), (work.path.code, work.state, wrong(work))
        if self.it:
            self.it.is_as(self.works)
