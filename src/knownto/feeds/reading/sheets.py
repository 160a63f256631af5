"""Excel workbooks. How much is in one is measured before it is given to the reader, which unpacks all of it.

A workbook is a compressed archive of XML. A small one can unpack to any size, can claim another size than it has,
and can have one cell in a corner a thousand million cells away. So every part is unpacked once here, thrown away, and
counted; only what is within the limits is read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum

from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits

EXACT = 10**15  # a spreadsheet keeps 15 digits of a number and loses the rest
ROUNDED = "\x00rounded"  # marks a cell whose number is not what was typed; `rules` gives the reason
BROKEN = "\x00error"  # marks a cell that shows an error
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#GETTING_DATA"}

# Where a cell or a row says that it is, in any spelling that XML allows: calamine believes it, and makes room.
_WHERE = re.compile(rb"""\sr ?= ?["'] ?([A-Za-z]{0,4})(\d{1,10})""")
_CELL = re.compile(rb"<(?:\w+:)?c[\s>/]")
_SPACE = re.compile(rb"\s+")
_KEEP = 256  # bytes carried over from one piece to the next, so that no tag is missed between them
_INTO = 256 * 1024


def rows(opener: Callable[[], io.BufferedReader]) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of every row of the first sheet that isn't blank, headings first. Raises Unreadable."""
    with opener() as stream:
        packed = stream.read(limits().workbook_bytes + 1)
    if len(packed) > limits().workbook_bytes:
        raise Unreadable("workbook-too-big", f"over {limits().workbook_bytes // 1024 // 1024} MB")
    _measure(packed)
    sheet = _first_sheet(packed)
    del packed
    before = sheet.start[0] if sheet.start else 0
    for number, cells in enumerate(sheet.iter_rows(), before + 1):
        texts = [_text(cell) for cell in cells]
        if any(texts):
            yield number, texts


def _first_sheet(packed: bytes) -> Any:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(packed)) as book:
            names = [s.name for s in book.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
            if not names:
                raise Unreadable("not-a-workbook")
            return book.get_sheet_by_name(names[0])
    except PasswordError:
        raise Unreadable("password") from None
    except Unreadable:
        raise
    except (CalamineError, ValueError, OSError, Exception):  # noqa: BLE001 (a reader of hostile bytes)
        raise Unreadable("not-a-workbook") from None


def _text(cell: Any) -> str:
    """A cell as its author would have typed it."""
    if isinstance(cell, str):
        return BROKEN if cell in ERRORS else cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return "" if cell is None else str(cell) if isinstance(cell, timedelta) else BROKEN


def _number(number: float) -> str:
    if number != number or abs(number) >= EXACT:
        return ROUNDED
    return str(int(number)) if number == int(number) else repr(number)


def _measure(packed: bytes) -> None:
    """Raises Unreadable when the archive is no workbook, has a password, or holds more than the limits allow."""
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            parts = archive.infolist()
            _ordinary([part.filename for part in parts])
            _unpacked(packed, parts)
    except (zipfile.BadZipFile, zlib.error, ValueError, OverflowError, NotImplementedError):
        raise Unreadable("not-a-workbook") from None


def _ordinary(names: list[str]) -> None:
    if "EncryptedPackage" in names:
        raise Unreadable("password")
    if "xl/workbook.xml" not in names or len(names) > 500 or len(set(names)) != len(names):
        raise Unreadable("compressed" if "xl/workbook.xml" not in names else "not-a-workbook")


def _unpacked(packed: bytes, parts: list[zipfile.ZipInfo]) -> None:
    left = limits().workbook_unpacked
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable("password")
        left -= _count(packed, part, left)


def _count(packed: bytes, part: zipfile.ZipInfo, left: int) -> int:
    """The bytes that a part really unpacks to, whatever its entry claims."""
    size, extent = 0, _Extent()
    looked_at = part.filename.startswith("xl/worksheets/")
    for piece in _inflate(_data(packed, part), part.compress_type):
        size += len(piece)
        if size > left or size > max(1024 * 1024, part.compress_size * limits().workbook_ratio):
            raise Unreadable("workbook-too-big", "it unpacks to far more than it is")
        if size == len(piece) and b"<!DOCTYPE" in piece[:4096]:
            raise Unreadable("not-a-workbook")
        if looked_at:
            extent.add(piece)
    return size


def _data(packed: bytes, part: zipfile.ZipInfo) -> bytes:
    """The packed bytes of a part: after its local header, whose two lengths may differ from the directory's."""
    start = part.header_offset
    if packed[start : start + 4] != b"PK\x03\x04":
        raise zipfile.BadZipFile
    name, extra = (int.from_bytes(packed[start + at : start + at + 2], "little") for at in (26, 28))
    begin = start + 30 + name + extra
    return packed[begin : begin + part.compress_size]


def _inflate(data: bytes, method: int) -> Iterator[bytes]:
    if method == zipfile.ZIP_STORED:
        yield from (data[at : at + _INTO] for at in range(0, len(data), _INTO))
        return
    if method != zipfile.ZIP_DEFLATED:
        raise Unreadable("not-a-workbook")
    unpack = zlib.decompressobj(-15)
    while data and not unpack.eof:
        yield unpack.decompress(data, _INTO)
        data = unpack.unconsumed_tail
    yield unpack.flush()


class _Extent:
    """How many cells the reader would make room for: from the first corner to the furthest one named."""

    def __init__(self) -> None:
        self.tail = b""
        self.cells = self.width = self.height = 0

    def add(self, piece: bytes) -> None:
        if b"\0" in piece:
            raise Unreadable("not-a-workbook")  # another encoding, in which nothing below would be found
        seen = _SPACE.sub(b" ", self.tail + piece)
        for column, row in _WHERE.findall(seen):
            self.width = max(self.width, _column_number(column.upper()))
            self.height = max(self.height, int(row))
        self.cells += len(_CELL.findall(piece))
        self.tail = seen[-_KEEP:]
        if max(self.cells, max(self.width, 1) * self.height) > limits().workbook_cells:
            raise Unreadable("workbook-too-big", f"over {limits().workbook_cells} cells")


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
