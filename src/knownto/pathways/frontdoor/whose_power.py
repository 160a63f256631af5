"""In which power somebody decides on child protection: the council where the work is with them, police wherever."""

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.access.refusals import NotYours
from knownto.casework.entering import Entered
from knownto.casework.pathway import Move
from knownto.pathways.frontdoor.powers import power_of

POLICE = "police"


def power_here(entered: Entered, by: Viewer, move: Move) -> str:
    """The power in which this viewer decides. Raises NotYours.

    Police decide arrest, investigation and police protection wherever they take part: having raised it, or having been
    asked to the discussion. Nobody else's power goes further than the work that is with them.
    """
    if POLICE in move.powers and _as_police(entered, by):
        return POLICE
    return power_of(entered, by, move)


def _as_police(entered: Entered, by: Viewer) -> bool:
    try:
        return bool(check(by, Request(Permission.DECIDE, parts=entered.parts, powers=(POLICE,))))
    except NotYours:
        return False
