"""Copies for an agency's own record system: owed in the act that causes them, made by a sweep, carried by `disclosure`.

What is owed is a statement "copy" of the episode, written in the act's own transaction. The sweep makes the document
and its PDF, which takes longer than a referrer should wait, puts them into the outbox, and writes "copy-made" in answer
to it, or "copy-not-sent" where it may not leave any more. Killed anywhere in between, it finds what is owed and not yet
answered.
"""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db.models import Exists, OuterRef

from knownto.access import clock
from knownto.access.acts import SYSTEM, system
from knownto.casework import acts, reads, words
from knownto.casework.models import Episode, Invitation, Part, Participation, Statement
from knownto.disclosure import parcels
from knownto.disclosure.acts import Crossing, cross
from knownto.disclosure.endpoints import takes_copies
from knownto.disclosure.models import How
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import facts, laying_out, paper
from knownto.pathways.frontdoor.documenting import Wanted, document_of, purpose_of

log = logging.getLogger(__name__)

WHATS: Mapping[str, str] = {"referral": "Referral", "outcome": "Outcome", "minutes": "Minutes"}
OWED, MADE, NOT_SENT = "copy", "copy-made", "copy-not-sent"
CHILDREN = UUID("5a1c6c0e-7f5e-4f1e-9d0f-6b1f5a9a4a11")  # the name space of the ids by which copies keep their order
RECENT = timedelta(days=14)
AT_ONCE = 12  # a PDF takes a quarter of a second, and other sweeps wait meanwhile
LOOKED_AT = 500


class CouldNotCheck(Exception):
    """Whether it may be told could not be found out. That is no answer: the copy stays owed, and is tried again."""


def put_copies(*, episode: Episode, what: str, by: Actor, entry: Entry, now: datetime) -> None:
    """Owe a copy to each agency that is to have one and takes them. Call it in the act's open rows, after its words.

    `what` is a code of WHATS. Raises KeyError for another: a copy of nobody knows what must never leave.
    """
    WHATS[what]
    for agency in agencies_for(episode, what):
        if takes_copies(agency):
            owe(episode, what, agency, by=by, entry=entry, now=now)


def agencies_for(episode: Episode, what: str) -> list[str]:
    """Who has a copy: who raised it; of an outcome also whose decision it was; of minutes whoever was invited."""
    if what == "minutes":
        return _at_the_table(episode)
    decided = {episode.team.agency_id} if what == "outcome" and episode.team else set()
    return sorted({episode.from_agency_id} | decided)


def _at_the_table(episode: Episode) -> list[str]:
    """Those invited to what the last minutes are of, whom these may be sent to."""
    minutes = reads.statements(episode, "minutes")
    plain = minutes[-1][1] if minutes else {}
    invited = Invitation.objects.filter(meeting=plain.get("meeting")).exclude(invited_at=None)
    return sorted(set(invited.values_list("agency", flat=True)) - set(plain.get("not_to", ())))


def owe(episode: Episode, what: str, agency: str, *, by: Actor, entry: Entry, now: datetime) -> None:
    """Owe that agency that copy, whether or not it has had it before. `entry`: of the act that causes it."""
    plain = {"what": what, "to": agency, "child": str(_child_of(episode, agency)), "entry": str(entry.event)}
    acts.say(episode=episode, kind=OWED, plain=plain, by=by, now=now)


def _child_of(episode: Episode, agency: str) -> UUID:
    """By what the receiver knows whom it is about: the child whom the tracker knows, or else the work it began with.

    Each agency is given ids of its own: two must not be able to lay theirs side by side. What an earlier copy of the
    same work went under stays, so that what follows it is not sent before it.
    """
    first = _beginning(episode)
    for _, plain in reads.statements(first, OWED):
        if plain["to"] == agency:
            return UUID(plain["child"])
    about = Participation.objects.filter(episode=first, part=Part.ABOUT, role__in=("subject", "adult-at-risk"))
    known = about.exclude(person=None).order_by("since", "id").values_list("person", flat=True).first()
    return uuid5(CHILDREN, str(keyring.token("copy-child", f"{agency} {known or first.id}")))


