"""Files as a careless, broken or hostile partner might send them. Written from the published contract alone."""

import csv
import io
import random
import string
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass

HEADINGS = [
    "record_id", "contact_id", "family_name", "given_names", "date_of_birth", "sex", "address_line_1", "town",
    "postcode", "nhs_number", "phone", "category", "started_on", "status", "team",
]  # fmt: skip
FAMILIES = ["Smith", "Kaur", "O'Brien", "Nowak", "Begum", "Smith-Jones", "Ahmed"]
GIVEN = ["Amy", "Harpreet", "Sean", "Zofia", "Ayesha", "Mohammed", "Leo"]


@dataclass(frozen=True)
class Hostile:
    """One file: its kind and number (to make it again), its bytes, and its ending."""

    kind: str
    number: int
    data: bytes
    ending: str = "csv"

    def __str__(self) -> str:
        return f"{self.kind}-{self.number}"


def nhs_number(rng: random.Random) -> str:
    """A number of the range kept for tests, with its check digit."""
    while True:
        nine = "999" + "".join(rng.choice(string.digits) for _ in range(6))
        check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(nine)) % 11
        if check != 10:
            return nine + str(0 if check == 11 else check)


def good_rows(rng: random.Random, n: int = 30) -> list[list[str]]:
    return [
        [
            f"R{i:04d}", f"C{i:04d}", rng.choice(FAMILIES), rng.choice(GIVEN),
            f"{rng.randint(1950, 2020)}-{rng.randint(1, 12):02d}-{rng.randint(1, 28):02d}", rng.choice("FM"),
            f"{rng.randint(1, 90)} Canal Street", "Hallowbridge", f"QK{rng.randint(1, 9)} {rng.randint(1, 9)}AB",
            nhs_number(rng), f"07700 900{rng.randint(100, 999)}", "missing",
            f"2026-{rng.randint(1, 10):02d}-{rng.randint(1, 28):02d}", rng.choice(["open", "closed"]), "response",
        ]
        for i in range(n)
    ]  # fmt: skip


def as_csv(rows: list[list[str]], headings: list[str] | None = None, end: str = "\r\n") -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(HEADINGS if headings is None else headings)
    writer.writerows(rows)
    return out.getvalue()


def _cells(*payloads: str) -> Callable[[random.Random], bytes]:
    """Put payloads into random cells."""

    def make(rng: random.Random) -> bytes:
        rows = good_rows(rng)
        for _ in range(rng.randint(1, 40)):
            rows[rng.randrange(len(rows))][rng.randrange(len(HEADINGS))] = rng.choice(payloads)
        return as_csv(rows).encode("utf-8", "surrogatepass")

    return make


def _bytes(change: Callable[[random.Random, bytes], bytes]) -> Callable[[random.Random], bytes]:
    return lambda rng: change(rng, as_csv(good_rows(rng)).encode())


def _headings(change: Callable[[random.Random, list[str]], list[str]]) -> Callable[[random.Random], bytes]:
    return lambda rng: as_csv(good_rows(rng), change(rng, HEADINGS[:])).encode()


def _flip(rng: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.randint(1, 60)):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def _insert(*pieces: bytes) -> Callable[[random.Random, bytes], bytes]:
    def change(rng: random.Random, data: bytes) -> bytes:
        for _ in range(rng.randint(1, 6)):
            at = rng.randrange(len(data))
            data = data[:at] + rng.choice(pieces) + data[at:]
        return data

    return change


def _zip(*members: tuple[str, bytes], symlink: str = "") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, data in members:
            book.writestr(name, data)
        if symlink:
            link = zipfile.ZipInfo("xl/worksheets/sheet1.xml")
            link.external_attr = 0o120777 << 16
            book.writestr(link, symlink)
    return out.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
