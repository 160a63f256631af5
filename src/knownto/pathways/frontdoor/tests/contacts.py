"""Contacts to test with: opened as a referral opens them, by a school's lead and by an officer."""

from datetime import date

from django.test import Client

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.middleware import SECOND_FACTOR
from knownto.casework import acts
from knownto.casework.models import Episode
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.reads import by_sign_in_name

HOME = Address(("4 Tallow Row",), "QK1 2AB")
TOBIAS = Evidence(family_name="Wrenshaw", given_names="Tobias", birth_date=date(2016, 3, 4), addresses=(HOME,))
ORLA = Evidence(family_name="Wrenshaw", given_names="Orla", birth_date=date(2019, 8, 21), addresses=(HOME,))
PRIYA = Evidence(family_name="Ashdown", given_names="Priya", birth_date=date(2009, 1, 9))
SAID = {"kind": "child", "what_happened": "A mark on his arm, and he will not say how.", "consent": "told"}


def contact(now, *children, writer="school.lead", urgency="", **said) -> Episode:
    """A contact that this writer sent."""
    worker = by_sign_in_name(writer)
    by = Actor(worker.pk, worker.agency_id, ",".join(worker.roles))
    with system("test"):
        made = acts.open_episode(
            by=by,
            pathway_code="contact",
            origin=acts.Origin(worker.agency_id, worker.team, worker.pk),
            about=[acts.Somebody("subject", child) for child in children or (TOBIAS,)],
            urgency=urgency,
            now=now,
        )
        acts.say(episode=made, kind="referral", plain=SAID | said, by=by, now=now)
    return made


def anew(episode) -> Episode:
    with system("test"):
        return Episode.objects.select_related("team").get(pk=episode.pk)


def client_of(sign_in: str) -> Client:
    """A session as the product begins one."""
    client, worker = Client(), by_sign_in_name(sign_in)
    client.force_login(worker, backend="knownto.site.sign_in.BySealedName")
    session, at = client.session, clock.now().timestamp()
    session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
    session.save()
    return client
