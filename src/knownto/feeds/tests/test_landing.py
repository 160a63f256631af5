"""What a file may change, and what it may not: the rules of snapshots, deltas, repeats, holds and refusals."""

import json
from datetime import date, timedelta

import pytest
from django.db import connection

from knownto.access.acts import system
from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.feeds import acts, handlers
from knownto.feeds.models import Contact, Feed, File, Gone, Record, Staged, State
from knownto.feeds.tests.conftest import (
    DAY,
    POLICE,
    csv_of,
    faults_of,
    held_contacts,
    held_people,
    manager,
    row,
)
from knownto.keyring import acts as keyring
from knownto.keyring.models import WrappedKey
from knownto.ledger.models import Entry

EARLIER, LATER = DAY - timedelta(days=1), DAY + timedelta(days=1)
WHOLE = [row(n) for n in range(1, 41)]


def manifest(rows, **more):
    return {"rows": len(rows), "sha256": ""} | more


def codes(file):
    return file.codes


@pytest.fixture
def snapshot(take_in):
    """Forty people of the police, in a snapshot of the day before."""
    file = take_in(WHOLE, mode="snapshot", as_of=EARLIER, manifest=manifest(WHOLE))
    assert file.state == State.LANDED
    return take_in


# Repeats and order


def test_it_changes_nothing_when_the_same_file_comes_twice(take_in):
    first, second = take_in([row()]), take_in([row()], name="another_name.csv")
    assert (first.state, second.state, second.same_as_id) == (State.LANDED, State.SAME, first.id)
    assert len(held_contacts()) == 1


def test_it_takes_yesterdays_file_under_a_new_day_for_what_it_is(take_in):
    take_in([row()], as_of=EARLIER)
    assert take_in([row()], as_of=DAY).state == State.SAME
    said = manifest([row()], as_of=str(DAY))
    assert take_in([row()], as_of=DAY, manifest=said).state == State.LANDED


def test_it_lets_a_quiet_day_bring_a_feed_up_to_date(take_in):
    for day in (EARLIER, DAY):
        file = take_in(csv_of([], headings=list(row())), as_of=day)
        assert (file.state, file.rows) == (State.LANDED, 0)
    assert Feed.objects.get(pk="police").last_as_of == DAY


def test_it_holds_an_older_file_after_a_newer(take_in):
    take_in([row(1)], as_of=DAY)
    file = take_in([row(2)], as_of=EARLIER)
    assert (file.state, codes(file)) == (State.HELD, ["older"])
    assert list(held_people()) == ["P1"]


def test_it_takes_a_second_file_of_the_same_day(take_in):
    take_in([row(1)])
    assert take_in([row(2)]).state == State.LANDED


def test_a_released_older_file_does_not_undo_what_came_later(take_in, now):
    take_in([row(1, status="closed", ended_on="2026-10-01"), row(2)], as_of=DAY)
    take_in([row(3, change="remove")], as_of=DAY)
    old = take_in([row(1), row(3), row(4)], as_of=EARLIER)
    released(old, now)
    assert {c.open for c in held_contacts() if c.ended_on} == {False}
    assert sorted(held_people()) == ["P1", "P2", "P4"]


def released(file, now):
    held = acts.release(viewer=manager(), file=file.id, reason="It is right.", now=now)
    done = acts.carry_on(held.id, now=now)
    assert done.state == State.LANDED
    return done


def test_a_released_file_older_than_a_full_snapshot_changes_nothing(snapshot, now):
    file = snapshot([row(99)], as_of=EARLIER - timedelta(days=3))
    done = released(file, now)
    assert done.notices == {"older-than-held": 1} and "P99" not in held_people()


def test_it_refuses_a_day_that_has_not_come(take_in):
    assert codes(take_in([row()], as_of=date(2026, 11, 17))) == ["as-of-in-future"]
    assert take_in([row()], as_of=date(2026, 11, 16)).state == State.LANDED
    for long_ago in (date(1, 1, 1), date(2023, 11, 15)):
        assert codes(take_in([row(100 + long_ago.day)], as_of=long_ago)) == ["as-of-long-ago"]


# Whole or not at all


