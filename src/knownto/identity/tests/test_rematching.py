"""Everybody matched again when the model in force is another one: by itself, and never over people's heads."""

import json
from dataclasses import replace

import pytest
from django.db import transaction

from knownto.identity import acts, rematching, scores
from knownto.identity.models import Belief, Member, Rematch
from knownto.identity.tests.conftest import AMINA, BY, people
from knownto.ledger.models import Entry
from knownto.linkage.model import OWN
from knownto.linkage.signing import sign

MORE = 0.25  # bits that the other model gives more for a birthday


@pytest.fixture
def another_model(monkeypatch, tmp_path):
    """Put a model in force in which one weight differs, signed as if somebody had: as an upgrade does."""

    def put() -> str:
        path = tmp_path / "other.json"
        told = json.loads(OWN.read_text(encoding="utf-8"))
        told["weights"]["birth"]["exact"] += MORE
        path.write_text(json.dumps(told), encoding="utf-8")
        checksum = sign(path)
        monkeypatch.setenv("KNOWNTO_MODEL", str(path))
        scores.model.cache_clear()
        return checksum

    yield put
    scores.model.cache_clear()


@pytest.fixture
def hub(partners, now):
    """Three records of one child and two of her twin, matched; and that they are is noted."""
    girl, twin = AMINA, replace(AMINA, given_names="Blessing")
    ids = partners.send(girl, girl, twin, girl, twin)
    acts.catch_up(now=now)
    assert rematching.sweep(now=now) == 0 and rematching.so_far().ended
    return ids


def to_the_end(now) -> None:
    while not rematching.so_far().ended:
        rematching.sweep(now=now)


def left_behind() -> list[tuple[int, int]]:
    """The pairs that are still believed by another model than the one in force."""
    found = Belief.objects.exclude(model=scores.model().checksum).order_by("lower", "higher")
    return list(found.values_list("lower", "higher"))


def beliefs() -> list[tuple]:
    return list(Belief.objects.order_by("lower", "higher").values_list("lower", "higher", "bits", "outcome", "levels"))


def test_a_new_model_matches_everybody_again_by_itself(hub, now, another_model):
    before, groups = beliefs(), people()
    another_model()
    assert len(left_behind()) == len(before)
    rematching.sweep(now=now)
    to_the_end(now)
    assert left_behind() == [] and people() == groups
    assert [(low, high) for low, high, *_ in beliefs()] == [(low, high) for low, high, *_ in before]
    assert all(new[2] == pytest.approx(old[2] + MORE) for new, old in zip(beliefs(), before, strict=True))
    assert sorted(Entry.objects.filter(kind__startswith="rematch").values_list("kind", flat=True)) == [
        "rematch-begun",
        "rematch-ended",
    ]


def test_where_nobody_is_compared_it_is_seen(hub, now, another_model, monkeypatch):
    """The negative control: all is counted as done, and nothing was."""
    another_model()
    monkeypatch.setattr(rematching, "match_records", lambda *_, **__: None)
    rematching.sweep(now=now)
    to_the_end(now)
    assert len(left_behind()) == Belief.objects.count() > 0


def test_broken_off_it_goes_on_where_it_was(hub, now, another_model, monkeypatch):
    another_model()
    monkeypatch.setattr(rematching, "BATCH", 1)
    rematching.begin(by=BY, now=now)
    steps = [rematching.so_far().done]
    while rematching.go_on(now=now, most=1):
        steps.append(rematching.so_far().done)
    assert steps[0] == 0 and steps == sorted(steps) and rematching.so_far().of == 2 * len(hub)
    to_the_end(now)
    alone = beliefs()
    assert left_behind() == []
    rematching.begin(by=BY, now=now, again=True)
    to_the_end(now)
    assert beliefs() == alone


def test_a_batch_that_was_killed_is_done_again(hub, now, another_model, monkeypatch):
    another_model()
    monkeypatch.setattr(rematching, "BATCH", 2)
    done = []

    def killed(batch, *rest, **named):
        done.append(batch[0][0])
        if len(done) == 2:
            raise SystemExit
        return match(batch, *rest, **named)

    match = rematching.match_records
    monkeypatch.setattr(rematching, "match_records", killed)
    rematching.begin(by=BY, now=now)
    with pytest.raises(SystemExit), transaction.atomic():
        rematching.go_on(now=now)
    # The kill took this test's own transaction with it, so all of it is done again: what counts is that none is left.
    to_the_end(now)
    assert done.count(hub[2]) == 2 and left_behind() == []


def test_what_people_decided_stays(hub, now, another_model):
    first, second, twin, third, other = hub
    acts.forbid(records=(first, second), reason="Two children", by=BY, now=now)
    acts.link(records=(twin, third), reason="The school says so", by=BY, now=now)
    said = list(Belief.objects.exclude(state="auto").order_by("lower").values_list("lower", "higher", "state", "by"))
    groups = people()
    another_model()
    rematching.sweep(now=now)
    to_the_end(now)
    told = Belief.objects.exclude(state="auto").order_by("lower")
    assert list(told.values_list("lower", "higher", "state", "by")) == said and len(said) == 2
    assert people() == groups and left_behind() == []


def test_what_has_just_landed_goes_first(hub, partners, now, another_model):
    another_model()
    [fresh] = partners.send(AMINA, agency="school")
    assert rematching.sweep(now=now) == 0 and rematching.so_far().done == 0
    acts.catch_up(now=now)
    assert Member.objects.filter(record=fresh).exists()
    assert rematching.sweep(now=now) > 0


def test_a_hub_without_records_has_nothing_to_match_again(db, now, another_model):
    assert rematching.so_far() is None
    rematching.sweep(now=now)
    another_model()
    rematching.sweep(now=now)
    assert rematching.so_far().ended and not Rematch.objects.exclude(records=0).exists()
