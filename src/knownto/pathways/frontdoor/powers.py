"""In which power somebody decides: the council decides section 47, the emergency duty team at night, the chair..."""

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.casework.entering import Entered
from knownto.casework.pathway import Move

NIGHT = "emergency-duty"
# Whoever wrote a referral, or was asked about it, does not thereby decide it, whatever power they hold elsewhere.
DECIDES = frozenset({"hub", "allocated"})


def power_of(entered: Entered, by: Viewer, move: Move) -> str:
    """The power of that move in which this viewer decides: the night's where they are the night, so that it shows.

    Raises NotYours where they hold none of them, or the work is not with them.
    """
    request = Request(Permission.DECIDE, parts=entered.parts & DECIDES, powers=move.powers)
    held = check(by, request).fields
    return next(power for power in (NIGHT, *move.powers) if power in held)
