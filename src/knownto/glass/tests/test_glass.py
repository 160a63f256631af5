"""A glass that is broken: who is told, what is seen, what is owed, and when all of it is over."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from knownto.access import clock
from knownto.access.acts import rows_open, system
from knownto.access.refusals import NoLawfulReason, NotYours
from knownto.casework.models import Answer, Ask, Clock, Episode, Notice
from knownto.feeds.models import Contact, Record
from knownto.footprint import acts as footprint
from knownto.footprint import open_search
from knownto.footprint.why import Why
from knownto.glass import accounting, breaking, closing, reads, reviewing, through
from knownto.glass.limits import OPEN_FOR
from knownto.glass.models import Break, Suspension
from knownto.glass.tests.conftest import AMY, SAID, shift
from knownto.ledger.models import Entry
from knownto.policy import Breaking

A_WEEK = timedelta(days=7)


def asks(glass, kind):
    with system("test"):
        return list(Ask.objects.filter(episode=glass.episode_id, kind=kind).select_related("to_team", "clock"))


def refused(code, do, *args, **more):
    with pytest.raises(Exception) as error:
        do(*args, **more)
    assert getattr(error.value, "code", "") == code, error.value
    return True


def test_it_tells_everybody_in_the_act_itself_and_by_reference_only(town, broken):
    glass = broken()
    told = asks(glass, "glass-review")
    assert {ask.to_team.code for ask in told} == {"information-governance", "response"}
    with system("test"):
        notices = list(Notice.objects.filter(kind="glass-broken", episode=glass.episode_id))
        assert {row.to_team_id for row in notices} == {ask.to_team_id for ask in told}
        assert all(row.reference and row.at == glass.at for row in notices)
    entry = Entry.objects.get(pk=glass.entry_id)
    assert (entry.kind, entry.worker, entry.purpose) == ("glass-broken", town.officer.worker_id, "immediate-danger")
    assert str(glass.person) in [about.subject for about in entry.about.all()]
    [owed] = asks(glass, "glass-outcome")
    assert owed.to_worker == town.officer.worker_id and timedelta(days=1) < owed.clock.due_at - glass.at <= A_WEEK


def test_it_shows_what_the_role_and_the_agreements_would_not(town, broken):
    """The chair may not search at all; the school's agreement covers nobody; through the glass it is whole."""
    now = clock.now()
    glass = broken(by=town.chair)
    seen = through.look(by=town.chair, glass=glass.pk, now=clock.now())
    assert {"household", "addresses", "categories"} <= seen.footprint.fields
    assert seen.footprint.who.name == "Amelia Okafor-Lunt" and seen.footprint.household and seen.footprint.addresses
    with pytest.raises(NotYours):
        footprint.search(by=town.chair, question=AMY, why=Why("immediate-danger", "W-1"), now=now)
    kinds = set(Entry.objects.filter(about__subject=f"glass:{glass.pk}").values_list("kind", flat=True))
    assert kinds == {"glass-broken", "glass-view", "glass-seen"}


def test_it_is_nobody_elses_and_for_nobody_else(town, broken):
    glass = broken()
    assert refused("not-yours", through.look, by=town.chair, glass=glass.pk, now=clock.now())
    glass.person = town.officer.worker_id  # the fact and the question must be of one person
    request = replace(through.request(glass, clock.now()), person="somebody-else")
    from knownto.access.acts import check

    assert refused("another-person", check, town.officer, request)


def test_it_is_dead_at_sixty_minutes_for_policy_and_for_the_database(town, broken):
    glass = broken()
    shift(glass, OPEN_FOR - timedelta(seconds=20))
    assert through.look(by=town.officer, glass=glass.pk, now=clock.now()).footprint.rows
    assert counted(glass) > 0
    shift(glass, timedelta(seconds=20))
    assert refused("glass-closed", through.look, by=town.officer, glass=glass.pk, now=clock.now())
    assert counted(glass) == 0
    # Were policy told the wrong time, the database would still show nothing.
    assert refused("not-yours", through.look, by=town.officer, glass=glass.pk, now=glass.at)


def counted(glass, context=None):
    """How many rows about people the plain role is shown through that glass."""
    with transaction.atomic(), rows_open(context or f"glass:{glass.pk}", "police"):
        return sum(model.objects.count() for model in (Record, Contact, Episode, Ask, Break))


