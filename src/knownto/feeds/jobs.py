"""What is done in the background. Every job starts from what the database says is owed: coming twice is harmless."""

from procrastinate.contrib.django import app

from knownto.access import clock
from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow
from knownto.feeds import acts, dropping, retention
from knownto.feeds.models import File, State


@app.task(queue="feeds", pass_context=False)
def take_on(agency: str) -> None:
    """Take an agency's received files on. Enqueued in the transaction that received one."""
    _take_on(agency)


def soon(file: File) -> None:
    """Deal with a small file while its sender waits; with a large one, or with one behind others, in the background."""
    if acts.is_small(file) and acts.unfinished(file.agency_id) == [file.id]:
        _take_on(file.agency_id)
    else:
        take_on.defer(agency=file.agency_id)


def sweep() -> None:
    """Receive what was dropped, and carry on whatever is on its way."""
    for file in dropping.receive_dropped(now=clock.now):
        if file.state == State.SAME:
            dropping.leave_result(file)
    for agency in acts.waiting_agencies():
        _take_on(agency)


def _take_on(agency: str) -> None:
    try:
        files = acts.carry_on_all(agency=agency, now=clock.now)
    except NotPossibleNow:
        return  # another worker has it
    for file in files:
        if file.came_by == dropping.WAY_IN:
            dropping.leave_result(file)


def notice_late() -> None:
    """Raise the alarm for a feed that should have come and did not."""
    with system("feed"):
        acts.raise_alarms(now=clock.now())


def purge() -> None:
    """Remove what has been held long enough."""
    acts.purge(now=clock.now())
    acts.destroy_old_copies(now=clock.now())
    retention.sweep_strays()
