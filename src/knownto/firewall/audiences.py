"""Who will read it: a worker on a page, an agency's own system, a partner's team, a person, or nobody can say."""

from dataclasses import dataclass

from knownto.access.viewer import Viewer
from knownto.linkage import Evidence
from knownto.partners.models import Worker


@dataclass(frozen=True, slots=True)
class Audience:
    """A reader. `leaves`: it goes out of here (paper, a file, a message, another system), so that nobody can say who
    reads it next. `person`: the member of the public whom it is for.
    """

    agency: str = ""
    team: int | None = None
    name: str = ""
    leaves: bool = False
    person: Evidence | None = None


def on_page(viewer: Viewer) -> Audience:
    """A signed-in worker, who looks at it here."""
    return Audience(viewer.agency, _team_of(viewer), viewer.name)


def on_paper(viewer: Viewer) -> Audience:
    """The same worker, printing or saving it."""
    return Audience(viewer.agency, _team_of(viewer), viewer.name, leaves=True)


def to_agency(agency: str, team: int | None = None) -> Audience:
    """An agency's own system, or a team that is written to. Without a team: any of its teams may read it."""
    return Audience(agency, team, leaves=True)


def to_person(person: Evidence) -> Audience:
    """Somebody who does not work here: a parent, the adult it is about, the subject of an access request."""
    return Audience(person=person, leaves=True)


def _team_of(viewer: Viewer) -> int | None:
    return Worker.objects.filter(pk=viewer.worker_id).values_list("team", flat=True).first()
