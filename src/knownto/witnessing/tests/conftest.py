"""Partners' witnesses, each really run: a folder, a key and an HTTPS server of its own."""

import threading

import pytest
from django.conf import settings
from django.db import transaction

from knownto.disclosure.tests.partner import AUTHORITY, NAME, ssl_context
from knownto.ledger import acts as ledger
from knownto.ledger.sequence import sequence
from knownto.ledger.tree import signer
from knownto.partners.models import Agency
from knownto.proof import witness
from knownto.witnessing.acts import open_witness

BY = ledger.Actor(None, "", "founding")


class Running:
    """One witness of one partner. `fails` puts an answer in place of its own."""

    def __init__(self, folder, agency):
        witness.main(["new", "--folder", str(folder), "--name", f"{agency}.example/witness"])
        self.folder, self.agency = folder, agency
        self.witness = witness.Witness(folder, witness.Key.read(signer().public.text()))
        self.up(0)

    def up(self, port):
        self.server = witness.server(self.witness, "127.0.0.1", port)
        self.server.context = ssl_context()
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken_on(self, now):
        where, key = f"https://{NAME}:{self.port}", self.witness.public.text()
        self.row = open_witness(agency=self.agency, where=where, key=key, by=BY, now=now)
        return self

    def fresh(self):
        self.row.refresh_from_db()
        return self.row

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def two(db, now, tmp_path, monkeypatch):
    """Police and a hospital witness the log."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setattr(settings, "PARTNER_CA", str(tmp_path / "authority.pem"))
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", True)
    for code in ("police", "hospital"):
        Agency.objects.create(code=code, name=code.title())
    running = [Running(tmp_path / code, code).taken_on(now) for code in ("police", "hospital")]
    yield running
    for each in running:
        each.close()


def grow(now, many=3):
    """So many entries more, numbered and signed for."""
    with transaction.atomic():
        for _ in range(many):
            ledger.record(kind="search", by=BY, about=["p1"], now=now)
    sequence(now)
