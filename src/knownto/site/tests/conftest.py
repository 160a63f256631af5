"""Signing in costs time on purpose; a test that signs in two hundred times need not pay it each time."""

import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _no_tries_yet(db):
    cache.clear()
