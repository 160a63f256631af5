"""A link made, used, undone: everybody who was shown two people as one is told, and says that they know."""

from dataclasses import replace
from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts as casework
from knownto.casework.models import Ask, Episode, Notice
from knownto.disclosure.models import How
from knownto.footprint import acts as footprint
from knownto.footprint.models import Wrong
from knownto.footprint.open_search import own
from knownto.footprint.question import Question
from knownto.footprint.why import Why as Purpose
from knownto.identity import acknowledging, acts, consequences, queue, taking_back
from knownto.identity.models import Change, Review, Why
from knownto.identity.tests.conftest import AMINA, BY, Partners, person_of

OTHER = replace(AMINA, family_name="Hargreaves", given_names="Olivia", nhs_number="9990000018")
WHY = Purpose("child-concern", "MASH 4411")


@pytest.fixture
def partners(borough):
    with system("test"):
        yield Partners()


@pytest.fixture
def linked(partners, now):
    """Two people's records that somebody has said are one person's, two days ago."""
    ids = partners.send(AMINA, agency="police") + partners.send(OTHER, agency="hospital")
    before = now - timedelta(days=2)
    acts.catch_up(now=before)
    ruling = acts.link(records=tuple(ids), reason="Adopted", by=BY, now=before)
    return ids, ruling


def looks(viewer, now):
    """Search for the child and open the footprint, as any worker would."""
    question = Question(given="Amina", family="Okonjo", born=AMINA.birth_date)
    found = footprint.search(by=viewer, question=question, why=WHY, now=now)
    return footprint.open_footprint(by=viewer, search=own(viewer, found.id, now), place=1, how=How.VIEW, now=now)


def undo(ruling, now):
    acts.undo(ruling=ruling, reason="Another child", by=BY, now=now)
    consequences.tell_all(now=now)


def test_it_tells_everybody_who_was_shown_them_as_one_and_tracks_who_knows(linked, viewer_of, now):
    screener, officer = viewer_of("screener"), viewer_of("officer")
    receipts = [looks(viewer, now - timedelta(days=1)).receipt.receipt for viewer in (screener, officer)]
    undo(linked[1], now)
    asks = {ask.to_worker: ask for ask in Ask.objects.select_related("clock", "to_team")}
    assert set(asks) == {screener.worker_id, officer.worker_id}
    assert all(ask.clock.due_at > now and ask.to_team for ask in asks.values())
    assert Notice.objects.filter(kind="wrong-link", to_worker=screener.worker_id).exists()
    told = acknowledging.told(screener, asks[screener.worker_id].pk, now)
    assert [each.where for each in told.saw] == receipts[:1]
    assert "Okonjo" not in told.words and "Hargreaves" not in told.words
    for viewer in (screener, officer):
        assert Episode.objects.get(pathway="wrong-link").state == "telling"
        acknowledging.acknowledge(by=viewer, ask=asks[viewer.worker_id].pk, done="nothing", text="", now=now)
    assert Episode.objects.get(pathway="wrong-link").state == "told"


def test_it_tells_once_however_often_the_sweep_comes(linked, viewer_of, now):
    looks(viewer_of("screener"), now - timedelta(days=1))
    undo(linked[1], now)
    assert consequences.tell_all(now=now) == 0
    assert Ask.objects.count() == 1


def test_it_tells_nobody_who_looked_before_they_were_joined_or_after_they_were_parted(linked, viewer_of, now):
    looks(viewer_of("officer"), now - timedelta(days=3))
    acts.undo(ruling=linked[1], reason="Another child", by=BY, now=now)
    looks(viewer_of("screener"), now + timedelta(minutes=1))
    consequences.tell_all(now=now + timedelta(minutes=2))
    assert not Ask.objects.exists() and not Episode.objects.filter(pathway="wrong-link").exists()
    assert Change.objects.get(kind="parted").told_at


def test_it_tells_nobody_who_was_shown_one_side_alone(linked, viewer_of, now, monkeypatch):
    looks(viewer_of("screener"), now - timedelta(days=1))
    shown = consequences.seen
    one_side = frozenset({"police"})
    monkeypatch.setattr(consequences, "seen", lambda *asked: [replace(s, covered=one_side) for s in shown(*asked)])
    undo(linked[1], now)
    assert not Ask.objects.exists()


