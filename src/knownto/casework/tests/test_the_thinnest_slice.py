"""A contact is opened, decided and closed; two who decide at once; an ask goes round; a clock turns."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from knownto.access.acts import system
from knownto.casework import acts, reads
from knownto.casework.models import Answer, Clock, Decision, Episode, Notice
from knownto.casework.pathway import problems
from knownto.casework.recognising import seen_before
from knownto.casework.register import pathways
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)


@pytest.fixture(autouse=True)
def opened(borough):
    with system("test"):
        yield


def contact(now, urgency=""):
    by = Actor(None, "school", "school-lead")
    return acts.open_episode(
        by=by,
        pathway_code="contact",
        origin=acts.Origin("school"),
        about=[acts.Somebody("subject", CHILD)],
        urgency=urgency,
        now=now,
    )


def worker():
    from knownto.partners.reads import by_sign_in_name

    return by_sign_in_name("screener")


def council():
    return Actor(worker().pk, "childrens-social-care", "screener")


def test_every_pathway_is_sound():
    assert {pathway.code: problems(pathway) for pathway in pathways()} == {p.code: [] for p in pathways()}
    assert {"contact", "support", "protection", "adult", "challenge"} <= {pathway.code for pathway in pathways()}


def test_it_goes_from_received_to_closed_and_its_state_can_be_rebuilt(now):
    episode = contact(now)
    assert episode.team.code == "mash"
    assert episode.next_due == min(clock.due_at for clock in reads.running(episode))
    acts.decide(episode=episode, choice=acts.Choice("take", "council", "In hand"), by=council(), seen=0, now=now)
    choice = acts.Choice("advice", "council", "A conversation with the school is enough.", level=2)
    acts.decide(episode=episode, choice=choice, by=council(), seen=1, now=now)
    assert episode.closed_at and not reads.running(episode) and episode.next_due is None
    assert reads.rebuilt_state(episode, "received") == episode.state == "advice"
    assert reads.people([episode])[episode.id][0].name == "Tobias Wrenshaw"


def test_the_second_of_two_who_decide_is_told_who_was_first(now):
    episode = contact(now)
    same = Episode.objects.get(pk=episode.pk)
    acts.decide(episode=episode, choice=acts.Choice("take", "council", "Mine"), by=council(), seen=0, now=now)
    with pytest.raises(acts.Overtaken) as refused:
        acts.decide(episode=same, choice=acts.Choice("take", "council", "Mine"), by=council(), seen=0, now=now)
    assert refused.value.decision.worker == council().worker
    assert Decision.objects.filter(episode=episode).count() == 1


def test_the_database_refuses_open_work_without_an_owner_or_a_next_time(now):
    episode = contact(now)
    for change in ({"team": None}, {"next_due": None}, {"closed_at": now}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Episode.objects.filter(pk=episode.pk).update(**change)


def test_an_ask_is_answered_once_and_whoever_asked_is_told(now):
    from knownto.partners.offices import front_door_of

    episode = contact(now, "red")
    question = acts.Question("check", front_door_of("police"), "What do you know of this family since March?")
    ask = acts.ask(episode=episode, question=question, by=council(), by_team=worker().team, now=now)
    acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=council(), now=now)
    with pytest.raises(acts.AlreadyAnswered):
        acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=council(), now=now)
    assert Notice.objects.filter(ask=ask, kind="answered", to_worker=council().worker).count() == 1


def test_a_clock_turns_once_however_often_the_sweep_comes(now):
    contact(now)
    later = now + timedelta(hours=34)
    assert acts.sweep(later) >= 2
    assert acts.sweep(later) == 0
    assert Clock.objects.filter(limit="decision", reddened_at__isnull=False).count() == 1
    assert Notice.objects.filter(kind="red").exists()


def test_the_same_child_is_recognised_in_another_contact(now):
    first, other = contact(now), contact(now)
    found = seen_before(Evidence(family_name="Renshaw", given_names="Tobias", birth_date=date(2016, 3, 4)))
    assert {seen.participation.episode_id for seen in found} == {first.id, other.id}
    assert not seen_before(Evidence(family_name="Ashdown", given_names="Priya", birth_date=date(2009, 1, 9)))
