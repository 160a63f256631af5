"""Those who do the work of the fictional borough: its cast, and colleagues who share the load, as viewers."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.access.viewer import viewer_of
from knownto.partners import acts as partners
from knownto.partners.reads import by_sign_in_name

# Colleagues of the cast: nobody signs in as them, but work needs more than one pair of hands.
# (sign-in name, name, agency, team, role)
COLLEAGUES = (
    ("screener.two", "Bethan Morris", "childrens-social-care", "mash", "screener"),
    ("night.two", "Alan Goodge", "childrens-social-care", "emergency-duty", "out-of-hours"),
    ("social.worker.two", "Farida Khan", "childrens-social-care", "assessment", "social-worker"),
    ("family.worker", "Josie Marlow", "childrens-social-care", "family-safeguarding", "social-worker"),
    ("early.help", "Kwame Asante", "childrens-social-care", "early-help", "social-worker"),
    ("adult.social.worker.two", "Piotr Wolski", "adult-social-care", "front-door", "adult-social-worker"),
    ("officer.two", "Police Constable Ella Trent", "police", "response", "officer"),
    ("health.supervisor", "Mary Okafor", "hospital", "safeguarding-children", "supervisor"),
    ("head.teacher", "Angela Brook", "school", "school-01", "supervisor"),
    ("practice.manager", "Neil Farrow", "gp", "safeguarding-lead", "supervisor"),
    ("mental.health", "Dr Sian Rees", "mental-health", "children-duty", "health-practitioner"),
    ("lodestone", "Curtis Bell", "substance-misuse", "duty", "health-practitioner"),
    ("probation", "Hilary Ashe", "probation", "safeguarding", "supervisor"),
    ("housing", "Dev Chaudhry", "housing", "tenancy-support", "supervisor"),
)


@dataclass
class Hands:
    """Everybody by their sign-in name, looked up once."""

    known: dict[str, Viewer] = field(default_factory=dict)

    def __call__(self, sign_in: str) -> Viewer:
        if sign_in not in self.known:
            worker = by_sign_in_name(sign_in)
            if worker is None:
                raise LookupError(sign_in)
            self.known[sign_in] = viewer_of(worker, second_factor=True)
        return self.known[sign_in]


def open_colleagues(by: Any, now: datetime) -> None:
    """Open their accounts, those that are not there yet. Their passwords are known to nobody."""
    for sign_in, name, agency, team, role in COLLEAGUES:
        try:
            partners.open_account(
                sign_in_name=sign_in,
                name=name,
                agency=agency,
                team=team,
                roles=(role,),
                password=secrets.token_urlsafe(24),
                by=by,
                now=now,
                simulated=True,
            )
        except partners.NameTaken:
            continue
