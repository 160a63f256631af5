"""The officer sees which witness saw what, and hands out proofs that need nobody's word."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from django.test import Client

from knownto.access import acts as access
from knownto.access import clock
from knownto.assurance.tests.test_pages import amy, officer, screener, town  # noqa: F401 (fixtures)
from knownto.disclosure.models import Disclosure
from knownto.ledger import restores
from knownto.ledger.reads import standing
from knownto.ledger.sequence import sequence
from knownto.ledger.tests.test_sequence import as_owner
from knownto.ledger.tree import signer
from knownto.partners.models import Agency
from knownto.proof import verifier, witness
from knownto.witnessing import showing
from knownto.witnessing.acts import open_witness


@pytest.fixture
def police_witness(officer, tmp_path, monkeypatch):  # noqa: F811
    """Its program, without the wire between: `witnessing/tests` has that."""
    witness.main(["new", "--folder", str(tmp_path), "--name", "police.example/witness"])
    there = witness.Witness(tmp_path, witness.Key.read(signer().public.text()))
    Agency.objects.get_or_create(code="police", defaults={"name": "Police"})
    key = there.public.text()
    there.row = open_witness(
        agency="police", where="https://witness.example", key=key, by=access.SYSTEM, now=clock.now()
    )

    def ask(method, where, body=b""):
        doing = {"add-checkpoint": there.take, "restored": there.restored}[where.rpartition("/")[2]]
        try:
            return showing.posting.Answered(200, doing(body.decode()).encode())
        except witness.Refused as refused:
            return showing.posting.Answered(refused.status, str(there.last()["size"]).encode())

    monkeypatch.setattr(showing.posting, "ask", ask)
    return there


def shown(officer):  # noqa: F811
    return officer.get("/assurance/witnesses/").content.decode()


def test_it_shows_who_saw_what_and_who_has_been_silent(officer, police_witness):  # noqa: F811
    assert "Never" in shown(officer) and "Fewer than two partners" in shown(officer)
    sequence(clock.now())
    showing.show_all(clock.now())
    page = shown(officer)
    assert "police.example/witness" in page and "Signs" in page and "Never" not in page
    showing.raise_alarms(clock.now() + timedelta(hours=3))
    assert "Silent" in shown(officer) and "Ring its people" in shown(officer)


def test_it_shows_a_restore_that_nobody_has_declared_and_then_one_that_was(officer, police_witness):  # noqa: F811
    sequence(clock.now())
    with access.system("test"):
        access.record_refusal(None, code="x", what="y", now=clock.now())
    sequence(clock.now())
    lost = standing().head
    as_owner("DELETE FROM ledger_head WHERE number = (SELECT max(number) FROM ledger_head)")
    restores.found(lost, clock.now())
    assert "nothing leaves" in shown(officer)
    restores.declare(by=access.SYSTEM, because="The disk failed.", now=clock.now())
    page = shown(officer)
    assert "Nobody has declared it yet" not in page and "head 1" in page


def test_a_receipt_is_proved_by_a_file_and_nothing_else(officer, police_witness, screener, tmp_path):  # noqa: F811
    answer = amy(screener)
    screener[0].get(answer.request["PATH_INFO"].rstrip("/") + "/1/")
    with access.system("test"):
        receipt = Disclosure.objects.latest("at").receipt
    assert officer.get(f"/assurance/receipt/{receipt}/proof/").status_code == 404  # not numbered yet
    while sequence(clock.now()):
        pass
    showing.show_all(clock.now())
    given = officer.get(f"/assurance/receipt/{receipt}/proof/")
    file = tmp_path / "receipt.json"
    file.write_bytes(given.content)
    command = [sys.executable, "-I", verifier.__file__, "--receipt", str(file), "--key", signer().public.text()]
    command += ["--witness", police_witness.public.text()]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "") and receipt in said.stdout
    spoilt = json.loads(given.content)
    spoilt["fields"]["purpose"] = "section-47"
    file.write_text(json.dumps(spoilt))
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    assert Client().get(f"/assurance/receipt/{receipt}/proof/").status_code == 302
    taken = screener[0].post("/assurance/own-receipt/", {"receipt": receipt.lower()})
    assert json.loads(taken.content)["receipt"] == receipt
    refused = officer.post("/assurance/own-receipt/", {"receipt": receipt}).content.decode()
    assert "No such receipt of yours" in refused