@pytest.mark.parametrize(
    ("good", "bad", "state"),
    [
        (190, 10, "landed"),
        (180, 10, "refused"),
        (60, 9, "landed"),
        (1, 1, "landed"),
        (1, 2, "refused"),
        (0, 1, "refused"),
    ],
)
def test_it_refuses_a_file_with_too_many_bad_rows(take_in, good, bad, state):
    rows = [row(n) for n in range(good)] + [row(1000 + n, status="?") for n in range(bad)]
    file = take_in(rows)
    assert file.state == state
    assert len(held_contacts()) == (good if state == "landed" else 0)
    assert file.rejected is not None and len(faults_of(file)) == bad


def test_rows_that_the_agreement_keeps_out_do_not_count_as_bad(take_in):
    rows = [row(1)] + [row(n, category="sexual_offence") for n in range(2, 40)]
    file = take_in(rows)
    assert (file.state, file.rows_bad, file.rows_not_agreed) == (State.LANDED, 0, 38)
    assert list(held_people()) == ["P1"]


def test_it_masks_what_the_agreement_limits(take_in):
    take_in([row(1, category="exploitation", last_contact_on="2026-10-01"), row(2)])
    full, limited = sorted(held_contacts(), key=lambda contact: contact.started_on)  # they land in no order of the file
    assert (limited.category, limited.started_on, limited.last_contact_on) == ("", date(2026, 10, 1), None)
    assert (full.category, full.started_on) == ("missing", date(2026, 9, 14))


def test_a_landing_that_breaks_leaves_nothing_and_destroys_its_keys(take_in, now):
    keys = WrappedKey.objects.using("keys").count()

    def breaks(*_):
        raise RuntimeError("no")

    handlers.when_landed(breaks)
    try:
        with pytest.raises(RuntimeError):
            take_in([row(n) for n in range(20)])
    finally:
        handlers.forget(breaks)
    assert not held_contacts() and not held_people()
    assert WrappedKey.objects.using("keys").count() == keys + 1  # the file's own


def test_it_tells_handlers_what_is_new_and_what_went_inside_the_transaction(take_in):
    told = []

    def listen(file, changed, removed):
        told.append((Contact.objects.count(), len(changed), len(removed)))

    handlers.when_landed(listen)
    try:
        take_in([row(1), row(2)])
        take_in([row(1, status="closed"), row(2, change="remove")])
        take_in([row(1, status="closed", family_name="Okafor-Bell")])
    finally:
        handlers.forget(listen)
    assert told == [(2, 2, 0), (1, 0, 1), (1, 1, 0)]


# Cut off


def test_it_holds_a_file_without_a_last_line_end_unless_a_manifest_vouches_for_it(take_in):
    cut = csv_of([row(1), row(2)]).rstrip()
    assert codes(take_in(cut)) == ["no-line-end"]
    assert take_in(csv_of([row(3)]).rstrip(), manifest=manifest([1])).state == State.LANDED


def test_it_holds_a_file_whose_last_row_is_short(take_in):
    file = take_in(csv_of([row(n) for n in range(30)]) + b"P9,C9\r\n")
    assert (file.state, codes(file)) == (State.HELD, ["short-row"])


def test_it_holds_what_its_manifest_does_not_match(take_in):
    assert codes(take_in([row(1)], manifest=manifest([1, 2]))) == ["rows-differ"]
    assert codes(take_in([row(2)], manifest=manifest([1], sha256="0" * 64))) == ["sha-differs"]
    assert codes(take_in([row(3)], manifest=manifest([1], as_of="2026-11-14"))) == ["day-differs"]
    import hashlib

    right = hashlib.sha256(csv_of([row(4)])).hexdigest().upper()
    assert take_in([row(4)], manifest=manifest([1], sha256=right)).state == State.LANDED


@pytest.mark.parametrize(
    "given", ["{", '{"rows": "7"}', '{"rows": -1}', "[]", '{"rows": 1, "sha256": "x"}', "[" * 9999]
)
def test_it_refuses_a_manifest_that_is_none(take_in, given):
    assert codes(take_in([row()], manifest=given)) == ["bad-manifest"]


# Snapshots