LAUGHS = (
    '<!DOCTYPE l [<!ENTITY a "ha">' + "".join(f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi"))
    + '<!ENTITY x SYSTEM "file:///etc/passwd">]>'
)  # fmt: skip


def _workbook(sheet: str, *more: tuple[str, bytes]) -> bytes:
    main = "http://schemas.openxmlformats.org"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{main}/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{main}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}/spreadsheetml/2006/main" xmlns:r="{main}/officeDocument/2006/'
        'relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{main}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{main}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": sheet,
    }
    return _zip(*((name, text.encode()) for name, text in parts.items()), *more)


def _far_cell(rng: random.Random) -> bytes:
    cell = rng.choice(["XFD1048576", "A1048576", "XFD1"])
    return _workbook(SHEET.format(f'<row><c r="{cell}" t="inlineStr"><is><t>x</t></is></c></row>'))


def _bomb(rng: random.Random) -> bytes:
    """Hundreds of megabytes of blanks in a sheet; written in pieces, so that making it needs no memory."""
    out = io.BytesIO(_workbook(""))
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/worksheets/sheet2.xml", "w") as sheet:
        for _ in range(rng.randint(200, 400)):
            sheet.write(b" " * 1_000_000)
    return out.getvalue()


FORMULAE = ["=1+1", "=HYPERLINK(\"http://x\")", "+A1", "-2+3|cmd'/C calc'!A0", "@SUM(A1)", "\t=1", "\r=1"]
ODD = ["\x00", "\x1b[31m", "\u202eevil", "\u200b", "\ufeff", "\x85", "\u2028", "Ｓｍｉｔｈ", "Ѕmith", "𝒮mith", "é" * 90]
SCRIPT = ["<script>alert(1)</script>", "{{7*7}}", "${7*7}", "'; DROP TABLE feeds_record; --", "../../etc/passwd", "%s%n"]
DATES = ["31/02/2010", "2010-13-01", "1900-01-01", "3000-01-01", "12/31/2010", "01/01/10", "yesterday", "0000-00-00",
         "2026-03-29T01:30", "44000", "1850-05-05", "29/02/2023", "-1", "٢٠١٠-٠١-٠١"]  # fmt: skip
