"""Close searches on time: an hour after it was asked, a question and its answer can be opened by nobody."""

from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from knownto.access.acts import system
from knownto.access.clock import now as database_now
from knownto.footprint.models import Query, Search
from knownto.keyring import acts as keyring

# A closed search's id is kept for as long as a session can last, so that 'this has closed' can be told from
# 'not yours'.
KEPT_AFTER_CLOSING = timedelta(hours=10)
QUERIES_KEPT = timedelta(days=3 * 365)


@app.periodic(cron="*/5 * * * *")
@app.task(queue="sweep", queueing_lock="close-searches")
def close_searches(timestamp: int) -> None:
    """Every five minutes. Coming late, twice or not at all does no harm: what has lapsed opens nothing
    anyway.
    """
    sweep(database_now())


def sweep(now: datetime) -> int:
    """Destroy the keys and contents of lapsed searches and old queries. Returns how many searches were
    closed.
    """
    with system("close-searches"):
        lapsed = Search.objects.filter(until__lte=now).exclude(sealed=b"")
        keys = list(lapsed.values_list("key", flat=True))
        closed = lapsed.update(sealed=b"", people=[], reached=[])
        Search.objects.filter(until__lte=now - KEPT_AFTER_CLOSING).delete()
        old = Query.objects.filter(at__lte=now - QUERIES_KEPT)
        keys += old.values_list("key", flat=True)
        old.delete()
    keyring.shred(keys)
    return closed
