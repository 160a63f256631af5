"""Work as the borough has it: a contact about a child, a partner who is asked, and people signed in."""

from datetime import date

import pytest
from django.test import Client

from knownto.access.acts import system
from knownto.casework import acts
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.offices import front_door_of
from knownto.partners.reads import by_sign_in_name

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)


class Casework:
    """Work made as acts of the modules above make it, inside rows opened for a test."""

    def __init__(self, now):
        self.now = now

    def worker(self, name="screener"):
        return by_sign_in_name(name)

    def actor(self, name="screener"):
        worker = self.worker(name)
        return Actor(worker.pk, worker.agency_id, ",".join(worker.roles))

    def contact(self, *, urgency="", child=CHILD, origin="school", now=None, worker=None):
        with system("test"):
            return acts.open_episode(
                by=Actor(None, origin, "school-lead"),
                pathway_code="contact",
                origin=acts.Origin(origin),
                about=[acts.Somebody("subject", child)],
                urgency=urgency,
                worker=worker,
                now=now or self.now,
            )

    def ask(self, episode, *, to=None, words="What do you know since March?", by="screener", now=None, **more):
        with system("test"):
            question = acts.Question(
                more.pop("kind", "check"),
                to or front_door_of("police"),
                words,
                purpose=more.pop("purpose", "child-concern"),
                about=episode.participations.get(role="subject"),
                **more,
            )
            team = self.worker(by).team
            return acts.ask(episode=episode, question=question, by=self.actor(by), by_team=team, now=now or self.now)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    """Hashing a password costs time on purpose; nobody types one here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def fresh(row):
    """That row as the database has it now."""
    with system("test"):
        row.refresh_from_db()
    return row


@pytest.fixture
def casework(borough, now):
    return Casework(now)


@pytest.fixture
def signed_in(borough):
    """`signed_in("police.hub")` is a browser of that persona."""
    from knownto.access import clock
    from knownto.access.middleware import SECOND_FACTOR

    def client(name):
        browser = Client()
        browser.force_login(by_sign_in_name(name), backend="knownto.site.sign_in.BySealedName")
        session, at = browser.session, clock.now().timestamp()
        session.update({SECOND_FACTOR: True, "began": at, "last_seen": at, "shared": True, "proved": {"persona": at}})
        session.save()
        return browser

    return client
