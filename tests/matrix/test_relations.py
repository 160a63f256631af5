"""Pages of a piece of work, in every way of standing to it: none answers otherwise than somebody wrote down.

Four roles stand for all: who screens, who decides, who works and who supervises. KNOWNTO_STANDING is one cell in how
many (7; a campaign 1).
"""

import os
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from knownto.access.acts import system
from knownto.casework import acts, reads
from knownto.casework.models import Participation
from knownto.ledger.acts import Actor
from knownto.linkage import Evidence
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.site.tests import people
from tests.matrix.relations import Stands, expected
from tests.matrix.walk import sign_in

ONE_IN = int(os.environ.get("KNOWNTO_STANDING", "7"))
HUB = Actor(uuid4(), "childrens-social-care", "hub-manager")
CHILD = Evidence(family_name="Quillfeather", given_names="Ottoline")
ROLES = ("screener", "hub-manager", "social-worker", "supervisor")
TEAMS = {
    "hub": ("childrens-social-care", "mash"), "night": ("childrens-social-care", "emergency-duty"),
    "has-it": ("childrens-social-care", "assessment"), "had-it": ("childrens-social-care", "family-safeguarding"),
    "another-team": ("childrens-social-care", "early-help"), "asked": ("hospital", "safeguarding-children"),
    "other-team-of-asked": ("hospital", "sexual-assault-centre"), "invited": ("police", "child-abuse"),
    "other-team-of-sender": ("police", "response"), "another-agency": ("gp", "safeguarding-lead"),
}  # fmt: skip
ELSEWHERE = ("school", "school-01")  # where somebody stands of whom only what they did themselves counts


class Work:
    """A referral from the police that has been through several hands; and one of each role's own."""

    def __init__(self, now):
        self.now = now
        self.workers = {
            role: people.worker(role, sign_in_name=f"stands.{role}")
            for role in ("hub-manager", "social-worker", "supervisor", "screener")
            if role in ROLES
        }
        with system("test"):
            self.shared = self._opened(acts.Origin("police", self._team("police", "domestic-abuse")))
            for team in ("family-safeguarding", "assessment"):
                held = self._team("childrens-social-care", team)
                acts.allocate(episode=self.shared, team=held, worker=None, by=HUB, now=now)
            question = acts.Question("check", self._team(*TEAMS["asked"]), "What do you know?")
            acts.ask(episode=self.shared, question=question, by=HUB, by_team=offices.team_of("hub"), now=now)
            self._invited()
            self.own = {role: self._of(worker) for role, worker in self.workers.items()}

    def _opened(self, origin):
        about = [acts.Somebody("subject", CHILD)]
        opened = acts.open_episode(by=HUB, pathway_code="contact", origin=origin, about=about, now=self.now)
        acts.say(episode=opened, kind="referral", plain={"kind": "child", "consent": "told"}, by=HUB, now=self.now)
        return opened

    def _invited(self):
        starts = self.now + timedelta(hours=2)
        seats = (acts.Seat("police", self._team(*TEAMS["invited"])),)
        plan = acts.Plan("strategy", starts, starts + timedelta(hours=1), "By video", seats)
        acts.call(episode=self.shared, plan=plan, by=HUB, now=self.now)

    def _of(self, worker):
        """One that they sent, one that they take part in, and one in which they did until now."""
        said = {"role": "chair", "agency": worker.agency_id, "worker": worker.pk, "by": HUB, "now": self.now}
        sent = self._opened(acts.Origin("school", self._team(*ELSEWHERE), worker.pk))
        takes, took = self._opened(acts.Origin("police")), self._opened(acts.Origin("police"))
        for episode in (takes, took):
            acts.take_part(episode=episode, **said)
        ended = Participation.objects.get(episode=took, role="chair")
        acts.leave(participation=ended, by=HUB, now=self.now)
        return {"sent": sent, "takes-part": takes, "took-part": took}

    @staticmethod
    def _team(agency, code):
        return Team.objects.get(agency=agency, code=code)

    def stand(self, cell):
        """Put the worker of that role where they stand; gives them and the work."""
        agency, team = TEAMS.get(cell.relation, TEAMS["hub"] if cell.relation == "account-closed" else ELSEWHERE)
        closed = cell.relation == "account-closed"
        worker = self.workers[cell.role]
        Worker.objects.filter(pk=worker.pk).update(
            agency=agency, team=self._team(agency, team), is_active=not closed, closed_at=self.now if closed else None
        )
        return worker, self.own[cell.role].get(cell.relation, self.shared)

    def answer(self, cell):
        worker, episode = self.stand(cell)
        client = Client(raise_request_exception=False)
        sign_in(client, worker)
        response = client.get(reverse(cell.page, args=[episode.pk]))
        if response.status_code >= 500:
            return "broken"
        if response.headers.get("Location", "").startswith("/sign-in/"):
            return "sign-in"
        return "in" if response.status_code in (200, 302) else "no"


@pytest.fixture
def work(borough, now, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    return Work(now)


def faults(work, said, cells):
    """Every cell of those that answers otherwise than was said."""
    answers = ((cell, work.answer(cell)) for cell in cells)
    return [f"{cell} should answer {said[cell]} and answers {got}" for cell, got in answers if got != said[cell]]


def asked(cells):
    """One in so many of those roles' cells: of every page and way of standing to it another of them."""
    return [cell for number, cell in enumerate(c for c in cells if c.role in ROLES) if number % ONE_IN == 0]


def test_every_way_of_standing_to_a_piece_of_work_is_answered_as_somebody_wrote_down(work):
    said = expected()
    wrong = faults(work, said, asked(said))
    assert len(asked(said)) >= 300 // ONE_IN
    assert not wrong, "\n".join(wrong)


def test_it_would_notice_that_somebody_is_let_in_who_does_not_take_part(work, monkeypatch):
    """The negative control: whoever takes no part is taken for one who was asked."""
    cell = Stands("frontdoor:episode", "another-agency", "screener")
    assert faults(work, expected(), [cell]) == []
    monkeypatch.setattr(reads, "parts_of", lambda viewer, episode: frozenset({"asked"}))
    [fault] = faults(work, expected(), [cell])
    assert fault.endswith("should answer no and answers in")


def test_it_would_notice_that_somebody_who_takes_part_is_kept_out(work, monkeypatch):
    cell = Stands("frontdoor:episode", "asked", "screener")
    assert faults(work, expected(), [cell]) == []
    monkeypatch.setattr(reads, "parts_of", lambda viewer, episode: frozenset())
    [fault] = faults(work, expected(), [cell])
    assert fault.endswith("should answer in and answers no")
