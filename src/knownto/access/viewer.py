"""The person who is asking, as the rest of the product sees them."""

from dataclasses import dataclass
from uuid import UUID

from knownto.ledger.acts import Actor
from knownto.partners.models import Worker
from knownto.policy import Asker, Permission, role


@dataclass(frozen=True)
class Viewer:
    """A signed-in worker. `agency` and `roles` are codes; `name` is for the page header only."""

    worker_id: UUID
    agency: str
    roles: frozenset[str]
    active: bool = True
    second_factor: bool = True
    name: str = ""
    agency_name: str = ""

    @property
    def asker(self) -> Asker:
        return Asker(self.agency, self.roles, self.active, self.second_factor)

    @property
    def actor(self) -> Actor:
        return Actor(self.worker_id, self.agency, ",".join(sorted(self.roles)))

    @property
    def role_names(self) -> str:
        return ", ".join(role(code).name for code in sorted(self.roles))

    def may(self, permission: Permission) -> bool:
        """Does any role of theirs include it? What needs a purpose is decided again when it is asked for."""
        return self.active and any(permission in role(code).permissions for code in self.roles)


def viewer_of(worker: Worker, *, second_factor: bool) -> Viewer:
    """The viewer that a signed-in worker is."""
    return Viewer(
        worker.id,
        worker.agency_id,
        frozenset(worker.roles),
        worker.is_active,
        second_factor,
        worker.name,
        worker.agency.name,
    )
