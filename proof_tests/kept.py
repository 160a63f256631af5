"""Beside a product that is killed, in a process of its own: found its partners; say what is wrong with what it kept.

`found AGENCY...` gives each agency's sending key; `head` a signed head of the ledger; `check` reads from its input what
was acknowledged, and gives what is wrong. JSON all.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import django

django.setup()

from django.db.models import QuerySet  # noqa: E402 (Django must be set up first)

from knownto.access.acts import system  # noqa: E402
from knownto.access.viewer import viewer_of  # noqa: E402
from knownto.casework import sweeping, words  # noqa: E402
from knownto.casework.models import Ask, Clock, Episode, Notice, Part, Participation, Statement, Trace  # noqa: E402
from knownto.disclosure.endpoints import open_endpoint  # noqa: E402
from knownto.disclosure.models import Disclosure, How, Parcel, Way  # noqa: E402
from knownto.feeds.sending_keys import make_key  # noqa: E402
from knownto.keyring.sealing import Shredded, Tampered  # noqa: E402
from knownto.ledger import reads as ledger  # noqa: E402
from knownto.ledger.models import About, Entry, Waiting  # noqa: E402
from knownto.partners.models import Worker  # noqa: E402
from knownto.partners.reads import by_sign_in_name  # noqa: E402
from knownto.pathways.frontdoor import copies  # noqa: E402
from knownto.pathways.frontdoor.models import Submission  # noqa: E402
from knownto.pathways.frontdoor.referring import _token  # noqa: E402
from knownto.proof import StoredHead  # noqa: E402
from knownto.town.living import FOUNDER  # noqa: E402
from knownto.town.living import found as found_borough  # noqa: E402

SECONDS_TO_SETTLE = 240
AT_ONCE = timedelta(seconds=30)  # within which an entry has its number: the worker goes on while this looks
IN_A_FOLDER = "school"  # whose copies are left in a folder


def found(*agencies: str) -> dict[str, str]:
    """The small borough's partners; each of those agencies with a key to send with."""
    now = datetime.now(UTC)
    found_borough("small", now=now)
    open_endpoint(agency=IN_A_FOLDER, way=Way.DROP, where=IN_A_FOLDER, by=FOUNDER, now=now)
    return {agency: make_key(viewer=viewer_of(_of_data(agency), second_factor=True), now=now) for agency in agencies}


def _of_data(agency: str) -> Worker:
    return by_sign_in_name(f"{agency}.data")


def head() -> str:
    return ledger.standing().head


def check() -> dict[str, Any]:
    """Everything that was acknowledged, whole and once; nothing else; and a ledger that nobody has changed."""
    said = json.load(sys.stdin)
    if said.get("settle"):
        _settle()
    with system("proof"):
        wrong = [*_intents(said["acknowledged"]), *_whole(), *_words(said["acknowledged"]), *_copies(), *_entries()]
        counts = {"episodes": Episode.objects.count(), "entries": Entry.objects.count()}
    if lost := sweeping.adrift():
        wrong.append(f"{lost} pieces of work adrift")
    wrong += [finding.sentence for finding in ledger.verify([StoredHead(kept) for kept in said.get("heads", ())])]
    return {"wrong": wrong, **counts}


def _settle() -> None:
    """The worker catches up by itself with whatever the kills kept it from."""
    end = time.monotonic() + SECONDS_TO_SETTLE
    while time.monotonic() < end and _left_to_do():
        time.sleep(0.5)


def _left_to_do() -> bool:
    with system("proof"):
        owed = Statement.objects.filter(kind=copies.OWED, corrected_by=None)
        waiting = Parcel.objects.filter(state=Parcel.State.WAITING)
        return Waiting.objects.exists() or owed.exists() or waiting.exists()


def _intents(acknowledged: dict[str, list[str]]) -> Iterator[str]:
    """Each intent is the one referral whose receipt was given for it, and there is no other."""
    kept = {row.intent: row.episode.reference for row in Submission.objects.select_related("episode")}
    for intent, (agency, reference) in acknowledged.items():
        found = kept.pop(_token(agency, f"key:{intent}"), None)
        if found is None:
            yield f"{reference} was acknowledged, and is lost"
        elif found != reference:
            yield f"{reference} was acknowledged, and it is {found}"
    yield from (f"{reference} was never acknowledged to anybody" for reference in kept.values())


