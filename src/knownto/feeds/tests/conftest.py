"""Police and hospital as partners, and the few ways of making a file that the tests need."""

import csv
import io
import uuid
from datetime import date

import pytest
from django.conf import settings

from knownto.access.acts import system
from knownto.access.viewer import Viewer
from knownto.feeds import acts
from knownto.feeds.contract import Row
from knownto.feeds.models import Contact, Record
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency, Team

POLICE = Actor(None, "police", "data-manager")
HEADINGS = list(Row.model_fields)
DAY = date(2026, 11, 15)


@pytest.fixture(autouse=True)
def received_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECEIVED_FOLDER", tmp_path / "received")
    monkeypatch.setattr(settings, "DROP_FOLDER", tmp_path / "drop")
    return tmp_path / "received"


@pytest.fixture
def partners(db):
    """Two connected agencies, one team each."""
    return add_partners()


def add_partners():
    for code, team in (("police", "response"), ("hospital", "maternity")):
        agency = Agency.objects.create(code=code, name=code.title(), connected=True)
        Team.objects.create(agency=agency, code=team, name=team, phone="01632 960001", hours="Always")
    return "police"


def manager(agency="police"):
    return Viewer(uuid.uuid4(), agency, frozenset({"data-manager"}))


def row(number=1, **values):
    """A good row of the police; every value can be changed."""
    return {
        "record_id": f"P{number}",
        "contact_id": f"C{number}",
        "family_name": "Okafor",
        "given_names": "Adaeze",
        "date_of_birth": "2014-03-27",
        "postcode": "QK1 2AB",
        "category": "missing",
        "started_on": "2026-09-14",
        "status": "open",
        "team": "response",
    } | values


def csv_of(rows, headings=None, end="\r\n"):
    """A CSV file of those rows, in UTF-8."""
    headings = headings or [name for name in HEADINGS if any(name in r for r in rows)]
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(headings)
    writer.writerows([r.get(name, "") for name in headings] for r in rows)
    return out.getvalue().encode()


@pytest.fixture
def take_in(partners, now):
    """Take in rows, or bytes, of the police."""

    def take_in(content, mode="delta", as_of=DAY, **more):
        data = content if isinstance(content, bytes) else csv_of(content)
        return acts.take_in(data, agency="police", mode=mode, as_of=as_of, by=POLICE, now=now, **more)

    return take_in


def held_people():
    """Every record that is held, opened: {record_id: evidence}."""
    with system("test"):
        records = list(Record.objects.filter(removed_at=None))
        return {plain["record_id"]: plain["evidence"] for plain in keyring.open_rows(records)}


def held_contacts():
    with system("test"):
        return list(Contact.objects.order_by("id"))


def faults_of(file):
    """(line, field, code) of every rejected cell of a file."""
    with system("test"):
        return sorted(file.rejected.values_list("line", "field", "code"))
