"""A sender may do in its own folder whatever SFTP lets it: links, odd names, closed files. Nobody else may feel it."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from knownto.feeds import dropping
from knownto.feeds.limits import Limits
from knownto.feeds.tests.conftest import row
from knownto.feeds.tests.test_arriving import NAME, drop, sweep

HOSPITALS = "hospital_delta_2026-11-15.csv"


@pytest.fixture
def folder(partners):
    folder = settings.DROP_FOLDER / "police"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def first(folder):
    """The folder of another sender, which is looked at before."""
    folder = settings.DROP_FOLDER / "hospital"
    folder.mkdir()
    return folder


def test_it_writes_through_no_link_that_a_sender_left_where_its_notes_go(folder, tmp_path):
    keys, made = tmp_path / "keys.json", tmp_path / "made"
    keys.write_text("the keys")
    (folder / "results").mkdir()
    (folder / "results" / f"{NAME}.txt").symlink_to(keys)
    drop(folder, "misnamed.csv")
    (folder / "misnamed.csv.not-taken.txt").symlink_to(made)
    drop(folder)
    assert len(sweep()) == 1
    assert keys.read_text() == "the keys" and not made.exists()
    note = folder / "results" / f"{NAME}.txt"
    assert not note.is_symlink() and "It has landed" in note.read_text()


def test_it_leaves_its_notes_in_no_folder_that_is_a_link(folder, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "results").symlink_to(elsewhere)
    drop(folder)
    assert len(sweep()) == 1 and list(elsewhere.iterdir()) == []


def test_it_reads_no_manifest_through_a_link(folder, tmp_path):
    (tmp_path / "other.json").write_text(json.dumps({"rows": 99}))
    (folder / f"{NAME}.manifest.json").symlink_to(tmp_path / "other.json")
    drop(folder)
    [file] = sweep()
    assert not file.has_manifest and (tmp_path / "other.json").exists()


def test_a_file_that_becomes_a_link_after_it_was_looked_at_is_not_followed(folder, tmp_path, monkeypatch):
    path, secret = drop(folder), tmp_path / "secret.csv"
    path.rename(secret)
    path.symlink_to(secret)
    monkeypatch.setattr(Path, "is_symlink", lambda _: False)  # as it was a moment ago
    assert sweep() == [] and secret.exists()


def test_a_name_too_long_for_a_note_keeps_nobody_elses_file_from_being_taken(folder, first):
    drop(first, "x" * 250)
    drop(folder)
    assert [file.agency_id for file in sweep()] == ["police"]


def test_a_file_that_may_not_be_read_keeps_nobody_elses_file_from_being_taken(folder, first, monkeypatch):
    closed, really = drop(first, HOSPITALS), os.open

    def closed_to_us(path, *rest, **more):
        if str(path) == str(closed):
            raise PermissionError(13, "closed")
        return really(path, *rest, **more)

    monkeypatch.setattr(os, "open", closed_to_us)
    drop(folder)
    assert [file.agency_id for file in sweep()] == ["police"] and closed.exists()


def test_a_note_that_cannot_be_left_keeps_nobody_elses_file_from_being_taken(folder, first):
    (first / "results").write_text("in the way")
    drop(first, HOSPITALS, rows=[row(category="maternity", team="maternity")])
    drop(folder)
    assert {file.agency_id for file in sweep()} == {"hospital", "police"}
    assert (folder / "results" / f"{NAME}.txt").exists()


def test_a_file_that_is_too_large_is_not_read_anew_at_every_sweep(folder, monkeypatch):
    path = drop(folder)
    monkeypatch.setattr(dropping, "limits", lambda: Limits(bytes=10))
    monkeypatch.setattr(dropping, "receive", lambda *_, **__: pytest.fail("it was read"))
    assert sweep() == [] and path.exists()
    assert "larger than" in (folder / f"{NAME}.not-taken.txt").read_text()


def test_a_note_in_the_folder_repeats_no_heading_of_the_file(folder):
    drop(folder, data=b"record_id,contact_id,Amelia Okafor\r\n1,2,3\r\n")
    sweep()
    note = (folder / "results" / f"{NAME}.txt").read_text()
    assert "refused" in note and "Amelia" not in note
