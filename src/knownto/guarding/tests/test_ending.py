"""What is over is forgotten a year later."""

from datetime import timedelta

import pytest

from knownto.access.refusals import NotYours
from knownto.guarding import acts, ending, reads, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert, Kept, Seal, Token
from knownto.keyring import guard


def test_a_year_after_it_was_lifted_nothing_says_who_it_was_or_who_looked(guarded):
    seal = guarded.seal()
    guarded.search()
    watching.catch_up(guarded.now)
    acts.propose_lift(by=guarded.council, seal=seal, reason="Over", now=guarded.now)
    acts.lift(by=guarded.police, seal=seal, reason="Over", now=guarded.now)
    with guards_own():
        assert not Kept.objects.exists() and not Token.objects.exists()
        keys = [*Seal.objects.values_list("key", flat=True), *Alert.objects.values_list("key", flat=True)]
    assert len(guard.fetch(keys)) == 2
    assert ending.forget_past(guarded.now + ending.KEPT) == 0
    assert ending.forget_past(guarded.now + ending.KEPT + timedelta(seconds=1)) == 1
    assert not guard.fetch(keys)
    with pytest.raises(NotYours):
        reads.seal(guarded.police, seal, guarded.now)
    assert not reads.looks(guarded.police, guarded.now)