def _beginning(episode: Episode) -> Episode:
    while episode.parent:
        episode = episode.parent
    return episode


def sweep() -> int:
    """Make what is owed since a fortnight. Gives how many were dealt with."""
    return make(clock.now())


def sweep_all() -> int:
    """Make what is owed since whenever: rarely anything, and a longer look."""
    return make(clock.now(), recent=False)


def make(now: datetime, *, recent: bool = True, limit: int = AT_ONCE) -> int:
    """Make copies that are owed and put them into the outbox, the oldest first. Gives how many were dealt with.

    One that cannot be made holds up what is owed of the same work, so that nothing overtakes it, and nothing else.
    """
    made, stuck = 0, set()
    for owed, episode in _owed(now, recent):
        if made >= limit:
            break
        if episode in stuck:
            continue
        if _make(owed, now):
            made += 1
        else:
            stuck.add(episode)
    return made


def _owed(now: datetime, recent: bool) -> list[tuple[UUID, UUID]]:
    """Which copies are owed and unanswered, each with the work that it is of."""
    answered = Statement.objects.filter(corrects=OuterRef("pk"))
    found = Statement.objects.filter(~Exists(answered), kind=OWED).order_by("at", "id")
    with system("copies"):
        found = found.filter(at__gte=now - RECENT) if recent else found
        return list(found.values_list("pk", "episode")[:LOOKED_AT])


def _make(owed: UUID, now: datetime) -> bool:
    """Make one, in a transaction of its own. False, and logged, when it cannot be."""
    try:
        with system("copies"):
            row = Statement.objects.select_related("episode__from_team", "episode__team", "episode__parent").get(
                pk=owed
            )
            # A statement is never changed, so nobody may lock it: two sweeps meet at its episode.
            Episode.objects.select_for_update().get(pk=row.episode_id)
            if not Statement.objects.filter(corrects=row).exists():
                _send(row, words.opened([row])[0], now)
    except Exception:
        log.exception("a copy could not be made")
        return False
    return True


def _send(row: Statement, plain: Mapping[str, str], now: datetime) -> None:
    """Put it into the outbox; unless it may not leave, which is recorded too."""
    told = facts.may_be_told(row.episode, f"agency:{plain['to']}", now=now)
    entry = Entry.objects.get(event=plain["entry"])
    if told.because == facts.COULD_NOT_CHECK:
        raise CouldNotCheck
    if not told.may:
        _cross(row, plain, How.NOT_SHARED, entry, now)
        _answer(row, NOT_SENT, {"because": told.because}, now)
        return
    _cross(row, plain, How.COPY, entry, now)
    _answer(row, MADE, {"parcel": str(_put(row, plain, told.how, now))}, now)


def _put(row: Statement, plain: Mapping[str, str], handling: str, now: datetime) -> UUID:
    document = document_of(row.episode, Wanted(plain["what"], plain["to"], row.at, row.at, handling))
    parcel = parcels.put(
        to_agency=plain["to"],
        child=UUID(plain["child"]),
        kind=plain["what"],
        document=document.to_json(),
        pdf=laying_out.pdf_of(document) if paper.can_make() else None,
        by=SYSTEM,
        because=f"copy of {plain['what']}",
        now=now,
        copy_of=row.pk,
    )
    return parcel.id


def _cross(row: Statement, plain: Mapping[str, str], how: How, entry: Entry, now: datetime) -> None:
    """From whoever wrote what it holds. To an agency's own system, what is its own does not cross."""
    owner = row.episode.from_agency_id if plain["what"] == "referral" else row.agency
    if owner != plain["to"]:
        cross(Crossing(row.episode_id, how, owner, plain["to"], purpose_of(row.episode)), entry=entry, now=now)


def _answer(row: Statement, kind: str, plain: dict[str, str], now: datetime) -> None:
    acts.say(episode=row.episode, kind=kind, plain=plain, by=SYSTEM, corrects=row, now=now)
