"""What nobody reviews stays sealed and is told of; what is over is forgotten a year later."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts as casework
from knownto.casework.models import Notice
from knownto.footprint.answers import NothingKnown
from knownto.guarding import acts, ending, reads, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert, Kept, Seal, State, Token
from knownto.keyring import guard


def test_a_review_that_nobody_does_is_told_to_both_desks_and_lifts_nothing(guarded):
    seal = guarded.seal()
    due = reads.seal(guarded.police, seal, guarded.now).seal.due
    casework.sweep(due - timedelta(minutes=1))
    with system("test"):
        before = set(Notice.objects.values_list("pk", flat=True))
    casework.sweep(due + timedelta(minutes=1))
    with system("test"):
        told = Notice.objects.exclude(pk__in=before).select_related("to_team")
        assert {row.to_team.agency_id for row in told if row.to_team} == {"police", "childrens-social-care"}
        assert {row.to_team.code for row in told if row.to_team} == {"guardian-desk"}
    casework.sweep(due + timedelta(days=400))
    ending.forget_past(due + timedelta(days=400))
    assert reads.seal(guarded.police, seal, guarded.now).seal.state == State.IN_FORCE
    assert isinstance(guarded.search(), NothingKnown)


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
