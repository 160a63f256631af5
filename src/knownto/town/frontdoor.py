"""The borough's front door lived for its year: contacts, what follows them, worries about adults, nights and meetings.

Everything goes through acts, on the town's own calendar; entries in the ledger say that they are simulated.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from knownto.access.acts import system
from knownto.casework import acts as casework
from knownto.casework.models import Episode
from knownto.disclosure.endpoints import open_endpoint
from knownto.disclosure.models import Way
from knownto.ledger.acts import Actor, simulating
from knownto.pathways.frontdoor import nights
from knownto.town import contacts
from knownto.town.adults import adult
from knownto.town.contacts import AtWork
from knownto.town.diary import Diary, Life
from knownto.town.people_at_work import Hands, open_colleagues
from knownto.town.town import Town
from knownto.town.worries import adult_worries, worries

FOUNDER = Actor(None, "", "founding")
COPIES_SINCE = timedelta(days=10)
Progress = Callable[[str, int, int], None]


def live(town: Town, *, until: datetime, progress: Progress) -> None:
    """The year's front door, up to `until`: the whole of it or, when it is stopped, nothing, to be begun anew.

    What has been lived before is not lived again.
    """
    with system("town"):
        if Episode.objects.exists():
            return
    work = AtWork(Hands())
    with transaction.atomic(), simulating():
        open_colleagues(FOUNDER, until - timedelta(days=370))
        diary = Diary(until, _each_day)
        for worry in worries(town):
            diary.begin(worry.at, contacts.contact(worry, work, diary.begin))
        for worry in adult_worries(town):
            diary.begin(worry.at, adult(worry, work))
        diary.begin(until - COPIES_SINCE, _takes_copies(until - COPIES_SINCE))
        diary.live(lambda done, of: progress("Living at the front door", done, of))


def _takes_copies(now: datetime) -> Life:
    """Police connect a folder that their own record system empties: from then on it is owed copies."""
    with system("town"):
        open_endpoint(agency="police", way=Way.DROP, where="police", by=FOUNDER, now=now)
    yield now


def _each_day(now: datetime) -> None:
    """What the product does by itself: clocks turn, and what the night touched is handed over."""
    casework.sweep(now)
    nights.sweep(now)