def test_the_database_shows_nothing_through_a_glass_that_is_not_there(town, broken):
    glass = broken()
    for context in ("glass:", "glass:x", "glass:00000000-0000-0000-0000-000000000000", "glass:%", f"glass:{glass.pk} "):
        assert counted(glass, context) == 0, context
    closing.close(by=town.officer, glass=glass.pk, now=clock.now())
    assert counted(glass) == 0


def test_taking_the_database_s_rule_away_is_seen(town, broken):
    """The negative control of the two above."""
    glass = broken()
    shift(glass, OPEN_FOR)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; DROP POLICY glass ON feeds_contact; SET ROLE knownto_app")
    assert counted(glass) > 0


@pytest.mark.parametrize(
    "change",
    ["until = until + interval '1 hour'", "at = at + interval '1 minute'", "person = worker", "worker = person"],
)
def test_the_database_lets_nobody_lengthen_it_or_turn_it_on_another(town, broken, change):
    glass = broken()
    with (
        pytest.raises(DatabaseError),
        transaction.atomic(),
        rows_open("system:test", ""),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE glass_break SET {change} WHERE id = %s", [glass.pk])
    with pytest.raises(DatabaseError), transaction.atomic(), rows_open("system:test", ""):
        Break.objects.filter(pk=glass.pk).delete()


def test_it_is_opened_once_however_often_the_button_is_pressed(town, broken):
    assert broken().pk == broken().pk
    with system("test"):
        assert Break.objects.count() == 1


def test_it_opens_two_at_once_and_no_third_and_three_a_day(town, broken):
    joe = replace(AMY, given="Joseph", born=AMY.born.replace(2018, 7, 21))
    basil = replace(AMY, given="Basil", family="Quillfeather", born=AMY.born.replace(1971, 4, 5))
    first, second = broken(), broken(question=joe)
    assert refused("glass-at-once", broken, question=basil)
    closing.close(by=town.officer, glass=first.pk, now=clock.now())
    third = broken(question=basil)
    for glass in (second, third):
        closing.close(by=town.officer, glass=glass.pk, now=clock.now())
    assert refused("glass-today", broken)


def test_it_is_not_broken_without_the_proof_the_reason_or_the_word(town, broken):
    for wrong, code in (
        ({"fresh": False}, "not-fresh"),
        ({"sure": False}, "not-sure"),
        ({"reason": ""}, "no-life-reason"),
    ):
        assert refused(code, broken, said=replace(SAID, **wrong))
    assert refused("not-your-role", broken, by=town.privacy)
    with system("test"):
        assert not Break.objects.exists()


def outcome_of(glass):
    return asks(glass, "glass-outcome")[0]


def late(glass):
    """The outcome was owed a second ago."""
    with system("test"):
        Clock.objects.filter(pk=outcome_of(glass).clock_id).update(due_at=clock.now() - timedelta(seconds=1))


def test_it_may_not_be_done_again_until_what_came_of_it_is_said(town, broken):
    glass = broken()
    closing.close(by=town.officer, glass=glass.pk, now=clock.now())
    late(glass)
    assert refused("glass-suspended", broken)  # before any sweep has come
    assert closing.sweep(clock.now()) == 1 and closing.sweep(clock.now()) == 0
    with system("test"):
        assert Suspension.objects.get().why == "no-outcome"
        assert Notice.objects.filter(kind="glass-suspended", to_worker=town.officer.worker_id).count() == 1
    assert Entry.objects.filter(kind="glass-suspended").count() == 1
    ask = accounting.of_own(town.officer, glass.episode_id)
    assert accounting.owed(town.officer, ask, clock.now()).late
    closing.give_outcome(by=town.officer, ask=ask, outcome="safe", words="Rang the hub.", now=clock.now())
    assert broken()


def test_the_account_itself_is_closed_where_the_setting_says_so(town, broken, monkeypatch):
    from knownto.glass.limits import limits

    setting = replace(limits(), if_no_outcome="account")
    monkeypatch.setattr(closing, "limits", lambda: setting)
    late(broken())
    closing.sweep(clock.now())
    from knownto.partners.models import Worker

    assert not Worker.objects.get(pk=town.officer.worker_id).is_active


def test_only_whoever_broke_it_says_what_came_of_it(town, broken):
    ask = outcome_of(broken())
    for other in (town.sergeant, town.privacy, town.chair):
        with pytest.raises(NotYours):
            closing.give_outcome(by=other, ask=ask.pk, outcome="safe", words="x", now=clock.now())


def test_it_is_reviewed_by_both_and_then_it_is_closed(town, broken):
    glass = broken()
    through.look(by=town.officer, glass=glass.pk, now=clock.now())
    by_team = {ask.to_team.code: ask for ask in asks(glass, "glass-review")}
    mine = by_team["response"].pk
    with pytest.raises(reviewing.NotAccountedFor):
        reviewing.review(by=town.sergeant, ask=mine, verdict="right", words="x", now=clock.now())
    closing.give_outcome(by=town.officer, ask=outcome_of(glass).pk, outcome="safe", words="Rang.", now=clock.now())
    [found], _ = reviewing.broken(town.privacy, now=clock.now())
    assert found.outcome.said.startswith("Somebody was found") and not found.who
    whole = reviewing.one(town.sergeant, episode=glass.episode_id, now=clock.now())
    assert whole.who == "Amelia Okafor-Lunt, Born 2016" and whole.words == "incident 104"
    assert "Police" in whole.looks[0].agencies and whole.looks[0].household == 1
    reviewing.review(by=town.sergeant, ask=mine, verdict="right", words="x", now=clock.now())
    reviewing.review(
        by=town.privacy, ask=by_team["information-governance"].pk, verdict="learning", words="x", now=clock.now()
    )
    with system("test"):
        assert Episode.objects.get(pk=glass.episode_id).state == "reviewed"


def test_it_is_not_right_and_they_may_not_until_it_is_lifted(town, broken):
    glass = broken()
    closing.close(by=town.officer, glass=glass.pk, now=clock.now())
    mine = next(ask for ask in asks(glass, "glass-review") if ask.to_team.code == "response")
    reviewing.review(by=town.sergeant, ask=mine.pk, verdict="not-right", words="His own ex.", now=clock.now())
    assert refused("glass-suspended", broken)
    closing.give_outcome(by=town.officer, ask=outcome_of(glass).pk, outcome="safe", words="x", now=clock.now())
    assert refused("glass-suspended", broken)  # his own word does not lift it
    assert reviewing.lift(by=town.privacy, episode=glass.episode_id, now=clock.now()) == 1
    assert broken()


def test_nobody_reviews_their_own_or_another_team_s(town, broken):
    glass = broken()
    hub = town.viewer("supervisor", "hospital")
    for other in (town.officer, hub, town.chair):
        with pytest.raises(NotYours):
            reviewing.one(other, episode=glass.episode_id, now=clock.now())
    mine = next(ask for ask in asks(glass, "glass-review") if ask.to_team.code == "response")
    with pytest.raises(NotYours):  # of the same team, and without the right
        reviewing.review(by=town.officer, ask=mine.pk, verdict="right", words="x", now=clock.now())


def test_its_hour_is_written_down_once(town, broken):
    glass = broken()
    shift(glass, OPEN_FOR)
    assert closing.sweep(clock.now()) == 1 and closing.sweep(clock.now()) == 0
    assert Entry.objects.filter(kind="glass-closed", about__subject=f"glass:{glass.pk}").count() == 1
    assert reads.open_of(town.officer.worker_id) == ()


def test_the_banner_knows_it_while_it_is_open(town, broken):
    glass = broken()
    [shown] = reads.open_of(town.officer.worker_id)
    assert shown.id == glass.pk and shown.left(clock.now()) == 60 and shown.left(glass.until) == 0
    assert reads.open_of(town.sergeant.worker_id) == ()


def test_what_is_put_to_policy_is_what_is_so(town, broken):
    broken()
    with system("test"):
        facts = reads.standing(town.officer.worker_id, reason="x", sure=True, fresh=True, now=clock.now())
    assert facts == Breaking("x", True, True, False, 1, 1, 2, 3, 1, 9)


def test_a_search_for_life_opens_the_ordinary_way_to_nothing_more(town):
    """The chair found her in order to break the glass; the footprint page is still not the chair's."""
    made = breaking.search(by=town.chair, question=AMY, said=SAID, now=clock.now())
    opened = open_search.own(town.chair, made.id, clock.now())
    with pytest.raises(NotYours):
        footprint.open_footprint(by=town.chair, search=opened, place=1, how=footprint.How.VIEW, now=clock.now())


def test_answered_once(town, broken):
    ask = outcome_of(broken())
    closing.give_outcome(by=town.officer, ask=ask.pk, outcome="safe", words="x", now=clock.now())
    assert outcome_of(reads.own(town.officer, reads.open_of(town.officer.worker_id)[0].id)).answer == Answer.ANSWERED


__all__ = ["NoLawfulReason"]
