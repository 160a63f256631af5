"""Putting a decision right: another takes its place, and the first stays to be read. Called inside rows that are open.

Only of work that is closed: while it is open, deciding again is enough.
"""

from datetime import datetime

from knownto.casework import words
from knownto.casework.deciding import Choice, NotFromHere, Overtaken, must_be_sound
from knownto.casework.models import Decision, Episode
from knownto.casework.pathway import Move
from knownto.casework.register import pathway
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor


def supersede(*, episode: Episode, choice: Choice, by: Actor, seen: int, now: datetime) -> Decision:
    """Decide anew what was decided last. It stays closed, with another outcome, level or reasons.

    Raises Overtaken, NotFromHere (it is open, or the choice would open it), NotYetKnown, NoRationale.
    """
    episode.refresh_from_db(from_queryset=Episode.objects.select_for_update(no_key=True))
    last = Decision.objects.get(episode=episode, number=episode.decided)
    if episode.decided != seen:
        raise Overtaken(last)
    move = _allowed(episode, choice)
    row = Decision(
        episode=episode,
        number=episode.decided + 1,
        kind=move.code,
        source=episode.state,
        to=move.to,
        power=choice.power,
        worker=by.worker,
        agency=by.agency,
        at=now,
        level=choice.level,
        level_before=last.level,
        override=choice.override,
        supersedes=last,
    )
    words.sealed(row, {"rationale": choice.rationale} | choice.facts, words.key_of(episode))
    episode.state, episode.decided, episode.level = move.to, row.number, choice.level or episode.level
    episode.save(update_fields=["state", "decided", "level"])
    about, because = [f"episode:{episode.id}"], f"{move.code}, power {choice.power}"
    ledger.record(kind="decision-corrected", by=by, about=about, because=because, now=now)
    return row


def _allowed(episode: Episode, choice: Choice) -> Move:
    """It must be a decision that could have been made where the first one was, and that closes."""
    path = pathway(episode.pathway)
    move = path.move(choice.move)
    if episode.closed_at is None or move.to == "same" or not path.state(move.to).closed:
        raise NotFromHere
    if decided_from(episode) not in move.sources:
        raise NotFromHere
    must_be_sound(episode, move, choice)
    return move


def decided_from(episode: Episode) -> str:
    """The open state in which it was closed, however often that was put right since."""
    last = Decision.objects.get(episode=episode, number=episode.decided)
    while last.supersedes_id:
        last = Decision.objects.get(pk=last.supersedes_id)
    return last.source
