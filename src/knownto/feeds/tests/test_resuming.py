"""A load that is killed goes on where it was, and lands once or not at all."""

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import closing

import pytest
from django.conf import settings
from django.db import connection, connections

from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow
from knownto.feeds import acts, checking, landing, limits, reads
from knownto.feeds.models import File, Progress, Staged, State
from knownto.feeds.processing import process
from knownto.feeds.tests.conftest import DAY, POLICE, add_partners, csv_of, held_contacts, held_people, manager, row

ROWS = [row(n) if n % 10 else row(n, status="?" if n == 50 else "open") for n in range(100)]


class Killed(BaseException):
    """What a kill looks like from inside: nothing after it runs."""


@pytest.fixture
def small_batches(monkeypatch):
    few = limits.Limits(batch=7, at_once=3)
    for module in ("checking", "landing", "processing", "telling", "holding"):
        monkeypatch.setattr(f"knownto.feeds.{module}.limits", lambda: few)


@pytest.fixture
def received(committed, small_batches, now):
    add_partners()
    return acts.receive(acts.Label("police", "delta", DAY, "x.csv"), [csv_of(ROWS)], by=POLICE, now=now)


def killed_after(monkeypatch, module, name, calls):
    real, count = getattr(module, name), [0]

    def dies(*arguments):
        count[0] += 1
        if count[0] > calls:
            raise Killed
        return real(*arguments)

    monkeypatch.setattr(module, name, dies)


@pytest.mark.parametrize("batches", [0, 1, 5, 14])
def test_a_check_that_was_killed_goes_on_after_the_last_batch(received, monkeypatch, now, batches):
    with monkeypatch.context() as until, pytest.raises(Killed):
        killed_after(until, checking, "_write", batches)
        acts.carry_on(received.id, now=now)
    with system("test"):
        half = File.objects.get()
        assert (half.rows, Staged.objects.count()) == (batches * 7, batches * 7 - (batches * 7 > 50))
    assert not held_contacts()
    done = acts.carry_on(received.id, now=now)
    assert (done.state, done.rows, done.rows_bad, done.added) == (State.LANDED, 100, 1, 99)
    assert len(held_people()) == 99


@pytest.mark.parametrize("batches", [0, 3])
def test_a_landing_that_was_killed_leaves_nothing_and_starts_again_from_its_staging(
    received, monkeypatch, now, batches
):
    with monkeypatch.context() as until, pytest.raises(Killed):
        killed_after(until, landing, "_land_contacts", batches)
        acts.carry_on(received.id, now=now)
    assert not held_contacts() and not held_people()
    with system("test"):
        assert Staged.objects.count() == 99
    done = acts.carry_on(received.id, now=now)
    assert (done.state, done.added) == (State.LANDED, 99) and len(held_contacts()) == 99


def test_a_worker_that_was_overtaken_stops_and_changes_nothing(received, now):
    overtaken = acts.load(received.id)
    assert acts.carry_on(received.id, now=now).state == State.LANDED
    with pytest.raises(NotPossibleNow):
        process(overtaken, by=POLICE, now=now)
    assert acts.load(received.id).state == State.LANDED and len(held_contacts()) == 99


def test_only_one_worker_at_a_time_takes_an_agencys_files_on(received, now):
    with closing(connection.copy()) as other, other.cursor() as theirs:
        theirs.execute("SELECT pg_advisory_lock(%s)", [acts.turn_number("police")])
        assert acts.carry_on_all(agency="police", now=lambda: now) == []
        theirs.execute("SELECT pg_advisory_unlock(%s)", [acts.turn_number("police")])
    [file] = acts.carry_on_all(agency="police", now=lambda: now)
    assert file.state == State.LANDED


def test_its_progress_can_be_seen_from_outside_while_it_lands(received, monkeypatch, now):
    seen = []
    real = landing._land_contacts

    def watched(landed, groups):
        real(landed, groups)
        with closing(connection.copy()) as other, other.cursor() as outside:
            outside.execute("SELECT coalesce(max(done), 0) FROM feeds_progress")
            seen.append(outside.fetchone()[0])

    monkeypatch.setattr(landing, "_land_contacts", watched)
    acts.carry_on(received.id, now=now)
    assert len(seen) == 15 and seen == sorted(set(seen)) and seen[-1] == 98
    assert not Progress.objects.exists()


def test_it_says_how_far_a_check_has_come(received, monkeypatch, now):
    with monkeypatch.context() as until, pytest.raises(Killed):
        killed_after(until, checking, "_write", 5)
        acts.carry_on(received.id, now=now)
    assert reads.one(manager(), received.id).progress == (35, 100)


KILLED_ELSEWHERE = """
    import os, signal, sys, uuid
    from datetime import UTC, datetime
    import django
    django.setup()
    from django.db import connections
    for alias, (name, user) in {databases}.items():
        connections[alias].settings_dict.update(NAME=name, USER=user)
    from knownto.feeds import acts, {module}
    real, count = {module}.{name}, [0]
    def dies(*arguments):
        count[0] += 1
        if count[0] > 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)
    {module}.{name} = dies
    from knownto.feeds import limits
    few = limits.Limits(batch=7, at_once=3)
    for part in ("checking", "landing", "processing", "telling", "holding"):
        sys.modules["knownto.feeds." + part].limits = lambda: few
    from django.conf import settings
    settings.RECEIVED_FOLDER = {folder!r}
    acts.carry_on(uuid.UUID({file!r}), now=datetime(2026, 11, 16, 9, 30, tzinfo=UTC))
"""


@pytest.mark.parametrize(("module", "name"), [("checking", "_write"), ("landing", "_land_contacts")])
def test_a_process_that_is_really_killed_leaves_nothing_half_done(received, now, module, name):
    databases = {
        alias: (connections[alias].settings_dict["NAME"], connections[alias].settings_dict["USER"])
        for alias in ("default", "keys")
    }
    code = textwrap.dedent(KILLED_ELSEWHERE).format(
        databases=databases, module=module, name=name, folder=str(settings.RECEIVED_FOLDER), file=str(received.id)
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "knownto.site.settings",
        "KNOWNTO_VAR": str(settings.VAR),
        "PYTHONPATH": "src",
    }
    died = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert died.returncode == -signal.SIGKILL, died.stderr
    assert not held_contacts() and not held_people()
    assert acts.carry_on(received.id, now=now).added == 99 and len(held_contacts()) == 99
