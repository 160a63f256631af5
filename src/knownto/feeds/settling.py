"""All of a file has been read: is it refused, held, or does it land? One transaction, whatever the answer."""

from collections import Counter
from datetime import datetime
from typing import Any

from django.db import connection

from knownto.access.refusals import NotPossibleNow
from knownto.feeds import handlers, removing
from knownto.feeds.checking import rejected
from knownto.feeds.faults import Fault, Unreadable
from knownto.feeds.holding import Dropping, Ending, Hold, dropping, holds
from knownto.feeds.landing import Landing, land_rows
from knownto.feeds.limits import limits
from knownto.feeds.models import ON_THE_WAY, Feed, File, Mode, Rejected, Staged, State
from knownto.feeds.overdue import has_come
from knownto.keyring import acts as keyring
from knownto.keyring.sealing import DataKey
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor

REPEATS = """
SELECT line, first_line, digest = first_digest, record_token, contact_token FROM (
    SELECT line, record_token, contact_token, digest, first_value(line) OVER same AS first_line,
        first_value(digest) OVER same AS first_digest
    FROM feeds_staged WHERE file_id = %s WINDOW same AS (PARTITION BY record_token, contact_token ORDER BY line)
) ranked WHERE line <> first_line
"""
UNSTAGE = "DELETE FROM feeds_staged WHERE file_id = %s AND line = ANY(%s)"


def settle(file: File, key: DataKey, ending: Ending, *, by: Actor, now: datetime) -> None:
    """Decide on a file that is wholly staged, inside the caller's transaction and opened rows."""
    feed = _alone(file)
    _put_repeats_aside(file)
    if _too_many_bad(file):
        finish(file, key, State.REFUSED, [Hold("too-many-bad", _bad_in_words(file))], by=by, now=now)
        return
    drops = dropping(file)
    found = [] if file.released else holds(file, feed, file.open_with(key), ending, drops)
    if file.check_only:
        file.dropped = len(drops.gone) + len(drops.aged)
        finish(file, key, State.CHECKED, found, by=by, now=now)
    elif found:
        hold(file, key, found, by=by, now=now)
    else:
        _land(file, key, feed, drops, by=by, now=now)


def _alone(file: File) -> Feed:
    """The agency's feed, locked: its files land one at a time, and each of them once."""
    feed = Feed.objects.select_for_update().get(pk=file.agency_id)
    if not File.objects.filter(pk=file.pk, state__in=ON_THE_WAY).exists():
        raise NotPossibleNow("already-settled", "This file has been settled already.")
    return feed


def _put_repeats_aside(file: File) -> None:
    with connection.cursor() as cursor:
        cursor.execute(REPEATS, [file.id])
        found = cursor.fetchall()
        if found:
            cursor.execute(UNSTAGE, [file.id, [line for line, *_ in found]])
    contradictions = [row for row in found if not row[2]]
    if not found:
        return
    Rejected.objects.bulk_create(
        rejected(file, line, Fault("contact_id", "twice", str(first)), None, record, contact)
        for line, first, _, record, contact in contradictions[: limits().rejected]
    )
    file.rows_bad += len(contradictions)
    if contradictions:
        file.faults = dict(Counter(file.faults) + Counter(twice=len(contradictions)))
    if len(found) > len(contradictions):
        file.notices = dict(Counter(file.notices) + Counter({"same-again": len(found) - len(contradictions)}))


def _too_many_bad(file: File) -> bool:
    bad, rows = file.rows_bad, file.rows
    few_but_most = bad > limits().bad_half * rows
    return bad > 0 and (few_but_most or (bad >= limits().bad_least and bad > limits().bad_share * rows))


def _bad_in_words(file: File) -> str:
    return f"{file.rows_bad} of {file.rows} rows are bad"


def refuse_unreadable(file: File, key: DataKey, error: Unreadable, *, by: Actor, now: datetime) -> None:
    """Refuse a file that cannot be read to its end: whatever was staged of it goes."""
    finish(file, key, State.REFUSED, [Hold(error.code, str(error.what))], by=by, now=now)


