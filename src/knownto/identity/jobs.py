"""In the background: keep up with what has landed. Safe to come twice, late or never; the sweep finds what is left."""

from procrastinate.contrib.django import app

from knownto.access import clock
from knownto.identity.catching_up import catch_up

AT_ONCE = 20_000  # records between two looks at the clock


@app.task(queue="identity", name="identity.match")
def match() -> None:
    """Match what waits, until nothing does."""
    while catch_up(now=clock.now(), limit=AT_ONCE):
        pass


@app.periodic(cron="* * * * *")
@app.task(queue="identity", queueing_lock="identity.sweep", name="identity.sweep")
def sweep(timestamp: int) -> None:
    """Every minute: whatever a lost or killed job left."""
    match()
