"""What docs/front-door.md says is at an address is there."""

import re
from pathlib import Path

import pytest
from django.urls import Resolver404, resolve

PAGE = Path(__file__).parents[1] / "docs" / "front-door.md"
SOMETHING = "00000000-0000-4000-8000-000000000000"


def addresses() -> list[str]:
    return sorted(set(re.findall(r"`(/[^`]*)`", PAGE.read_text(encoding="utf-8"))))


def test_it_names_enough_to_be_worth_checking():
    assert len(addresses()) > 25


@pytest.mark.parametrize("address", addresses())
def test_each_address_leads_somewhere(address):
    assert resolve(address.replace("…", SOMETHING))


def test_an_address_that_is_not_there_would_be_found():
    with pytest.raises(Resolver404):
        resolve("/front-door/no-such-page/")