def hold(file: File, key: DataKey, found: list[Hold], *, by: Actor, now: datetime) -> None:
    """Leave it staged until a person of the agency decides."""
    _say(file, key, found)
    file.state = State.HELD
    file.save()
    _enter(file, "file-held", by, now)


def finish(file: File, key: DataKey, state: State, found: list[Hold], *, by: Actor, now: datetime) -> None:
    """End a file's way without landing it."""
    Staged.objects.filter(file=file).delete()
    _say(file, key, found)
    file.state, file.finished_at = state, now
    file.save()
    _enter(file, "file-checked" if state == State.CHECKED else "file-refused", by, now)


def _say(file: File, key: DataKey, found: list[Hold]) -> None:
    """Keep the codes in the clear and their figures sealed: a heading that is not in the contract may be anything."""
    file.codes = [hold.code for hold in found]
    plain = file.open_with(key)
    plain["said"] = {hold.code: hold.what for hold in found}
    file.version += 1
    file.seal_into(plain, key)


def _enter(file: File, kind: str, by: Actor, now: datetime) -> None:
    ledger.record(
        kind=kind,
        by=by,
        about=[f"file:{file.id}"],
        because=", ".join(file.codes)[:120],
        now=now,
        simulated=file.simulated,
    )


def _land(file: File, key: DataKey, feed: Feed, drops: Dropping, *, by: Actor, now: datetime) -> None:
    landing = Landing(file, key, late=bool(feed.last_as_of and file.as_of < feed.last_as_of))
    try:
        removed = _write(landing, feed, drops, now)
        _landed(file, feed, now)
        handlers.tell_landed(file.id, landing.records_changed, removed)
        _enter_landed(file, landing.added, by, now)
    except BaseException:
        keyring.shred(landing.keys_made)  # nothing was committed, so nothing is sealed with them
        raise


def _write(landing: Landing, feed: Feed, drops: Dropping, now: datetime) -> list[int]:
    """Everything that the file changes. Gives the records that went."""
    file = landing.file
    if landing.late and _older_than_snapshot(file, feed):
        file.notices = dict(Counter(file.notices) + Counter({"older-than-held": file.rows}))
        return []
    gone, touched = removing.take_back(file)
    if landing.late:
        removing.leave_out_what_is_gone(file)
    land_rows(landing)
    handlers.guards_of_landed(file)
    dropped, emptied = removing.drop(drops)
    removed = removing.remove_emptied(touched | emptied, now)
    file.added, file.changed, file.dropped = landing.added + landing.withheld, landing.changed, gone + dropped
    feed.contacts += landing.added
    feed.records += landing.new_records
    removing.count_down(feed, gone + dropped, len(removed))
    return removed


def _older_than_snapshot(file: File, feed: Feed) -> bool:
    return bool(feed.last_snapshot_as_of and file.as_of < feed.last_snapshot_as_of)


def _landed(file: File, feed: Feed, now: datetime) -> None:
    Staged.objects.filter(file=file).delete()
    file.state, file.finished_at = State.LANDED, now
    file.save()
    if not _older_than_snapshot(file, feed):
        feed.put_aside = file.rows_bad + (0 if file.mode == Mode.SNAPSHOT else feed.put_aside)
    feed.last_as_of = max(filter(None, (feed.last_as_of, file.as_of)))
    if file.mode == Mode.SNAPSHOT:
        feed.last_snapshot_as_of = max(filter(None, (feed.last_snapshot_as_of, file.as_of)))
    feed.last_landed_at = now
    has_come(feed, now)
    feed.save()


def _enter_landed(file: File, added: int, by: Actor, now: datetime) -> None:
    """`added` of what is visible: others than the sender read the ledger too."""
    counts: dict[str, Any] = {"added": added, "changed": file.changed, "dropped": file.dropped}
    because = ", ".join(f"{count} {what}" for what, count in counts.items())
    ledger.record(
        kind="file-landed", by=by, about=[f"file:{file.id}"], because=because, now=now, simulated=file.simulated
    )
