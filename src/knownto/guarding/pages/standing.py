"""Where the join of a seal stands, and what one of those named can do about it."""

from datetime import datetime
from uuid import UUID

from django.urls import reverse

from knownto.face import times
from knownto.face.parts import Link
from knownto.guarding.joins import Standing


def stands(join: Standing | None, now: datetime) -> str:
    """Where the join of a seal stands, in words."""
    if join is None:
        return ""
    if not join.written:
        need = {(False, False): "Both of you need", (False, True): "You need", (True, False): "The other of you needs"}
        who = need.get((join.i_hold_a_key, join.other_holds_a_key))
        return f"Not written down. {who} a key first." if who else "Not written down. Both of you have a key for it."
    if not join.readable:
        return "Written down for a key that one of you has replaced: nobody can read it. Write it down again."
    if join.given_until:
        return f"The other of you has given their half, until {times.clock(join.given_until, now)}."
    if join.i_gave_until:
        return f"You have given your half, until {times.clock(join.i_gave_until, now)}: ring the other of you."
    return "Written down. One of you gives their half; the other then reads it, within the hour."


def leads(join: Standing | None, seal: UUID) -> list[Link]:
    """What one of those named can do about it now."""
    if join is None:
        return []
    ready = join.i_hold_a_key and join.other_holds_a_key
    open_ = {
        "key": ("Make a key of your own", not join.i_hold_a_key),
        "join-write": ("Write down who they were", ready and not join.readable),
        "join-read": ("Read who they were", join.readable and join.given_until is not None),
        "join-half": ("Give your half", join.readable and join.given_until is None),
    }
    where = {route: [] if route == "key" else [seal] for route in open_}
    return [Link(words, reverse(f"guarding:{r}", args=where[r])) for r, (words, may) in open_.items() if may]
