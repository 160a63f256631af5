"""Witnesses are taken on and let go from the command line."""

from contextlib import nullcontext

import pytest

from knownto.proof import witness
from knownto.site import command
from knownto.site.tests import people
from knownto.witnessing.models import Witness


@pytest.fixture
def run(db, monkeypatch, capsys):
    monkeypatch.setattr("knownto.site.commands.ledger.databases", lambda _: nullcontext())

    def ran(*said):
        status, told = command.main(["ledger", *said]), capsys.readouterr()
        return status, told.out + told.err

    return ran


def test_a_witness_is_taken_on_and_let_go(run, tmp_path, settings, capsys):
    settings.PRIVATE_ENDPOINTS = True
    people.agency("police", "Police")
    witness.main(["new", "--folder", str(tmp_path / "witness"), "--name", "police.example/knownto"])
    key = capsys.readouterr().out.strip()
    assert run("witness", "--agency", "police", "--at", "https://127.0.0.1:8443", "--key", key)[0] == 0
    assert run("witness-gone", "--key", key) == (
        0,
        "Let go: it is shown nothing more, and what it signed stays. 0 are left; two are the least.\n",
    )
    assert Witness.objects.get().closed_at
    status, said = run("witness-gone", "--key", key)
    assert status == 2 and "say which" in said
