"""Whatever bytes come, there is a table or a reason, never a crash, and never a great deal of memory."""

import datetime
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import Limits
from knownto.feeds.reading import open_table, sheets
from knownto.feeds.tests.conftest import csv_of, row


def opener(data):
    return lambda: io.BufferedReader(io.BytesIO(data))


def read(data):
    """(columns, rows) of a file, or the code of the reason why there are none."""
    try:
        table = open_table(opener(data))
        return table.columns, list(table.rows)
    except Unreadable as error:
        assert error.reason and "{" not in error.reason.replace('{"rows"', "")
        return error.code


GOOD = csv_of([row(1), row(2)])
COLUMNS = tuple(row())


def workbook(rows):
    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    return page.getvalue()


BOOK_OF_ONE = workbook([list(row()), list(row(1).values())])


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        b"\xef\xbb\xbf" + GOOD,
        b"\xef\xbb\xbf\xef\xbb\xbf" + GOOD,
        GOOD.decode().encode("utf-16"),
        b"\xfe\xff" + GOOD.decode().encode("utf-16-be"),
        GOOD.replace(b"\r\n", b"\n"),
        GOOD.replace(b"\r\n", b"\r"),
        GOOD.replace(b"\r\n", b"\n", 1),
        GOOD.replace(b"record_id", b"Record ID").replace(b"family_name", b"FAMILY-NAME"),
        b"\r\n\r\n" + GOOD + b",,,\r\n\r\n",
        GOOD.replace(b"Okafor", b'"Okafor"'),
    ],
    ids=range(11),
)
def test_it_reads_a_table_however_it_was_saved(data):
    columns, rows = read(data)
    assert columns == COLUMNS
    assert [cells[2] for _, cells in rows] == ["Okafor", "Okafor"]


def test_it_finds_columns_in_any_order_and_gives_lines_as_an_editor_counts_them():
    shuffled = list(reversed(row()))
    data = csv_of([row(1, given_names="Ada\nGrace"), row(2)], headings=shuffled)
    columns, rows = read(data)
    assert columns == tuple(shuffled) and [line for line, _ in rows] == [2, 4]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"\x00" * 100, "empty"),
        (GOOD.replace(b"Okafor", "Okäfor".encode("cp1252")), "not-utf-8"),
        (GOOD.replace(b"Okafor", b"\xc0\xaf"), "not-utf-8"),
        (GOOD.replace(b"Okafor", b"\xed\xa0\x80"), "not-utf-8"),
        (b"\xff\xfe" + GOOD[: len(GOOD) // 2 * 2 - 1], "utf-16"),
        (GOOD.decode().encode("utf-16-le"), "binary"),
        (GOOD.decode().encode("utf-32"), "utf-32"),
        (GOOD.replace(b",", b";"), "delimiter"),
        (GOOD.replace(b",", b"\t"), "delimiter"),
        (GOOD.replace(b"Okafor", b'"Okafor'), "open-quote"),
        (GOOD.replace(b"Okafor", b'"Oka"for'), "open-quote"),
        (GOOD + b'"never', "open-quote"),
        (GOOD.partition(b"\n")[2], "no-headings"),
        (GOOD.replace(b"family_name", b"surname"), "unknown-headings"),
        (GOOD.replace(b"family_name", b"given_names"), "repeated-headings"),
        (GOOD.replace(b"family_name", b""), "empty-heading"),
        (csv_of([row(1)], headings=["record_id", "contact_id", "category"]), "missing-headings"),
        (b"record_id,contact_id" + b",x" * 1000, "too-many-columns"),
        (b"record_id,contact_id" + b"," * 70_000, "line-too-long"),
        (b"a" * 1_000_000, "line-too-long"),
        (b"%PDF-1.7 ...", "pdf"),
        (b"<html><body>", "web-page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old-excel"),
        (b"\x1f\x8b\x08\x00" + b"x" * 50, "compressed"),
        (b"PK\x03\x04" + b"x" * 50, "not-a-workbook"),
        (b"PK", "not-a-workbook"),
    ],
)
def test_it_says_why_it_cannot_read(data, code):
    assert read(data) == code


def test_it_names_the_line_that_is_not_text_and_the_column_that_is_not_agreed():
    lines = GOOD + b"x" * 9000 + b"\r\nOk\xe4for\r\n"
    with pytest.raises(Unreadable, match="not-utf-8") as caught:
        list(open_table(opener(lines)).rows)
    assert caught.value.what == 5
    with pytest.raises(Unreadable) as caught:
        open_table(opener(GOOD.replace(b"family_name", b"Ethnic group")))
    assert "'Ethnic group'" in caught.value.reason


def test_it_repeats_nothing_of_a_first_line_that_is_somebody():
    with pytest.raises(Unreadable) as caught:
        open_table(opener(b"record_id,contact_id,Okafor 12/3/1999,\xc3\x89va;X\r\n"))
    assert "1999" not in caught.value.reason and "column 3" in caught.value.reason


