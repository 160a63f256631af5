"""Each agency's records and contacts of one slice, made from what happened."""

from dataclasses import dataclass, replace
from datetime import date
from random import Random

from knownto.town.days import delta_days, next_day
from knownto.town.habits import Habit
from knownto.town.happenings import Contact, Incident
from knownto.town.identifiers import pnc
from knownto.town.people import Person
from knownto.town.records import Clerk, Record

# Contacts that were keyed in for the wrong person and taken back: an assumption, no share is published.
TAKEN_BACK = 0.003
# Of the second records of one person, how many the agency finds and merges in the year: an assumption.
MERGED = 0.15
_PREFIX = {"police": "WN", "childrens-social-care": "M", "hospital": "RH", "school": "S"}
# How many days after the event it is keyed in, at most.
_LAG = {"police": 1, "childrens-social-care": 2, "hospital": 0, "school": 3}


@dataclass(frozen=True, slots=True)
class Shelf:
    """One agency's records and contacts of one slice."""

    habit: Habit
    records: list[Record]
    contacts: list[Contact]


class Agency:
    """Keeps one agency's records while incidents come in, in the order of their days."""

    def __init__(self, habit: Habit, slice_no: int, first: int, last: int, memory: int, rng: Random):
        self.habit, self.slice_no, self.rng = habit, slice_no, rng
        self.first, self.last, self.memory = first, last, memory
        self.clerk = Clerk(habit, rng)
        self.by_person: dict[str, list[Record]] = {}
        self.records: list[Record] = []
        self.contacts: list[Contact] = []
        self.days = delta_days(habit, first, last)

    def take(self, incident: Incident) -> None:
        """Work that ended before the agency's memory begins is not in the files."""
        if incident.started < self.memory and incident.ended <= self.first:
            return
        record = self._record(incident.person, incident.started)
        self.contacts.append(self._contact(record, incident))

    def shelf(self) -> Shelf:
        self._merge_some()
        return Shelf(self.habit, self.records, self.contacts)

    def _record(self, person: Person, day: int) -> Record:
        held = self.by_person.get(person.id)
        if held is None:
            return self._new(person, day)
        record = held[-1]
        if self.rng.random() < self.habit.second_record:
            return self._new(person, day)
        self.clerk.refresh(record, day)
        return record

    def _new(self, person: Person, day: int) -> Record:
        number = len(self.records) + 1
        record_id = f"{_PREFIX[self.habit.agency]}{self.slice_no:03d}{number:06d}"
        record = Record(self.habit.agency, record_id, person, self.clerk.writes(person, day))
        if person.born > day:
            record.named_on = person.born + 10
            record.born_as = self.clerk.writes(person, record.named_on)
        record.provisional = person.born >= day - 9 and person.mother is not None
        self.records.append(record)
        self.by_person.setdefault(person.id, []).append(record)
        return record

    def _contact(self, record: Record, incident: Incident) -> Contact:
        kind, rng = incident.kind, self.rng
        if kind.category == "custody":
            self._fingerprinted(record, incident)
        contact = Contact(
            record=record,
            contact_id=f"{_PREFIX[self.habit.agency]}C{self.slice_no:03d}{len(self.contacts) + 1:07d}",
            category=kind.category,
            team=self._team(incident),
            started=incident.started,
            ended=incident.ended,
            touch=kind.touch,
            known=incident.started + rng.randint(0, _LAG[self.habit.agency]),
            evidence=record.evidence,
        )
        if rng.random() < TAKEN_BACK:
            contact.removed = contact.known + rng.randint(5, 30)
        return contact

    def _fingerprinted(self, record: Record, incident: Incident) -> None:
        """An arrest gives a person a national computer number, which later rows carry."""
        person = record.person
        if not person.pnc:
            person.pnc = pnc(date.fromordinal(incident.started).year, self.rng)
        if self.rng.random() < self.habit.sends["pnc"]:
            record.evidence = replace(record.evidence, pnc=person.pnc)

    def _team(self, incident: Incident) -> str:
        person, team = incident.person, incident.kind.team
        if self.habit.agency == "school":
            return person.school or "school-01"
        if team == "paediatrics" and person.age_on(incident.started) >= 18:
            return "emergency-department" if incident.kind.category == "admission" else "safeguarding-children"
        if team == "mash" and (incident.started % 7 in (6, 0)):
            return "emergency-duty"
        return team

    def _merge_some(self) -> None:
        """An agency finds that two of its records are one person: one goes, its contacts move to the other."""
        for held in self.by_person.values():
            if len(held) > 1 and self.rng.random() < MERGED:
                day = next_day(self.days, self.first + self.rng.randint(40, 330))
                if day:
                    held[1].merged_into, held[1].merged_on = held[0], day
