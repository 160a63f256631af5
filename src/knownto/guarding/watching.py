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
from knownto.keyring import acts as keyring
from knownto.keyring import guard
from knownto.ledger.models import Entry
from knownto.linkage import Evidence

OPENED = "episode-opened"  # a referral, too, says whom it is about
KINDS = ("search", "glass-search", "who-looked", "work-found", OPENED)  # whatever asks for somebody by what is known
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
    hits: dict[UUID | None, None] = {}
    for evidence in _meant(entry, detail):
        hits |= dict.fromkeys(near.seal for near in matching.near_question(evidence))
        hits |= {None: None} if staff.hit(evidence) else {}
    found = list(hits)[:MOST_HITS]
    _write_down(entry, found)
    for seal in found:
        whose = Seal.objects.select_related("episode").get(pk=seal) if seal else None
        desk.alert(whose, entry.event, entry.at, now)


def _meant(entry: Entry, detail: dict[str, Any]) -> list[Evidence]:
    """Whom it may be about: what was asked, or those whom a piece of work was opened about."""
    if asked := detail.get("asked"):
        return [Question.from_json(asked).evidence(localdate(entry.at))]
    if entry.kind != OPENED:
        return []
    works = [about.subject.removeprefix("episode:") for about in entry.about.all()]
    rows = list(Participation.objects.filter(part=Part.ABOUT, episode__in=works))
    return [Evidence.from_json(plain["evidence"]) for plain in keyring.open_rows(rows) if "evidence" in plain]


def _write_down(entry: Entry, hits: list[UUID | None]) -> None:
    row = Look(event=entry.event, at=entry.at)
    [key] = guard.create()
    plain = {"hits": [str(hit) if hit else "register" for hit in hits[:MOST_HITS]]}
    row.seal_into(plain | {"blank": " " * (LENGTH - len(json.dumps(plain)))}, key)
    row.save(force_insert=True)
