"""Tests run on a real PostgreSQL, as the product's plain role, so that the second wall is there in every test."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.db.backends.signals import connection_created
from django.test import TransactionTestCase, override_settings
from hypothesis import HealthCheck
from hypothesis import settings as examples

from knownto.access.wall import ROLE
from knownto.keyring.acts import RESERVE
from knownto.keyring.master import make_key_file
from knownto.site.embedded import start_all
from tests.settled import emptied, settled

# How long an example takes is the machine's business, and no test's: speed is measured, not asserted.
examples.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("untimed")
STARTED = []
FOUNDED = {}
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"


def pytest_configure(config):
    """Start the embedded database (unless DATABASE_URL names another), and make the keys."""
    TransactionTestCase._fixture_teardown = lambda _: emptied()
    make_key_file(Path(settings.KEY_FILE))
    make_key_file(Path(settings.GUARD_KEY_FILE))
    # Nothing has been collected when tests run, so files keep their plain names.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    for alias, variable in (("default", "DATABASE_URL"), ("keys", "KEYS_DATABASE_URL")):
        if variable not in os.environ:
            settings.DATABASES[alias]["USER"] = "postgres"
    if not hasattr(config, "workerinput") and "DATABASE_URL" not in os.environ:
        STARTED.extend(start_all(settings.VAR, careless=True))


def pytest_unconfigure(config):
    for cluster in STARTED:
        cluster.stop()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup):
    """Once the tables are there, every new connection is the plain role, which owns nothing."""
    connection_created.connect(_be_plain, dispatch_uid="plain role")
    yield
    connection_created.disconnect(dispatch_uid="plain role")
    connections.close_all()


def _be_plain(connection, **_):
    with connection.cursor() as cursor:
        cursor.execute(f"RESET ROLE; SET session_replication_role = origin; SET ROLE {ROLE}")


@pytest.fixture
def db(request):
    """Both databases, always: what is sealed needs its key. Rolled back afterwards."""
    request.node.add_marker(pytest.mark.django_db(databases=["default", "keys"]))
    request.getfixturevalue("_django_db_helper")
    for alias in ("default", "keys"):
        _be_plain(connections[alias])


@pytest.fixture
def committed(request):
    """For tests that really commit (a browser, a worker, a race): everything is emptied afterwards."""
    request.node.add_marker(pytest.mark.django_db(transaction=True, databases=["default", "keys"]))
    request.getfixturevalue("_django_db_helper")
    for alias in ("default", "keys"):
        _be_plain(connections[alias])
    yield
    RESERVE.clear()  # those keys are emptied away too


@pytest.fixture
def borough(db, now):
    """The fictional borough's agencies, teams and accounts, a month old. Nobody in it yet is known to anybody."""
    _found(now)


@pytest.fixture
def borough_committed(committed, now):
    """The same, really committed: for races, browsers and kills."""
    _found(now)


def _found(now):
    """Founded once in a process, and copied from then on."""
    if now not in FOUNDED:
        FOUNDED[now] = settled(lambda: _found_at_first(now), _be_plain)
    else:
        FOUNDED[now].put_back(_be_plain)


def _found_at_first(now):
    from knownto.town.living import found  # noqa: PLC0415 (models are importable only once Django is set up)

    with override_settings(PASSWORD_HASHERS=[QUICK]):  # of passwords that nobody knows
        found("small", now=now - timedelta(days=30))


@pytest.fixture
def viewer_of(borough):
    """The cast as viewers: `viewer_of("screener")` is whoever signs in with that name."""

    from knownto.access.viewer import viewer_of as as_viewer  # noqa: PLC0415
    from knownto.partners.reads import by_sign_in_name  # noqa: PLC0415

    def viewer(sign_in: str):
        return as_viewer(by_sign_in_name(sign_in), second_factor=True)

    return viewer


@pytest.fixture
def now():
    """A Monday morning in term time."""
    return datetime(2026, 11, 16, 9, 30, tzinfo=UTC)
