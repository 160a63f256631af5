"""Work of the front door as these tests need it: a referral from the school, decided as the hub decides."""

from datetime import date

from knownto.access.acts import system
from knownto.casework import acts
from knownto.casework.acts import Choice, Origin, Somebody
from knownto.casework.entering import entering
from knownto.casework.models import Episode
from knownto.casework.register import pathway
from knownto.casework.words import opened
from knownto.linkage import Address, Evidence
from knownto.partners.models import Team
from knownto.pathways.frontdoor import feedback
from knownto.policy import Permission

HOME = (Address(("4 Tallow Row",), "QK1 2AB"),)
CHILD = Evidence("Wrenshaw", "Tobias", birth_date=date(2016, 3, 4), addresses=HOME)
SISTER = Evidence("Wrenshaw", "Marigold", birth_date=date(2019, 8, 12), addresses=HOME)
MOTHER = Evidence("Wrenshaw", "Philippa", birth_date=date(1990, 2, 11), addresses=HOME)
FATHER = Evidence("Okonedo", "Lancelot", birth_date=date(1988, 7, 30), phones=("07700 900123",))
ADULT = Evidence("Thistlewood", "Ernest", birth_date=date(1941, 5, 2), addresses=HOME)
FAMILY = (("subject", CHILD), ("parent", MOTHER), ("parent", FATHER))


def refer(sender, now, *, people=FAMILY, pathway_code="contact", team=None, parent=None) -> Episode:
    """A worry that `sender` (a viewer) raised; with sender None, one that came from no agency's account."""
    with system("test"):
        mine = Team.objects.filter(worker=sender.worker_id).first() if sender else None
        origin = Origin(sender.agency, mine, sender.worker_id) if sender else Origin("childrens-social-care")
        about = [Somebody(role, evidence) for role, evidence in people]
        by = sender.actor if sender else feedback.Actor(None, "childrens-social-care", "test")
        row = acts.open_episode(
            by=by, pathway_code=pathway_code, origin=origin, about=about, team=team, parent=parent, now=now
        )
        if sender:
            acts.take_part(episode=row, role="referrer", agency=sender.agency, worker=sender.worker_id, by=by, now=now)
        return row


def part(episode, role, at=0):
    """The participation of somebody of that role; of the parents, the mother is first."""
    with system("test"):
        rows = list(episode.participations.filter(part="about", role=role))
        named = zip(rows, opened(rows), strict=True)
        order = sorted(named, key=lambda each: each[1]["evidence"].get("family_name", ""), reverse=True)
        return order[at][0]


def decide(viewer, episode, move, now, *, level=None, words="", rationale="It was weighed.", tell=True):
    """Decide as the hub does, and tell."""
    powers = pathway(episode.pathway).move(move).powers
    with entering(viewer, episode.id, Permission.DECIDE, powers=powers, kind="decided", now=now) as entered:
        choice = Choice(move, entered.power(*powers), rationale, level=level)
        seen = entered.episode.decided
        decision = acts.decide(episode=entered.episode, choice=choice, by=viewer.actor, seen=seen, now=now)
        if tell:
            feedback.tell_outcome(
                episode=entered.episode,
                decision=decision,
                words=words,
                by=viewer.actor,
                entry=entered.granted.entry,
                now=now,
            )
    return decision
