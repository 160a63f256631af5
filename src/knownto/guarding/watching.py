"""Who looked for whom we guard: worked out afterwards, from the question that the ledger holds.

A search does nothing for it, so it can be told neither by its answer nor by its time. Every search is checked, and
leaves a row of the same shape and length whether it hit or not.
"""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef
from django.utils.timezone import localdate

from knownto.casework.models import Part, Participation
from knownto.footprint.question import Question
from knownto.guarding import desk, matching, staff
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Look, Seal, Staff, Token
from knownto.identity import reads as identity
from knownto.keyring import acts as keyring
from knownto.keyring import guard
from knownto.ledger.models import Entry
from knownto.linkage import Evidence

OPENED = "episode-opened"  # a referral, too, says whom it is about
ASKS = ("search", "glass-search", "who-looked", "work-found", OPENED)  # whatever asks for somebody by what is known
# What shows somebody who was reached, and may never have been typed: through a household, or by half of what is known.
SHOWS = ("view", "print", "household", "glass-view", "glass-seen", "ask-them-about")
KINDS = (*ASKS, *SHOWS)
REGISTER = "register"
ONE_LOOK = timedelta(hours=1)  # a search's life: all that it leads to of one household is told once
AT_ONCE = 100  # searches in one turn
LENGTH = 600  # characters of what is sealed of a look, hit or not
LEAST_BACK = timedelta(days=1)
MOST_HITS = 8


def catch_up(now: datetime, most: int = AT_ONCE) -> int:
    """Check the searches that nobody has checked yet; gives how many. Doing it twice tells nobody twice."""
    with guards_own():
        if not (Token.objects.exists() or Staff.objects.exists()):
            return 0
        owed = _owed(now, most)
        found = details(owed)
        for entry in owed:
            _check(entry, found.get(entry.event, {}), now)
        Look.objects.filter(at__lt=_since(now) - LEAST_BACK).delete()
    return len(owed)


def _owed(now: datetime, most: int) -> list[Entry]:
    checked = Look.objects.filter(event=OuterRef("event"))
    found = Entry.objects.filter(kind__in=KINDS, at__gte=_since(now)).exclude(Exists(checked))
    return list(found.order_by("id")[:most])


def _since(now: datetime) -> datetime:
    """Far enough back that nothing is missed however long nobody checked: a day before the last that was."""
    last = Look.objects.order_by("-at").values_list("at", flat=True).first()
    return min(last or now, now) - LEAST_BACK


def details(entries: list[Entry]) -> dict[UUID, dict[str, Any]]:
    """What each entry sealed: the work it was for, and what was asked."""
    keys = keyring.fetch(entry.key for entry in entries if entry.key)
    place = {"table": "ledger_entry", "column": "sealed"}
    sealed = [entry for entry in entries if entry.key in keys]
    return {e.event: json.loads(keys[e.key].open(e.sealed, row=e.event, **place)) for e in sealed if e.key}


def _check(entry: Entry, detail: dict[str, Any], now: datetime) -> None:
    meant = _meant(entry, detail)
    seals = list(dict.fromkeys(near.seal for each in meant for near in matching.near_question(each)))[:MOST_HITS]
    declared = sorted(staff.owners([*meant, *_shown(entry)]))[: MOST_HITS - len(seals)]
    to_tell = declared if entry.kind in ASKS else set(declared) - _told(entry)
    _write_down(entry, [*map(str, seals), *(f"{REGISTER} {owner}" for owner in declared)])
    for seal in Seal.objects.select_related("episode").filter(pk__in=seals):
        desk.alert(seal, entry.event, entry.at, now)
    if to_tell:
        desk.alert(None, entry.event, entry.at, now)


def _meant(entry: Entry, detail: dict[str, Any]) -> list[Evidence]:
    """Whom it may be about: what was asked, or those whom a piece of work was opened about."""
    if asked := detail.get("asked"):
        return [Question.from_json(asked).evidence(localdate(entry.at))]
    if entry.kind != OPENED:
        return []
    works = [about.subject.removeprefix("episode:") for about in entry.about.all()]
    rows = list(Participation.objects.filter(part=Part.ABOUT, episode__in=works))
    return [Evidence.from_json(plain["evidence"]) for plain in keyring.open_rows(rows) if "evidence" in plain]


def _shown(entry: Entry) -> list[Evidence]:
    """Those whom an entry shows, as partners hold them."""
    if entry.kind not in SHOWS:
        return []
    people = [about.subject for about in entry.about.all() if ":" not in about.subject]
    known = (identity.person(UUID(person)) for person in people)
    return [record.evidence for each in known if each for record in each.records]


def _told(entry: Entry) -> set[int]:
    """Whose households the desk was told of already, of that worker's last hour."""
    before = Entry.objects.filter(worker=entry.worker, kind__in=KINDS, at__gte=entry.at - ONE_LOOK, pk__lt=entry.pk)
    looks = list(Look.objects.filter(event__in=before.values("event")))
    hits = (hit.split(" ") for plain in guard.open_rows(looks) for hit in plain["hits"])
    return {int(hit[1]) for hit in hits if hit[0] == REGISTER}


def _write_down(entry: Entry, hits: list[str]) -> None:
    row = Look(event=entry.event, at=entry.at)
    [key] = guard.create()
    plain = {"hits": hits}
    row.seal_into(plain | {"blank": " " * (LENGTH - len(json.dumps(plain)))}, key)
    row.save(force_insert=True)
