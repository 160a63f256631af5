"""Two thousand hostile files through the whole intake: no crash, nothing half landed, each answered in words."""

import os
import random
import re
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.db import connection

from knownto.access.acts import system
from knownto.feeds import acts, reads
from knownto.feeds.models import File, Rejected, State
from knownto.ledger.acts import Actor
from knownto.town.living import found_partners
from proof_tests.hostile_files import KINDS, Hostile, as_csv, catalogue, good_rows
from proof_tests.spending import MINUTES, SEED, note

EACH = int(os.environ.get("KNOWNTO_FILES_OF_A_KIND", "55"))  # of each kind: over 2,000 in all
MEGABYTES = 350  # over what the process has in use before: it is some 150 by itself, and 512 is what a worker may use
NOW = datetime(2026, 11, 16, 6, tzinfo=UTC)
ENDED = {State.LANDED, State.REFUSED, State.HELD, State.SAME}


@pytest.fixture
def intake(db):
    found_partners("small", now=NOW)

    def send(hostile: Hostile) -> File:
        return acts.take_in(
            hostile.data,
            agency="police",
            mode="delta",
            as_of=date(2026, 11, 15),
            by=Actor(None, "police", "feed"),
            now=NOW,
            name=f"police_delta_2026-11-15.{hostile.ending}",
        )

    return send


@pytest.fixture
def most_used():
    """Megabytes in use at most since, over what was then: what other proofs used before does not count."""
    Path("/proc/self/clear_refs").write_text("5")
    before = _megabytes("VmRSS")
    return lambda: _megabytes("VmHWM") - before


def _megabytes(what: str) -> float:
    return int(re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


def held_rows() -> int:
    with system("proof"), connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM feeds_record) + (SELECT count(*) FROM feeds_contact)")
        return cursor.fetchone()[0]


def rejected(file: File) -> int:
    with system("proof"):
        return Rejected.objects.filter(file=file).count()


def in_words(file: File) -> bool:
    """Does its sender read a sentence that says why?"""
    said = reads.for_sender("police", file.id)
    sentences = said.reasons or [said.outcome]
    return all(len(sentence) > 20 and sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize("kind", KINDS)
def test_it_answers_every_hostile_file_and_lands_all_of_it_or_nothing(intake, most_used, kind):
    end = time.monotonic() + MINUTES * 60 / len(KINDS)  # as long for each kind, in a campaign of some minutes
    for hostile in catalogue(kind, EACH, SEED):
        if hostile.number and time.monotonic() > end:
            break
        before = held_rows()
        file = intake(hostile)
        assert file.state in ENDED, hostile
        note(files=1, **{str(file.state): 1})
        if file.state == State.LANDED:
            continue
        assert held_rows() == before, f"{hostile} was {file.state} and changed what is held"
        assert in_words(file), f"{hostile} was {file.state} without a reason"
    note(**{f"memory of {kind}, MB": round(most_used())})
    assert most_used() < MEGABYTES


def test_it_notices_what_takes_too_much_memory(most_used):
    held = bytearray(os.urandom(1 << 20) * (MEGABYTES + 50))
    assert held and most_used() > MEGABYTES


def test_it_lands_the_file_that_they_were_all_made_from(intake):
    """The negative control: the same rows, unharmed, do land, and every one of them."""
    rows = good_rows(random.Random(1))
    file = intake(Hostile("good", 0, as_csv(rows).encode()))
    assert (file.state, file.rows, rejected(file)) == (State.LANDED, len(rows), 0)
    assert held_rows() == 2 * len(rows)


def test_it_would_notice_rows_that_landed_from_a_refused_file(intake):
    """The negative control of the count: what lands is seen by it."""
    before = held_rows()
    intake(Hostile("good", 0, as_csv(good_rows(random.Random(2))).encode()))
    assert held_rows() > before
