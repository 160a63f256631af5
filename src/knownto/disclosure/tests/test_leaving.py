"""Copies left in a folder that a partner's system empties."""

import hashlib
import json
import os
import uuid
from datetime import timedelta
from pathlib import Path

import pytest

from knownto.access.acts import system
from knownto.disclosure import endpoints, leaving, parcels
from knownto.disclosure.delivery import LOOKED_AT_AGAIN, deliver
from knownto.disclosure.faults import Fault
from knownto.disclosure.models import Way
from knownto.disclosure.settling import settle
from knownto.disclosure.tests.conftest import WORKER, fresh, owe, states
from knownto.disclosure.tests.test_delivery import at
from knownto.keyring import acts as keyring


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def acknowledge(folder, parcel, digest=None):
    content = (folder / f"{parcel.id}.json").read_bytes()
    (folder / f"{parcel.id}.ack").write_text((digest or hashlib.sha256(content).hexdigest()) + "  x.json\n")


def test_it_is_left_whole_with_its_pdf_and_taken_away_once_acknowledged(folder, now):
    parcel = owe("school", now, pdf=b"%PDF minutes")
    deliver(now=at(now), limit=10)
    assert names(folder) == [f"{parcel.id}.json", f"{parcel.id}.pdf"]
    said = json.loads((folder / f"{parcel.id}.json").read_bytes())
    assert said["pdf"] == {"file": f"{parcel.id}.pdf", "sha256": hashlib.sha256(b"%PDF minutes").hexdigest()}
    assert (folder / f"{parcel.id}.pdf").read_bytes() == b"%PDF minutes"
    assert (fresh(parcel).state, fresh(parcel).left_at) == ("left", now)
    acknowledge(folder, parcel)
    settle(now + timedelta(hours=1))
    assert (fresh(parcel).state, fresh(parcel).acknowledged_at) == ("acknowledged", now + timedelta(hours=1))
    assert names(folder) == []


def test_it_leaves_the_next_about_a_child_without_waiting_in_their_order(folder, now):
    child = uuid.uuid4()
    owed = [owe("school", now, child) for _ in range(3)]
    deliver(now=at(now), limit=10)
    left = sorted(folder.iterdir(), key=lambda path: json.loads(path.read_bytes())["number"])
    assert [path.stem for path in left] == [str(each.id) for each in owed]
    assert [path.stat().st_mtime_ns for path in left] == sorted(path.stat().st_mtime_ns for path in left)


def test_it_is_not_acknowledged_by_a_digest_of_something_else(folder, now):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    acknowledge(folder, parcel, "0" * 64)
    settle(now)
    assert (fresh(parcel).state, fresh(parcel).fault) == ("left", Fault.WRONG_ACK)
    assert names(folder) == [f"{parcel.id}.json"]
    acknowledge(folder, parcel)
    settle(now)
    assert (fresh(parcel).state, fresh(parcel).fault) == ("acknowledged", "")


def test_it_waits_for_an_acknowledgement_that_is_half_written(folder, now):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    acknowledge(folder, parcel, "0" * 30)
    settle(now)
    assert fresh(parcel).fault == "" and (folder / f"{parcel.id}.ack").exists()


def test_it_is_put_there_again_when_it_was_taken_without_a_word(folder, now):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    (folder / f"{parcel.id}.json").unlink()
    deliver(now=at(now + LOOKED_AT_AGAIN), limit=10)
    assert names(folder) == [f"{parcel.id}.json"]
    assert (fresh(parcel).state, fresh(parcel).fault) == ("left", Fault.NOT_TAKEN)


def test_it_is_taken_out_of_the_folder_when_it_is_withdrawn(folder, now):
    taken_back, shredded, stays = (owe("school", now, pdf=b"%PDF") for _ in range(3))
    deliver(now=at(now), limit=10)
    with system("test"):
        parcels.withdraw(parcel=taken_back.id, by=WORKER, because="sent-in-error", now=now)
    keyring.shred([shredded.key])
    deliver(now=at(now + LOOKED_AT_AGAIN), limit=10)
    settle(now)
    assert names(folder) == [f"{stays.id}.json", f"{stays.id}.pdf"]
    assert states() == {"withdrawn": 2, "left": 1}


def test_it_goes_to_the_new_place_when_the_agency_moves_and_nothing_stays_behind(folder, now):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    endpoints.open_endpoint(agency="school", way=Way.DROP, where="academy", by=WORKER, now=now)
    deliver(now=at(now), limit=10)
    settle(now)
    assert names(folder) == [] and names(folder.parent / "academy") == [f"{parcel.id}.json"]


def test_it_leaves_files_of_others_alone(folder, now):
    folder.mkdir(parents=True)
    for name in ("readme.txt", f"{uuid.uuid4()}.json", f"{uuid.uuid4()}.ack", f"{uuid.uuid4()}.JSON".upper()):
        (folder / name).write_text("theirs")
    before = names(folder)
    settle(now)
    assert names(folder) == before


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_it_reads_nothing_that_is_no_plain_file(folder, now, tmp_path, kind):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    ack = folder / f"{parcel.id}.ack"
    if kind == "link":
        digest = hashlib.sha256((folder / f"{parcel.id}.json").read_bytes()).hexdigest()
        (tmp_path / "elsewhere").write_text(digest)
        ack.symlink_to(tmp_path / "elsewhere")
    elif kind == "pipe":
        os.mkfifo(ack)
    else:
        ack.mkdir()
    settle(now)
    assert fresh(parcel).state == "left"


def test_it_writes_through_no_link(folder, now, tmp_path):
    parcel = owe("school", now)
    (tmp_path / "ours").mkdir()
    (tmp_path / "ours" / "secret").write_text("ours")
    folder.parent.mkdir()
    folder.symlink_to(tmp_path / "ours")
    deliver(now=at(now), limit=10)
    assert fresh(parcel).fault == Fault.CANNOT_WRITE and names(tmp_path / "ours") == ["secret"]
    folder.unlink()
    folder.mkdir()
    for name in (f".{parcel.id}.json", f"{parcel.id}.json"):
        (folder / name).symlink_to(tmp_path / "ours" / "secret")
    deliver(now=at(fresh(parcel).next_try), limit=10)
    assert (tmp_path / "ours" / "secret").read_text() == "ours"
    assert not (folder / f"{parcel.id}.json").is_symlink() and fresh(parcel).state == "left"


def test_it_never_shows_half_a_file(folder, now, monkeypatch):
    """Killed while it writes, it has left nothing under the name that a reader looks for."""
    parcel = owe("school", now)

    def full(number):
        raise OSError("no space left")

    with monkeypatch.context() as until:
        until.setattr(leaving.os, "fsync", full)
        deliver(now=at(now), limit=10)
    assert not (folder / f"{parcel.id}.json").exists() and fresh(parcel).fault == Fault.CANNOT_WRITE
    deliver(now=at(fresh(parcel).next_try), limit=10)
    assert names(folder) == [f"{parcel.id}.json"] and fresh(parcel).state == "left"


def test_it_is_for_its_group_and_nobody_else(folder, now):
    parcel = owe("school", now)
    deliver(now=at(now), limit=10)
    assert Path(folder / f"{parcel.id}.json").stat().st_mode & 0o007 == 0
