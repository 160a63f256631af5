"""Where others agree with one another and differ: told only that it is so. Pure.

A present address and sex are not compared at all. That somebody has moved may be what they are kept safe from, and
that their recorded sex has changed is nobody's mistake and protected information (Gender Recognition Act 2004, s22).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from knownto.linkage import Cleaned
from knownto.linkage.standards import standard_family

Says = Callable[[Cleaned], frozenset[object]]


def _family(c: Cleaned) -> frozenset[object]:
    return frozenset(c.family_core) | {standard_family(f) for o in c.others for f in o.family}


def _given(c: Cleaned) -> frozenset[object]:
    return frozenset((*c.given_standard, *c.call_roots))


# code -> (the field that agencies must hold, what a record says of it; what it says besides, such as a former name)
FIELDS: dict[str, tuple[str, Says]] = {
    "born-differs": ("Date of birth", lambda c: frozenset([c.birth] if c.birth else [])),
    "family-differs": ("Family name", _family),
    "given-differs": ("Given names", _given),
    "nhs-superseded": ("NHS number", lambda c: frozenset([c.nhs_number] if c.nhs_number else [])),
    "upn-superseded": ("Pupil number (UPN)", lambda c: frozenset([c.upn] if c.upn else [])),
}
# More than one of these at once is a person with a new identity, and not a clerk's slip: adoption, protection.
WHO_THEY_ARE = frozenset(("family-differs", "given-differs", "nhs-superseded"))


def differences(
    ours: Cleaned, others: Mapping[str, Sequence[Cleaned]], compared: frozenset[str], least: int
) -> list[str]:
    """The codes in which at least `least` agencies agree with one another, and none of them with us.

    `others` are the records of the same person, by agency; `compared` the codes that may be told of at all.
    """
    found = [code for code in FIELDS if code in compared and _differs(FIELDS[code][1], ours, others, least)]
    return [] if len(WHO_THEY_ARE.intersection(found)) > 1 else found


def _differs(says: Says, ours: Cleaned, others: Mapping[str, Sequence[Cleaned]], least: int) -> bool:
    mine = says(ours)
    if not mine:
        return False
    each = [theirs for records in others.values() if (theirs := _one_answer(says, records))]
    if any(theirs & mine for theirs in each):
        return False
    agreeing = Counter(value for theirs in each for value in theirs)
    return max(agreeing.values(), default=0) >= least


def _one_answer(says: Says, records: Sequence[Cleaned]) -> frozenset[object]:
    """What an agency says; nothing where its own records contradict one another."""
    said = [answer for record in records if (answer := says(record))]
    return frozenset.intersection(*said) if said else frozenset()
