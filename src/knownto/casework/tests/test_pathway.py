"""The checker of pathways: a sound one has no problem, and each way of letting work drop is found and named."""

from dataclasses import replace

import pytest

from knownto.casework.pathway import AskKind, Limit, Move, Pathway, State, Tell, limit_for, problems
from knownto.casework.register import BadPathway, register
from knownto.worktime import Rule, Unit

DAY = Limit("day", "A day", Rule(1, Unit.WORKING_DAYS, "for a test"))
SOUND = Pathway(
    code="sound",
    name="Sound",
    starts="open",
    states=(State("open", "Open", "hub", {"": "day"}), State("shut", "Shut", closed=True)),
    moves=(
        Move("again", "Again", frozenset({"open"}), "same", ("council",), renews=True),
        Move("shut", "Shut", frozenset({"open"}), "shut", ("council", "rule"), ("known",)),
    ),
    limits=(DAY,),
    asks=(AskKind("check", "Check", {"": "day"}),),
    answered="shut",
    needs=frozenset({"known"}),
)


def changed(**what):
    return replace(SOUND, **what)


def state(**what):
    return (replace(SOUND.states[0], **what), SOUND.states[1])


def move(**what):
    return (SOUND.moves[0], replace(SOUND.moves[1], **what))


def test_a_sound_pathway_has_no_problem():
    assert problems(SOUND) == []


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (changed(starts="nowhere"), "it starts in one of them"),
        (changed(states=(*SOUND.states, SOUND.states[0])), "have one code each"),
        (changed(states=state(office="")), "nobody owns the state open"),
        (changed(states=state(limits={})), "the state open has no next time"),
        (changed(states=state(limits={"": "year"})), "the state open has no next time"),
        (changed(states=state(limits={"red": "day"})), "the state open has no next time"),
        (changed(moves=()), "nothing leads out of the open state open"),
        (changed(moves=move(to="nowhere")), "leads from or to a state there is not"),
        (changed(moves=move(sources=frozenset())), "leads from or to a state there is not"),
        (changed(moves=move(sources=frozenset({"open", "gone"}))), "leads from or to a state there is not"),
        (changed(moves=move(sources=frozenset({"shut"}))), "moves what is closed"),
        (changed(moves=move(powers=())), "nobody may make the decision shut"),
        (changed(moves=move(powers=("mayor",))), "nobody may make the decision shut"),
        (changed(needs=frozenset()), "needs something that nobody finds out"),
        (changed(moves=move(starts=("year",))), "starts or stops a limit there is not"),
        (changed(moves=move(stops=("year",))), "starts or stops a limit there is not"),
        (changed(moves=(replace(SOUND.moves[0], renews=False, stops=("day",)), SOUND.moves[1])), "stops the limit of"),
        (changed(moves=move(powers=("council",))), "not a rule's to make"),
        (changed(read="again"), "not a rule's to make"),
        (changed(purpose="curiosity"), "for want of a purpose"),
        (changed(asks=(AskKind("check", "Check", {}),)), "has no time by which it is owed"),
        (changed(asks=(AskKind("check", "Check", {"": "year"}),)), "has no time by which it is owed"),
        (changed(begins=("year",)), "begins with a limit there is not"),
        (changed(limits=(replace(DAY, tells=(Tell("amber", "owner"),)),)), "nobody is told when day has run out"),
        (changed(limits=(replace(DAY, tells=(Tell("red", "mayor"),)),)), "tells somebody there is not"),
        (changed(limits=(replace(DAY, tells=(Tell("red", "owner"), Tell("blue", "owner"))),)), "tells somebody there"),
        (changed(states=(*SOUND.states, State("lost", "Lost", closed=True))), "nothing leads to the state lost"),
    ],
)
def test_each_way_of_letting_work_drop_is_named(broken, said):
    assert any(said in sentence for sentence in problems(broken)), problems(broken)


def test_one_that_would_let_work_drop_is_not_taken_in():
    with pytest.raises(BadPathway, match="nobody owns"):
        register(changed(states=state(office="")), {"known": lambda episode: ""})
    with pytest.raises(BadPathway, match="nobody finds out known"):
        register(SOUND, {})


def test_an_urgency_that_a_state_does_not_name_gets_the_limit_for_any_other():
    assert limit_for({"": "day", "red": "hour"}, "red") == "hour"
    assert limit_for({"": "day", "red": "hour"}, "amber") == limit_for({"": "day"}, "") == "day"


@pytest.mark.parametrize("look_up", [SOUND.state, SOUND.move, SOUND.limit, SOUND.ask])
def test_a_code_that_it_does_not_know_never_means_some_other(look_up):
    with pytest.raises(KeyError):
        look_up("unknown")
