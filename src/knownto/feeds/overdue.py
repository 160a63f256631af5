"""A feed that should have come and did not is an alarm, so that silence is never read as 'nothing known'."""

from datetime import datetime, timedelta

from knownto.feeds.models import Alarm, Feed
from knownto.worktime import BeyondCalendar, Cadence, Every, england, expected_by


def cadence(feed: Feed) -> Cadence:
    grace = timedelta(days=feed.days_after, minutes=feed.grace_minutes)
    return Cadence(Every(feed.every), feed.at, grace, feed.weekday)


def next_expected(feed: Feed) -> datetime | None:
    """By when the next file should have come (UTC). None before the first one came, or when no calendar says."""
    if feed.last_as_of is None:
        return None
    try:
        return expected_by(feed.last_as_of, cadence(feed), england())
    except BeyondCalendar:
        return None  # no deadline is better than a wrong one; the page says that none is known


def has_come(feed: Feed, now: datetime) -> None:
    """Clear the alarm when what landed brings the feed up to date. The caller saves the feed."""
    if feed.overdue_since is None:
        return
    expected = next_expected(feed)
    if expected is None or expected > now:
        feed.overdue_since = None
        Alarm.objects.filter(feed=feed, cleared_at=None).update(cleared_at=now)


def raise_alarms(*, now: datetime) -> list[str]:
    """Raise an alarm for every connected feed that is late. Gives the agencies that are late now."""
    late = []
    for feed in Feed.objects.select_for_update().filter(agency__connected=True):
        expected = next_expected(feed)
        if expected is None or expected > now:
            continue
        late.append(feed.agency_id)
        if feed.overdue_since is None:
            feed.overdue_since = expected
            feed.save(update_fields=["overdue_since"])
            Alarm.objects.create(feed=feed, expected_by=expected, raised_at=now)
    return late
