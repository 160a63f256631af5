"""Who acts in a story, on what, and what is there already."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from knownto.access.acts import Viewer, system
from knownto.access.viewer import viewer_of
from knownto.casework import reads
from knownto.casework.models import Ask, Episode
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import (
    deciding,
    referring,
)  # fmt: skip
from knownto.pathways.frontdoor.tests.refer import referral
from proof_tests.breaking import Breaking

WHY = "What was seen, what it means for the child, and what follows."


@dataclass
class Scene:
    """Who acts, and on what. `go` does an act after every kill there can be."""

    go: Breaking
    now: datetime

    def who(self, sign_in: str) -> Viewer:
        return viewer_of(by_sign_in_name(sign_in), second_factor=True)

    def of(self, identity: UUID) -> Episode:
        with system("proof"):
            return Episode.objects.select_related("team").get(pk=identity)

    def seen(self, identity: UUID) -> int:
        return self.of(identity).decided

    def people(self, identity: UUID, *roles: str) -> list[UUID]:
        with system("proof"):
            known = reads.people([self.of(identity)])[identity]
        return [each.id for each in known if not roles or each.role in roles]

    def ask(self, identity: UUID, kind: str) -> Ask:
        """The last of that kind that is not answered."""
        with system("proof"):
            found = Ask.objects.filter(episode=identity, kind=kind, answered_at=None)
            return found.select_related("to_team").order_by("asked_at").last()

    def follows(self, identity: UUID, pathway: str) -> UUID:
        with system("proof"):
            return Episode.objects.get(parent=identity, pathway=pathway).id

    def sent(self, intent: str, **more: Any) -> UUID:
        """A referral that is there already: what is played is what comes after it."""
        return referring.send(by=self.who("officer"), referral=referral(**more), intent=intent, now=self.now).episode

    def decided(self, identity: UUID, move: str, level: int, **more: Any) -> None:
        """The hub's manager decides; the act itself is played once in each of the stories that are about deciding."""
        self.go(
            deciding.decide, by=self.who("hub.manager"), episode=identity, move=move, level=level, rationale=WHY,
            override_why="It departs from what was written, because of what was seen since.", words="",
            seen=self.seen(identity), now=self.now, **more,
        )  # fmt: skip
