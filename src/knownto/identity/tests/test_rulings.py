"""What people decide about two records, which no model overrules, and which can be taken back."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from knownto.access.refusals import NotPossibleNow
from knownto.identity import acts
from knownto.identity.models import Belief, Member, Ruling
from knownto.identity.tests.conftest import AMINA, BY, people, person_of
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor
from knownto.ledger.models import About, Entry

OTHER = replace(AMINA, family_name="Hargreaves", given_names="Olivia", birth_date=date(2009, 6, 1), addresses=())


@pytest.fixture
def same(partners, now):
    """Two records that the model holds for one child."""
    ids = partners.send(AMINA, AMINA)
    acts.catch_up(now=now)
    return tuple(ids)


@pytest.fixture
def unlike(partners, now):
    """Two records that the model sees nothing in common in."""
    ids = partners.send(AMINA, OTHER)
    acts.catch_up(now=now)
    return tuple(ids)


def test_it_links_what_the_model_would_not(unlike, now):
    acts.link(records=unlike, reason="Adopted, new name", by=BY, now=now)
    assert person_of(unlike[0]) == person_of(unlike[1])
    assert Belief.objects.get().state == "confirmed"


@pytest.mark.parametrize("part", [acts.unlink, acts.forbid])
def test_it_keeps_apart_what_the_model_would_link(same, now, part):
    before = person_of(same[0])
    part(records=same, reason="Cousins", by=BY, now=now)
    assert person_of(same[0]) == before != person_of(same[1])


@pytest.mark.parametrize("part", [acts.unlink, acts.forbid])
def test_it_keeps_them_apart_when_the_same_is_said_again(partners, same, now, part):
    part(records=same, reason="Cousins", by=BY, now=now)
    partners.change(same[1], phones=("07700 900123",))
    acts.catch_up(now=now)
    assert len(people()) == 2


def test_it_gives_the_former_ids_back_when_undone(unlike, now):
    before = [person_of(record) for record in unlike]
    ruling = acts.link(records=unlike, reason="A mistake", by=BY, now=now)
    assert person_of(unlike[1]) == before[0]
    acts.undo(ruling=ruling, reason="It was a mistake", by=BY, now=now + timedelta(minutes=1))
    assert [person_of(record) for record in unlike] == before
    assert not Belief.objects.exists()


def test_it_puts_an_earlier_ruling_in_force_again_when_the_later_is_undone(same, now):
    acts.forbid(records=same, reason="Twins", by=BY, now=now)
    later = acts.link(records=same, reason="Not twins", by=BY, now=now)
    assert len(people()) == 1
    acts.undo(ruling=later, reason="Twins after all", by=BY, now=now)
    assert len(people()) == 2
    assert Belief.objects.get().state == "undone"


def test_it_says_in_the_ledger_who_decided_and_seals_why(same, now):
    ruling = acts.unlink(records=same, reason="Zebedee Quill says so", by=BY, now=now)
    entry = Entry.objects.get(kind="link-apart")
    assert (entry.worker, entry.agency) == (BY.worker, BY.agency)
    assert {f"record:{i}" for i in same} <= set(About.objects.values_list("subject", flat=True))
    row = Ruling.objects.get(pk=ruling)
    assert b"Zebedee" not in bytes(row.sealed) + bytes(entry.sealed)
    assert keyring.open_rows([row]) == [{"reason": "Zebedee Quill says so"}]


def test_it_refuses_the_same_ruling_twice(same, now):
    acts.unlink(records=same, reason="Cousins", by=BY, now=now)
    with pytest.raises(NotPossibleNow):
        acts.unlink(records=same, reason="Cousins", by=BY, now=now)


def test_it_refuses_to_undo_twice(same, now):
    ruling = acts.unlink(records=same, reason="Cousins", by=BY, now=now)
    acts.undo(ruling=ruling, reason="No", by=BY, now=now)
    with pytest.raises(NotPossibleNow):
        acts.undo(ruling=ruling, reason="No", by=BY, now=now)


def test_it_refuses_a_ruling_by_nobody(same, now):
    with pytest.raises(NotPossibleNow):
        acts.unlink(records=same, reason="Cousins", by=Actor(None, "", "system"), now=now)


def test_it_refuses_a_record_that_is_not_there(same, now):
    with pytest.raises(NotPossibleNow):
        acts.link(records=(same[0], 10**9), reason="?", by=BY, now=now)


def world() -> dict[int, object]:
    return dict(Member.objects.values_list("record", "person_id"))


TRIED = st.tuples(st.sampled_from(["link", "unlink", "forbid"]), st.integers(0, 3), st.integers(0, 3))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    chosen=st.lists(
        st.tuples(st.sampled_from(["link", "unlink", "forbid"]), st.integers(0, 3), st.integers(0, 3)), max_size=6
    )
)
def test_it_leaves_no_trace_of_rulings_that_were_all_undone(partners, now, chosen):
    ids = partners.send(AMINA, AMINA, OTHER, replace(AMINA, given_names="Blessing"))
    acts.catch_up(now=now)
    before, believed = world(), set(Belief.objects.values_list("lower", "higher", "state", "outcome"))
    made = [r for kind, a, b in chosen if a != b and (r := _ruled(kind, (ids[a], ids[b]), now))]
    for ruling in reversed(made):
        acts.undo(ruling=ruling, reason="Undone", by=BY, now=now)
    assert world() == before
    assert set(Belief.objects.values_list("lower", "higher", "state", "outcome")) == believed


def _ruled(kind, records, now):
    try:
        return getattr(acts, kind)(records=records, reason="Tried", by=BY, now=now)
    except NotPossibleNow:
        return None
