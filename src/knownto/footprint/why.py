"""Why somebody asks: the purpose, the piece of work, and how the family stands. Said once for several
searches.
"""

from dataclasses import asdict, dataclass
from typing import Any, Self

from knownto.policy import PURPOSES, Permission, Purpose, Request


@dataclass(frozen=True, slots=True)
class Why:
    """The reason for a search. `family` is a code of policy.FAMILY_STANDING, where the purpose asks for
    one.
    """

    purpose: str
    work: str
    family: str = ""
    family_reason: str = ""

    @property
    def of(self) -> Purpose:
        """The purpose itself. Raises KeyError when there is none of that code."""
        return PURPOSES[self.purpose]

    def request(self, permission: Permission, *, found_by_own_search: bool = False) -> Request:
        """What is put to policy."""
        return Request(
            permission,
            purpose=self.purpose,
            work=self.work,
            family=self.family,
            family_reason=self.family_reason,
            found_by_own_search=found_by_own_search,
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Self:
        return cls(**found)
