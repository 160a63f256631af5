"""Signing in costs time on purpose and codes last half a minute: tests sign in two hundred times, on busy machines."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _lasting_codes(settings):
    settings.MFA_TOTP_TOLERANCE = 1


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()
