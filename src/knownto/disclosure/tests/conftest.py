"""Agencies, their record systems, and a few ways of owing them copies."""

import uuid

import pytest
from django.conf import settings
from django.db.models import Count

from knownto.access.acts import system
from knownto.disclosure import endpoints, parcels
from knownto.disclosure.models import Parcel, Way
from knownto.disclosure.tests.partner import AUTHORITY, Partner
from knownto.ledger.acts import Actor
from knownto.partners.models import Agency

WORKER = Actor(uuid.uuid4(), "childrens-social-care", "screener")


@pytest.fixture
def outbox(committed, tmp_path, monkeypatch):
    """Everything set up, so that copies can go to servers and folders on this machine."""
    AUTHORITY.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setattr(settings, "PARTNER_CA", str(tmp_path / "authority.pem"))
    monkeypatch.setattr(settings, "PRIVATE_ENDPOINTS", True)
    monkeypatch.setattr(settings, "OUT_FOLDER", tmp_path / "out")
    for code in ("police", "hospital", "school"):
        Agency.objects.create(code=code, name=code.title(), connected=True)
    return tmp_path / "out"


@pytest.fixture
def hospital(outbox, now):
    yield from open_for("hospital", now)


@pytest.fixture
def police(outbox, now):
    yield from open_for("police", now)


def open_for(agency, now):
    partner = Partner()
    partner.secret = endpoints.open_endpoint(agency=agency, way=Way.HTTPS, where=partner.where, by=WORKER, now=now)
    yield partner
    partner.close()


@pytest.fixture
def folder(outbox, now):
    """The school takes its copies from a folder."""
    endpoints.open_endpoint(agency="school", way=Way.DROP, where="school", by=WORKER, now=now)
    return outbox / "school"


def owe(agency, now, child=None, **more):
    """One copy put into the outbox."""
    values = {"kind": "strategy-minutes", "document": {"heading": "Strategy discussion of Tamsin Quillfeather"}} | more
    with system("test"):
        return parcels.put(
            to_agency=agency, child=child or uuid.uuid4(), by=WORKER, because="section-47", now=now, **values
        )


def fresh(parcel):
    with system("test"):
        return Parcel.objects.get(pk=parcel.pk)


def states(agency=None):
    """How many parcels there are in each state."""
    with system("test"):
        counted = Parcel.objects.filter(**({"to_agency": agency} if agency else {})).values_list("state")
        return dict(counted.annotate(n=Count("pk")))
