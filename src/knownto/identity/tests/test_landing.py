"""From a partner's file to a person, through the real intake."""

import csv
import io
from datetime import date

import pytest
from django.conf import settings
from procrastinate.contrib.django.models import ProcrastinateJob

from knownto.access import acts as access
from knownto.feeds import acts as feeds
from knownto.feeds.models import State
from knownto.identity import acts, jobs, reads
from knownto.identity.answers import Found, NothingKnown
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.partners.models import Agency, Team

HEADINGS = "record_id contact_id family_name given_names date_of_birth postcode category started_on status team change"
AMINA = Evidence(family_name="Okonjo", given_names="Amina", birth_date=date(2014, 3, 9))


@pytest.fixture(autouse=True)
def agencies(db, tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "RECEIVED_FOLDER", tmp_path)
    for code, team in (("police", "response"), ("hospital", "maternity")):
        agency = Agency.objects.create(code=code, name=code, connected=True)
        Team.objects.create(agency=agency, code=team, name=team, phone="01632 960001", hours="Always")


def take_in(agency, day, category, team, now, change="upsert"):
    row = ["R1", "C1", "Okonjo", "Amina", "2014-03-09", "QK1 2AB", category, "2026-11-01", "open", team, change]
    text = io.StringIO()
    csv.writer(text).writerows([HEADINGS.split(), row])
    by = Actor(None, agency, "data-manager")
    file = feeds.take_in(
        text.getvalue().encode(), agency=agency, mode="delta", as_of=date(2026, 11, day), by=by, now=now
    )
    assert file.state == State.LANDED, file.codes


def test_it_knows_one_child_from_two_partners_files(now):
    take_in("police", 14, "missing", "response", now)
    take_in("hospital", 15, "emergency_attendance", "maternity", now)
    assert acts.catch_up(now=now) == 2
    with access.system("test"):
        answer = reads.find(AMINA, now)
        assert isinstance(answer, Found)
        known = reads.person(answer.people[0].person)
    assert [record.agency for record in known.records] == ["police", "hospital"]


def test_it_asks_for_the_matching_in_the_landings_own_transaction(now):
    take_in("police", 14, "missing", "response", now)
    assert acts.still_matching() == {"police"}
    assert ProcrastinateJob.objects.filter(task_name="identity.match").exists()


def test_it_knows_nobody_once_the_partner_has_removed_the_record(now):
    take_in("police", 14, "missing", "response", now)
    acts.catch_up(now=now)
    take_in("police", 15, "missing", "response", now, change="remove")
    acts.catch_up(now=now)
    with access.system("test"):
        assert reads.find(AMINA, now) == NothingKnown()


def test_it_matches_in_the_background_what_a_lost_job_left(now):
    take_in("police", 14, "missing", "response", now)
    jobs.sweep(0)
    assert acts.still_matching() == set()
    assert jobs.match() is None
