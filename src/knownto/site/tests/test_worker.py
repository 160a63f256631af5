"""The worker ends when it is told to, and at nothing else."""

import asyncio
import os
import signal
import threading
from contextlib import asynccontextmanager, contextmanager

import pytest
from procrastinate.exceptions import ConnectorException

from knownto.site import sweeps, worker


class Library:
    """As the jobs library is: what its worker does on each start, one after the other."""

    def __init__(self, *starts):
        self.starts, self.started = list(starts), 0
        self.connector = self

    def get_worker_connector(self):
        return self

    @contextmanager
    def replace_connector(self, _):
        yield self

    @asynccontextmanager
    async def open_async(self):
        yield self

    async def run_worker_async(self, **_):
        self.started += 1
        await self.starts.pop(0)()


async def ends_quietly():
    """The connection that it listens on was lost, and the database was back before it had finished ending."""


async def raises():
    raise ConnectorException


async def is_told():
    threading.Timer(0.05, os.kill, [os.getpid(), signal.SIGTERM]).start()
    await asyncio.sleep(30)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(worker, "SECONDS_BETWEEN", 0)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("lost", [ends_quietly, raises])
def test_it_goes_on_when_the_database_was_away_and_ends_when_it_is_told(monkeypatch, lost):
    library = Library(lost, lost, is_told)
    monkeypatch.setattr(worker, "app", library)
    worker.work_for_ever()
    assert library.started == 3


@pytest.mark.parametrize("prompt", sorted(frozenset().union(*sweeps.LANES.values())))
def test_what_must_not_wait_is_done_while_something_else_takes_long(monkeypatch, prompt):
    done, let_go, stop = threading.Semaphore(0), threading.Event(), threading.Event()
    long = ("look who was seen before", 0, lambda: let_go.wait(30))
    monkeypatch.setattr(worker, "SWEEPS", (long, (prompt, 0, done.release)))
    sweeping = worker.sweepers(stop)
    for sweeper in sweeping:
        sweeper.start()
    try:
        assert all(done.acquire(timeout=20) for _ in range(3))
    finally:
        stop.set(), let_go.set()
        for sweeper in sweeping:
            sweeper.join(20)


def test_every_sweep_has_one_lane(monkeypatch):
    named = [name for names in sweeps.LANES.values() for name in names]
    assert len(named) == len(set(named)) and {name for name, *_ in sweeps.SWEEPS} > set(named)
    monkeypatch.setattr(worker.threading, "Thread", lambda target, args, name: args[1])
    assert sorted(sweep.name for share in worker.sweepers(threading.Event()) for sweep in share) == sorted(
        name for name, *_ in sweeps.SWEEPS
    )
