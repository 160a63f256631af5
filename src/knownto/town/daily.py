"""The rows of each day's file: what an agency sends of its shelf, as snapshots and as deltas.

A delta holds what was keyed in, closed, updated or taken back since the delta before; a snapshot holds everything
that stands on its day. A row is a tuple in the agency's own column order.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from knownto.town.agencies import Shelf
from knownto.town.days import delta_days, next_day, snapshot_days
from knownto.town.habits import CONTACT, IDENTITY, Habit
from knownto.town.happenings import Contact
from knownto.town.records import Evidence, Record, cells

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True, order=True)
class Sheet:
    """One file: which agency, as of which day, snapshot or delta."""

    day: int
    agency: str
    mode: str


class Post:
    """Turns a shelf into the rows of its files."""

    def __init__(self, habit: Habit, first: int, last: int):
        self.habit, self.first, self.last = habit, first, last
        self.snapshots = snapshot_days(habit, first, last)
        self.deltas = delta_days(habit, first, last)
        self.pick = {mode: habit.picker(mode) for mode in ("delta", "snapshot")}
        self.seen: dict[int, Row] = {}

    def rows(self, shelf: Shelf) -> dict[Sheet, list[Row]]:
        sheets: dict[Sheet, list[Row]] = defaultdict(list)
        for day in self.snapshots:
            sheets[self._sheet(day, "snapshot")] += self._standing(shelf.contacts, day)
        for contact in shelf.contacts:
            for day, row in self._changes(contact):
                sheets[self._sheet(day, "delta")].append(row)
        for record in shelf.records:
            if record.merged_into:
                self._merge(record, shelf.contacts, sheets)
        return sheets

    def _sheet(self, day: int, mode: str) -> Sheet:
        return Sheet(day, self.habit.agency, mode)

    def _standing(self, contacts: list[Contact], day: int) -> Iterator[Row]:
        for contact in contacts:
            if contact.known <= day and not (contact.removed and contact.removed <= day):
                yield self._row(contact, day, "snapshot")

    def _changes(self, contact: Contact) -> Iterator[tuple[int, Row]]:
        """(day, row) of each delta that tells of this contact: begun, touched, closed, taken back."""
        told = set()
        stop = contact.removed or self.last + 1
        for when in self._moments(contact):
            if self.first < when < stop:
                day = next_day(self.deltas, when)
                if day and day not in told:
                    told.add(day)
                    yield day, self._row(contact, day, "delta")
        if self.first < contact.removed:
            day = next_day(self.deltas, contact.removed)
            if day and day not in told:
                yield day, self._row(contact, contact.removed, "delta", "remove")

    def _moments(self, contact: Contact) -> list[int]:
        moments = [contact.known]
        end = min(contact.ended or self.last, self.last)
        if contact.touch:
            first = max(contact.started, self.first - contact.touch)
            step = contact.started + -(-(first - contact.started) // contact.touch) * contact.touch
            moments += range(step, end, contact.touch)
        if contact.ended and contact.known <= contact.ended:
            moments.append(contact.ended)
        return moments

    def _merge(self, record: Record, contacts: list[Contact], sheets: dict[Sheet, list[Row]]) -> None:
        """The doubled record is removed whole; its contacts come again under the one that stays."""
        held = [c for c in contacts if c.record is record and c.known <= record.merged_on and not c.removed]
        if not held:
            return
        rows = sheets[self._sheet(record.merged_on, "delta")]
        gone = self._row(held[0], record.merged_on, "delta", "remove", whole=True)
        rows[:] = [row for row in rows if row[self.habit.columns.index("record_id")] != record.record_id]
        rows.append(gone)
        rows += [self._row(contact, record.merged_on, "delta") for contact in held]

    def _row(self, contact: Contact, day: int, mode: str, change: str = "upsert", whole: bool = False) -> Row:
        record = contact.record
        if record.merged_into and record.merged_on <= day and not whole:
            record = record.merged_into
        last, ended = contact.state(day)
        written = self.habit.written
        if change == "remove":
            return self._removal(record, "" if whole else contact.contact_id)
        about = (
            record.record_id,
            contact.contact_id,
            contact.category,
            written(contact.started),
            written(last),
            written(ended),
            "closed" if ended else "open",
            contact.team,
            change,
        )
        return self.pick[mode](self._cells(contact.record.as_written(contact.evidence, day)) + about)

    def _removal(self, record: Record, contact_id: str) -> Row:
        """What is taken back is named by its ids and nothing else is said of it."""
        nothing = ("",) * (len(CONTACT) - 3)
        return self.pick["delta"](("",) * len(IDENTITY) + (record.record_id, contact_id, *nothing, "remove"))

    def _cells(self, evidence: Evidence) -> Row:
        """The identity cells of an evidence are the same on all its rows."""
        key = id(evidence)
        if key not in self.seen:
            self.seen[key] = cells(evidence)
        return self.seen[key]
