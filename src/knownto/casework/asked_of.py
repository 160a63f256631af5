"""One ask as either side reads it: opened once, in plain values that a page can show after the rows are closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.casework import reads, words
from knownto.casework.answering import Open, page_of
from knownto.casework.models import Answer, Ask, Participation
from knownto.casework.reads import Known
from knownto.casework.register import pathway
from knownto.face.times import long_date
from knownto.linkage import Evidence
from knownto.partners import reads as partners
from knownto.partners.models import Team

SEXES = {"F": "Female", "M": "Male"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """One question of the sheet that was sent with the ask."""

    code: str
    label: str
    hint: str


@dataclass(frozen=True, slots=True)
class Party:
    """One side: who, in which team, and how to ring them."""

    agency: str
    team: str
    phone: str
    hours: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One ask, opened. `about` are facts about the person that it is about, as (what, value)."""

    id: UUID
    reference: str
    kind: str
    may_decline: bool
    own_page: str
    own_page_of: UUID | None
    owes: bool
    waits: bool
    taken_by: UUID | None
    taken_name: str
    asker: Party
    asked: Party
    purpose: str
    basis: str
    question: str
    legal: str
    about: tuple[tuple[str, str], ...]
    wanted: tuple[Wanted, ...]
    asked_at: datetime
    due_at: datetime
    late: bool
    soon: bool
    seen_at: datetime | None
    reminded: int
    reminded_at: datetime | None
    answer: str
    answer_words: str
    answer_parts: tuple[tuple[str, str], ...]
    answered_at: datetime | None
    answered_by: str
    work: UUID
    work_page: str


def read(here: Open, now: datetime) -> Asked:
    """That ask for whoever has it open. Inside rows that are open."""
    row, plain, clock = here.ask, here.plain, here.ask.clock
    names, agencies = reads.names([row.by_worker, row.to_worker, row.answered_by]), partners.agency_names()
    wanted = _wanted(plain)
    return Asked(
        id=row.pk,
        reference=row.reference,
        kind=here.kind.name,
        may_decline=here.kind.may_decline,
        own_page=here.kind.page,
        own_page_of=page_of(row)[1],
        owes=here.owes,
        waits=here.waits,
        taken_by=row.to_worker,
        taken_name=names.get(row.to_worker, "") if row.to_worker else "",
        asker=_party(row.by_agency, row.by_team, agencies, names.get(row.by_worker, "") if row.by_worker else ""),
        asked=_party(row.to_agency, row.to_team, agencies),
        purpose=row.purpose,
        basis=row.basis,
        question=plain.get("question", ""),
        legal=plain.get("legal", ""),
        about=_about(row, plain),
        wanted=wanted,
        asked_at=row.asked_at,
        due_at=clock.due_at,
        late=clock.due_at < now and clock.look_again is None,
        soon=clock.warn_at is not None and clock.warn_at <= now <= clock.due_at,
        seen_at=row.seen_at,
        reminded=row.reminded,
        reminded_at=row.reminded_at,
        answer=Answer(row.answer).label if row.answer else "",
        answer_words=plain.get("because", "") or plain.get("answer", ""),
        answer_parts=_parts(wanted, plain.get("answers", {})),
        answered_at=row.answered_at,
        answered_by=names.get(row.answered_by, "") if row.answered_by else "",
        work=row.episode_id,
        work_page=pathway(row.episode.pathway).page if here.waits else "",
    )


def _wanted(plain: Mapping[str, Any]) -> tuple[Wanted, ...]:
    return tuple(Wanted(each["code"], each["label"], each.get("hint", "")) for each in plain.get("fields", ()))


def _parts(wanted: Sequence[Wanted], said: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple((each.label, said[each.code]) for each in wanted if said.get(each.code))


def _party(agency: str, team: Team | None, agencies: Mapping[str, str], name: str = "") -> Party:
    said = agencies.get(agency, agency)
    return Party(said, team.name, team.phone, team.hours, name) if team else Party(said, "", "", "", name)


def _about(row: Ask, plain: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Whom it is about: what whoever asked chose to tell, or the least by which a team finds somebody in its records.

    Never an address from the work itself: it may be one that must not be told, which is for whoever asks to find out.
    """
    if told := plain.get("who"):
        return tuple((str(what), str(value)) for what, value in told)
    return _least(row.about) if row.about else ()


def _least(about: Participation) -> tuple[tuple[str, str], ...]:
    [plain] = words.opened([about])
    evidence = Evidence.from_json(plain["evidence"])
    facts = (
        ("Name", Known(about.pk, about.role, evidence, {}, None).name),
        ("Also known as", ", ".join(evidence.other_names)),
        ("Date of birth", long_date(evidence.birth_date) if evidence.birth_date else ""),
        ("Sex", SEXES.get(evidence.sex, "")),
    )
    return tuple((what, value) for what, value in facts if value)
