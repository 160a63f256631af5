"""A referral as it is read: block by block, each answer under its question, in the words of the form."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from knownto.face.parts import Row
from knownto.face.times import long_date
from knownto.firewall.checks import not_shown
from knownto.linkage import Evidence
from knownto.pathways.frontdoor import questions
from knownto.pathways.frontdoor.referral import (
    CAPACITY,
    CONSENT,
    PARENTAL_RESPONSIBILITY,
    SEEN,
    Adult,
    BodyWornVideo,
    Child,
    Referral,
)

URGENCY = {"red": "Today", "amber": "By tomorrow", "green": "Within days"}
ROLES = {
    "parent": "Parent", "carer": "Carer", "household": "Of the household", "source-of-harm": "May be doing the harm",
    "adult-at-risk": "The adult", "subject": "Child", "sibling": "Child of the family",
}  # fmt: skip


@dataclass(frozen=True)
class Block:
    """A heading and its answers."""

    title: str
    rows: list[Row]


def blocks(referral: Referral) -> list[Block]:
    """What happened first, then each child, each adult, and what is wanted. What nobody answered is not there."""
    found = [Block("What happened", _rows(_happened(referral)))]
    found += [Block(f"{ROLES[child.role]}: {child.name}", _rows(_child(child))) for child in referral.children]
    found += [Block(f"{_role(adult)}: {adult.name}", _rows(_adult(adult))) for adult in referral.adults]
    found.append(Block("The family, and what the writer wants", _rows(_wanted(referral))))
    return [block for block in found if block.rows]


def _role(adult: Adult) -> str:
    return ROLES.get(adult.role, adult.role.replace("-", " ").capitalize())


def _rows(said: Iterator[tuple[str, Any]]) -> list[Row]:
    return [Row(key, value) for key, value in said if value]


def _happened(referral: Referral) -> Iterator[tuple[str, Any]]:
    yield "How soon", URGENCY.get(referral.urgency_asked, "")
    yield "Seriously hurt or neglected, or soon will be", "Yes" if referral.significant_harm else ""
    yield "Worry about sexual abuse", "Yes" if referral.sexual_abuse else ""
    yield "What happened", referral.what_happened
    yield "When", referral.when
    yield "Where", referral.where
    yield "What may happen", referral.worries
    yield "What is going well", referral.strengths
    yield "The household", referral.household_notes


def _child(child: Child) -> Iterator[tuple[str, Any]]:
    yield "Relation to the first child", child.relation
    yield from _who(child.evidence)
    yield "School", child.school
    yield "Language", child.language
    yield "Seen", SEEN.get(child.seen, "")
    yield "Their own words", child.words
    yield "How they were heard", child.words_how
    yield "Why there are no words", child.words_why_not
    yield "What it does to them", child.impact
    names = {part.code: part.name for part in questions.aware()}
    yield from ((f"Lived experience: {names.get(code, code)}", words) for code, words in child.lived.items())


def _adult(adult: Adult) -> Iterator[tuple[str, Any]]:
    yield "Relation", adult.relation
    yield from _who(adult.evidence)
    yield "Parental responsibility", PARENTAL_RESPONSIBILITY.get(adult.parental_responsibility, "")
    yield "Lives in the same home", "Yes" if adult.lives_there else ""
    names = {factor.code: factor.name for factor in questions.factors()}
    for factor in adult.factors:
        yield names.get(factor.code, factor.code), factor.effect or "What it does to the child is not said"
    yield "What they say", adult.views
    yield "What they want", adult.outcome
    yield "Can they decide this for themselves?", CAPACITY.get(adult.capacity, "")
    yield "What makes the writer think so", adult.capacity_why


def _who(evidence: Evidence) -> Iterator[tuple[str, Any]]:
    yield "Also known as", ", ".join(evidence.other_names)
    yield "Born", born(evidence)
    yield "Address", address(evidence) or not_shown()
    yield "NHS number", evidence.nhs_number
    yield "Phone", ", ".join(evidence.phones)


def born(evidence: Evidence) -> str:
    """The day, or as much as is known of it."""
    if evidence.birth_date:
        return long_date(evidence.birth_date)
    if evidence.born_from and evidence.born_to:
        if evidence.unborn:
            return f"Expected about {long_date(_between(evidence.born_from, evidence.born_to))}"
        return f"Between {long_date(evidence.born_from)} and {long_date(evidence.born_to)}"
    return "Not born yet" if evidence.unborn else ""


def _between(first: date, last: date) -> date:
    return first + (last - first) / 2


def address(evidence: Evidence) -> str:
    where = evidence.addresses[0] if evidence.addresses else None
    return ", ".join((*where.lines, where.postcode)).strip(", ") if where else ""


def _wanted(referral: Referral) -> Iterator[tuple[str, Any]]:
    yield "Does the family know?", CONSENT.get(referral.consent, "")
    yield "What they said, or why not", referral.consent_why
    yield "What the writer wants", referral.wants
    yield "Level of need, the writer thinks", f"Level {referral.level_thought}" if referral.level_thought else ""
    yield "Why that level", referral.level_why
    yield "Body-worn video", _video(referral.body_worn_video)
    yield "Log or crime number", referral.police_reference
    yield "Own reference", referral.own_reference
    yield "Written by", referral.writer
    yield "Phone", referral.writer_phone


def _video(video: BodyWornVideo | None) -> str:
    if video is None:
        return ""
    if video.on:
        return f"On; reference {video.reference or 'not given'}"
    return f"Not on: {video.why_not or 'not said why'}"
