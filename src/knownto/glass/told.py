"""Who is told at once that the glass was broken, and who is asked whether it was right: never nobody."""

from knownto.access.refusals import NotPossibleNow
from knownto.access.viewer import Viewer
from knownto.partners import offices
from knownto.partners.models import Team, Worker
from knownto.partners.offices import NoSuchOffice
from knownto.policy import ROLES, Permission

# In this order: the privacy office, or whoever answers for the hub by day or by night where none is named.
FOR_PRIVACY = ("privacy", "hub", "night")
REVIEWS = [code for code, role in ROLES.items() if Permission.GLASS_REVIEW in role.permissions]


def privacy_team(agency: str) -> Team:
    """Who is told for the privacy officer. Raises NotPossibleNow where nobody at all could be."""
    for office in FOR_PRIVACY:
        if found := _there(office):
            return found
    try:
        return offices.front_door_of(agency)
    except NoSuchOffice:
        raise NotPossibleNow("nobody-to-tell", "There is nobody here who could be told. Ring 999.") from None


def supervisors_team(by: Viewer, own: Team | None) -> Team | None:
    """The team of somebody else of their agency who may review it, their own team first; the hub where there is none.

    None where only the privacy office is left.
    """
    found = Worker.objects.filter(agency=by.agency, is_active=True, roles__overlap=REVIEWS, team__isnull=False)
    others = found.exclude(pk=by.worker_id).exclude(roles__contains=["privacy-officer"])
    teams = {worker.team_id: worker.team for worker in others.select_related("team__agency").order_by("team", "pk")}
    if own and own.pk in teams:
        return teams[own.pk]
    return next(iter(teams.values()), None) or (_there("hub") if by.agency != _agency_of("hub") else None)


def workers_team(worker: Worker, privacy: Team) -> Team:
    """The team in which the worker owes what came of it; without a team, their agency's or privacy's."""
    if worker.team:
        return worker.team
    try:
        return offices.front_door_of(worker.agency_id)
    except NoSuchOffice:
        return privacy


def _there(office: str) -> Team | None:
    try:
        return offices.team_of(office)
    except NoSuchOffice:
        return None


def _agency_of(office: str) -> str:
    found = _there(office)
    return found.agency_id if found else ""
