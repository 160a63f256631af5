import pytest

from knownto.access import clock
from knownto.footprint.tests import partnership


@pytest.fixture
def town(db, now):
    """The partnership with its feeds landed, at the tests' own moment."""
    found = partnership.borough(now)
    found.tell()
    return found


@pytest.fixture
def town_today(db):
    """The same at this very moment, for pages, whose clock is the database's."""
    found = partnership.borough(clock.now())
    found.tell()
    return found


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing a password costs time on purpose; nobody types one here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