def test_a_snapshot_drops_what_it_no_longer_names(snapshot):
    file = snapshot(WHOLE[1:], mode="snapshot", manifest=manifest(WHOLE[1:]))
    assert (file.state, file.added, file.changed, file.dropped) == (State.LANDED, 0, 0, 1)
    assert "P1" not in held_people() and len(held_contacts()) == 39


def test_a_snapshot_without_a_manifest_drops_nothing_on_its_own(snapshot, now):
    file = snapshot(WHOLE[1:], mode="snapshot")
    assert (file.state, codes(file)) == (State.HELD, ["drops-unproved"])
    assert len(held_contacts()) == 40
    released(file, now)
    assert len(held_contacts()) == 39


@pytest.mark.parametrize(("gone", "state"), [(19, State.LANDED), (20, State.HELD)])
def test_it_holds_a_snapshot_that_would_drop_many(snapshot, gone, state):
    file = snapshot(WHOLE[gone:], mode="snapshot", manifest=manifest(WHOLE[gone:]))
    assert file.state == state
    assert len(held_contacts()) == (40 - gone if state == State.LANDED else 40)


def test_twenty_of_very_many_are_few_enough(take_in):
    many = [row(n) for n in range(1100)]
    take_in(many, mode="snapshot", as_of=EARLIER, manifest=manifest(many))
    assert take_in(many[22:], mode="snapshot", manifest=manifest(many[22:])).state == State.LANDED
    assert take_in(many[50:], mode="snapshot", as_of=LATER, manifest=manifest(many[50:])).state == State.HELD


def test_a_contact_in_a_bad_row_is_not_a_contact_that_is_gone(snapshot):
    rows = [row(1, status="?"), *WHOLE[1:]]
    file = snapshot(rows, mode="snapshot", manifest=manifest(rows))
    assert (file.state, file.rows_bad, file.dropped) == (State.LANDED, 1, 0)
    assert "P1" in held_people()


def test_it_counts_rows_that_were_not_taken_until_the_next_whole_file(snapshot):
    bad, police = [row(41, status="?"), row(42)], Feed.objects.filter(pk="police")
    for number in (1, 2):
        assert snapshot([*bad, row(50 + number)], as_of=DAY).state == State.LANDED
        assert police.get().put_aside == number
    rows = [row(1, status="?"), *WHOLE[1:]]
    assert snapshot(rows, mode="snapshot", as_of=LATER, manifest=manifest(rows)).state == State.LANDED
    assert police.get().put_aside == 1


def test_it_drops_nothing_while_a_bad_row_hides_whom_it_is_about(snapshot):
    rows = [row(1, record_id=""), *WHOLE[1:]]
    file = snapshot(rows, mode="snapshot", manifest=manifest(rows))
    assert (file.state, codes(file)) == (State.HELD, ["drops-hidden"])


def test_what_has_only_grown_old_leaves_a_mark_of_earlier_involvement(take_in):
    old = row(1, started_on="2024-05-01", ended_on="2024-06-01", status="closed")
    take_in([old, row(2)], mode="snapshot", as_of=EARLIER, manifest=manifest([1, 2]))
    file = take_in([row(2)], mode="snapshot", manifest=manifest([2]))
    assert (file.state, file.dropped) == (State.LANDED, 1)
    with system("test"):
        record = Record.objects.get(earlier_on=date(2024, 6, 1))
    assert record.removed_at is None and "P1" in held_people()


def test_truncated_anywhere_it_drops_nobody(take_in):
    whole = csv_of(WHOLE)
    take_in(whole, mode="snapshot", as_of=EARLIER, manifest=manifest(WHOLE))
    for at in range(0, len(whole) - 1, 97):
        file = take_in(whole[:at], mode="snapshot")
        assert file.state in (State.HELD, State.REFUSED), at
    assert len(held_contacts()) == 40 and len(held_people()) == 40


# Deltas


