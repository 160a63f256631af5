"""Whom a visitor of the demonstration can be: the invented borough's cast, where their accounts are open."""

import csv
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from knownto.partners.models import Worker, sign_in_token
from knownto.partners.reads import by_sign_in_name
from knownto.policy import Role, role
from knownto.town.cast import personas as cast

# What to look at first, by role: a newcomer does not know what there is.
TRY = {
    "screener": "A school has rung about a pupil. Search for the child and read the answer.",
    "officer": "You are at an address. Search for it from a phone.",
    "health-practitioner": "Search for a baby who was not brought to an appointment.",
    "school-lead": "Search for a pupil: you see whom to ring, and no more than that.",
    "out-of-hours": "It is two in the morning. Search, and print what you found for the file.",
    "hub-manager": "Open the board, and decide on what waits.",
    "social-worker": "See what is with you, and call a strategy discussion.",
    "conference-chair": "Give your view in a disagreement that has come to you.",
    "hub-health": "Analyse and sign what health knows of a family.",
    "general-practitioner": "Answer the hub's request about a patient.",
    "supervisor": "Read what your officers referred, and say how good it was.",
    "adult-social-worker": "Decide whether section 42 applies.",
    "data-manager": "Send a file with mistakes in it, and read what is said about each row.",
    "matching-reviewer": "Open the next pair, and say whether it is one person: 1, 2 or 3 on the keyboard.",
    "matching-lead": "See what two reviewers disagree on, and who has not yet said that they know of a wrong link.",
    "privacy-officer": "Be the screener first and search for somebody. Then come back and see who looked at them.",
    "guardian": "Somebody has looked for a child whom nobody may find. Ring back, and say what you did.",
    "scrutineer": "See how much the tracker is used, by whom and for what, without seeing anybody.",
    "administrator": "Open an account for a new worker, and try to give yourself a role.",
}


@dataclass(frozen=True)
class Persona:
    """Somebody to be. `code` is in the address of their button."""

    code: str
    name: str
    does: str
    role: Role

    @property
    def try_this(self) -> str:
        return TRY.get(self.role.code, "")


def listed() -> tuple[Persona, ...]:
    """Everybody in the cast, in its order."""
    return tuple(Persona(p.sign_in, p.name, p.does, role(p.roles[0])) for p in cast())


def here() -> list[Persona]:
    """Those whose accounts are open in this database."""
    tokens = {sign_in_token(p.code): p for p in listed()}
    there = set(Worker.objects.filter(sign_in__in=tokens, is_active=True).values_list("sign_in", flat=True))
    return [persona for token, persona in tokens.items() if token in there]


def worker(code: str) -> Worker | None:
    """The account of that persona, when it is open. Nobody outside the cast can be become."""
    found = by_sign_in_name(code) if any(p.code == code for p in listed()) else None
    return found if found and found.is_active else None


@dataclass(frozen=True)
class ToTry:
    """Somebody to search for: what to type, and why they are of interest."""

    search: str
    title: str


def to_try() -> list[ToTry]:
    """The borough's people with a story, for a newcomer to look up. Only a built demonstration has them."""
    path = settings.VAR / "town" / "truth" / "stories.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        return [ToTry(_typed(line["known"]), line["title"]) for line in csv.DictReader(file)]


def _typed(known: str) -> str:
    """What is known of somebody, as it would be typed: names first, then the rest with its label."""
    facts = dict(fact.split("=", 1) for fact in known.split("; ") if "=" in fact)
    name = " ".join(facts.pop(part, "") for part in ("given_names", "family_name")).strip()
    facts.pop("unborn", "")
    if born := facts.pop("birth_date", ""):
        facts = {"born": f"{date.fromisoformat(born):%-d %B %Y}"} | facts
    return ", ".join([*([name] if name else []), *(f"{k.replace('_', ' ')} {v}" for k, v in facts.items())])
