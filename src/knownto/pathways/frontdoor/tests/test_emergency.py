"""Police protection, emergency protection orders, section 20: whose they are, and from when they count."""

from datetime import timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotYours
from knownto.casework import acts, reads
from knownto.casework.models import Clock, Notice
from knownto.pathways.frontdoor import emergency, strategy
from knownto.pathways.frontdoor.emergency import NotInForce, NotUsedThen, Use
from knownto.pathways.frontdoor.tests import cases


@pytest.fixture
def contact(borough, now):
    with system("test"):
        return cases.contact(now)


def children(episode):
    with cases.opened(episode) as row:
        return tuple(each.id for each in reads.people([row])[row.id])


def used(viewer_of, episode, now, *, power="police-protection", sign_in="officer", since=None, of=None):
    use = Use(power, of or children(episode), since or now, "A man at the door with a knife", {"place": "His aunt"})
    seen = cases.fresh(episode).decided
    emergency.use(by=viewer_of(sign_in), episode=episode.id, use=use, seen=seen, now=now)


def ended(viewer_of, episode, now, *, of=None, sign_in="officer", at=None):
    seen = cases.fresh(episode).decided
    emergency.end(
        by=viewer_of(sign_in), episode=episode.id, power="police-protection", children=of or children(episode),
        at=at or now, why="Safe with his aunt", seen=seen, now=now,
    )  # fmt: skip


def test_the_72_hours_count_from_when_it_was_used(contact, viewer_of, now):
    used(viewer_of, contact, now, since=now - timedelta(hours=5))
    clock = cases.clock(contact, "police-protection")
    assert clock.due_at == now - timedelta(hours=5) + timedelta(hours=72)
    assert cases.fresh(contact).next_due <= clock.due_at


@pytest.mark.parametrize("late", [timedelta(seconds=1), timedelta(days=2)])
def test_it_cannot_have_been_used_in_the_future(contact, viewer_of, now, late):
    with pytest.raises(NotUsedThen):
        used(viewer_of, contact, now, since=now + late)


def test_police_use_police_protection_and_nobody_else(contact, viewer_of, now):
    for name in ("hub.manager", "screener", "out.of.hours", "school.lead"):
        with pytest.raises(NotYours):
            used(viewer_of, contact, now, sign_in=name)
    for power in ("emergency-order", "section-20"):
        with pytest.raises(NotYours):
            used(viewer_of, contact, now, power=power)
        used(viewer_of, contact, now, power=power, sign_in="out.of.hours")
    with cases.opened(contact) as row:
        assert {each.power for each, _ in reads.decisions(row)} == {"emergency-duty"}


def test_an_officer_who_takes_no_part_uses_none(contact, viewer_of, now):
    with pytest.raises(NotYours):
        used(viewer_of, contact, now, sign_in="investigator")


def test_only_the_children_of_the_work(contact, viewer_of, now):
    with system("test"):
        other = cases.contact(now)
    with pytest.raises(NotUsedThen):
        used(viewer_of, contact, now, of=children(other))


def test_it_ends_child_by_child_and_its_clock_with_the_last(contact, viewer_of, now):
    with system("test"):
        acts.add_somebody(
            episode=contact, somebody=acts.Somebody("sibling", cases.CHILD), by=cases.actor("officer"), now=now
        )
    first, second = children(contact)
    used(viewer_of, contact, now)
    later = now + timedelta(hours=10)
    ended(viewer_of, contact, later, of=(first,))
    assert cases.clock(contact, "police-protection").stopped_at is None
    with pytest.raises(NotInForce):
        ended(viewer_of, contact, later, of=(first,))
    ended(viewer_of, contact, later, of=(second,))
    assert cases.clock(contact, "police-protection").stopped_at == later
    with cases.opened(contact) as row:
        assert emergency.in_force(row) == []


def test_it_does_not_end_before_it_began(contact, viewer_of, now):
    used(viewer_of, contact, now)
    with pytest.raises(NotUsedThen):
        ended(viewer_of, contact, now + timedelta(hours=1), at=now - timedelta(hours=1))


def test_it_goes_on_in_the_work_that_follows_with_no_more_time(contact, viewer_of, now):
    used(viewer_of, contact, now, since=now - timedelta(hours=5))
    with system("test"):
        manager = cases.actor("hub.manager")
        row = cases.fresh(contact)
        choice = acts.Choice("strategy", "council-manager", "Taken into police protection", level=4)
        acts.decide(episode=row, choice=choice, by=manager, seen=1, now=now)
        work = strategy.open_protection(parent=row, by=manager, now=now)
        [standing] = emergency.in_force(work)
    assert standing.children == frozenset(children(work)) and standing.since == now - timedelta(hours=5)
    assert cases.clock(work, "police-protection").due_at == now + timedelta(hours=67)
    ended(viewer_of, work, now + timedelta(hours=8))
    assert cases.clock(work, "police-protection").stopped_at == now + timedelta(hours=8)


def test_two_days_in_the_manager_is_told_and_at_three_the_night(contact, viewer_of, now):
    used(viewer_of, contact, now)
    acts.sweep(now + timedelta(hours=49))
    with system("test"):
        clock = Clock.objects.get(limit="police-protection")
        assert clock.ambered_at == now + timedelta(hours=48) and clock.reddened_at is None
        assert Notice.objects.filter(sort=f"amber:{clock.pk}:manager").exists()
    acts.sweep(now + timedelta(hours=73))
    with system("test"):
        assert Notice.objects.filter(sort=f"red:{clock.pk}:night").exists()
