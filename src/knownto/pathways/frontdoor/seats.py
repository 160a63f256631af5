"""Who is needed at a meeting, who was missing, and whether it was quorate: from `seats.toml`, never from a guess."""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team

# What may be suspected. The codes decide who is needed.
CONCERNS: Mapping[str, str] = {
    "physical": "Physical abuse",
    "sexual": "Sexual abuse",
    "emotional": "Emotional abuse",
    "neglect": "Neglect",
    "exploitation": "Exploitation",
    "domestic": "Domestic abuse in the home",
}
BY_ABUSE = frozenset({"physical", "sexual", "exploitation"})
KINDS: Mapping[str, str] = {
    "strategy": "Strategy discussion",
    "conference": "Child protection conference",
    "core-group": "Core group",
    "review": "Review conference",
}
SITS_ONCE = frozenset({"referrer"})
LONGEST_NAME_OF_A_SCHOOL = 80


@dataclass(frozen=True, slots=True)
class Rule:
    """A seat: whom it stands for, which office sits there, and when it is required."""

    meeting: str
    code: str
    name: str
    office: str
    when: str


@dataclass(frozen=True, slots=True)
class Case:
    """What decides who is needed. `schools` are the names or codes that were written down.

    `harm_unsaid`: significant harm is suspected, and nobody has said yet of what sort.
    """

    concerns: frozenset[str] = frozenset()
    schools: tuple[str, ...] = ()
    school_age: bool = False
    referrer: Team | None = None
    harm_unsaid: bool = False


@dataclass(frozen=True, slots=True)
class Proposed:
    """One seat at one meeting. `team` is None where somebody must say which (a school that is not written down)."""

    key: str
    code: str
    name: str
    required: bool
    team: Team | None
    because: str


@cache
def _table() -> dict:
    return tomllib.loads(Path(settings.SEATS_FILE).read_text(encoding="utf-8"))


def rules(meeting: str) -> tuple[Rule, ...]:
    """The seats at that kind of meeting. Raises KeyError for a kind there is not."""
    KINDS[meeting]
    return tuple(Rule(**said) for said in _table()["seat"] if said["meeting"] == meeting)


def of_school_age(evidence: Evidence, today: date) -> bool:
    """Is the child of school age? One whose age nobody knows counts as one: better a school too many."""
    born = evidence.birth_date or evidence.born_from
    if evidence.unborn or born is None:
        return not evidence.unborn
    youngest, oldest = _table()["school_age"]
    age = today.year - born.year - ((today.month, today.day) < (born.month, born.day))
    return youngest <= age <= oldest


REASONS: Mapping[str, str] = {
    "always": "Always needed",
    "school-age": "A child of school age goes there",
    "sexual-abuse": "Needed where sexual abuse is suspected",
    "abuse": "Needed where significant harm by abuse is suspected",
    "referred": "They raised it",
    "asked": "Welcome",
}


def is_required(when: str, case: Case) -> bool:
    return {
        "always": True,
        "school-age": case.school_age and bool(case.schools),
        "sexual-abuse": "sexual" in case.concerns,
        "abuse": case.harm_unsaid or bool(case.concerns & BY_ABUSE),
        "referred": case.referrer is not None,
        "asked": False,
    }[when]


def proposed(meeting: str, case: Case) -> list[Proposed]:
    """Every seat at that meeting, required or welcome, with the team that sits there.

    Whoever raised it sits once, though they be there as police or as the school already.
    """
    found, taken = [], set()
    for rule in rules(meeting):
        for number, team in enumerate(_teams(rule, case)):
            key = f"{rule.code}-{number}" if number else rule.code
            if team is None or rule.office not in SITS_ONCE or team.pk not in taken:
                taken.add(team.pk if team else None)
                required = is_required(rule.when, case)
                found.append(Proposed(key, rule.code, rule.name, required, team, REASONS[rule.when]))
    return found


def _teams(rule: Rule, case: Case) -> Iterator[Team | None]:
    if rule.office == "referrer":
        yield from [case.referrer] if case.referrer else []
    elif rule.office == "school":
        yield from (school(name) for name in case.schools or ("",))
    else:
        yield offices.team_of(rule.office)


def school(written: str) -> Team | None:
    """The school that somebody wrote down, by its code or its name."""
    plain = written.strip().casefold()[:LONGEST_NAME_OF_A_SCHOOL]
    schools = Team.objects.select_related("agency").filter(agency="school")
    return next((team for team in schools if plain in (team.code.casefold(), team.name.casefold())), None)


def lacking(meeting: str, came: Iterable[tuple[str, str]]) -> list[str]:
    """What a quorum lacks, in words; nothing when it is quorate. `came` are (code of the seat, agency)."""
    there = list(came)
    seats, agencies = {code for code, _ in there}, {agency for _, agency in there}
    said = _table()["quorum"][meeting]
    names = {rule.code: rule.name for rule in rules(meeting)}
    missing = [names[codes[0]] for codes in said["seats"] if not seats & set(codes)]
    if not missing and len(agencies) < said["agencies"]:
        missing = [f"{said['agencies']} different agencies ({len(agencies)} came)"]
    return missing
