"""Who comes in, by which part, and to what; meetings; passing on; being told once; the same child seen again."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from knownto.access.acts import Permission, system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.entering import entering
from knownto.casework.models import Ask, Episode, Invitation, Meeting, Notice, Participation
from knownto.casework.recognising import seen_before
from knownto.casework.tests.conftest import CHILD
from knownto.ledger.models import Entry
from knownto.linkage import Evidence
from knownto.partners.offices import front_door_of
from knownto.policy import PARTS


def enter(viewer, episode, now, permission=Permission.EPISODE):
    with entering(viewer, episode.id, permission, kind="test", now=now) as entered:
        return entered


def opened(do):
    with system("test"):
        return do()


def invited(casework, episode, name):
    worker = casework.worker(name)
    plan = acts.Plan(
        "strategy",
        casework.now + timedelta(hours=2),
        casework.now + timedelta(hours=3),
        "By video",
        (acts.Seat("police", worker.team),),
    )
    return acts.call(episode=episode, plan=plan, by=casework.actor(), now=casework.now)


PREPARE = {
    "hub": ("screener", lambda c, e: None),
    "allocated": ("social.worker", lambda c, e: allocate(c, e, "social.worker")),
    "health": ("hub.health", lambda c, e: ask(c, e, "hospital")),
    "invited": ("police.hub", lambda c, e: invited(c, e, "police.hub")),
    "asked": ("police.hub", lambda c, e: ask(c, e, "police")),
    "referrer": ("school.lead", lambda c, e: take_part(c, e, "school.lead", "referrer")),
    "supervisor": ("police.supervisor", lambda c, e: raised_by(e, "police")),
    "escalated": ("gp", lambda c, e: take_part(c, e, "gp", "escalated")),
}


def allocate(casework, episode, name):
    worker = casework.worker(name)
    acts.allocate(episode=episode, team=worker.team, worker=worker, by=casework.actor(), now=casework.now)


def ask(casework, episode, agency):
    casework.ask(episode, to=front_door_of(agency))


def take_part(casework, episode, name, role):
    worker = casework.worker(name)
    acts.take_part(
        episode=episode, role=role, agency=worker.agency_id, worker=worker.pk, by=casework.actor(), now=casework.now
    )


def raised_by(episode, agency):
    Episode.objects.filter(pk=episode.pk).update(from_agency=agency)


@pytest.mark.parametrize("part", list(PARTS))
def test_each_part_opens_its_sections_and_without_it_there_is_nothing(casework, viewer_of, now, part):
    name, prepare = PREPARE[part]
    if part == "hub":
        inside = enter(viewer_of(name), casework.contact(), now)
        assert inside.parts >= {part} and inside.sections >= PARTS[part]
        return
    episode = casework.contact()
    with pytest.raises(NotYours):
        enter(viewer_of(name), episode, now)
    opened(lambda: prepare(casework, episode))
    inside = enter(viewer_of(name), episode, now)
    assert part in inside.parts
    assert inside.sections == frozenset().union(*(PARTS[each] for each in inside.parts))


def test_work_that_is_not_there_looks_like_work_that_is_not_yours(casework, viewer_of, now):
    episode = casework.contact()
    with pytest.raises(NotYours) as other:
        enter(viewer_of("officer"), episode, now)
    episode.id = uuid4()
    with pytest.raises(NotYours) as nothing:
        enter(viewer_of("officer"), episode, now)
    assert type(other.value) is type(nothing.value)


def test_sight_lapses_with_the_part(casework, viewer_of, now):
    episode = casework.contact()
    opened(lambda: take_part(casework, episode, "gp", "chair"))
    enter(viewer_of("gp"), episode, now)
    opened(lambda: acts.leave(participation=Participation.objects.get(role="chair"), by=casework.actor(), now=now))
    with pytest.raises(NotYours):
        enter(viewer_of("gp"), episode, now)


def test_a_pathway_that_the_hub_does_not_see_is_not_opened_for_being_in_the_hub(casework, viewer_of, now):
    by = casework.actor("school.lead")
    team = casework.worker("school.lead").team
    episode = opened(
        lambda: acts.open_episode(
            by=by,
            pathway_code="considered",
            origin=acts.Origin("school", team, by.worker),
            about=[acts.Somebody("subject", CHILD)],
            team=team,
            now=now,
        )
    )
    with pytest.raises(NotYours):
        enter(viewer_of("screener"), episode, now)
    assert "allocated" in enter(viewer_of("school.lead"), episode, now).parts
    assert opened(lambda: seen_before(CHILD)) == []  # nor is the child recognised from there


def test_going_in_is_in_the_ledger_with_the_part_that_let_them(casework, viewer_of, now):
    enter(viewer_of("screener"), casework.contact(), now)
    assert "part hub" in Entry.objects.get(kind="test").because


def test_the_same_child_is_found_again_best_first_and_others_are_not(casework):
    twin = replace(CHILD, given_names="Jonah")
    first, second = casework.contact(), casework.contact(child=twin)
    for number in range(3):
        casework.contact(
            child=Evidence(
                family_name="Ashdown", given_names="Priya", birth_date=CHILD.birth_date.replace(day=number + 1)
            )
        )
    found = opened(lambda: seen_before(CHILD))
    assert found[0].participation.episode_id == first.id and found[0].sure
    assert {each.participation.episode_id for each in found} <= {first.id, second.id}
    of_itself = opened(lambda: seen_before(CHILD, but=found[0].participation))
    assert first.id not in {each.participation.episode_id for each in of_itself}


def test_passing_on_keeps_the_clock_and_tells_the_new_team_once(casework, now):
    ask = casework.ask(casework.contact())
    to = casework.worker("investigator").team
    with system("test"):
        for _ in range(2):
            acts.pass_on(ask=ask, to=to, because="Theirs", by=casework.actor("police.hub"), now=now)
        row = Ask.objects.get(pk=ask.pk)
        assert (row.to_team, row.clock_id, row.seen_at) == (to, ask.clock_id, None)
        assert Notice.objects.filter(ask=ask, to_team=to).count() == 1
        acts.answer(ask=row, answer="nothing-known", plain={}, by=casework.actor("investigator"), now=now)
        with pytest.raises(acts.AlreadyAnswered):
            acts.pass_on(ask=row, to=to, because="Theirs", by=casework.actor("police.hub"), now=now)


def test_a_notice_is_told_once_to_each_and_an_unknown_kind_to_nobody(casework, now):
    episode, team = casework.contact(), casework.worker("officer").team
    with system("test"):
        for to in ({"team": team}, {"team": team}, {"worker": casework.worker().pk}, {}):
            acts.tell("asked", episode=episode, sort="the same", now=now, **to)
        assert Notice.objects.filter(sort="the same").count() == 2
        with pytest.raises(KeyError):
            acts.tell("Tobias is missing", episode=episode, team=team, sort="x", now=now)


def test_a_meeting_is_held_only_when_who_did_not_come_has_a_reason(casework, now):
    episode = casework.contact()
    with system("test"):
        meeting = invited(casework, episode, "police.hub")
        [invitation] = Invitation.objects.filter(meeting=meeting)
        missing = acts.Record({}, quorate=True)
        with pytest.raises(acts.NotSaid) as refused:
            acts.hold(meeting=meeting, record=missing, by=casework.actor(), now=now, held_at=now)
        assert refused.value.offices == ("police",)
        without = acts.Record({invitation.pk: acts.Came(True)}, quorate=False)
        with pytest.raises(acts.NotSaid):
            acts.hold(meeting=meeting, record=without, by=casework.actor(), now=now, held_at=now)
        record = acts.Record({invitation.pk: acts.Came(False, informed=True, why_not="At a birth")}, quorate=True)
        acts.hold(meeting=meeting, record=record, by=casework.actor(), now=now, held_at=now)
        row = Invitation.objects.get(pk=invitation.pk)
        assert row.attended is False and row.informed and Meeting.objects.get(pk=meeting.pk).quorate
        for act in (acts.cancel, acts.hold, acts.move_to):
            more = {
                acts.cancel: {"because": "x"},
                acts.hold: {"record": record, "held_at": now},
                acts.move_to: {"starts": now, "ends": now + timedelta(hours=1)},
            }[act]
            with pytest.raises(acts.AlreadyOver):
                act(meeting=meeting, by=casework.actor(), now=now, **more)


def test_a_meeting_that_is_called_off_tells_everybody_and_leaves_the_time_limit(casework, now):
    episode = casework.contact()
    with system("test"):
        before = episode.next_due
        meeting = invited(casework, episode, "police.hub")
        acts.cancel(meeting=meeting, by=casework.actor(), because="Ill", now=now)
        assert Notice.objects.filter(kind="meeting-cancelled").count() == 1
        assert reads.episode(episode.id).next_due == before
