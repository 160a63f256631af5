"""The long walk: a hundred thousand transitions of every pathway, and a thousand on the real database beside it.

No state without an owner and a next time, no child lost, no ask without its clock; and each walk finds a fault that is
planted for it. KNOWNTO_TRANSITIONS sets how many.
"""

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from knownto.casework import clocks, deciding
from knownto.casework.register import pathway, pathways
from knownto.casework.tests.conftest import _quick_passwords  # noqa: F401 (a fixture)
from knownto.casework.tests.product import Product
from knownto.casework.tests.states import Walk

TRANSITIONS = int(os.environ.get("KNOWNTO_TRANSITIONS", "100000"))
ON_THE_DATABASE = TRANSITIONS // 100
STEPS = 50


def walks(transitions, paths, real=None, phases=(Phase.generate,)):
    """Walk until that many transitions have been made; gives how many there were."""
    machine = type("Long", (Walk,), {"paths": paths, "real": real, "steps": 0})
    each = settings(
        max_examples=max(1, transitions // STEPS),
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    while machine.steps < transitions:
        run_state_machine_as_test(machine, settings=each)
    return machine.steps


@pytest.fixture
def facts_known(monkeypatch):
    """What must be known before a decision is proved where it is found out."""
    monkeypatch.setattr(deciding, "missing", lambda episode, needs: [])


def test_a_hundred_thousand_transitions_leave_nothing_without_an_owner_and_a_next_time():
    assert walks(TRANSITIONS, tuple(pathways())) >= TRANSITIONS


def test_the_product_goes_the_same_way_on_the_real_database(borough, facts_known):
    assert walks(ON_THE_DATABASE, tuple(pathways()), Product) >= ON_THE_DATABASE


@pytest.mark.parametrize("code", ["contact", "support", "protection"])
def test_a_state_whose_time_limit_was_forgotten_is_found(code):
    sound = pathway(code)
    first = next(state for state in sound.states if not state.closed)
    forgets = tuple(replace(state, limits={}) if state is first else state for state in sound.states)
    with pytest.raises((KeyError, ValueError, AssertionError)):
        walks(2_000, (replace(sound, states=forgets),))


def test_a_product_that_gives_more_time_for_moving_along_is_found(borough, facts_known, monkeypatch):
    real = deciding._turn_state_clock
    monkeypatch.setattr(deciding, "_turn_state_clock", lambda *a, **how: real(*a, **(how | {"goes_on": False})))
    with pytest.raises(AssertionError):
        walks(2_000, (pathway("contact"),), Product)


def test_a_product_that_leaves_an_answered_ask_running_is_found(borough, facts_known, monkeypatch):
    monkeypatch.setattr(clocks, "stop", lambda *_: None)
    with pytest.raises((AssertionError, ValueError)):
        walks(2_000, (pathway("contact"),), Product)
