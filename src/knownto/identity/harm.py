"""What a wrong or a missed link would do, by class of data, and how unsure a score is: the order of the review.

Never how much at risk anybody is: two pairs of the same classes and the same score stand at one place, whoever they
are of. The classes are a local setting (`reviewing.toml`, or the file that KNOWNTO_REVIEWING names).
"""

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from knownto.identity.scores import model
from knownto.identity.statements import numbers, rows
from knownto.linkage import comparing

OTHER = "other"
LEAST_UNSURE = 0.02  # however sure a score is, somebody must look in the end


@dataclass(frozen=True, slots=True)
class DataClass:
    """One class of data: the harm, 1 to 10, of a wrong and of a missed link, and how many people decide."""

    code: str
    name: str
    wrong: int
    missed: int
    two_people: bool = False
    two_agencies: bool = False

    @property
    def most(self) -> int:
        return max(self.wrong, self.missed)

    @property
    def band(self) -> str:
        """grave, serious or usual."""
        bands = setting()["band"]
        return next((name for name in ("grave", "serious") if self.most >= bands[name]), "usual")


@cache
def setting() -> dict[str, Any]:
    """The local setting, as it is written."""
    return tomllib.loads(Path(settings.REVIEWING_FILE).read_text(encoding="utf-8"))


@cache
def classes() -> dict[str, DataClass]:
    """The classes by their codes."""
    return {code: _class(code, said) for code, said in setting()["class"].items()}


def _class(code: str, said: dict[str, Any]) -> DataClass:
    agencies = said.get("two_agencies", False)
    return DataClass(
        code, said["name"], said["wrong"], said["missed"], agencies or said.get("two_people", False), agencies
    )


@cache
def _by_category() -> dict[str, str]:
    return {each: code for code, said in setting()["class"].items() for each in said.get("categories", ())}


def of_records(records: Iterable[int]) -> DataClass:
    """The gravest class of the contacts of those records. Who needs two people or agencies keeps needing them."""
    return of_each([tuple(records)])[0]


def of_each(groups: Collection[tuple[int, ...]]) -> list[DataClass]:
    """The same for each group of records, in their order, with one look-up."""
    wanted = {record for group in groups for record in group}
    found = rows(
        "SELECT DISTINCT record_id, agency_id, category FROM feeds_contact WHERE record_id = ANY(%s::bigint[])",
        numbers(wanted),
    )
    codes: dict[int, set[str]] = {}
    for record, agency, category in found:
        codes.setdefault(record, set()).add(_by_category().get(f"{agency}/{category}", OTHER))
    return [_gravest({code for record in group for code in codes.get(record, ())}) for group in groups]


def _gravest(codes: Collection[str]) -> DataClass:
    """The strictest about who decides, and of those the one whose link would do the most harm."""
    held = [classes()[code] for code in codes or {OTHER}]
    return max(held, key=lambda each: (each.two_agencies, each.two_people, each.most, each.code))


def probability(bits: float) -> float:
    """That both are one person, 0 to 1, of log2 odds: as often as was so, where the model has a fitted curve."""
    return comparing.probability(bits, model().curve)


def unsure(bits: float) -> float:
    """How unsure a score is: 1 where both answers are as likely, towards 0 where one is certain."""
    p = probability(bits)
    return max(4 * p * (1 - p), LEAST_UNSURE)


def rank(of: DataClass, bits: float, *, told: bool = False) -> float:
    """Expected harm of the link's being wrong or missed, times how unsure the score is. `told`: somebody who knows them
    says so, which no score outweighs."""
    p = probability(bits)
    if told:
        return float(of.most)
    return (of.missed * p + of.wrong * (1 - p)) * unsure(bits)
