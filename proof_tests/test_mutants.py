"""Whoever makes one small mistake in what decides, or in what proves the log, is told so by that package's own tests.

Every run tries a few mistakes, drawn from a seed; KNOWNTO_MUTANTS_SHARE=1 tries all that there are to make. One that no
test notices must stand in `mutants.csv` with the reason why it changes nothing.
"""

import csv
import json
import os
import subprocess
import sys

import pytest

from knownto.site.embedded import PROJECT
from proof_tests.mutants import mutants, source_of
from proof_tests.spending import SEED, note

SHARE = int(os.environ.get("KNOWNTO_MUTANTS_SHARE", "40"))
EXPLAINED = {line["mistake"] for line in csv.DictReader((PROJECT / "proof_tests/mutants.csv").open(encoding="utf-8"))}
POLICY = ("policy/tests",)
TOLD_BY = {
    "knownto.policy.decide": POLICY,
    "knownto.policy.glass": POLICY,
    "knownto.policy.parts": POLICY,
    "knownto.policy.permissions": POLICY,
    "knownto.policy.purposes": POLICY,
    "knownto.policy.roles": POLICY,
    "knownto.proof.tree": ("proof/tests/test_tree.py",),
    "knownto.proof.heads": ("proof/tests/test_heads.py",),
}


def tries(module, tests, share=SHARE):
    paths = [f"src/knownto/{each}" for each in tests]
    program = [sys.executable, "-m", "proof_tests.mutants", module, *paths, "--share", str(share), "--seed", SEED]
    ran = subprocess.run(program, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.mark.parametrize("module", TOLD_BY)
def test_no_mistake_goes_unnoticed(module):
    tried = tries(module, TOLD_BY[module])
    missed = [each for each in tried if not each["noticed"] and each["name"] not in EXPLAINED]
    assert tried and not missed, missed
    note(mutants=len(tried), noticed=sum(each["noticed"] for each in tried))


def test_whatever_is_explained_can_still_be_mistaken():
    possible = {each.name for module in TOLD_BY for each in mutants(module, source_of(module))}
    assert possible >= EXPLAINED


def test_a_mistake_that_tests_of_something_else_cannot_notice_is_found():
    """The negative control: the decision, by the tests of breaking the glass alone."""
    tried = tries("knownto.policy.decide", ("policy/tests/test_glass.py",))
    assert [each for each in tried if not each["noticed"]]
