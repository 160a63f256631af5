"""Serve the components' files by their own names, whatever storage the site uses."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from knownto.face import build
from knownto.face.tests import stage


@pytest.fixture(autouse=True)
def plain_static(settings) -> None:
    """Use file names without hashes: these tests run before anything is collected."""
    settings.STATIC_URL = "/static/"
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.FORM_RENDERER = "knownto.face.forms.Renderer"
    settings.TIME_ZONE = "Europe/London"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start the system's Chromium once, with the assets built. It ends with this folder: two may not overlap."""
    build.build()
    with stage.chromium() as browser:
        yield browser
