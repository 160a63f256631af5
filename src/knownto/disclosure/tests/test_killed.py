"""A process that is killed between sending and writing down sends again, under the same id: in effect once."""

import os
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connections

from knownto.disclosure.delivery import CLAIM, deliver
from knownto.disclosure.tests.conftest import fresh, owe
from knownto.disclosure.tests.test_delivery import at

ELSEWHERE = """
    import os, signal
    from datetime import datetime
    import django
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.db.backends.signals import connection_created
    for alias, (name, user) in {databases}.items():
        connections[alias].settings_dict.update(NAME=name, USER=user)
        settings.DATABASES[alias].update(NAME=name, USER=user)
    settings.PARTNER_CA, settings.PRIVATE_ENDPOINTS = {authority!r}, True
    from knownto.disclosure import delivery
    def dies(*_):
        os.kill(os.getpid(), signal.SIGKILL)
    delivery.{name} = dies
    delivery.lane("hospital", now=lambda: datetime.fromisoformat({now!r}), limit=1)
"""


def killed_at(name, now):
    """Deliver in another process, which is killed when it comes to that function."""
    databases = {
        alias: (connections[alias].settings_dict["NAME"], connections[alias].settings_dict["USER"])
        for alias in ("default", "keys")
    }
    code = textwrap.dedent(ELSEWHERE).format(
        databases=databases, name=name, now=now.isoformat(), authority=settings.PARTNER_CA
    )
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "knownto.site.settings",
        "KNOWNTO_VAR": str(settings.VAR),
        "PYTHONPATH": "src",
    }
    died = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=60)
    assert died.returncode == -signal.SIGKILL, died.stderr


@pytest.mark.parametrize(("name", "sent"), [("_open", 0), ("_note", 1), ("acknowledge", 1), ("_note_circuit", 1)])
def test_it_is_sent_again_under_the_same_id_and_takes_effect_once(hospital, now, name, sent):
    parcel = owe("hospital", now)
    killed_at(name, now)
    assert len(hospital.arrived) == sent and fresh(parcel).state == "waiting"
    assert deliver(now=at(now + CLAIM - timedelta(seconds=1)), limit=1) == 0, "its claim was not respected"
    deliver(now=at(now + CLAIM), limit=1)
    assert fresh(parcel).state == "acknowledged"
    assert len(hospital.arrived) == sent + 1
    assert {each.headers["webhook-id"] for each in hospital.arrived} == {str(parcel.id)}
    assert len({each.body for each in hospital.arrived}) == 1, "not the same bytes"
    assert len(hospital.records) == 1
