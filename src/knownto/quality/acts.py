"""What is done: begin the checks that are owed, go on with those that run, and check again when asked."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from knownto.access.acts import asking, system
from knownto.access.refusals import NotPossibleNow
from knownto.access.viewer import Viewer
from knownto.feeds.models import Feed
from knownto.identity import acts as identity
from knownto.policy import Permission, Request
from knownto.quality.checking import step
from knownto.quality.limits import limits
from knownto.quality.models import Check

BETWEEN_ASKED = timedelta(hours=1)


def catch_up(*, now: datetime, limit: int | None = None) -> int:
    """Begin what is owed and go on with what runs, for about `limit` records. Returns how many were dealt with.

    May be killed at any moment, and run twice at once.
    """
    done = 0
    for check in _running(now):
        while (limit is None or done < limit) and (did := step(check, now)):
            done += did
    return done


def _running(now: datetime) -> list[UUID]:
    with system("quality"):
        for feed in _owed():
            _begin(feed, now)
        return list(Check.objects.filter(finished_at=None).order_by("begun_at").values_list("pk", flat=True))


def _owed() -> list[Feed]:
    """Feeds of which a file has landed, and been matched, since their latest check began."""
    matching = identity.still_matching()
    landed = Feed.objects.filter(agency__connected=True).exclude(last_landed_at=None)
    begun = {check.agency_id: check for check in Check.objects.order_by("agency", "-begun_at").distinct("agency")}
    return [feed for feed in landed if feed.pk not in matching and _is_owed(feed, begun.get(feed.pk))]


def _is_owed(feed: Feed, latest: Check | None) -> bool:
    return latest is None or (latest.finished_at is not None and feed.last_landed_at > latest.begun_at)


def _begin(feed: Feed, now: datetime) -> Check:
    compared = Check.objects.filter(agency=feed.pk, against=True).order_by("-begun_at").first()
    due = compared is None or now - compared.begun_at >= timedelta(days=limits().days_between)
    return Check.objects.create(agency_id=feed.pk, as_of=feed.last_as_of, begun_at=now, against=due)


@transaction.atomic
def check_again(*, by: Viewer, now: datetime) -> None:
    """Look through one's own records once more, after putting them right. What others hold is compared no oftener
    for it. Raises a Refused."""
    own = Request(Permission.FEEDS_OWN, of_agency=by.agency)
    with asking(by, own, kind="quality-check-asked", now=now):
        feed = Feed.objects.filter(pk=by.agency).exclude(last_landed_at=None).first()
        latest = Check.objects.filter(agency=by.agency).order_by("-begun_at").first()
        if feed is None:
            raise NotPossibleNow("no-file", "No file of your agency has landed yet.")
        if latest and (latest.finished_at is None or now - latest.begun_at < BETWEEN_ASKED):
            raise NotPossibleNow("checked-lately", "Your records were checked less than an hour ago.")
        _begin(feed, now)
