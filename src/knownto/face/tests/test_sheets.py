"""A downloaded list says what the page said, and runs nothing."""

import csv
from datetime import UTC, date, datetime
from io import StringIO

import pytest

from knownto.face import sheets
from knownto.face.parts import Column, Line, Link, Phone, Table, Tag

COLUMNS = [Column("Reference"), Column("State"), Column("Asked"), Column("Ring"), Column("When")]
ROW = [Link("CK-1", "/ck/1"), Tag("Open"), 3, Phone("01632 960 101"), date(2026, 11, 22)]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"))))


def test_it_says_what_the_page_said():
    table = Table("Checks", COLUMNS, [ROW, Line(ROW, mark="late")])
    heading, first, second = read(sheets.to_csv(table))
    assert heading == ["Reference", "State", "Asked", "Ring", "When"]
    assert first == second == ["CK-1", "Open", "3", "01632 960 101", "2026-11-22"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\xa0=", "＝", "＋", "－", "＠"])
def test_it_disarms_what_a_spreadsheet_would_run(start):
    assert str(sheets.harmless(f'{start}HYPERLINK("http://x","y")')).startswith("'")
    assert str(sheets.harmless(Tag(f"{start}1+1"))).startswith("'")


@pytest.mark.parametrize("cell", ["O'Neill", "Anne-Marie", "a=b", "", "07700 900 001"])
def test_it_leaves_ordinary_words_alone(cell):
    assert sheets.harmless(cell) == cell


def test_it_keeps_negative_numbers_as_numbers():
    assert sheets.harmless(-3) == -3


def test_it_gives_times_by_the_wall_clock():
    assert sheets.harmless(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "2026-07-01 13:00"


def test_it_answers_with_a_file_that_nobody_keeps():
    response = sheets.download(Table("Checks", COLUMNS, [ROW]), "open-checks")
    assert response["Content-Disposition"] == 'attachment; filename="open-checks.csv"'
    assert response["Cache-Control"] == "no-store" and response.content.startswith("\ufeffReference".encode())
