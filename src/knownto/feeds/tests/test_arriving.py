"""The drop folder: what is complete is taken and removed, what is not is left, and the sender is told."""

import json
import os

import pytest
from django.conf import settings

from knownto.access import clock
from knownto.access.acts import system
from knownto.feeds import acts, dropping, jobs
from knownto.feeds.models import File, State
from knownto.feeds.tests.conftest import csv_of, held_people, row

NAME = "police_delta_2026-11-15.csv"


@pytest.fixture
def folder(partners):
    folder = settings.DROP_FOLDER / "police"
    folder.mkdir(parents=True)
    return folder


def drop(folder, name=NAME, rows=None, age=60.0, data=None):
    path = folder / name
    path.write_bytes(csv_of([row()] if rows is None else rows) if data is None else data)
    then = path.stat().st_mtime - age
    os.utime(path, (then, then))
    return path


def sweep():
    jobs.sweep()
    with system("test"):
        return list(File.objects.order_by("received_at"))


def test_it_takes_a_dropped_file_removes_it_and_leaves_a_note_of_what_came_of_it(folder):
    drop(folder, rows=[row(1), row(2), row(3, status="?")])
    [file] = sweep()
    assert file.state == State.LANDED and sorted(held_people()) == ["P1", "P2"]
    assert [path.name for path in folder.iterdir()] == ["results"]
    note = (folder / "results" / f"{NAME}.txt").read_text()
    assert "It has landed" in note and "1 × This must be one of" in note


def test_it_leaves_a_file_that_is_still_being_written(folder):
    path = drop(folder, age=0)
    assert sweep() == [] and path.exists()
    os.utime(path, (1, 1))
    assert len(sweep()) == 1


@pytest.mark.parametrize(
    "name", [f".{NAME}", f"{NAME}.part", f"{NAME}.filepart", f"~{NAME}", f"{NAME}~", f"{NAME}.tmp"]
)
def test_it_leaves_what_is_not_finished_by_its_name(folder, name):
    assert drop(folder, name).exists() and sweep() == [] and (folder / name).exists()


@pytest.mark.parametrize(
    "name",
    ["contacts.csv", "hospital_delta_2026-11-15.csv", "police_delta_2026-02-31.csv", "police_all_2026-11-15.csv"],
)
def test_it_says_beside_a_file_why_its_name_says_nothing(folder, name):
    path = drop(folder, name)
    assert sweep() == [] and sweep() == []
    assert path.exists() and "its name does not say" in (folder / f"{name}.not-taken.txt").read_text()


def test_it_reads_the_manifest_that_lies_beside_the_file(folder):
    drop(folder, f"{NAME}.manifest.json", data=json.dumps({"rows": 2}).encode())
    drop(folder)
    [file] = sweep()
    assert (file.state, file.codes) == (State.HELD, ["rows-differ"])
    assert [path.name for path in folder.iterdir()] == ["results"]


def test_it_takes_days_in_their_order(folder):
    drop(folder, "police_snapshot_2026-11-13.csv", [row(1)])
    drop(folder, "police_delta_2026-11-15.csv", [row(3)])
    drop(folder, "police_delta_2026-11-14.csv", [row(2)])
    assert [str(file.as_of) for file in sweep()] == ["2026-11-13", "2026-11-14", "2026-11-15"]
    assert len(held_people()) == 3


def test_it_follows_no_link_and_takes_nothing_for_an_agency_that_is_none(folder, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_bytes(csv_of([row()]))
    (folder / NAME).symlink_to(secret)
    (settings.DROP_FOLDER / "nobody").mkdir()
    drop(settings.DROP_FOLDER / "nobody", "nobody_delta_2026-11-15.csv")
    assert sweep() == [] and secret.exists()


def test_a_file_that_grows_while_it_is_read_is_left(folder, monkeypatch):
    path = drop(folder)
    still = dropping._still

    def growing(stream, size):
        for piece in still(stream, size):
            yield piece
            with path.open("ab") as out:
                out.write(b"more")

    monkeypatch.setattr(dropping, "_still", growing)
    assert sweep() == [] and path.exists()


def test_the_sweep_carries_on_what_a_lost_job_left(partners, now):
    label = acts.Label("police", "delta", now.date(), "x.csv")
    file = acts.receive(label, [csv_of([row()])], by=acts.Actor(None, "police", "x"), now=now)
    assert file.state == State.RECEIVED
    jobs.take_on("police")
    jobs.take_on("police")
    assert acts.load(file.id).state == State.LANDED
    assert acts.carry_on_all(agency="police", now=clock.now) == []