# What every one of them has exactly once, and where to look for it.
def _once() -> dict[str, QuerySet[Any]]:
    clocks = Clock.objects.filter(stopped_at=None)
    about, working = (Participation.objects.filter(part=part) for part in (Part.ABOUT, Part.WORKS_ON))
    return {
        "submissions": Submission.objects.values_list("episode"),
        "referrals": Statement.objects.filter(kind="referral").values_list("episode"),
        "clocks of its state": clocks.filter(runs="state").values_list("episode"),
        "clocks from its opening": clocks.filter(runs="opening").values_list("episode"),
        "children": about.filter(role="subject").values_list("episode"),
        "parents": about.filter(role="parent").values_list("episode"),
        "notices to its owner": Notice.objects.filter(sort__startswith="opened:").values_list("episode"),
        "crossings": Disclosure.objects.filter(how=How.REFERRAL).values_list("work"),
        "senders who see it": working.filter(role="referrer").values_list("episode"),
        "supervisors asked": Ask.objects.filter(kind="supervision").values_list("episode"),
        "copies owed": Statement.objects.filter(kind=copies.OWED).values_list("episode"),
        "copies made": Statement.objects.filter(kind=copies.MADE).values_list("episode"),
    }


OF_A_TEAM = {"senders who see it", "supervisors asked"}
OF_A_FOLDER = {"copies owed", "copies made"}


def _whole() -> Iterator[str]:
    counted = {what: Counter(found for (found,) in rows) for what, rows in _once().items()}
    for episode in Episode.objects.all():
        for what, counts in counted.items():
            if (many := counts.pop(episode.id, 0)) != _expected(what, episode):
                yield f"{episode.reference} has {many} {what}"
        if episode.closed_at or not episode.team_id or not episode.next_due or episode.pathway != "contact":
            yield f"{episode.reference} has no owner, or no next time"
    for what, counts in counted.items():
        if counts:
            yield f"{sum(counts.values())} {what} of no referral at all"


def _expected(what: str, episode: Episode) -> int:
    school = episode.from_agency_id == IN_A_FOLDER
    return int(not school) if what in OF_A_TEAM else int(school) if what in OF_A_FOLDER else 1


def _words(acknowledged: dict[str, list[str]]) -> Iterator[str]:
    """What was written opens, and is what was sent with that receipt; each child can be recognised."""
    intents = {reference: intent for intent, (_, reference) in acknowledged.items()}
    for row in Statement.objects.filter(kind="referral").select_related("episode"):
        try:
            [plain] = words.opened([row])
        except (Shredded, Tampered):
            yield f"{row.episode.reference} cannot be read any more"
            continue
        if plain.get("own_reference") != intents.get(row.episode.reference):
            yield f"{row.episode.reference} holds another's words"
    if unknown := Participation.objects.filter(role="subject").exclude(pk__in=Trace.objects.values("participation")):
        yield f"{len(unknown)} children who would not be recognised"


def _copies() -> Iterator[str]:
    """A parcel for each copy, whole and once, acknowledged or lying in the folder."""
    made = Counter(Parcel.objects.values_list("copy_of", flat=True))
    for owed in Statement.objects.filter(kind=copies.OWED).select_related("episode"):
        if (many := made.pop(owed.pk, 0)) != 1:
            yield f"{owed.episode.reference} has {many} parcels"
    if made:
        yield f"{len(made)} parcels of nothing"


def _entries() -> Iterator[str]:
    """Each referral that was stored is in the ledger: as sent, as opened, and as crossing under that entry."""
    opened = Counter(About.objects.filter(entry__kind="episode-opened").values_list("subject", flat=True))
    sent = Counter(Disclosure.objects.filter(how=How.REFERRAL).values_list("work", "entry__kind"))
    for identity, reference in Episode.objects.values_list("id", "reference"):
        if opened.pop(f"episode:{identity}", 0) != 1 or sent.pop((identity, "referral-sent"), 0) != 1:
            yield f"{reference} is not once in the ledger"
    if many := sum(opened.values()) + sum(sent.values()):
        yield f"{many} entries of no referral"
    if (many := Entry.objects.filter(kind="referral-sent").count()) != Episode.objects.count():
        yield f"{many} referrals sent by the ledger, {Episode.objects.count()} kept"
    if waiting := Waiting.objects.filter(entry__at__lt=datetime.now(UTC) - AT_ONCE).count():
        yield f"{waiting} entries still without a number"


if __name__ == "__main__":
    done = {"found": found, "head": head, "check": check}[sys.argv[1]](*sys.argv[2:])
    print(json.dumps(done))  # noqa: T201