NUMBERS = ["0000000000", "1234567890", "999 000 0000", "9" * 400, "NULL", "True", "1e9", "Jan-04", "999-123"]
LONG = ["A" * n for n in (101, 1000, 32_768, 100_000)]
ODD_BYTES = (b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\x00", b"\x80", b"\xf5\x80\x80\x80")

KINDS: dict[str, tuple[Callable[[random.Random], bytes], str]] = {
    "formula cells": (_cells(*FORMULAE), "csv"),
    "control and bidirectional characters": (_cells(*ODD), "csv"),
    "script, template and SQL": (_cells(*SCRIPT), "csv"),
    "impossible dates": (_cells(*DATES), "csv"),
    "dummy and broken numbers": (_cells(*NUMBERS), "csv"),
    "overlong cells": (_cells(*LONG), "csv"),
    "embedded line ends": (_cells("a\nb", "a\r\nb", "\n" * 50), "csv"),
    "random bytes changed": (_bytes(_flip), "csv"),
    "invalid UTF-8": (_bytes(_insert(*ODD_BYTES)), "csv"),
    "NUL bytes": (_bytes(_insert(b"\x00", b"\x00\x00\x00")), "csv"),
    "unclosed quotes": (_bytes(_insert(b'"', b'""', b',"')), "csv"),
    "mixed line ends": (_bytes(lambda r, d: d.replace(b"\r\n", r.choice([b"\r", b"\n", b"\n\r"]), r.randint(1, 20))), "csv"),
    "cut short": (_bytes(lambda r, d: d[: r.randrange(len(d))]), "csv"),
    "UTF-16 without a mark": (_bytes(lambda r, d: d.decode().encode(r.choice(["utf-16-le", "utf-16-be"]))), "csv"),
    "mark twice": (_bytes(lambda r, d: b"\xef\xbb\xbf" * r.randint(2, 4) + d), "csv"),
    "Windows letters called UTF-8": (lambda r: as_csv([[*w[:2], "Zoë", *w[3:]] for w in good_rows(r)]).encode("cp1252"), "csv"),
    "another delimiter": (_bytes(lambda r, d: d.replace(b",", r.choice([b";", b"\t", b"|", b"^"]))), "csv"),
    "headings missing": (_headings(lambda r, h: [x for x in h if x != r.choice(HEADINGS)]), "csv"),
    "headings twice": (_headings(lambda r, h: [*h[:-1], r.choice(h)]), "csv"),
    "headings renamed": (_headings(lambda r, h: [x if r.random() > 0.2 else x[::-1] for x in h]), "csv"),
    "headings unknown": (_headings(lambda r, h: [*h[:-1], r.choice(["risk score", "notes", ""])]), "csv"),
    "no headings": (lambda r: as_csv(good_rows(r), good_rows(r, 1)[0]).encode(), "csv"),
    "a great many columns": (_headings(lambda r, h: h + [f"c{i}" for i in range(r.choice([500, 20_000]))]), "csv"),
    "ragged rows": (lambda r: as_csv([row[: r.randint(0, 20)] + ["x"] * r.randint(0, 3) for row in good_rows(r)]).encode(), "csv"),
    "rows twice": (lambda r: as_csv([row for row in good_rows(r) for _ in range(r.randint(1, 3))]).encode(), "csv"),
    "one id, many people": (lambda r: as_csv([["R1", f"C{i}", *row[2:]] for i, row in enumerate(good_rows(r))]).encode(), "csv"),
    "empty": (lambda r: r.choice([b"", b"\n", b" ", b"\r\n\r\n", b"\xef\xbb\xbf", as_csv([]).encode()]), "csv"),
    "one enormous line": (lambda r: b"A" * r.randint(2, 6) * 1_000_000, "csv"),
    "noise": (lambda r: r.randbytes(r.randint(1, 50_000)), "csv"),
    "JSON called CSV": (lambda r: b'{"a": [' * r.randint(1, 5000), "csv"),
    "noise called a workbook": (lambda r: r.randbytes(r.randint(1, 50_000)), "xlsx"),
    "CSV called a workbook": (_bytes(lambda r, d: d), "xlsx"),
    "a workbook called CSV": (lambda r: _workbook(SHEET.format("")), "csv"),
    "a zip that is no workbook": (lambda r: _zip((r.choice(["a.txt", "../../evil", "/etc/cron.d/x"]), b"x")), "xlsx"),
    "a zip with a link": (lambda r: _zip(("xl/workbook.xml", b"<workbook/>"), symlink="/etc/passwd"), "xlsx"),
    "a workbook cut short": (lambda r: (b := _workbook(SHEET.format("")))[: r.randrange(1, len(b))], "xlsx"),
    "a workbook with bytes changed": (lambda r: _flip(r, _workbook(SHEET.format("<row/>"))), "xlsx"),
    "entities that multiply": (lambda r: _workbook(LAUGHS + SHEET.format("<row><c t='inlineStr'><is><t>&i;&x;</t></is></c></row>")), "xlsx"),
    "a far cell": (_far_cell, "xlsx"),
    "old and encrypted workbooks": (lambda r: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + r.randbytes(r.randint(0, 5000)), "xlsx"),
    "a zip bomb": (_bomb, "xlsx"),
}  # fmt: skip
COSTLY = {"a zip bomb", "one enormous line"}  # a few of these say as much as many


def catalogue(kind: str, each: int, seed: str = "1") -> Iterator[Hostile]:
    """`each` files of that kind (three of the costly ones)."""
    make, ending = KINDS[kind]
    for number in range(min(each, 3) if kind in COSTLY else each):
        yield Hostile(kind, number, make(random.Random(f"{seed}/{kind}/{number}")), ending)
