"""An agreement that cannot be obeyed is not loaded, and says which file and why."""

from datetime import date

import pytest
from django.conf import settings

from knownto.partners import agreement

GOOD = """
agency = "police"
title = "Police headline contacts"
version = "1.0"
parties = ["police", "school"]
purposes = ["child-concern"]
starts = 2024-04-01
review = 2026-04-01
ends = 2027-03-31
accountable = "Chief constable"
[categories]
missing = { name = "Missing episode", hold = "full" }
"""


@pytest.fixture
def read(tmp_path):
    def read(text):
        path = tmp_path / "police.toml"
        path.write_text(text)
        return agreement.read(path)

    return read


def test_it_reads_what_was_agreed(read):
    said = read(GOOD)
    assert said.categories["missing"].hold == "full"
    assert said.covers("school", "child-concern", date(2026, 1, 1))


@pytest.mark.parametrize(
    "reader, purpose, day",
    [
        ("hospital", "child-concern", (2026, 1, 1)),
        ("school", "section-47", (2026, 1, 1)),
        ("school", "child-concern", (2024, 3, 31)),
        ("school", "child-concern", (2027, 4, 1)),
    ],
)
def test_it_covers_nobody_else_nothing_else_and_no_other_time(read, reader, purpose, day):
    assert not read(GOOD).covers(reader, purpose, date(*day))


@pytest.mark.parametrize(
    "was, made, why",
    [
        ('hold = "full"', 'hold = "plenty"', "level"),
        ('purposes = ["child-concern"]', 'purposes = ["curiosity"]', "purpose"),
        ('parties = ["police", "school"]', 'parties = ["school"]', "parties"),
        ("review = 2026-04-01", "review = 2023-04-01", "review"),
        ('version = "1.0"', "", "version"),
        ("[categories]", "[categories", "Decode"),
        ('missing = { name = "Missing episode", hold = "full" }', "", "category"),
    ],
)
def test_it_refuses_what_cannot_be_obeyed_and_says_why(read, was, made, why):
    with pytest.raises(agreement.BadAgreement, match="police.toml.*" + why):
        read(GOOD.replace(was, made))


def test_its_stamp_changes_when_a_word_of_it_does(read):
    assert read(GOOD).stamp != read(GOOD.replace('"Chief constable"', '"Chief Constable"')).stamp


def test_the_shipped_agreements_load_and_hold_the_cautious_defaults():
    agreement.agreements.cache_clear()
    loaded = agreement.agreements()
    assert loaded.keys() == {"police", "childrens-social-care", "hospital", "school"}
    assert loaded["hospital"].categories["sexual_health"].hold == "nothing"
    assert loaded["police"].categories["sexual_offence"].hold == "ask"
    assert settings.AGREEMENTS_FOLDER
