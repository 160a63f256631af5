"""Seeing through a broken glass: one person, everything of the footprint and the headlines of open work.

Each look is decided anew, recorded before anything is shown, and read in a context in which the database shows nothing
once the hour is over.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.timezone import localdate

from knownto.access.acts import Granted, Permission, Request, Viewer, asking
from knownto.disclosure import acts as disclosure
from knownto.disclosure.models import Disclosure, How
from knownto.firewall.audiences import on_page
from knownto.footprint import reads as footprints
from knownto.footprint.coverage import agreements_shown, coverage
from knownto.footprint.picture import Says
from knownto.footprint.reads import Footprint
from knownto.footprint.routes import Routes
from knownto.glass import reads
from knownto.glass.breaking import PURPOSE
from knownto.glass.models import Break
from knownto.glass.work import Headline, open_work
from knownto.identity import reads as identity
from knownto.ledger import acts as ledger
from knownto.partners.agreement import Agreement
from knownto.policy import BrokenGlass


@dataclass(frozen=True, slots=True)
class Through:
    """What is seen: the footprint with its receipt, and open work."""

    glass: Break
    footprint: Footprint
    work: tuple[Headline, ...]


def look(*, by: Viewer, glass: UUID, now: datetime) -> Through:
    """What that glass shows. Raises NotYours for another's, and a Refused once it is shut."""
    row = reads.own(by, glass)
    about = [str(row.person), f"glass:{row.id}"]
    with asking(by, request(row, now), kind="glass-view", about=about, through=context(row), now=now) as granted:
        looked = coverage(by, PURPOSE, now, for_life=True)
        found = footprints.footprint(row.person, granted.allow.fields, looked, on_page(by), localdate(now))
        known = identity.person(row.person)
        work = open_work(found.person, known.records if known else (), Routes())
        receipt = _recorded(by, row, found, work, granted, now)
        return Through(row, found.with_receipt(receipt), work)


def request(row: Break, now: datetime) -> Request:
    """What is put to policy for a look through that glass."""
    fact = BrokenGlass(str(row.person), row.ended_at or row.until, row.reason)
    return Request(Permission.FOOTPRINT, purpose=PURPOSE, person=str(row.person), at=now, broken_glass=fact)


def context(row: Break) -> str:
    """What the database holds the rows to. The fictional borough's year is over by the database's clock before it is
    told, so what is simulated is held to the calendar that policy is given, and to nothing here.
    """
    return "" if ledger.is_simulating() else f"glass:{row.id}"


def _recorded(
    by: Viewer, row: Break, found: Footprint, work: tuple[Headline, ...], granted: Granted, now: datetime
) -> Disclosure:
    """Everybody whom it shows is recorded as shown, and what of them: a reviewer reads it."""
    agreements = list(agreements_shown(found.coverage).values())
    members = [each.person for each in found.household]
    about = [f"glass:{row.id}", *map(str, members)]
    ledger.record(kind="glass-seen", by=by.actor, about=about, purpose=PURPOSE, detail=seen(found, work), now=now)
    for person in members:
        _disclosed(by, person, agreements, How.HOUSEHOLD, granted, now)
    return _disclosed(by, row.person, agreements, How.VIEW, granted, now)


def _disclosed(
    by: Viewer, person: UUID, agreements: list[Agreement], how: How, granted: Granted, now: datetime
) -> Disclosure:
    return disclosure.disclose(
        by=by, granted=granted, person=person, purpose=PURPOSE, agreements=agreements, how=how, now=now
    )


def seen(found: Footprint, work: tuple[Headline, ...]) -> dict[str, object]:
    """What was shown, for the ledger: agencies and numbers, nobody's name."""
    names = [row.name for row in found.rows if row.says is Says.CONTACT]
    return {
        "agencies": names,
        "household": len(found.household),
        "addresses": len(found.addresses),
        "work": [each.reference for each in work],
        "could_not": [each.name for each in found.coverage.could_not],
    }


__all__ = ["Through", "context", "look", "request", "seen"]
