"""CSV as it really comes: with and without a byte order mark, three kinds of line ends, and the odd mistake."""

import codecs
import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from knownto.feeds.faults import Unreadable
from knownto.feeds.limits import limits
from knownto.feeds.reading import headings

OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "vertical bars"}


@dataclass
class Ending:
    """How the file ended, which tells whether it may have been cut off."""

    line_ended: bool = True
    last_cells: int = 0


def rows(opener: Callable[[], io.BufferedReader], head: bytes, ending: Ending) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every row that isn't blank, headings first. Raises Unreadable."""
    encoding = _encoding(head)
    try:
        with opener() as stream, io.TextIOWrapper(stream, encoding, "strict", newline="") as text:
            yield from _rows(text, ending)
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise Unreadable("utf-16") from None
        raise Unreadable("not-utf-8", _first_bad_line(opener)) from None


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if head.count(0) * 100 > len(head):
        raise Unreadable("binary")
    return "utf-8-sig"


def _rows(text: io.TextIOWrapper, ending: Ending) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(_lines(text, ending), strict=True)
    begins = 1
    first = True
    try:
        for cells in reader:
            if first:
                _separated_by_commas(cells)
            if any(cells) and any(cell.strip() for cell in cells):
                first = False
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        # Strict reading stops at text after a closing quotation mark, at a value that never ends, and at the
        # end of the file inside quotation marks: all three are a quotation mark that is not closed properly.
        raise Unreadable("open-quote", begins) from None


def _lines(text: io.TextIOWrapper, ending: Ending) -> Iterator[str]:
    longest, number = limits().line, 0
    while line := text.readline(longest):
        number += 1
        ending.line_ended = line[-1] in "\r\n"
        if len(line) == longest and not ending.line_ended:
            raise Unreadable("line-too-long", number)
        yield line


def _separated_by_commas(cells: list[str]) -> None:
    if headings.known(cells) > 1:
        return
    joined = ",".join(cells)
    for mark, name in OTHER_DELIMITERS.items():
        if headings.known(joined.split(mark)) > 1:
            raise Unreadable("delimiter", name)


def _first_bad_line(opener: Callable[[], io.BufferedReader]) -> int:
    """The number of the first line that isn't UTF-8. Decoding in chunks cannot say, so the file is read again."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    number = 1
    with opener() as stream:
        while piece := stream.readline(limits().line):
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return number
            number += piece.endswith(b"\n")
    return number
