"""Work on child protection for the tests, made through the acts that the pages use."""

from contextlib import contextmanager
from datetime import date, timedelta

from knownto.access.acts import system
from knownto.casework import acts, reads
from knownto.casework.acts import Came, Seat
from knownto.casework.models import Episode, Meeting
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence
from knownto.partners.reads import by_sign_in_name
from knownto.pathways.frontdoor import strategy
from knownto.pathways.frontdoor.holding import Held
from knownto.pathways.frontdoor.invitations import Calling, seats_for

CHILD = Evidence(
    family_name="Wrenshaw",
    given_names="Tobias",
    birth_date=date(2016, 3, 4),
    addresses=(Address(("4 Tallow Row",), "QK1 2AB"),),
)
SECRET = "A bruise like a hand on his left arm."


def actor(sign_in):
    worker = by_sign_in_name(sign_in)
    return Actor(worker.pk, worker.agency_id, ",".join(worker.roles))


def contact(now, *, sexual=False, harm=True, school="school-01", sign_in="officer"):
    """A contact that an officer raised; inside open rows."""
    worker = by_sign_in_name(sign_in)
    child = {"evidence": CHILD.to_json(), "school": school}
    letter = {"kind": "child", "what_happened": SECRET, "significant_harm": harm, "sexual_abuse": sexual}
    row = acts.open_episode(
        by=actor(sign_in),
        pathway_code="contact",
        origin=acts.Origin(worker.agency_id, worker.team, worker.pk),
        about=[acts.Somebody("subject", CHILD, {"school": school})],
        now=now,
    )
    acts.say(episode=row, kind="referral", plain=letter | {"children": [child]}, by=actor(sign_in), now=now)
    return row


def protection(now, **more):
    """Protection work that a manager opened by deciding for a strategy discussion."""
    with system("test"):
        row, manager = contact(now, **more), actor("hub.manager")
        choice = acts.Choice("strategy", "council-manager", "A mark that nobody explains.", level=4)
        acts.decide(episode=row, choice=choice, by=manager, seen=0, now=now)
        return strategy.open_protection(parent=row, by=manager, now=now)


def seats(episode, now, concerns=("physical",), kind="strategy", *, without=()):
    """Every required seat, invited; those in `without` left out with a reason."""
    with system("test"):
        return tuple(
            Seat(each.code, each.team, why_not="Could not be reached" if each.code in without else "")
            for each in seats_for(episode, kind, now, concerns)
            if each.required
        )


def calling(episode, now, *, concerns=("physical",), kind="strategy", without=()):
    starts = now + timedelta(hours=2)
    return Calling(kind, starts, starts + timedelta(hours=1), "Room 4", "A mark that nobody explains",
                   seats(episode, now, concerns, kind, without=without), frozenset(concerns))  # fmt: skip


def called(viewer_of, episode, now, **more):
    by, seen = viewer_of("hub.manager"), fresh(episode).decided
    return strategy.call(by=by, episode=episode.id, calling=calling(episode, now, **more), seen=seen, now=now)


def held_by(meeting, now, *, absent=(), why="They did not answer the telephone", **more):
    """Everybody invited came, but those whose office is in `absent`."""
    with system("test"):
        rows = list(Meeting.objects.get(pk=meeting.pk).invitations.all())
    attendance = {
        row.pk: Came(False, why_not=why) if row.office in absent else Came(row.invited_at is not None) for row in rows
    }
    return Held(now, attendance, **({"discussed": "What is known, and what is not"} | more))


def held(viewer_of, meeting, now, **more):
    by, seen = viewer_of("hub.manager"), fresh(meeting.episode).decided
    record = held_by(meeting, now, **more)
    return strategy.hold(by=by, episode=meeting.episode_id, meeting=meeting.pk, held=record, seen=seen, now=now)


def decided(viewer_of, episode, move, now, *, sign_in="hub.manager", level=4, **facts):
    deciding = strategy.Deciding(move, "Reasonable cause to suspect significant harm.", level, facts)
    seen = fresh(episode).decided
    return strategy.decide(by=viewer_of(sign_in), episode=episode.id, deciding=deciding, seen=seen, now=now)


def fresh(episode):
    with system("test"):
        return Episode.objects.get(pk=episode.pk)


@contextmanager
def opened(episode):
    """The work as it stands, with its rows open."""
    with system("test"):
        yield Episode.objects.get(pk=episode.pk)


def clock(episode, limit):
    """The last clock of that limit, running or not."""
    with opened(episode) as row:
        return row.clocks.filter(limit=limit).order_by("id").last()


__all__ = ["actor", "reads"]
