"""When what was shown as one person was two: everybody who saw it is told, and says that they know.

Found from what grouping wrote down, by a sweep: one that is killed tells nobody twice and forgets nobody.
"""

import logging
from collections.abc import Collection, Iterable
from datetime import datetime
from uuid import UUID

from knownto.access.acts import SYSTEM, system
from knownto.casework import acts as casework
from knownto.casework.models import Episode
from knownto.feeds.models import Record
from knownto.identity.models import Change, Person
from knownto.identity.pathway import PURPOSE, TOLD
from knownto.identity.seen_by import Seen, seen
from knownto.partners import offices
from knownto.partners import reads as partners
from knownto.partners.models import Team

log = logging.getLogger(__name__)
AT_ONCE = 100
WORDS = (
    "You were shown, as one person, what several agencies hold. It was of two people: {these} hold one of them, "
    "{those} the other. Look at what you wrote down, decided or passed on because of it, and put it right."
)
SAME = "You were shown, as one person, records of {these} that are of two people. " + WORDS.split(". ")[-1]


def tell_all(*, now: datetime, most: int = AT_ONCE) -> int:
    """Tell of every parting that nobody was told of yet; returns how many there were."""
    with system("consequences"):
        waiting = Change.objects.filter(kind=Change.Kind.PARTED, told_at=None).order_by("at", "pk")
        ids = list(waiting.values_list("pk", flat=True)[:most])
    return sum(_alone(change, now) for change in ids)


def _alone(change: int, now: datetime) -> int:
    """One that cannot be told of does not keep the others from it."""
    try:
        with system("consequences"):
            return _tell(change, now)
    except Exception:
        log.exception("Telling of a wrong link failed")
        return 0


def _tell(identity: int, now: datetime) -> int:
    rows = Change.objects.select_for_update(skip_locked=True)
    change = rows.filter(pk=identity, told_at=None).first()
    if change is None:
        return 0
    told = who_saw(change)
    if told:
        change.episode = _episode(now)
        for whom in told:
            _ask(change.episode, change, whom, now)
    change.told_at = now
    change.save(update_fields=["told_at", "episode"])
    return 1


def who_saw(change: Change) -> list[list[Seen]]:
    """Everybody who was shown both sides of a parting as one person: each worker or team with all that they saw."""
    since = change.since or change.at
    return _grouped(_both(seen(_called(change.person, [*change.kept, *change.moved]), since, change.at), change))


def would_tell(person: UUID, kept: Collection[int], moved: Collection[int], since: datetime, now: datetime) -> int:
    """How many workers and teams would be told, were that person found to be two."""
    return len(who_saw(Change(person=person, kept=list(kept), moved=list(moved), since=since, at=now)))


def _called(person: UUID, records: Iterable[int]) -> set[UUID]:
    """Every id by which somebody may have opened that person: an id outlives the joining of two people."""
    return {person, *Person.objects.filter(since__in=list(records)).values_list("pk", flat=True)}


def _both(found: Iterable[Seen], change: Change) -> list[Seen]:
    """Those who were shown something of either side: who was shown one alone saw nothing wrong."""
    these, those = _agencies(change.kept), _agencies(change.moved)
    return [each for each in found if each.covered is None or (each.covered & these and each.covered & those)]


def _agencies(records: Iterable[int]) -> frozenset[str]:
    return frozenset(Record.objects.filter(pk__in=list(records)).values_list("agency_id", flat=True))


def _grouped(found: Iterable[Seen]) -> list[list[Seen]]:
    by_whom: dict[object, list[Seen]] = {}
    for each in found:
        by_whom.setdefault(each.worker or (each.team.pk if each.team else each.agency), []).append(each)
    return list(by_whom.values())


def _episode(now: datetime) -> Episode:
    team = offices.team_of("who-is-who")
    origin = casework.Origin(team.agency_id, team)
    return casework.open_episode(by=SYSTEM, pathway_code=TOLD.code, origin=origin, about=(), quiet=True, now=now)


def _ask(episode: Episode, change: Change, saw: list[Seen], now: datetime) -> None:
    first = saw[0]
    question = casework.Question(
        TOLD.asks[0].code,
        _team(first),
        _words(change, saw),
        purpose=PURPOSE,
        to_worker=first.worker,
        more={"saw": [[each.at.isoformat(), each.how, each.where] for each in saw]},
    )
    casework.ask(episode=episode, question=question, by=SYSTEM, by_team=episode.team, now=now)


def _team(seen_by: Seen) -> Team:
    """Whoever has left is answered for by their team, and a worker without one by their agency."""
    if seen_by.team:
        return seen_by.team
    try:
        return offices.front_door_of(seen_by.agency)
    except offices.NoSuchOffice:
        return offices.team_of("who-is-who")


def _words(change: Change, saw: list[Seen]) -> str:
    """Which agencies' records were taken for one person's, of those that they were shown; nobody's name."""
    covered = [each.covered for each in saw if each.covered is not None]
    may = frozenset().union(*covered) if covered else None
    these, those = (_named(_agencies(side), may) for side in (change.kept, change.moved))
    return SAME.format(these=these) if these == those else WORDS.format(these=these, those=those)


def _named(agencies: frozenset[str], may: frozenset[str] | None) -> str:
    names = partners.agency_names()
    shown = [names[code] for code in names if code in agencies and (may is None or code in may)]
    return " and ".join(shown) or "one agency"