def test_it_stops_at_too_many_rows(monkeypatch):
    monkeypatch.setattr("knownto.feeds.reading.limits", lambda: Limits(rows=1))
    assert read(GOOD) == "too-many-rows"
    monkeypatch.setattr("knownto.feeds.reading.limits", lambda: Limits(rows=2))
    assert read(GOOD) != "too-many-rows"


@given(st.binary(max_size=3000))
@settings(max_examples=400, deadline=None)
def test_it_never_breaks_on_any_bytes(data):
    read(data)


@given(st.data())
@settings(max_examples=400, deadline=None)
def test_it_never_breaks_on_a_good_file_with_harm_done_to_it(data):
    source = bytearray(data.draw(st.sampled_from([GOOD, BOOK_OF_ONE])))
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(source) - 1))
        source[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    read(bytes(source))


# Workbooks


def test_it_reads_a_workbook_as_its_author_typed_it():
    values = [9990000018, 3.0, 1.5, True, datetime.datetime(2014, 3, 27), "x", 10**16, "#N/A"]
    page = io.BytesIO()
    with xlsxwriter.Workbook(page, {"in_memory": True}) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, list(row())[: len(values)] + list(row())[len(values) :])
        for column, value in enumerate(values):
            if isinstance(value, datetime.datetime):
                sheet.write_datetime(1, column, value, day)
            else:
                sheet.write(1, column, value)
    _, [(line, cells)] = read(page.getvalue())
    assert line == 2
    assert cells[:6] == ["9990000018", "3", "1.5", "TRUE", "2014-03-27", "x"]
    assert cells[6] == sheets.ROUNDED and cells[7] == sheets.BROKEN


def packed(parts, method=zipfile.ZIP_DEFLATED):
    page = io.BytesIO()
    with zipfile.ZipFile(page, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return page.getvalue()


def parts_of(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


BOOK = parts_of(BOOK_OF_ONE)
SHEET = "xl/worksheets/sheet1.xml"


def with_sheet(change):
    return packed(BOOK | {SHEET: change(BOOK[SHEET])})


def lying(data, name, size):
    """The same archive whose directory claims another unpacked size of one part."""
    entry = data.index(name.encode(), data.index(b"PK\x01\x02")) - 46
    assert data[entry : entry + 4] == b"PK\x01\x02"
    return data[: entry + 24] + struct.pack("<I", size) + data[entry + 28 :]


BOMB = b"<worksheet>" + b" " * 40_000_000


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (packed(BOOK | {"xl/media/x.bin": BOMB}), "workbook-too-big"),
        (packed(BOOK | {SHEET: BOMB}), "workbook-too-big"),
        (lying(packed(BOOK | {"xl/media/x.bin": BOMB}), "xl/media/x.bin", 10), "workbook-too-big"),
        (with_sheet(lambda s: s.replace(b'r="J2"', b'r="XFD1048576"')), "workbook-too-big"),
        (with_sheet(lambda s: s.replace(b'r="J2"', b"r = 'xfd1048576'")), "workbook-too-big"),
        (
            with_sheet(lambda s: s.replace(b'r="J2"', b'y="' + b"x" * 999 + b'"\n' + b" " * 999 + b"r='XFD1048576'")),
            "workbook-too-big",
        ),
        (with_sheet(lambda s: s.decode().encode("utf-16")), "not-a-workbook"),
        (with_sheet(lambda s: s.replace(b'<row r="2"', b'<row r="9999999"')), "workbook-too-big"),
        (with_sheet(lambda s: b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]>' + s), "not-a-workbook"),
        (packed({"police.csv": GOOD}), "compressed"),
        (packed({"../../etc/passwd": b"x"}), "compressed"),
        (packed(BOOK | {f"x{n}": b"" for n in range(600)}), "not-a-workbook"),
        (packed(BOOK, zipfile.ZIP_LZMA), "not-a-workbook"),
        (packed({"EncryptedPackage": b"x", "xl/workbook.xml": b""}), "password"),
        (with_sheet(lambda s: s[: len(s) // 2]), "not-a-workbook"),
    ],
    ids=range(15),
)
def test_it_refuses_a_workbook_made_to_do_harm(data, code):
    assert read(data) == code


def test_it_reads_the_same_workbook_unharmed_and_stored_without_compression():
    for data in (packed(BOOK), packed(BOOK, zipfile.ZIP_STORED)):
        columns, rows = read(data)
        assert columns == COLUMNS and rows[0][1][2] == "Okafor"


def test_it_refuses_a_workbook_with_a_password_bit():
    data = bytearray(packed(BOOK))
    entry = data.index(b"PK\x01\x02")
    data[entry + 8] |= 1
    assert read(bytes(data)) == "password"


def test_it_counts_what_a_part_unpacks_to_and_not_what_it_claims():
    pieces = list(sheets._inflate(zlib.compress(BOMB)[2:-4], zipfile.ZIP_DEFLATED))
    assert sum(map(len, pieces)) == len(BOMB) and max(map(len, pieces)) <= sheets._INTO
