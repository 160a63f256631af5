"""Some families of the borough had to go where somebody must not find them: an order is recorded, and its day comes.

Who they are follows from the time of their discussion alone, so that nothing else in the year falls out differently.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import system
from knownto.casework.models import Participation
from knownto.firewall import acts as firewall
from knownto.firewall.models import Protection
from knownto.pathways.frontdoor import facts
from knownto.town.people_at_work import Hands

ONE_IN = 6
OVER_ALREADY = 0.4  # orders of a few weeks, which somebody must look at by now
ASKED = 0.5  # of those: somebody asks to lift it, and a second person must decide
NOTE = "Moved to a place that the police and the refuge know. Made by the family court at Hallowbridge."


def perhaps_protect(episode: UUID, hands: Hands, starts: datetime, now: datetime) -> None:
    """After a discussion: where they live must not be known, by an order that somebody has seen."""
    chance = Random(f"protected {starts.isoformat()}")
    if chance.random() * ONE_IN >= 1:
        return
    with system("town"):
        child = Participation.objects.filter(episode=episode, role="subject").values_list("pk", flat=True).first()
    if child is None:
        return
    days = 28 if chance.random() < OVER_ALREADY else 365
    today, manager = localdate(now), hands("hub.manager")
    order = facts.Recording("protected-address", (child,), "seen", today, today + timedelta(days=days), note=NOTE)
    said = facts.record(by=manager, episode=episode, fact=order, now=now)
    if days < 365 and chance.random() < ASKED:
        _ask_to_lift(said.pk, hands, now)


def _ask_to_lift(fact: UUID, hands: Hands, now: datetime) -> None:
    with system("town"):
        made = Protection.objects.filter(fact=fact).values_list("pk", flat=True).first()
    if made:
        why = "The refuge says that the family has moved on to a home of its own."
        firewall.ask_to_lift(by=hands("screener"), protection=made, why=why, now=now)
