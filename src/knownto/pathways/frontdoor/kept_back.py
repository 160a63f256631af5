"""The people of a piece of work, and what was written of them, as far as a reader may learn where they can be found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knownto.casework.reads import Known
from knownto.firewall.audiences import Audience
from knownto.firewall.checks import Cleared, Whom, clear
from knownto.pathways.frontdoor.referral import Adult, Child, Referral
from knownto.pathways.frontdoor.seats import school

SCHOOL, SURGERY = "school", "surgery"


@dataclass(frozen=True, slots=True)
class Kept:
    """Somebody of a piece of work as a reader may see them, and whom it must not reach."""

    known: Known
    warning: str


def known_for(known: Sequence[Known], reader: Audience) -> list[Kept]:
    """Those people for that reader, looked up together."""
    found = clear([Whom(each.evidence, _schools(each), _surgeries(each)) for each in known], reader)
    return [Kept(_without(each, cleared), cleared.warning) for each, cleared in zip(known, found, strict=True)]


def _without(known: Known, cleared: Cleared) -> Known:
    more = {name: value for name, value in known.more.items() if name not in cleared.hides}
    return replace(known, evidence=cleared.evidence, more=more)


def _schools(known: Known) -> tuple[str, ...]:
    return schools_named(str(known.more.get(SCHOOL) or ""))


def _surgeries(known: Known) -> tuple[str, ...]:
    return tuple(filter(None, (str(known.more.get(SURGERY) or ""),)))


def schools_named(written: str) -> tuple[str, ...]:
    """A school as it was written down, by code or name, and as it is called."""
    found = school(written) if written else None
    return tuple(dict.fromkeys(filter(None, (written, found.name if found else ""))))


@dataclass(frozen=True, slots=True)
class Letter:
    """A referral for a reader, with whom it must not reach, of each of its people."""

    referral: Referral
    warnings: tuple[str, ...] = ()


def letter_for(referral: Referral, reader: Audience) -> Letter:
    """That referral for that reader, its people looked up together. What is said in words stays as it was written."""
    whom = [Whom(each.evidence, schools_named(each.school)) for each in referral.children]
    whom += [Whom(each.evidence) for each in referral.adults]
    found = clear(whom, reader)
    children, adults = found[: len(referral.children)], found[len(referral.children) :]
    shown = replace(
        referral,
        children=tuple(_child(*each) for each in zip(referral.children, children, strict=True)),
        adults=tuple(_adult(*each) for each in zip(referral.adults, adults, strict=True)),
    )
    return Letter(shown, _warnings(found))


def _child(child: Child, cleared: Cleared) -> Child:
    return replace(child, evidence=cleared.evidence, school=cleared.school(child.school))


def _adult(adult: Adult, cleared: Cleared) -> Adult:
    return replace(adult, evidence=cleared.evidence)


def _warnings(found: Iterable[Cleared]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.warning for each in found if each.warning))
