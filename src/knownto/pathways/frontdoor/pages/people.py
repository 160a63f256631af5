"""The panels of whom it is about and of what was written: each person with one click to the tracker."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Viewer
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.casework.reads import Known
from knownto.face.parts import Row
from knownto.face.times import long_date
from knownto.firewall import audiences
from knownto.firewall.checks import not_shown
from knownto.pathways.frontdoor.kept_back import Kept, known_for
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.policy import Permission

ROLES = {
    "subject": "Child it is about",
    "adult-at-risk": "Adult it is about",
    "sibling": "Brother or sister",
    "parent": "Parent",
    "carer": "Carer",
    "household": "Lives there",
    "source-of-harm": "May be the source of harm",
    "adult": "Adult",
}
# Why the tracker is asked about somebody in work of this kind: the worker may change it on the tracker's page.
PURPOSES = {"contact": "child-concern", "protection": "section-47", "adult": "adult-concern", "support": "section-17"}
NOT_WORDS = frozenset({"evidence", "children", "adults"})


@dataclass(frozen=True)
class Person:
    """Somebody it is about, as the page shows them. `asks` are hidden fields of a search in the tracker."""

    id: UUID
    name: str
    role: str
    rows: tuple[Row, ...]
    asks: tuple[tuple[str, str], ...]
    warning: str = ""


def people(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    if "people" not in entered.sections:
        return None
    known = reads.people([entered.episode]).get(entered.episode.id, [])
    purpose = PURPOSES.get(entered.episode.pathway, "child-concern")
    reader = audiences.on_page(viewer)
    shown = [person(each, purpose, entered.episode.reference, localdate(now)) for each in known_for(known, reader)]
    return Panel(10, "Who it is about", "frontdoor/episode_people.html", {
        "people": shown, "may_search": viewer.may(Permission.SEARCH),
    })  # fmt: skip


def person(kept: Kept, purpose: str, reference: str, today: date) -> Person:
    """Somebody, with what this reader may see of them and the search that would find them."""
    known = kept.known
    role = ROLES.get(known.role, known.role.replace("-", " ").capitalize())
    asks = (("purpose", purpose), ("work", reference), *_searched(known))
    return Person(known.id, known.name, role, tuple(rows(known, today)), asks, kept.warning)


def rows(known: Known, today: date) -> list[Row]:
    evidence = known.evidence
    said = [
        ("Born", born(known, today)),
        ("Sex", {"F": "Female", "M": "Male"}.get(evidence.sex, evidence.sex)),
        ("Also known as", ", ".join(evidence.other_names)),
        ("Address", where(known)),
        ("NHS number", evidence.nhs_number),
        ("Telephone", ", ".join(evidence.phones)),
        ("Relation", str(known.more.get("relation", ""))),
        ("Parental responsibility", responsibility(known.more.get("parental_responsibility"))),
        ("School", str(known.more.get("school", ""))),
    ]
    return [Row(key, value) for key, value in said if value]


def responsibility(said: Any) -> str:
    """Whether they hold it, in words; not said is not the same as no."""
    return {True: "Yes", False: "No", None: ""}.get(said, str(said)) if isinstance(said, bool | None) else str(said)


def born(known: Known, today: date) -> str:
    """The date of birth with the age, or what is known instead."""
    evidence = known.evidence
    if evidence.unborn:
        return f"Unborn; expected about {long_date(evidence.born_from)}" if evidence.born_from else "Unborn"
    if evidence.birth_date:
        day = evidence.birth_date
        years = today.year - day.year - ((today.month, today.day) < (day.month, day.day))
        return f"{long_date(day)} (aged {years})"
    if evidence.born_from and evidence.born_to:
        return f"Between {long_date(evidence.born_from)} and {long_date(evidence.born_to)}"
    return ""


def where(known: Known) -> str:
    """The current address in one line; the same words where nobody knows it as where it is not for this reader."""
    if not known.evidence.addresses:
        return not_shown()
    address = known.evidence.addresses[0]
    return ", ".join(part for part in (*address.lines, address.postcode) if part)


def _searched(known: Known) -> list[tuple[str, str]]:
    """The tracker's own questions, filled in. They go in the body of a form: never in an address."""
    evidence = known.evidence
    home = evidence.addresses[0] if evidence.addresses else None
    day = evidence.birth_date
    fields = {
        "given": evidence.given_names,
        "family": evidence.family_name,
        "other": evidence.other_names[0] if evidence.other_names else "",
        "born_day": str(day.day) if day else "",
        "born_month": str(day.month) if day else "",
        "born_year": str(day.year) if day else "",
        "sex": evidence.sex if evidence.sex in ("F", "M") else "",
        "address": ", ".join(home.lines) if home else "",
        "postcode": home.postcode if home else "",
        "nhs_number": evidence.nhs_number,
        "phone": evidence.phones[0] if evidence.phones else "",
    }
    return [(name, value) for name, value in fields.items() if value]


def words(plain: dict[str, Any]) -> list[Row]:
    """Each answer of a referral under its question. Whom it is about is in the panel of people."""
    return [Row(_question(name), _answer(value)) for name, value in plain.items() if _shows(name, value)]


def _shows(name: str, value: Any) -> bool:
    return name not in NOT_WORDS and value not in ("", None, [], {}, False)


def _question(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _answer(value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, dict):
        return "; ".join(f"{_question(key)}: {_answer(each)}" for key, each in value.items() if each not in ("", None))
    return ", ".join(_answer(each) for each in value) if isinstance(value, list) else str(value)
