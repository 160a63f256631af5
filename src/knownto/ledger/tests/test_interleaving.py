"""Numbering while transactions overlap: what began first may commit last, and is numbered all the same."""

import random
import threading
from datetime import timedelta
from queue import SimpleQueue

import pytest
from django.db import connection, connections, transaction
from django.db.models import Max

from knownto.ledger import acts, reads, sequence
from knownto.ledger.models import Entry, Head, Leaf
from knownto.ledger.tree import with_about
from knownto.proof import read_head

BY = acts.Actor(None, "police", "officer")


class Session(threading.Thread):
    """A worker with a connection of its own, who takes one step when told to."""

    def __init__(self, now):
        super().__init__(daemon=True)
        self.now, self.steps, self.done, self.open = now, SimpleQueue(), SimpleQueue(), None
        self.start()

    def run(self):
        while step := self.steps.get():
            try:
                self.done.put((step(), None))
            except Exception as error:
                self.done.put((None, error))
        connections.close_all()
        self.done.put((None, None))

    def does(self, step):
        self.steps.put(step)
        answer, error = self.done.get(timeout=20)
        if error:
            raise error
        return answer

    def begin(self):
        self.open = transaction.atomic()
        self.open.__enter__()

    def write(self):
        return acts.record(kind="search", by=BY, about=["p1"], now=self.now).event

    def commit(self):
        self.open.__exit__(None, None, None)
        self.open = None

    def undo(self):
        self.open.__exit__(KeyError, KeyError(), None)
        self.open = None


def interleaved(seed, now, steps=24):
    """Three sessions begin, write, commit and undo at random, and two number; gives what was committed."""
    rng, sessions, kept, held = random.Random(seed), [Session(now) for _ in range(3)], set(), {}
    for _ in range(steps):
        session = rng.choice(sessions)
        if rng.random() < 0.3:
            sequence.sequence(now + timedelta(seconds=rng.randrange(-5, 5)))  # the clocks of two hosts disagree
        elif session.open is None:
            session.does(session.begin)
            held[session] = {session.does(session.write)}
        elif rng.random() < 0.4:
            held[session].add(session.does(session.write))
        elif rng.random() < 0.8:
            session.does(session.commit)
            kept |= held.pop(session)
        else:
            session.does(session.undo)
    for session in sessions:
        if session.open:
            session.does(session.commit)
            kept |= held.pop(session)
        session.does(None)
    return kept


def numbered():
    return list(Leaf.objects.order_by("index").values_list("index", "entry__event"))


def wrong_after(seed, now):
    """What does not hold once everything has committed and been numbered: nothing, or the log is not whole."""
    kept = interleaved(seed, now)
    while sequence.sequence(now):
        pass
    rows = numbered()
    return (
        [f"{len(kept) - len(rows)} never numbered"] * ({event for _, event in rows} != kept)
        + ["gaps"] * ([index for index, _ in rows] != list(range(len(rows))))
        + [finding.sentence for finding in reads.verify()]
    )


def by_serial_number():
    """The naive way: from the highest serial number seen so far."""
    reached = Leaf.objects.aggregate(reached=Max("entry_id"))["reached"] or 0
    return list(with_about(Entry.objects.filter(id__gt=reached).order_by("id")))


def emptied():
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET session_replication_role = replica")
        cursor.execute("TRUNCATE ledger_entry, ledger_about, ledger_waiting, ledger_leaf, ledger_head CASCADE")
        cursor.execute("SET session_replication_role = origin; SET ROLE knownto_app")


def test_it_numbers_whatever_was_committed_once_however_transactions_overlap(committed, now):
    for seed in range(12):
        assert wrong_after(seed, now) == [], seed
        emptied()


def test_numbering_by_serial_number_would_lose_entries(committed, now, monkeypatch):
    """The plant: were it done the naive way, the property above would be red."""
    monkeypatch.setattr(sequence, "committed_and_waiting", by_serial_number)
    found = []
    for seed in range(12):
        found += wrong_after(seed, now)
        emptied()
    assert any("never numbered" in sentence for sentence in found)


def test_two_who_number_at_once_give_no_number_twice(committed, now):
    def write():
        for _ in range(20):
            with transaction.atomic():
                acts.record(kind="search", by=BY, now=now)
        connections.close_all()

    def number():
        for step in range(15):
            sequence.sequence(now + timedelta(seconds=step))
        connections.close_all()

    threads = [threading.Thread(target=each) for each in (write, write, write, number, number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while sequence.sequence(now):
        pass
    assert [index for index, _ in numbered()] == list(range(60))
    assert reads.verify() == []


@pytest.mark.parametrize("back", [timedelta(seconds=1), timedelta(days=1)])
def test_a_clock_that_was_set_back_does_not_stop_it(db, now, back):
    for at in (now, now - back):
        acts.record(kind="search", by=BY, now=at)
        sequence.sequence(at)
    times = [read_head(note).time for note in Head.objects.order_by("number").values_list("note", flat=True)]
    assert times == sorted(times) and len(times) == 2
