"""Whom a visitor of the demonstration can be: the invented borough's cast, where their accounts are open."""

from dataclasses import dataclass

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
    "data-manager": "Send a file with mistakes in it, and read what is said about each row.",
    "privacy-officer": "Be the screener first and search for somebody. Then come back and see who looked at them.",
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
