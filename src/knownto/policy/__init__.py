"""May this worker see this, for this reason?

One question, `decide`, asked of plain facts and answered with what may be seen and why, or a refusal with a
code. Nothing here reads a database, a clock or a setting: `access` gathers the facts and obeys the answer.
What each role may do is in `roles`, why people may ask is in `purposes`, and both are written to be read by
the people whose information it is.
"""

from knownto.policy.decide import (
    Allow,
    Asker,
    Everything,
    Nothing,
    OfAgency,
    Refuse,
    Request,
    decide,
    visible,
)
from knownto.policy.glass import LIFE_REASONS, Breaking, BrokenGlass
from knownto.policy.parts import PARTS
from knownto.policy.permissions import Permission
from knownto.policy.purposes import PURPOSES, Purpose, purposes_for
from knownto.policy.roles import ROLES, Role, role

__all__ = [
    "LIFE_REASONS",
    "PARTS",
    "PURPOSES",
    "ROLES",
    "Allow",
    "Asker",
    "Breaking",
    "BrokenGlass",
    "Everything",
    "Nothing",
    "OfAgency",
    "Permission",
    "Purpose",
    "Refuse",
    "Request",
    "Role",
    "decide",
    "purposes_for",
    "role",
    "visible",
]
