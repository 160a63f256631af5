"""One meeting of one piece of work, and whose seat is whose at it."""

from uuid import UUID

from knownto.access.acts import Viewer
from knownto.access.refusals import NotYours
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.casework.models import Episode, Invitation, Meeting
from knownto.pathways.frontdoor.seats import rules

# Whoever is only invited sees a meeting; those whose work it is run it.
RUNS = frozenset({"hub", "allocated"})


def must_run(entered: Entered) -> Episode:
    """The work, for whoever runs its meetings. Raises NotYours for whoever is only invited, asked or told."""
    if not entered.parts & RUNS:
        raise NotYours
    return entered.episode


def the_meeting(episode: Episode, identity: UUID) -> Meeting:
    """That meeting of that work. Raises NotYours where it is another's: it looks like one that there is not."""
    found = Meeting.objects.filter(pk=identity, episode=episode).select_related("episode__team").first()
    if found is None:
        raise NotYours
    return found


def mine(by: Viewer, meeting: Meeting) -> Invitation | None:
    """The viewer's own invitation to it, or their team's."""
    team = reads.team_of(by)
    found = Invitation.objects.filter(meeting=meeting).exclude(invited_at=None)
    own = found.filter(worker=by.worker_id) | found.filter(worker=None, team=team)
    return own.order_by("worker").first()


def my_seat(by: Viewer, meeting: Meeting) -> Invitation:
    """The viewer's seat at it. Raises NotYours where they have none."""
    own = mine(by, meeting)
    if own is None:
        raise NotYours
    return own


def at_the_table(meeting: Meeting) -> set[str]:
    """The agencies invited to it, and the one whose work it is."""
    invited = set(Invitation.objects.filter(meeting=meeting).exclude(invited_at=None).values_list("agency", flat=True))
    team = meeting.episode.team
    return invited | ({team.agency_id} if team else set())


def name_of(meeting: str, office: str) -> str:
    """What a seat at that kind of meeting is called."""
    return next((rule.name for rule in rules(meeting) if rule.code == office), "Invited as well")
