"""What can be looked at for this worker, this purpose and this moment, agency by agency."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from django.utils.timezone import localdate

from knownto.access.acts import Viewer
from knownto.feeds import reads as feeds
from knownto.feeds.models import Record
from knownto.footprint.answers import Coverage, Looked, Searched
from knownto.partners import reads as partners
from knownto.partners.agreement import Agreement, agreements
from knownto.partners.models import Agency


def coverage(viewer: Viewer, purpose: str, now: datetime, *, for_life: bool = False) -> Coverage:
    """One line for every agency there is, connected or not.

    `for_life`: a life depends on it, so that what an agreement shares with others or for other purposes is looked at
    too. What an agreement keeps out of the tracker is not here for anybody.
    """
    fresh, today = feeds.freshness(now), localdate(now)

    def covered(code: str) -> bool:
        return code in agreements() if for_life else _covers(code, viewer.agency, purpose, today)

    found = partners.agencies()
    return Coverage(tuple(_searched(agency, fresh.get(agency.code), covered(agency.code)) for agency in found))


def agreements_shown(coverage: Coverage) -> dict[str, Agreement]:
    """The agreements under which those agencies' rows are filled in."""
    not_shown = (Looked.NOT_CONNECTED, Looked.NOT_SHARED)
    codes = {each.agency for each in coverage.agencies if each.looked not in not_shown}
    return {code: agreement for code, agreement in agreements().items() if code in codes}


def unreadable(coverage: Coverage, records: Iterable[int]) -> Coverage:
    """The same, where those records are held and could not be opened: their agencies were looked at in part only.

    A record whose agency has taken it back is not among them: that its key is gone is as it should be.
    """
    held = Record.objects.filter(pk__in=list(records), removed_at=None)
    codes = set(held.values_list("agency_id", flat=True))
    return Coverage(tuple(_in_part(each) if each.agency in codes else each for each in coverage.agencies))


def _in_part(each: Searched) -> Searched:
    return replace(each, looked=Looked.UNREADABLE) if each.looked is Looked.SEARCHED else each


def _covers(agency: str, reader: str, purpose: str, today: date) -> bool:
    agreement = agreements().get(agency)
    return agreement is not None and agreement.covers(reader, purpose, today)


def _searched(agency: Agency, fresh: feeds.Freshness | None, covered: bool) -> Searched:
    up_to = fresh.last_as_of if fresh else None
    if not agency.connected:
        return Searched(agency.code, agency.name, Looked.NOT_CONNECTED)
    if not covered:
        return Searched(agency.code, agency.name, Looked.NOT_SHARED)
    if fresh is None or up_to is None:
        return Searched(agency.code, agency.name, Looked.NEVER)
    looked = Looked.STALE if fresh.stale else Looked.MATCHING if fresh.still_matching else Looked.SEARCHED
    return Searched(agency.code, agency.name, looked, up_to, fresh.put_aside)
