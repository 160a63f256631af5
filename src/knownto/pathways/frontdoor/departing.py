"""When a decision departs from what the referrer thought, from guidance or from a time limit: it needs its reason."""

from datetime import datetime
from typing import Any

from knownto.casework import reads
from knownto.casework.models import Clock, Episode
from knownto.casework.pathway import Move

LATE = "decision"  # the limit within which the response is decided, by law


class NoOverrideReason(ValueError):
    """It departs from something, and nobody said why. `departures` are the sentences that say from what."""

    def __init__(self, departures: list[str]) -> None:
        super().__init__("; ".join(departures))
        self.departures = departures


def departures(episode: Episode, move: Move, level: int | None, now: datetime) -> list[str]:
    """What deciding so departs from, as sentences; none for a decision that decides no level. Inside open rows."""
    if not move.levels:
        return []
    written = referral_of(episode)
    found = [_of_level(_level(written), level), _of_harm(written, move), _of_urgency(episode, move)]
    return [sentence for sentence in (*found, _of_time(episode, now)) if sentence]


def referral_of(episode: Episode) -> dict[str, Any]:
    """What the referrer wrote, opened; {} where the work came of another."""
    said = reads.statements(episode, "referral")
    return said[-1][1] if said else {}


def level_at_contact(episode: Episode) -> int | None:
    """The level that stood before: the one decided last, or the one that the referrer thought."""
    return episode.level or _level(referral_of(episode))


def _level(written: dict[str, Any]) -> int | None:
    return written.get("level_thought")


def _of_level(thought: int | None, level: int | None) -> str:
    if not thought or not level or thought == level:
        return ""
    return f"The referrer thought level {thought}, and level {level} is decided."


def _of_harm(written: dict[str, Any], move: Move) -> str:
    """Guidance: where significant harm is suspected a strategy discussion is held."""
    suspected = written.get("significant_harm") or written.get("sexual_abuse")
    if suspected and move.to not in ("strategy", "stepped-up"):
        return "The referrer suspects significant harm, and no strategy discussion is held."
    return ""


def _of_urgency(episode: Episode, move: Move) -> str:
    if episode.urgency == "red" and move.code in ("no-further-action", "advice"):
        return "It was rated red, and no service follows."
    return ""


def _of_time(episode: Episode, now: datetime) -> str:
    late = Clock.objects.filter(episode=episode, limit=LATE, stopped_at=None, due_at__lt=now).exists()
    return "The time limit for this decision has run out." if late else ""
