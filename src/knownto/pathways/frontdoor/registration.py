"""The pathways of the front door, taken in when the product starts."""

from knownto.casework.register import register
from knownto.pathways.frontdoor.known import FINDERS
from knownto.pathways.frontdoor.pathway import ADULT, CHALLENGE, CONSIDERED, CONTACT, SUPPORT
from knownto.pathways.frontdoor.protection import PROTECTION

PATHWAYS = (CONTACT, SUPPORT, PROTECTION, ADULT, CONSIDERED, CHALLENGE)


def register_all() -> None:
    """Raises BadPathway: with one that would let work drop, the product does not start."""
    for pathway in PATHWAYS:
        register(pathway, {code: FINDERS[code] for code in pathway.needs})
