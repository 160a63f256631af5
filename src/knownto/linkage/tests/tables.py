"""The truth tables beside this file, read as rows; and people described in one short line."""

import csv
from datetime import date
from pathlib import Path

from knownto.linkage import Address, Evidence, identifiers

_HERE = Path(__file__).parent
_UPNS = {word: identifiers.upn_check_letter(digits) + digits for word, digits in
         (("one", "823999908001"), ("other", "823999908002"))}  # fmt: skip


def table(name: str) -> list[dict[str, str]]:
    with (_HERE / name).open(encoding="utf-8", newline="") as lines:
        return [{k: v or "" for k, v in r.items() if k} for r in csv.DictReader(lines)]


def person(line: str) -> Evidence:
    """`f=Khan;g=Amir;b=2012-05-17;pc=QK1 2AB` as evidence."""
    told = dict(pair.split("=", 1) for pair in line.split(";") if pair)
    lines = (told["l"],) if "l" in told else ()
    address = (Address(lines, told.get("pc", ""), told.get("uprn", "")),) if lines or "pc" in told else ()
    return Evidence(
        family_name=told.get("f", ""),
        given_names=told.get("g", ""),
        other_names=tuple(filter(None, (told.get("o"),))),
        birth_date=_day(told.get("b")),
        born_from=_day(told.get("bf")),
        born_to=_day(told.get("bt")),
        unborn=told.get("u") == "1",
        sex=told.get("s", ""),
        addresses=address,
        nhs_number=told.get("nhs", ""),
        upn=_UPNS.get(told.get("upn", ""), ""),
        phones=tuple(filter(None, (told.get("ph"),))),
        household=told.get("hh", ""),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