def test_it_tells_whoever_opened_them_by_an_id_that_was_taken_into_another(partners, viewer_of, now):
    ids = partners.send(OTHER, agency="hospital") + partners.send(AMINA, agency="police")
    before = now - timedelta(days=2)
    acts.catch_up(now=before)
    screener, at = viewer_of("screener"), now - timedelta(minutes=30)
    question = Question(given="Amina", family="Okonjo", born=AMINA.birth_date)
    found = footprint.search(by=screener, question=question, why=WHY, now=at)
    ruling = acts.link(records=tuple(ids), reason="Adopted", by=BY, now=at)
    footprint.open_footprint(by=screener, search=own(screener, found.id, now), place=1, how=How.VIEW, now=now)
    undo(ruling, now)
    assert Ask.objects.get().to_worker == screener.worker_id


def test_it_escalates_to_the_lead_when_somebody_does_not_say_that_they_know(linked, viewer_of, now):
    looks(viewer_of("screener"), now - timedelta(days=1))
    undo(linked[1], now)
    later = now + timedelta(days=8)
    casework.sweep(later)
    lead = Notice.objects.filter(kind="red", to_team__code="who-is-who", to_team__agency="police")
    assert lead.exists() and Ask.objects.get().reminded == 1


def test_it_shows_a_reviewer_who_knows_and_who_does_not(linked, viewer_of, now):
    screener, reviewer = viewer_of("screener"), viewer_of("reviewer")
    looks(screener, now - timedelta(days=1))
    undo(linked[1], now)
    [found], more = acknowledging.consequences(reviewer, now=now)
    assert (found.told, found.known, more) == (1, 0, False)
    [who] = acknowledging.consequence(reviewer, found.episode, now).who
    assert who.name == screener.name and who.answered_at is None


def test_it_is_acknowledged_by_nobody_elses_team(linked, viewer_of, now):
    looks(viewer_of("screener"), now - timedelta(days=1))
    undo(linked[1], now)
    with pytest.raises(NotYours):
        acknowledging.acknowledge(by=viewer_of("officer"), ask=Ask.objects.get().pk, done="nothing", text="", now=now)


def test_what_a_worker_reports_as_somebody_elses_is_reviewed_first(linked, viewer_of, now):
    screener = viewer_of("screener")
    at = now - timedelta(minutes=5)
    question = Question(given="Amina", family="Okonjo", born=AMINA.birth_date)
    found = footprint.search(by=screener, question=question, why=WHY, now=at)
    footprint.say_wrong(
        by=screener, search=own(screener, found.id, now), place=1, agency="hospital", wrong=Wrong.PERSON,
        words="Not this child", now=now,
    )  # fmt: skip
    review = Review.objects.get()
    assert review.why == Why.REPORTED and {review.lower, review.higher} == set(linked[0])
    queue.keep_all(now=now)
    assert Review.objects.get(closed_at=None) == review


def test_a_person_is_told_of_when_the_model_changes_its_mind(partners, viewer_of, now):
    ids = partners.send(AMINA, agency="police") + partners.send(AMINA, agency="hospital")
    acts.catch_up(now=now - timedelta(days=2))
    assert person_of(ids[0]) == person_of(ids[1])
    looks(viewer_of("screener"), now - timedelta(days=1))
    partners.change(ids[1], family_name="Hargreaves", given_names="Olivia", birth_date=None, addresses=())
    acts.catch_up(now=now)
    assert person_of(ids[0]) != person_of(ids[1])
    consequences.tell_all(now=now)
    assert Ask.objects.get().to_worker == viewer_of("screener").worker_id
    assert Change.objects.get(kind="parted").ruling is None


def test_undoing_says_by_whom_and_by_which_decision(linked, viewer_of, now):
    taking_back.undo_ruling(by=viewer_of("reviewer"), ruling=linked[1], because="Another child", now=now)
    change = Change.objects.get(kind="parted")
    assert (change.by, change.ruling) == (viewer_of("reviewer").worker_id, linked[1])
