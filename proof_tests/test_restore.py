"""Back to a random second: as was acknowledged, nothing erased comes back, nothing leaves twice, and it is said.

KNOWNTO_DRILLS sets how many (a campaign runs 50). Every second drill loses the newest part of the keys' archive too, so
that only the list of what was destroyed keeps it so. How long each took is noted.
"""

import json
import os
import shutil
import subprocess
import sys
from math import isfinite
from pathlib import Path

import pytest

from knownto.site.embedded import place
from proof_tests.spending import MINUTES, SEED, note

PROJECT = Path(__file__).resolve().parents[1]
DRILLS = int(os.environ.get("KNOWNTO_DRILLS", "2"))
HANDED_ON = ("KNOWNTO_DRILL_ACTS", "KNOWNTO_DRILL_GB", "KNOWNTO_MINUTES")


def drilled(many: int) -> list[dict]:
    """What each drill found, on an installation of its own."""
    var = PROJECT / "var" / "drill"
    for folder in (place(var), var):
        shutil.rmtree(folder, ignore_errors=True)
    var.mkdir(parents=True)
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("KNOWNTO", "DJANGO", "DATABASE", "KEYS_"))}
    environment = kept | {"KNOWNTO_VAR": str(var), "DJANGO_SETTINGS_MODULE": "knownto.site.settings"}
    environment |= {k: v for k, v in os.environ.items() if k in HANDED_ON}
    command = [sys.executable, "-m", "proof_tests.restoring", str(many), SEED]
    try:
        ran = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, ran.stderr[-3000:]
        return [json.loads(line) for line in ran.stdout.splitlines() if line.startswith("{")]
    finally:
        stop = [sys.executable, "-m", "knownto.site.command", "--var", str(var), "stop"]
        subprocess.run(stop, env=environment, check=False, capture_output=True)
        for folder in (place(var), var):
            shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def done():
    rows = drilled(DRILLS)
    for each in rows:
        if "plant" not in each:
            note(drills=1, longest_seconds=each["seconds"], largest_gigabytes=each["gigabytes"],
                 entries_gone_back_over=each["lost_entries"],
                 wrong=len(each["wrong"]), sent_twice=each["duplicates"])  # fmt: skip
    return rows


@pytest.fixture
def drills(done):
    return [each for each in done if "plant" not in each]


@pytest.fixture
def plants(done):
    return {each["plant"]: each for each in done if "plant" in each}


def test_each_restore_is_what_was_acknowledged_by_that_second(drills):
    assert len(drills) == DRILLS or (drills and isfinite(MINUTES))
    assert [each["wrong"] for each in drills if each["wrong"]] == []


def test_nothing_left_twice(drills):
    assert sum(each["duplicates"] for each in drills) == 0


def test_something_was_at_stake(drills):
    assert all(each["lost_entries"] > 0 and each["held"] for each in drills)


def test_each_took_less_than_ten_minutes(drills):
    assert max(each["seconds"] for each in drills) < 600


def test_without_the_list_of_what_was_destroyed_the_erased_would_come_back(plants):
    wrong = plants["what was destroyed"]["wrong"]
    assert any("erased, and opens again" in sentence for sentence in wrong), wrong


def test_without_what_had_left_since_it_would_be_sent_again(plants):
    assert plants["what had left"]["duplicates"] > 0
