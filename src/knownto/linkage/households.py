"""Who lives with whom: never from an address alone, since strangers share houses, hostels and refuges."""

from knownto.linkage.agreement import two_places
from knownto.linkage.cleaning import Cleaned
from knownto.linkage.model import Reason

_ADDRESS = Reason("place", "same_home", 0.0, "Same address")
_NAME = Reason("family", "same", 0.0, "Same family name")
_PHONE = Reason("contact", "phone", 0.0, "Same phone number")
_EMAIL = Reason("contact", "email", 0.0, "Same email address")
_GROUPED = Reason("household", "same", 0.0, "Grouped as one household by a partner")


def tied_as_household(a: Cleaned, b: Cleaned) -> tuple[Reason, ...]:
    """Why two records seem of one household: the same exact current home and one more tie; else ().

    Only compare `household` groupings of one partner: clear the other's before asking.
    """
    if not a.places or not b.places or two_places(a.places[0], b.places[0]) != "same_home":
        return ()
    ties = tuple(_ties(a, b))
    return (_ADDRESS, *ties) if ties else ()


def _ties(a: Cleaned, b: Cleaned) -> list[Reason]:
    found = (
        (_NAME, _family_names(a) & _family_names(b)),
        (_PHONE, set(a.phones) & set(b.phones)),
        (_EMAIL, set(a.emails) & set(b.emails)),
        (_GROUPED, a.household and a.household == b.household),
    )
    return [reason for reason, tied in found if tied]


def _family_names(c: Cleaned) -> set[str]:
    """Without Singh, Kaur, Begum and Bibi: a customary name is no tie, so many unrelated people bear it."""
    return set(c.family_core)
