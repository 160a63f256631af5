"""A short walk of every pathway on the real database; `proof_tests` has the long one."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from knownto.casework import deciding
from knownto.casework.register import pathway, pathways
from knownto.casework.tests.product import Product
from knownto.casework.tests.states import Walk

SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def short(examples, steps=25, phases=(Phase.generate, Phase.shrink)):
    return settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=SLOW,
        database=None,
        phases=phases,
    )


def control(examples, steps=25):
    """That a fault is found is enough; making it small takes minutes."""
    return short(examples, steps, (Phase.generate,))


def walk(name, paths, real=None):
    return type(name, (Walk,), {"paths": paths, "real": real, "steps": 0})


@pytest.fixture
def facts_known(monkeypatch):
    """What must be known before a decision is other modules' business."""
    monkeypatch.setattr(deciding, "missing", lambda episode, needs: [])


def test_the_product_goes_as_the_model_does_and_drops_nothing(borough, facts_known):
    run_state_machine_as_test(walk("Real", tuple(pathways()), Product), settings=short(8))


def test_the_model_alone_holds_for_every_pathway():
    run_state_machine_as_test(walk("Alone", tuple(pathways())), settings=short(60, 40))


def test_a_decision_that_forgets_the_next_time_is_found(borough, facts_known, monkeypatch):
    """The negative control on the product."""
    monkeypatch.setattr(deciding, "_turn_state_clock", lambda *_, **__: None)
    with pytest.raises((AssertionError, ValueError)):
        run_state_machine_as_test(walk("Faulty", tuple(pathways()), Product), settings=control(30))


def test_a_pathway_whose_decision_stops_its_own_time_limit_is_found():
    """The negative control on the data, for a pathway that nobody checked."""
    contact = pathway("contact")
    few = [move for move in contact.moves if move.code in ("take", "rate")]  # among all, it is met by chance alone
    stops = ("checks-red", "checks-amber", "checks-green", "decision")
    forgets = tuple(replace(move, stops=stops) if move.code == "rate" else move for move in few)
    with pytest.raises((AssertionError, ValueError)):
        run_state_machine_as_test(walk("Forgets", (replace(contact, moves=forgets),)), settings=control(2000, 40))
