"""In the background: keep up with what has landed. Safe to come twice, late or never; the sweep finds what is left."""

from procrastinate.contrib.django import app

from knownto.access import clock
from knownto.identity import acts

AT_ONCE = 20_000  # records in one job, so that a worker told to stop has not long to wait


@app.periodic(cron="* * * * *")
@app.task(queue="identity", queueing_lock="identity.sweep", name="identity.sweep")
def sweep(timestamp: int) -> None:
    """Every minute: match whatever waits."""
    catch_up()


@app.task(queue="identity", name="identity.catch_up")
def catch_up() -> None:
    """Match what waits, until nothing does."""
    while acts.catch_up(now=clock.now(), limit=AT_ONCE):
        pass