def test_a_delta_removes_a_contact_or_a_whole_record_and_nothing_else(take_in):
    take_in([row(1), row(1, contact_id="C1b"), row(2), row(2, contact_id="C2b"), row(3)])
    file = take_in([row(1, change="remove"), row(2, change="remove", contact_id="")])
    assert (file.state, file.dropped) == (State.LANDED, 3)
    assert sorted(held_people()) == ["P1", "P3"] and len(held_contacts()) == 2
    feed = Feed.objects.get(pk="police")
    assert (feed.records, feed.contacts) == (2, 2)


def test_a_removed_record_cannot_be_opened_and_keeps_its_id_when_it_comes_again(
    take_in, django_capture_on_commit_callbacks
):
    take_in([row(1)])
    with system("test"):
        before = Record.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        take_in([row(1, change="remove")])
    with system("test"):
        gone = Record.objects.get()
    assert gone.removed_at and bytes(gone.sealed) == b""
    assert not WrappedKey.objects.using("keys").filter(pk=before.key).exists()
    take_in([row(1, status="closed")])
    with system("test"):
        again = Record.objects.get()
    assert (again.id, again.removed_at) == (before.id, None) and again.key != before.key
    assert list(held_people()) == ["P1"]


def test_a_record_whose_key_was_lost_is_sealed_anew_when_it_is_said_again(take_in):
    take_in([row(1), row(2)])
    with system("test"):
        records = list(Record.objects.all())
        names = [plain["record_id"] for plain in keyring.open_rows(records)]
    keyring.shred([record.key for record, name in zip(records, names, strict=True) if name == "P1"])
    assert take_in([row(1, family_name="Bell"), row(2)]).state == State.LANDED
    assert held_people()["P1"]["family_name"] == "Bell" and Feed.objects.get(pk="police").records == 2


def test_it_puts_aside_a_row_whose_key_came_before_and_reads_a_repeat_once(take_in):
    file = take_in([row(1), row(2), row(1, status="closed"), row(2)])
    assert faults_of(file) == [(4, "contact_id", "twice")]
    assert file.notices == {"same-again": 1} and held_contacts()[0].open


def test_it_writes_only_what_changed(take_in):
    take_in([row(1), row(2)])
    with system("test"):
        before = {r.id: bytes(r.sealed) for r in Record.objects.all()}
    file = take_in([row(1), row(2, status="closed"), row(3)])
    assert (file.added, file.changed) == (1, 1)
    with system("test"):
        after = {r.id: bytes(r.sealed) for r in Record.objects.all()}
    assert before.items() <= after.items()


def test_it_keeps_what_was_said_before_as_earlier_names_and_addresses(take_in):
    take_in([row(1)])
    take_in([row(1, contact_id="C2", family_name="Bell", postcode="QK9 9ZZ", started_on="2026-10-01")])
    [evidence] = held_people().values()
    assert evidence["family_name"] == "Bell" and evidence["other_names"] == ["Adaeze Okafor"]
    assert [a["postcode"] for a in evidence["addresses"]] == ["QK9 9ZZ", "QK1 2AB"]


def test_it_keeps_nothing_of_somebody_else_who_was_in_the_record_before(take_in):
    take_in([row(1)])
    take_in([row(1, given_names="Bryn", date_of_birth="1980-01-02")])
    [evidence] = held_people().values()
    assert "other_names" not in evidence


# People decide


def test_only_the_agencys_own_data_manager_decides(take_in, now):
    file = take_in(csv_of([row()]).rstrip())
    for somebody in (manager("hospital"), manager()):
        somebody = somebody if somebody.agency == "hospital" else type(somebody)(
            somebody.worker_id, "police", frozenset({"officer"})
        )  # fmt: skip
        with pytest.raises(NotYours):
            acts.release(viewer=somebody, file=file.id, reason="x", now=now)
    with pytest.raises(NotPossibleNow):
        acts.release(viewer=manager(), file=file.id, reason="  ", now=now)
    acts.turn_away(viewer=manager(), file=file.id, reason="Cut off.", now=now)
    with pytest.raises(NotPossibleNow):
        acts.release(viewer=manager(), file=file.id, reason="x", now=now)
    with system("test"):
        assert not Staged.objects.exists() and File.objects.get().state == State.TURNED_AWAY


