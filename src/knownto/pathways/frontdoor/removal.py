"""The powers by which a child is kept safe at once, as data. Each has a time of its own, counted from its use."""

from collections.abc import Mapping
from dataclasses import dataclass

from knownto.casework.pathway import Move

MANAGER = ("council-manager", "emergency-duty")
COUNCIL = ("council", *MANAGER)


@dataclass(frozen=True, slots=True)
class Power:
    """One of them. `code` is its limit, the decision that uses it, and with "-ends" the decision that ends it."""

    code: str
    name: str
    used: str
    ended: str
    by: tuple[str, ...]
    ends_by: tuple[str, ...]
    law: str

    @property
    def ends(self) -> str:
        return f"{self.code}-ends"


POWERS: Mapping[str, Power] = {
    power.code: power
    for power in (
        Power("police-protection", "Police protection", "Take into police protection", "Police protection ends",
              ("police",), ("police", *COUNCIL), "Children Act 1989, section 46: 72 hours at the most."),
        Power("emergency-order", "Emergency protection order", "Emergency protection order made",
              "Emergency protection order ends", MANAGER, MANAGER,
              "Children Act 1989, sections 44 and 45: made by a court, for 8 days at the most at first."),
        Power("section-20", "Section 20 accommodation", "Accommodate under section 20", "Section 20 ends",
              MANAGER, MANAGER,
              "Children Act 1989, section 20: where nobody with parental responsibility who can provide for the child "
              "objects."),
    )
}  # fmt: skip


def moves(sources: frozenset[str]) -> tuple[Move, ...]:
    """The decisions that use and end each power, while the work stands in those states. None of them moves it."""
    found = []
    for power in POWERS.values():
        found.append(Move(power.code, power.used, sources, "same", power.by, starts=(power.code,), hint=power.law))
        found.append(Move(power.ends, power.ended, sources, "same", power.ends_by, stops=(power.code,)))
    return tuple(found)
