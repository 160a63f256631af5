"""A small town, made and written once for all of these tests."""

from datetime import date
from pathlib import Path

import pytest

from knownto.town import Town, build, write

ENDS = date(2026, 10, 31)


@pytest.fixture(scope="session")
def town() -> Town:
    return build("small", seed=7, ends=ENDS)


@pytest.fixture(scope="session")
def folder(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    write(town, folder)
    return folder