def test_every_step_is_in_the_ledger(take_in, now):
    held = take_in(csv_of([row(1)]).rstrip())
    acts.turn_away(viewer=manager(), file=held.id, reason="Cut off.", now=now)
    released(take_in(csv_of([row(2)]).rstrip()), now)
    take_in([row(3, status="?")])
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == [
        "file-received", "file-held", "file-turned-away", "file-received", "file-held", "file-released",
        "file-landed", "file-received", "file-refused",
    ]  # fmt: skip


def test_a_file_to_be_checked_only_changes_nothing_and_may_come_for_real(take_in, now):
    label = acts.Label("police", "delta", DAY, "x.csv", check_only=True)
    file = acts.receive(label, [csv_of([row(1), row(2, status="?")])], by=POLICE, now=now)
    file = acts.carry_on(file.id, now=now)
    assert (file.state, file.rows_bad) == (State.CHECKED, 1) and not held_contacts()
    assert take_in([row(1), row(2, status="?")]).state == State.LANDED


def test_a_file_can_be_read_again_after_a_team_was_added(take_in, now):
    from knownto.partners.models import Team

    file = take_in([row(1, team="custody"), row(2, team="custody")])
    assert file.state == State.REFUSED
    Team.objects.create(agency_id="police", code="custody", name="Custody", phone="1", hours="x")
    assert acts.replay(file, by=POLICE, now=now).state == State.LANDED
    assert len(held_people()) == 2 and faults_of(file) == []
    assert acts.replay(file, by=POLICE, now=now).added == 0


def test_a_partner_that_is_not_connected_sends_nothing(take_in, now):
    from knownto.partners.models import Agency

    Agency.objects.create(code="fire", name="Fire", connected=False)
    with pytest.raises(NotPossibleNow):
        acts.take_in(b"x", agency="fire", mode="delta", as_of=DAY, by=POLICE, now=now)


# What is stored


SOMEBODY = "okafor|adaeze|900123|qk1|2014-03"


def test_nothing_of_anybody_is_in_the_clear(take_in, received_folder):
    file = take_in([row(1, phone="07700 900123"), row(2, status="Okafor?"), row(3)], name="Okafor_delta.csv")
    held = take_in(csv_of([row(4)]).rstrip())
    assert (file.state, held.state) == (State.LANDED, State.HELD)
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")
        found = []
        for table in connection.introspection.table_names():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text ~* %s', ["okafor|adaeze|900123|qk1|2014-03"]
            )
            found += [table] if cursor.fetchone()[0] else []
    assert found == []
    copies = [path.read_bytes() for path in received_folder.rglob("*.sealed")]
    assert copies and not any(b"Okafor" in copy for copy in copies)


def test_raw_sql_outside_an_audited_act_sees_no_row(take_in):
    take_in([row(1), row(2, status="?"), row(3)])
    with connection.cursor() as cursor:
        for table in ("record", "contact", "file", "rejected", "staged", "gone"):
            cursor.execute(f"SELECT count(*) FROM feeds_{table}")
            assert cursor.fetchone()[0] == 0, table
    assert len(held_contacts()) == 2  # and they are there


def test_a_manifest_beside_the_file_counts(partners, now, tmp_path):
    path = tmp_path / "police_delta_2026-11-15.csv"
    path.write_bytes(csv_of([row(1)]))
    (tmp_path / "police_delta_2026-11-15.csv.manifest.json").write_text(json.dumps({"rows": 9}))
    file = acts.take_in(path, agency="police", mode="delta", as_of=DAY, by=POLICE, now=now)
    assert codes(file) == ["rows-differ"]


@pytest.mark.parametrize("change", ["upsert", "remove"])
def test_a_contact_that_is_said_to_be_of_a_kind_not_shared_is_held_no_longer(take_in, change):
    """A child who was looked after and is adopted: what was said before must not go on being shown."""
    take_in([row(1), row(2), row(3)])
    take_in([row(1, category="sexual_offence", change=change), row(4)])
    assert sorted(held_people()) == ["P2", "P3", "P4"] and len(held_contacts()) == 3


def test_nothing_is_kept_of_a_contact_that_was_never_shared(take_in):
    take_in([row(1, category="sexual_offence"), row(2)])
    with system("test"):
        assert not Gone.objects.exists()
