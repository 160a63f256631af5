"""Time limits: what gives more time and what does not, pauses, and a sweep that may die between any two clocks."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.casework import acts, clocks, reads, sweeping
from knownto.casework.models import Answer, Ask, Clock, Decision, Episode, Notice
from knownto.partners import offices


@pytest.fixture(autouse=True)
def opened(borough):
    with system("test"):
        yield


def decide(casework, episode, move, now, **more):
    choice = acts.Choice(move, more.pop("power", "council"), "Because", **more)
    return acts.decide(episode=episode, choice=choice, by=casework.actor(), seen=episode.decided, now=now)


def state_clock(episode):
    return Clock.objects.get(episode=episode, runs="state", stopped_at=None)


def test_rating_anew_counts_from_where_the_state_began(casework, now):
    episode = casework.contact(urgency="green")
    later = now + timedelta(hours=1)
    decide(casework, episode, "take", later)
    before = state_clock(episode)
    decide(casework, episode, "rate", later + timedelta(hours=1), urgency="red")
    after = state_clock(episode)
    assert (before.limit, after.limit) == ("checks-green", "checks-red")
    assert after.started_at == before.started_at == later
    assert after.due_at == later + timedelta(hours=4)


def test_moving_along_within_one_limit_gives_nobody_more_time(casework, now):
    episode = casework.contact(urgency="red")
    decide(casework, episode, "take", now)
    before = state_clock(episode)
    decide(casework, episode, "put-up", now + timedelta(hours=1))
    decide(casework, episode, "ask-partners", now + timedelta(hours=2))
    assert state_clock(episode) == before and episode.next_due <= before.due_at


def test_another_limit_begins_where_the_state_begins(casework, now):
    episode = casework.contact()
    decide(casework, episode, "to-night", now)
    later = now + timedelta(hours=2)
    decide(casework, episode, "to-day", later, power="emergency-duty")
    assert state_clock(episode).started_at == later


def test_a_review_starts_the_next_one_in_its_time(casework, now):
    team = casework.worker("social.worker").team
    by = casework.actor("social.worker")
    episode = acts.open_episode(
        by=by, pathway_code="support", origin=acts.Origin(by.agency), about=[], team=team, now=now
    )
    decide(casework, episode, "start-early-help", now, level=2)
    decide(casework, episode, "plan", now)
    first = state_clock(episode)
    later = now + timedelta(days=20)
    decide(casework, episode, "reviewed", later)
    assert state_clock(episode).due_at > first.due_at and Clock.objects.get(pk=first.pk).stopped_at == later


def test_who_has_it_keeps_it_while_the_office_is_the_same(casework, now):
    episode = casework.contact()
    other = casework.worker("social.worker")
    acts.allocate(episode=episode, team=other.team, worker=other, by=casework.actor(), now=now)
    decide(casework, episode, "rate", now, urgency="red")
    assert (episode.team, episode.worker) == (other.team, other)
    decide(casework, episode, "to-night", now)
    assert episode.team.code == "emergency-duty" and episode.worker is None


@pytest.mark.parametrize("nobody", ["hub", "night"])
def test_a_limit_runs_out_where_nobody_is_an_office(casework, now, monkeypatch, nobody):
    """A partnership without a night team has time limits all the same: whoever has the work is told instead."""
    episode = casework.contact(urgency="red")
    there = offices.team_of
    monkeypatch.setattr(offices, "team_of", lambda office: there("" if office == nobody else office))
    due = state_clock(episode).due_at
    acts.sweep(due + timedelta(minutes=1))
    assert state_clock(episode).reddened_at == due
    told = Notice.objects.filter(episode=episode, kind="red").values_list("to_team__code", flat=True)
    assert "mash" in told


def test_a_pause_puts_the_due_time_off_by_as_long_as_it_lasted(casework, now):
    episode = casework.contact(urgency="red")
    clock = state_clock(episode)
    start, end = now + timedelta(minutes=10), now + timedelta(minutes=40)
    acts.pause(clock=clock, why="waiting", because="The family asked for an hour", by=casework.actor(), now=start)
    episode.refresh_from_db()
    assert episode.next_due == min(clocks.next_of(each) for each in reads.running(episode))
    assert not acts.sweep(now + timedelta(hours=2)) or not Clock.objects.get(pk=clock.pk).reddened_at
    acts.go_on(clock=clock, by=casework.actor(), now=end)
    clock.refresh_from_db()
    assert clock.due_at == now + timedelta(hours=1) + timedelta(minutes=30)
    episode.refresh_from_db()
    assert episode.next_due == min(each.due_at for each in reads.running(episode))


def test_a_pause_needs_its_reason_and_there_is_one_at_a_time(casework, now):
    clock = state_clock(casework.contact())
    with pytest.raises(ValueError, match="reason"):
        acts.pause(clock=clock, why="waiting", because=" ", by=casework.actor(), now=now)
    with pytest.raises(acts.NotPaused):
        acts.go_on(clock=clock, by=casework.actor(), now=now)
    acts.pause(clock=clock, why="waiting", because="Why", by=casework.actor(), now=now)
    with pytest.raises(acts.NotPaused):
        acts.pause(clock=clock, why="waiting", because="Why", by=casework.actor(), now=now)


def test_a_pause_is_looked_at_every_week_and_is_never_lateness(casework, now):
    episode = casework.contact()
    Clock.objects.filter(episode=episode).exclude(runs="state").update(stopped_at=now)
    clock = state_clock(episode)
    acts.pause(clock=clock, why="waiting", because="Why", by=casework.actor(), now=now)
    for week in (1, 2, 3):
        acts.sweep(now + timedelta(days=8 * week))
        acts.sweep(now + timedelta(days=8 * week))
        assert Notice.objects.filter(kind="look-again").count() == week
    clock.refresh_from_db()
    assert clock.reddened_at is None and clock.ambered_at is None and sweeping.adrift() == 0


def test_rating_anew_keeps_the_pauses_there_were(casework, now):
    episode = casework.contact(urgency="green")
    decide(casework, episode, "take", now)
    clock = state_clock(episode)
    acts.pause(clock=clock, why="waiting", because="Why", by=casework.actor(), now=now)
    acts.go_on(clock=clock, by=casework.actor(), now=now + timedelta(hours=1))
    decide(casework, episode, "rate", now + timedelta(hours=1), urgency="red")
    assert state_clock(episode).due_at == now + timedelta(hours=5)


def test_the_sweep_killed_between_two_clocks_turns_the_rest_when_it_comes_again(casework, now, monkeypatch):
    for _ in range(4):
        casework.contact(urgency="red")
    later, real, done = now + timedelta(hours=2), sweeping._turn, []

    class Killed(BaseException):
        pass

    def dies(clock, at):
        if len(done) == 3:
            raise Killed
        done.append(clock)
        return real(clock, at)

    monkeypatch.setattr(sweeping, "_turn", dies)
    with pytest.raises(Killed):
        acts.sweep(later)
    monkeypatch.setattr(sweeping, "_turn", real)
    first = Notice.objects.count()
    acts.sweep(later)
    told = Notice.objects.count()
    assert told > first and acts.sweep(later) == 0 and Notice.objects.count() == told
    red = Clock.objects.filter(limit="screen-red")
    assert red.count() == red.exclude(reddened_at=None).count() == 4
    assert all(clock.reddened_at == clock.due_at for clock in red)  # when it did turn, not when the sweep came


def test_one_clock_that_cannot_be_turned_keeps_no_other_from_it(casework, now):
    bad, good = casework.contact(urgency="red"), casework.contact(urgency="red")
    Clock.objects.filter(episode=bad).update(pathway="taken-out")
    acts.sweep(now + timedelta(hours=2))
    assert Clock.objects.get(episode=good, runs="state").reddened_at
    assert not Clock.objects.get(episode=bad, runs="state").reddened_at


def test_whoever_does_not_answer_is_reminded_each_working_day_and_not_for_ever(casework, now):
    ask = casework.ask(casework.contact(urgency="red"))
    for day in range(20):
        for hour in (0, 3):
            acts.sweep(now + timedelta(days=day, hours=hour))
    ask = Ask.objects.get(pk=ask.pk)
    assert ask.reminded == sweeping.MOST_REMINDERS
    sent = Notice.objects.filter(ask=ask, kind="reminder")
    assert sent.count() == sweeping.MOST_REMINDERS
    assert not [each for each in sent if each.at.weekday() > 4]


def test_nobody_is_reminded_of_what_was_answered(casework, now):
    ask = casework.ask(casework.contact(urgency="red"))
    acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=casework.actor("police.hub"), now=now)
    acts.sweep(now + timedelta(days=2))
    assert not Notice.objects.filter(ask=ask, kind__in=("reminder", "red", "amber")).exists()


def test_an_ask_of_closed_work_still_has_its_clock_and_closes_no_time_of_its_own(casework, now):
    episode = casework.contact()
    ask = casework.ask(episode)
    decide(casework, episode, "strategy", now, power="council-manager", level=4)
    assert episode.closed_at and Clock.objects.get(ask=ask).stopped_at is None and sweeping.adrift() == 0
    acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=casework.actor("police.hub"), now=now)
    episode.refresh_from_db()
    assert episode.next_due is None


def test_the_search_for_what_is_adrift_finds_what_is(casework, now):
    """The negative control: stop the clocks behind the product's back, and it is counted."""
    episode, asked = casework.contact(), casework.ask(casework.contact())
    assert sweeping.adrift() == 0
    Clock.objects.filter(episode=episode).update(stopped_at=now)
    assert sweeping.adrift() == 1
    Clock.objects.filter(ask=asked).update(stopped_at=now)
    assert sweeping.adrift() == 2


def test_a_decision_needs_its_power_its_level_and_its_reasons(casework, now):
    episode = casework.contact()
    for choice in (
        acts.Choice("strategy", "council", "Because", level=4),
        acts.Choice("advice", "council", "Because", level=4),
        acts.Choice("advice", "council", "Because"),
        acts.Choice("checks-done", "council", "Because"),
    ):
        with pytest.raises(acts.NotFromHere):
            acts.decide(episode=episode, choice=choice, by=casework.actor(), seen=0, now=now)
    with pytest.raises(acts.NoRationale):
        choice = acts.Choice("take", "council", "  ")
        acts.decide(episode=episode, choice=choice, by=casework.actor(), seen=0, now=now)
    assert not Decision.objects.filter(episode=episode).exists() and Episode.objects.get(pk=episode.pk).decided == 0
