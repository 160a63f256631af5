"""More than one worker, a worker that dies, and a file that lands meanwhile."""

import threading
from dataclasses import replace
from datetime import date

import pytest
from django.db import connections, transaction

from knownto.access import acts as access
from knownto.identity import acts, catching_up, matching
from knownto.identity.grouping import hold_grouping
from knownto.identity.tests.conftest import AMINA, Partners, people

CHILDREN = [
    replace(AMINA, given_names=name, birth_date=date(2010, 1 + at, 9), addresses=())
    for at, name in enumerate(("Amina", "Blessing", "Chidi", "Dayo", "Emeka", "Folake"))
]


@pytest.fixture
def landed(committed):
    """Three agencies' records of each child, landed and committed. Gives the records of each child."""
    with access.system("test"):
        partners = Partners()
        ids = [partners.send(*CHILDREN, agency=agency) for agency in ("police", "hospital", "school")]
    return {frozenset(of_one) for of_one in zip(*ids, strict=True)}


def in_threads(work, several=2):
    errors = []

    def one():
        try:
            work()
        except BaseException as error:  # noqa: BLE001 (a thread's error must reach the test)
            errors.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one) for _ in range(several)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def groups():
    with access.system("test"):
        return people()


def test_it_gives_the_same_people_with_three_workers_at_once(landed, now, monkeypatch):
    monkeypatch.setattr(catching_up, "BATCH", 2)
    in_threads(lambda: acts.catch_up(now=now), several=3)
    assert groups() == landed


def test_it_goes_on_where_a_killed_worker_stopped(landed, now, monkeypatch):
    monkeypatch.setattr(catching_up, "BATCH", 4)
    matched = []

    def dies_at_the_second(*some):
        matched.append(some)
        if len(matched) == 2:
            raise KeyboardInterrupt
        return was(*some)

    was = matching.regroup
    monkeypatch.setattr(matching, "regroup", dies_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        acts.catch_up(now=now)
    monkeypatch.setattr(matching, "regroup", was)
    acts.catch_up(now=now)
    assert groups() == landed


def test_it_leaves_alone_what_another_worker_has_in_hand(landed, now):
    with transaction.atomic(), access.system("test"):
        held = acts.pending.claim(0, 5)
        in_threads(lambda: acts.catch_up(now=now), several=1)
        waiting = acts.pending.left()
    assert len(held) == 5
    assert waiting == {0: 5}
    acts.catch_up(now=now)
    assert groups() == landed


def test_it_lets_one_at_a_time_decide_who_is_who(landed, now):
    worker = threading.Thread(target=lambda: in_threads(lambda: acts.catch_up(now=now), several=1))
    with transaction.atomic(), access.system("test"):
        hold_grouping()
        worker.start()
        worker.join(timeout=1)
        assert worker.is_alive()
    worker.join()
    assert groups() == landed
