"""What grouping leaves for a person, and how it heals; who is written down to have been joined and parted."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connections

from knownto.access.acts import system
from knownto.access.viewer import viewer_of
from knownto.identity import acts, doubts, grouping, queue, reads, reviewing
from knownto.identity.models import Belief, Change, Doubt, Opinion, Review, Ruling, Why
from knownto.identity.reviewing import Overtaken, Word
from knownto.identity.tests.conftest import AMINA, BY, Partners, people, person_of
from knownto.partners.reads import by_sign_in_name


@pytest.fixture
def three(borough, partners, now):
    """Three records of one child, by all that they say."""
    ids = partners.send(AMINA, AMINA, AMINA)
    acts.catch_up(now=now)
    assert people() == {frozenset(ids)}
    return ids


def test_a_decision_that_another_contradicts_waits_for_a_reviewer_until_one_is_undone(three, now):
    a, b, c = three
    acts.link(records=(a, b), reason="One", by=BY, now=now)
    acts.link(records=(b, c), reason="One", by=BY, now=now)
    never = acts.forbid(records=(a, c), reason="Twins", by=BY, now=now)
    assert Doubt.objects.get(kind="contradicted")
    queue.keep_all(now=now)
    review = Review.objects.get(closed_at=None)
    assert review.why == Why.CONTRADICTED
    acts.undo(ruling=never, reason="No twins", by=BY, now=now)
    assert not Doubt.objects.exists() and people() == {frozenset(three)}
    queue.keep_all(now=now)
    review.refresh_from_db()
    assert review.closed_at


def test_records_that_look_like_one_person_and_are_kept_apart_by_others_are_reviewed(three, now):
    a, _, c = three
    acts.forbid(records=(a, c), reason="Twins", by=BY, now=now)
    found = Doubt.objects.get()
    assert found.kind == "apart" and c in (found.lower, found.higher) and len(people()) == 2
    queue.keep_all(now=now)
    assert Review.objects.get(closed_at=None).why == Why.APART


def test_a_block_that_is_too_large_is_reviewed_and_tried_again_when_it_changes(borough, partners, now, monkeypatch):
    monkeypatch.setattr(grouping, "LARGEST_BLOCK", 2)
    ids = partners.send(AMINA, AMINA, AMINA)
    acts.catch_up(now=now)
    assert len(people()) == 3 and Doubt.objects.get().kind == "too-large"
    queue.keep_all(now=now)
    assert Review.objects.get(closed_at=None).why == Why.TOO_LARGE
    monkeypatch.setattr(grouping, "LARGEST_BLOCK", 400)
    partners.change(ids[2], phones=("07700 900123",))
    acts.catch_up(now=now)
    assert people() == {frozenset(ids)} and not Doubt.objects.exists()
    queue.keep_all(now=now)
    assert not Review.objects.filter(closed_at=None).exists()


def test_a_doubt_keeps_its_first_day(rows_open, now):
    doubts.note([1, 2], [("apart", 1, 2)], now)
    doubts.note([1, 2], [("apart", 1, 2)], now + timedelta(days=1))
    assert Doubt.objects.get().since == now
    doubts.note([2], [], now)
    assert not Doubt.objects.exists()


def test_it_writes_down_who_was_joined_and_who_was_parted(borough, partners, now):
    other = replace(AMINA, family_name="Hargreaves", given_names="Olivia", addresses=())
    a, b = partners.send(AMINA, other)
    acts.catch_up(now=now)
    first, second = person_of(a), person_of(b)
    ruling = acts.link(records=(a, b), reason="Adopted", by=BY, now=now + timedelta(hours=1))
    acts.undo(ruling=ruling, reason="No", by=BY, now=now + timedelta(hours=2))
    joined, parted = Change.objects.order_by("pk")
    assert (joined.kind, joined.person, joined.into, joined.moved) == ("joined", second, first, [b])
    assert (parted.kind, parted.person, parted.into, parted.moved, parted.kept) == ("parted", first, second, [b], [a])
    assert (parted.since, parted.by, parted.ruling) == (now + timedelta(hours=1), BY.worker, ruling)


def test_a_first_belonging_is_no_change(three):
    assert not Change.objects.exists()


def test_decisions_are_there_to_be_learnt_from_until_they_are_undone(borough, partners, now):
    reviewer = viewer_of(by_sign_in_name("reviewer"), second_factor=True)
    partners.send(AMINA, replace(AMINA, given_names="Aminah", birth_date=None))
    acts.catch_up(now=now)
    queue.keep_all(now=now)
    review = Review.objects.get()
    reviewing.answer(by=reviewer, episode=review.episode_id, word=Word("apart", 0), now=now)
    [labelled] = reads.labelled_pairs()
    assert (labelled.one_person, labelled.agreed, labelled.decision) == (False, None, "apart")
    assert labelled.levels["family"] and labelled.model == Belief.objects.get().model
    acts.undo(ruling=Ruling.objects.get().pk, reason="No", by=BY, now=now)
    assert list(reads.labelled_pairs()) == []


def test_of_two_reviewers_who_answer_at_once_one_wins_and_the_other_is_told(borough_committed, now):
    with system("test"):
        partners = Partners()
        partners.send(AMINA, replace(AMINA, given_names="Aminah", birth_date=None))
        acts.catch_up(now=now)
        queue.keep_all(now=now)
        episode = Review.objects.get().episode_id
    viewers = [viewer_of(by_sign_in_name(name), second_factor=True) for name in ("reviewer", "reviewer.health")]
    ready, told = threading.Barrier(2), []

    def answers(viewer, word):
        ready.wait()
        try:
            reviewing.answer(by=viewer, episode=episode, word=word, now=now)
            told.append("won")
        except Overtaken:
            told.append("told")
        finally:
            connections.close_all()

    words = (Word("together", 0), Word("never", 0, "siblings"))
    threads = [threading.Thread(target=answers, args=each) for each in zip(viewers, words, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["told", "won"]
    with system("test"):
        assert Ruling.objects.count() == Opinion.objects.count() == 1
