"""The queue: what gets into it and in which order, who answers, and what comes of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.casework.models import Ask, Clock, Episode
from knownto.feeds.models import Contact, Record
from knownto.identity import acts, entering, harm, queue, reviewing, taking_back
from knownto.identity.models import Belief, Member, Opinion, Review, Ruling, Why
from knownto.identity.reviewing import Word
from knownto.identity.tests.conftest import AMINA, people, person_of
from knownto.ledger.models import About, Entry

pytestmark = pytest.mark.usefixtures("borough")
TWIN = replace(AMINA, given_names="Aminah", birth_date=None)


def contact(record: int, category: str) -> None:
    row = Record.objects.get(pk=record)
    day = row.as_of
    Contact.objects.create(
        record=row, agency_id=row.agency_id, token=record, category=category, started_on=day, last_on=day, open=True,
        team="x", as_of=day, file=row.file,
    )  # fmt: skip


@pytest.fixture
def reviewer(viewer_of):
    return viewer_of("reviewer")


@pytest.fixture
def other(viewer_of):
    return viewer_of("reviewer.health")


@pytest.fixture
def lead(viewer_of):
    return viewer_of("lead.reviewer")


@pytest.fixture
def pair(partners, now):
    """Two records of which the model is not sure."""
    ids = partners.send(AMINA, agency="police") + partners.send(TWIN, agency="hospital")
    acts.catch_up(now=now)
    assert Belief.objects.get().outcome == "possible"
    return tuple(ids)


@pytest.fixture
def grave(pair):
    """The same, of a class of data that needs two people of two agencies."""
    contact(pair[0], "exploitation")
    return pair


def waiting(now):
    queue.keep_all(now=now)
    return Review.objects.get(closed_at=None)


def say(by, review, answer, now, **more):
    seen = Episode.objects.get(pk=review.episode_id).decided
    word = Word(answer, seen, more.pop("short", ""), more.pop("words", ""))
    return more.pop("act", reviewing.answer)(by=by, episode=review.episode_id, word=word, now=now)


def test_it_queues_a_pair_that_the_model_is_not_sure_of_once_with_an_owner_and_a_clock(pair, reviewer, now):
    review = waiting(now)
    assert queue.keep(now=now) == 0
    assert (review.lower, review.higher, review.why) == (*sorted(pair), Why.POSSIBLE)
    assert review.episode.team.code == "who-is-who" and review.episode.next_due > now
    assert Clock.objects.get(episode=review.episode).limit == "usual"


def test_it_queues_nothing_that_the_model_is_sure_of(partners, reviewer, now):
    partners.send(AMINA, AMINA)
    acts.catch_up(now=now)
    assert queue.keep_all(now=now) == 0


def test_it_orders_by_the_harm_of_the_link_and_how_unsure_the_score_is(pair, partners, reviewer, now):
    late = [replace(AMINA, family_name="Marsh", given_names="Tola", birth_date=None, addresses=())]
    ids = partners.send(replace(late[0], birth_date=AMINA.birth_date), *late)
    acts.catch_up(now=now)
    contact(pair[0], "attendance_concern")
    contact(ids[0], "domestic_abuse")
    queue.keep_all(now=now)
    found = list(queue.waiting(("police", "hospital")))
    ranks = [harm.rank(harm.classes()[r.data_class], r.bits) for r in found]
    assert [r.rank for r in found] == sorted(ranks, reverse=True)


def test_it_links_two_records_when_a_reviewer_says_that_they_are_one_person(pair, reviewer, now):
    review = waiting(now)
    outcome = say(reviewer, review, "together", now)
    assert outcome.next == "in-force" and people() == {frozenset(pair)}
    review.refresh_from_db()
    assert review.closed_at and review.answer == "together" and review.ruling_id
    assert Episode.objects.get(pk=review.episode_id).state == "decided"


@pytest.mark.parametrize("answer", ["apart", "never"])
def test_it_keeps_two_records_apart_and_does_not_ask_again(pair, reviewer, now, answer):
    say(reviewer, waiting(now), answer, now, words="Twins, says the school")
    assert people() == {frozenset([record]) for record in pair}
    assert queue.keep_all(now=now + timedelta(days=1)) == 0


def test_it_asks_again_about_two_people_for_now_when_the_evidence_has_changed(pair, partners, reviewer, now):
    say(reviewer, waiting(now), "apart", now)
    partners.change(pair[1], phones=("07700 900123",), birth_date=AMINA.birth_date)
    acts.catch_up(now=now + timedelta(days=1))
    assert waiting(now + timedelta(days=1)).why == Why.AGAIN


def test_it_does_not_ask_again_about_two_people_for_certain(pair, partners, reviewer, now):
    say(reviewer, waiting(now), "never", now, short="siblings")
    partners.change(pair[1], phones=("07700 900123",), birth_date=AMINA.birth_date)
    acts.catch_up(now=now + timedelta(days=1))
    assert queue.keep_all(now=now + timedelta(days=1)) == 0


def test_it_needs_a_reason_for_what_is_certain(pair, reviewer, now):
    review = waiting(now)
    with pytest.raises(reviewing.NeedsReason):
        say(reviewer, review, "never", now)
    assert not Ruling.objects.exists() and not Opinion.objects.exists()


def test_it_lets_the_first_answer_win_and_tells_the_second_reviewer(pair, reviewer, other, now):
    review = waiting(now)
    say(reviewer, review, "together", now)
    with pytest.raises(reviewing.Overtaken):
        reviewing.answer(by=other, episode=review.episode_id, word=Word("never", 0, "siblings"), now=now)
    assert people() == {frozenset(pair)} and Opinion.objects.count() == 1


def test_it_takes_out_what_need_not_be_decided_any_more(pair, partners, reviewer, now):
    review = waiting(now)
    partners.remove(pair[1])
    acts.catch_up(now=now)
    assert queue.keep_all(now=now) == 1
    review.refresh_from_db()
    assert review.closed_at and not review.answer
    assert Episode.objects.get(pk=review.episode_id).state == "gone"


def test_it_asks_another_agency_where_a_reviewer_is_not_sure_and_their_word_decides(pair, reviewer, other, now):
    review = waiting(now)
    assert say(reviewer, review, "unsure", now).next == "ask"
    ask = Ask.objects.get()
    assert ask.to_team.agency_id == other.agency and ask.clock.due_at > now
    reviewing.second(by=other, ask=ask.pk, word=Word("together", 0), now=now)
    assert people() == {frozenset(pair)} and Ask.objects.get().answer == "answered"


def test_it_lets_nobody_give_the_second_opinion_on_their_own_word(pair, other, reviewer, now):
    review = waiting(now)
    say(reviewer, review, "unsure", now)
    with pytest.raises(NotYours):
        reviewing.second(by=reviewer, ask=Ask.objects.get().pk, word=Word("together", 0), now=now)


def test_it_puts_nothing_in_force_by_one_person_where_the_class_needs_two(grave, reviewer, other, now):
    review = waiting(now)
    assert review.two_people and review.two_agencies
    assert say(reviewer, review, "together", now, short="number").next == "ask"
    assert people() == {frozenset([record]) for record in grave} and not Ruling.objects.exists()
    reviewing.second(by=other, ask=Ask.objects.get().pk, word=Word("together", 0, "evidence"), now=now)
    ruling = Ruling.objects.get()
    assert people() == {frozenset(grave)} and {ruling.by, ruling.agreed_by} == {reviewer.worker_id, other.worker_id}


def test_the_act_itself_refuses_what_two_have_not_agreed_on(grave, reviewer, now):
    for agreed in (None, reviewer.actor, replace(reviewer.actor, worker=grave and Record.objects.first().file_id)):
        with pytest.raises(acts.NeedsTwo):
            acts.link(records=grave, reason="Hurry", by=reviewer.actor, agreed=agreed, now=now)


def test_it_hands_a_disagreement_to_the_lead_whose_word_with_one_of_them_decides(grave, reviewer, other, lead, now):
    review = waiting(now)
    say(reviewer, review, "together", now, short="number")
    second = reviewing.second(by=other, ask=Ask.objects.get().pk, word=Word("apart", 0, "namesakes"), now=now)
    assert second.next == "lead" and not Ruling.objects.exists()
    assert Episode.objects.get(pk=review.episode_id).team.agency_id == lead.agency
    with pytest.raises(NotYours):
        say(other, review, "apart", now, short="namesakes", act=reviewing.settle)
    assert say(lead, review, "together", now, short="agency", act=reviewing.settle).next == "in-force"
    assert people() == {frozenset(grave)}


def test_it_passes_a_pair_by_and_gives_it_to_somebody_else(pair, reviewer, other, now):
    review = waiting(now)
    found = queue.claim_next(reviewer.worker_id, ("police", "hospital"), now)
    assert found == review and queue.claim_next(other.worker_id, ("police", "hospital"), now) is None
    reviewing.skip(by=reviewer, episode=review.episode_id, now=now)
    assert queue.claim_next(reviewer.worker_id, ("police", "hospital"), now) is None
    assert queue.claim_next(other.worker_id, ("police", "hospital"), now) == review


def test_it_gives_a_claim_back_when_its_time_is_over(pair, reviewer, other, now):
    waiting(now)
    queue.claim_next(reviewer.worker_id, ("police", "hospital"), now)
    later = now + queue.CLAIMED_FOR
    assert queue.claim_next(other.worker_id, ("police", "hospital"), later) is not None


def test_it_undoes_the_last_answer_and_has_the_pair_before_the_reviewer_again(pair, reviewer, now):
    review = waiting(now)
    say(reviewer, review, "together", now)
    again = taking_back.undo_last(by=reviewer, now=now)
    assert people() == {frozenset([record]) for record in pair}
    fresh = Review.objects.get(closed_at=None)
    assert fresh.episode_id == again != review.episode_id and fresh.claimed_by == reviewer.worker_id
    assert queue.keep_all(now=now) == 0
    with pytest.raises(taking_back.NothingToUndo):
        taking_back.undo_last(by=reviewer, now=now)


def test_it_takes_back_what_nobody_has_agreed_on_yet(grave, reviewer, other, now):
    review = waiting(now)
    say(reviewer, review, "together", now, short="number")
    assert taking_back.undo_last(by=reviewer, now=now) == review.episode_id
    assert Ask.objects.get().answer == "withdrawn" and Episode.objects.get(pk=review.episode_id).state == "waiting"
    assert say(reviewer, review, "apart", now, short="namesakes").next == "ask"


def test_it_only_proposes_to_undo_what_two_people_decided(grave, reviewer, other, lead, now):
    review = waiting(now)
    say(reviewer, review, "together", now, short="number")
    reviewing.second(by=other, ask=Ask.objects.get().pk, word=Word("together", 0, "evidence"), now=now)
    [ruling] = Ruling.objects.all()
    with pytest.raises(taking_back.OthersToo):
        taking_back.undo_last(by=reviewer, now=now)
    taking_back.undo_ruling(by=reviewer, ruling=ruling.pk, because="The school says twins", now=now)
    assert people() == {frozenset(grave)}
    ask = Ask.objects.get(answered_at=None)
    reviewing.second(by=other, ask=ask.pk, word=Word("undo", 0, "siblings"), now=now)
    assert people() == {frozenset([record]) for record in grave}


def test_it_lets_no_reviewer_near_records_of_an_agency_that_does_not_share(pair, reviewer, now, monkeypatch):
    review = waiting(now)
    monkeypatch.setattr(entering, "covered", lambda viewer, now: ("police",))
    with pytest.raises(NotYours):
        say(reviewer, review, "together", now)


def test_it_lets_nobody_without_the_role_answer(pair, viewer_of, now):
    review = waiting(now)
    with pytest.raises(NotYours):
        say(viewer_of("screener"), review, "together", now)
    assert not Ruling.objects.exists()


def test_it_records_each_answer_with_whose_records_they_are_and_seals_why(pair, reviewer, now):
    say(reviewer, waiting(now), "together", now, words="Zebedee Quill says so")
    entry = Entry.objects.get(kind="review-answered")
    assert {f"record:{i}" for i in pair} <= set(About.objects.filter(entry=entry).values_list("subject", flat=True))
    said = Opinion.objects.get()
    assert b"Zebedee" not in bytes(said.sealed) and said.levels


def test_a_record_that_cannot_be_read_is_in_the_queue_until_it_is_sent_again(partners, reviewer, now):
    [record] = partners.send(AMINA)
    sealed = Record.objects.get(pk=record).sealed
    Record.objects.filter(pk=record).update(sealed=b"\x01" + bytes(40))
    acts.catch_up(now=now)
    review = waiting(now)
    assert (review.why, review.higher) == (Why.SET_ASIDE, None)
    with pytest.raises(NotPossibleNow):
        say(reviewer, review, "together", now)
    Record.objects.filter(pk=record).update(sealed=sealed)
    partners.land([record])
    acts.catch_up(now=now)
    queue.keep_all(now=now)
    review.refresh_from_db()
    assert review.closed_at and Member.objects.filter(pk=record).exists()
    assert person_of(record)


def test_a_record_that_is_taken_back_takes_its_decisions_along_and_stops_nothing(pair, partners, reviewer, now):
    review = waiting(now)
    say(reviewer, review, "together", now)
    partners.remove(pair[1])
    acts.catch_up(now=now)
    review.refresh_from_db()
    assert review.answer == "together" and review.ruling_id is None and not Ruling.objects.exists()


def test_what_goes_while_a_second_opinion_is_awaited_is_closed_by_whoever_finds_it_gone(
    grave, partners, reviewer, other, now
):
    review = waiting(now)
    say(reviewer, review, "together", now, short="number")
    partners.remove(grave[1])
    acts.catch_up(now=now)
    reviewing.second(by=other, ask=Ask.objects.get().pk, word=Word("together", 0, "evidence"), now=now)
    review.refresh_from_db()
    assert review.closed_at and Episode.objects.get(pk=review.episode_id).state == "gone"
    assert not Ask.objects.filter(answered_at=None).exists()


def test_nobody_says_that_there_is_nothing_left_of_what_is_there(pair, reviewer, now):
    with pytest.raises(NotPossibleNow):
        say(reviewer, waiting(now), "gone", now)
