"""The demonstration's privacy officer has something to ask about, and something that only looks like it."""

from datetime import date, timedelta

from knownto.assurance import watching
from knownto.ledger.models import Entry
from knownto.town import build, curious, stories
from knownto.town.people_at_work import open_colleagues


def test_the_officer_sees_two_of_them_and_doing_it_again_changes_nothing(borough, viewer_of, now):
    open_colleagues(viewer_of("administrator").actor, now - timedelta(days=20))
    told = stories(build("small", 2026, date(2026, 11, 15)))
    curious.live(told, now=now)
    found = watching.watched(viewer_of("privacy"), now)
    pike, trent = viewer_of("officer").worker_id, viewer_of("officer.two").worker_id
    assert [sign.worker for sign in found.signs["own-name"]] == [pike]
    assert [sign.worker for sign in found.signs["danger"]] == [trent] and found.signs["danger"][0].times == 5
    entries = Entry.objects.count()
    curious.live(told, now=now)
    assert Entry.objects.count() == entries and Entry.objects.filter(kind="search", simulated=True).count() == 7
