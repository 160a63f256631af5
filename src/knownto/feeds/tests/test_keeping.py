"""What is kept no longer, and what is missed when it does not come."""

from datetime import UTC, datetime, time, timedelta

import pytest

from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow
from knownto.feeds import acts, handlers, reads
from knownto.feeds.copies import path_of
from knownto.feeds.models import Alarm, Feed, File, Record
from knownto.feeds.tests.conftest import DAY, POLICE, csv_of, held_contacts, held_people, row
from knownto.keyring.models import WrappedKey
from knownto.ledger.models import Entry

OLD = {"started_on": "2023-12-01", "ended_on": "2023-12-20", "status": "closed"}  # three years before Christmas 2026
CHRISTMAS = datetime(2026, 12, 25, 3, tzinfo=UTC)


@pytest.fixture
def told():
    """What was removed, as those who listen are told."""
    removed = []

    def listen(file, changed, gone):
        removed.extend(gone)

    handlers.when_landed(listen)
    yield removed
    handlers.forget(listen)


def test_it_purges_what_ended_36_months_ago_and_destroys_the_key_of_a_record_without_any(
    take_in, told, django_capture_on_commit_callbacks
):
    take_in([row(1, **OLD), row(2, **OLD), row(2, contact_id="C2b"), row(3)])
    with system("test"):
        keys = {r.id: r.key for r in Record.objects.all()}
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.purge(now=CHRISTMAS) == (2, 1)
    assert sorted(held_people()) == ["P2", "P3"]
    [gone] = told
    left = set(WrappedKey.objects.using("keys").values_list("id", flat=True))
    assert keys[gone] not in left and len(left & set(keys.values())) == 2
    feed = Feed.objects.get(pk="police")
    assert (feed.contacts, feed.records) == (2, 2)
    assert Entry.objects.filter(kind="contacts-purged").count() == 1
    assert acts.purge(now=CHRISTMAS) == (0, 0)


def test_it_does_not_purge_a_day_early_nor_what_is_still_open(take_in):
    take_in([row(1, **OLD), row(2, started_on="2019-01-01")])
    assert acts.purge(now=datetime(2026, 12, 20, 3, tzinfo=UTC)) == (0, 0)
    assert acts.purge(now=datetime(2026, 12, 21, 3, tzinfo=UTC)) == (1, 1)
    assert [c.started_on.year for c in held_contacts()] == [2019]


def test_it_does_not_take_in_what_it_would_purge(take_in):
    file = take_in([row(1, started_on="2020-01-01", ended_on="2021-01-01", status="closed"), row(2)])
    assert file.notices == {"not-kept": 1} and list(held_people()) == ["P2"]


def test_the_mark_of_earlier_involvement_goes_after_36_months_and_the_record_with_it(take_in):
    aged = row(1, started_on="2024-05-01", ended_on="2024-06-01", status="closed")
    take_in([aged, row(2)], mode="snapshot", as_of=DAY - timedelta(days=1), manifest={"rows": 2})
    take_in([row(2)], mode="snapshot", manifest={"rows": 1})
    assert acts.purge(now=datetime(2027, 5, 31, tzinfo=UTC)) == (0, 0)
    assert acts.purge(now=datetime(2027, 6, 2, tzinfo=UTC)) == (0, 1)
    assert list(held_people()) == ["P2"]


def test_it_destroys_sealed_copies_after_90_days_and_then_they_cannot_be_replayed(
    take_in, now, django_capture_on_commit_callbacks
):
    file = take_in([row(1), row(2, status="?"), row(3)])
    assert acts.destroy_old_copies(now=now + timedelta(days=89)) == 0 and path_of(file.id).exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert acts.destroy_old_copies(now=now + timedelta(days=91)) == 1
    assert not path_of(file.id).exists()
    assert not WrappedKey.objects.using("keys").filter(pk=file.key).exists()
    with pytest.raises(NotPossibleNow):
        acts.replay(file, by=POLICE, now=now)
    assert len(held_people()) == 2


def test_it_sweeps_copies_that_no_file_remembers(take_in, received_folder):
    kept = take_in([row(1)])
    stray = received_folder / "ab" / "abandoned.part"
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"x")
    assert acts.sweep_strays(older_than=timedelta(0)) == 1
    assert path_of(kept.id).exists() and not stray.exists()


# A feed that does not come


def at(day, hour=12):
    return datetime.combine(day, time(hour), tzinfo=UTC)


def test_it_raises_an_alarm_when_a_feed_does_not_come_and_clears_it_when_it_does(take_in, now):
    take_in([row(1)], as_of=DAY)  # a Sunday; the file about Monday is expected on Tuesday by nine
    tuesday = DAY + timedelta(days=2)
    acts.set_up(agency="police", by=POLICE, now=now, grace_minutes=60)
    assert acts.raise_alarms(now=at(tuesday, 9)) == []
    assert acts.raise_alarms(now=at(tuesday, 11)) == ["police"]
    assert acts.raise_alarms(now=at(tuesday, 12)) == ["police"] and Alarm.objects.count() == 1
    assert reads.freshness(at(tuesday))["police"].stale and not reads.freshness(at(DAY))["police"].stale
    with system("test"):
        Feed.objects.update(overdue_since=at(tuesday, 10))
    acts.take_in(
        csv_of([row(2)]), agency="police", mode="delta", as_of=DAY + timedelta(days=1), by=POLICE, now=at(tuesday, 13)
    )
    alarm = Alarm.objects.get()
    assert alarm.cleared_at == at(tuesday, 13) and Feed.objects.get(pk="police").overdue_since is None
    assert not reads.freshness(at(tuesday, 14))["police"].stale


def test_a_feed_for_working_days_is_not_missed_over_the_weekend(take_in, now):
    friday = DAY - timedelta(days=2)
    acts.set_up(agency="police", by=POLICE, now=now, every="working_daily")
    take_in([row(1)], as_of=friday)
    assert acts.raise_alarms(now=at(friday + timedelta(days=3))) == []
    assert acts.raise_alarms(now=at(friday + timedelta(days=4))) == ["police"]


def test_freshness_tells_not_connected_from_never_came_from_still_matching(take_in, now):
    from knownto.partners.models import Agency

    Agency.objects.create(code="fire", name="Fire", connected=False)
    take_in([row(1)])
    acts.still_matching_from(matching := lambda: {"police"})
    fresh = reads.freshness(now)
    handlers._matching.remove(matching)
    assert (fresh["fire"].connected, fresh["fire"].stale) == (False, False)
    assert (fresh["hospital"].stale, fresh["hospital"].last_as_of) == (True, None)
    assert (fresh["police"].stale, fresh["police"].still_matching, fresh["police"].contacts) == (False, True, 1)


def test_a_removal_is_remembered_no_longer_than_anything_else(take_in):
    take_in([row(1)])
    take_in([row(1, change="remove")])
    acts.purge(now=CHRISTMAS)
    with system("test"):
        assert File.objects.count() == 2 and Record.objects.count() == 1
