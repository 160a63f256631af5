"""What a partner's own system calls a contact: said back to us, so that the reference is on both sides."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from knownto.access.acts import Permission, Viewer
from knownto.casework import acts, reads
from knownto.casework.entering import listing
from knownto.casework.models import Episode
from knownto.disclosure import receipts

KIND = "their-reference"
LONGEST = 60
MOST = 1000
OURS = ("knownto reference", "reference", "source reference", "externalreference")
THEIRS = ("their reference", "own reference", "person id", "connectreference")


class NotReadable(ValueError):
    """A file that is not what was asked for. The message says what to do."""


@dataclass(frozen=True)
class Pair:
    """Our reference as it was typed or sent, and theirs. `line` of the file, 0 where it was typed."""

    ours: str
    theirs: str
    line: int = 0


@dataclass(frozen=True)
class Fate:
    """What became of one pair: "kept", "same", "no-reference", "too-long" or "not-yours"."""

    pair: Pair
    outcome: str


def record(*, by: Viewer, system: str, pairs: Sequence[Pair], now: datetime) -> list[Fate]:
    """Write down each that is of a contact of the viewer's own agency. Saying it again changes nothing.

    A reference that is not theirs looks like one that is not there. Raises a Refused.
    """
    with listing(by, Permission.COPIES, kind="their-references", now=now):
        return [Fate(pair, _record(by, system, pair, now)) for pair in pairs]


def _record(by: Viewer, system: str, pair: Pair, now: datetime) -> str:
    if not pair.theirs:
        return "no-reference"
    if len(pair.theirs) > LONGEST:
        return "too-long"
    episode = _own(by, receipts.read(pair.ours))
    if episode is None:
        return "not-yours"
    before = [(row, plain) for row, plain in reads.statements(episode, KIND) if plain["system"] == system]
    last, said = before[-1] if before else (None, {})
    if said.get("reference") == pair.theirs:
        return "same"
    plain = {"system": system, "reference": pair.theirs}
    acts.say(episode=episode, kind=KIND, plain=plain, by=by.actor, corrects=last, now=now)
    return "kept"


def _own(by: Viewer, reference: str) -> Episode | None:
    """That contact, if the viewer's agency raised it or decides it."""
    found = Episode.objects.select_for_update(of=("self",)).select_related("team").filter(reference=reference).first()
    if found is None or by.agency not in (found.from_agency_id, found.team.agency_id if found.team else ""):
        return None
    return found


def read(content: bytes) -> list[Pair]:
    """The pairs of a CSV file with a column of ours and one of theirs. Raises NotReadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotReadable("The file must be CSV in UTF-8. In Excel, save it as 'CSV UTF-8'.") from None
    lines = csv.reader(io.StringIO(text))
    ours, theirs = _columns(next(lines, []))
    pairs = list(_pairs(lines, ours, theirs))
    if len(pairs) > MOST:
        raise NotReadable(f"The file has more than {MOST} lines. Send it in parts.")
    return pairs


def _columns(headings: Sequence[str]) -> tuple[int, int]:
    named = [heading.strip().casefold() for heading in headings]
    places = [next((named.index(name) for name in names if name in named), None) for names in (OURS, THEIRS)]
    if None in places:
        raise NotReadable("The first line must name two columns: 'Knownto reference' and 'Their reference'.")
    return places[0], places[1]


def _pairs(lines: Iterator[list[str]], ours: int, theirs: int) -> Iterator[Pair]:
    """A line that is short has nothing where it ends; a line of nothing is none. What we put before formulas is taken
    off again."""
    for number, cells in enumerate(lines, 2):
        padded = [cell.strip().removeprefix("'") for cell in cells] + [""] * (max(ours, theirs) + 1)
        if any(padded):
            yield Pair(padded[ours], padded[theirs], number)
