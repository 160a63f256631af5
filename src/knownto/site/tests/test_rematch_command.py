"""`knownto linkage rematch`: everybody matched again, and how far it is said to whoever asked."""

from contextlib import nullcontext

import pytest

from knownto.access import acts as access
from knownto.identity import acts, rematching
from knownto.identity.models import Rematch
from knownto.identity.tests.conftest import AMINA, Partners
from knownto.site import command
from knownto.site.commands import rematch


@pytest.fixture
def hub(db, now, monkeypatch):
    monkeypatch.setattr(rematch, "databases", lambda _: nullcontext())
    monkeypatch.setattr(rematching, "AT_ONCE", 1)
    monkeypatch.setattr(rematching, "BATCH", 1)
    with access.system("test"):
        Partners().send(AMINA, AMINA)
    acts.catch_up(now=now)


def test_it_says_how_far_it_is_and_that_it_has_ended(hub, capsys):
    assert command.main(["linkage", "rematch", "--again"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "1 of 4 steps (25%): being read" and "3 of 4 steps (75%): being compared" in said
    assert said[-1] == "Everybody is matched by the model in force."
    assert Rematch.objects.get().ended_at


def test_it_does_nothing_where_everybody_is_matched_by_the_model_in_force(hub, capsys):
    assert command.main(["linkage", "rematch"]) == 0
    assert capsys.readouterr().out == "Everybody is matched by the model in force.\n"
