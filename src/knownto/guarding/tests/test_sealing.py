"""Sealing, and what is found afterwards: by whoever searches, and in the tables."""

import pytest

from knownto.access.acts import system
from knownto.feeds.models import Contact, Record
from knownto.footprint.answers import Found, NothingKnown
from knownto.guarding import acts, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert


def test_nobody_finds_a_sealed_person(guarded):
    assert isinstance(guarded.search(), Found)
    guarded.seal()
    assert isinstance(guarded.search(), NothingKnown)


def test_one_person_or_one_agency_seals_nobody(guarded):
    seal = guarded.propose()
    for by in (guarded.police, guarded.town.viewer("guardian", "police", "Her colleague")):
        with pytest.raises(acts.NeedsAnother):
            acts.agree(by=by, seal=seal, reason="Yes", now=guarded.now)
    assert isinstance(guarded.search(), Found)


def test_the_desk_is_told_of_each_search(guarded):
    guarded.seal()
    watching.catch_up(guarded.now)
    for _ in range(3):
        guarded.search()
    guarded.search(given="Nobody", family="Whatsoever", born=guarded.now.date())
    assert watching.catch_up(guarded.now) == 4
    assert watching.catch_up(guarded.now) == 0
    with guards_own():
        assert Alert.objects.count() == 3


def test_lifting_brings_back_what_partners_hold(guarded):
    def held():
        with system("test"):
            return (Record.objects.count(), Contact.objects.count())

    before, seal = held(), guarded.seal()
    assert held() < before
    acts.propose_lift(by=guarded.council, seal=seal, reason="The order has ended", now=guarded.now)
    with pytest.raises(acts.NeedsAnother):
        acts.lift(by=guarded.council, seal=seal, reason="Yes", now=guarded.now)
    acts.lift(by=guarded.police, seal=seal, reason="Yes", now=guarded.now)
    from knownto.identity import acts as identity

    identity.catch_up(now=guarded.now)
    assert held() == before
    assert isinstance(guarded.search(), Found)
