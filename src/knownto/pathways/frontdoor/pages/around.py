"""The panels of what was decided, and of the work that this came from, led to or was joined with."""

from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.casework.models import Decision, Episode
from knownto.casework.pathway import POWERS
from knownto.casework.register import pathway
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.people import words

# Whoever merely wrote or was asked is not told what other work there is about the family.
WHOLE = frozenset({"hub", "allocated"})


def decisions(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    if "decisions" not in entered.sections:
        return None
    found = reads.decisions(entered.episode)
    names = reads.names([row.worker for row, _ in found])
    shown = [_decision(entered.episode, row, plain, names.get(row.worker, "")) for row, plain in reversed(found)]
    return Panel(60, "Decisions", "frontdoor/episode_decisions.html", {"decisions": shown})


def _decision(episode: Episode, row: Decision, plain: dict[str, Any], name: str) -> dict[str, Any]:
    path = pathway(episode.pathway)
    return {
        "number": row.number,
        "what": _name(path, row.kind),
        "by": name or "A rule",
        "power": POWERS[row.power],
        "at": row.at,
        "level": row.level,
        "level_before": row.level_before,
        "override": row.override,
        "departs": plain.get("departs", []),
        "override_why": plain.get("override_why", ""),
        "parts": plain.get("template", {}),
        "rationale": plain.get("rationale", ""),
        "moved": path.state(row.to).name if row.to != row.source else "",
        "supersedes": row.supersedes_id is not None,
    }


def _name(path: Any, kind: str) -> str:
    return next((move.name for move in path.moves if move.code == kind), kind)


def family_of_work(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What it came from, led to, and was joined with; what was written in those that were joined to it."""
    if not entered.parts & WHOLE:
        return None
    episode = entered.episode
    around = {
        "parent": _link(episode.parent),
        "joined_to": _link(episode.joined_to),
        "led_to": [_link(each) for each in episode.led_to.order_by("opened_at")],
        "joined": [_joined(each) for each in episode.joined.order_by("opened_at")],
    }
    return (
        Panel(70, "Work that belongs to it", "frontdoor/episode_around.html", around) if any(around.values()) else None
    )


def _link(episode: Episode | None) -> dict[str, Any] | None:
    if episode is None:
        return None
    path = pathway(episode.pathway)
    state = path.state(episode.state).name
    return {
        "id": episode.id,
        "reference": episode.reference,
        "what": path.name,
        "state": state,
        "at": episode.opened_at,
    }


def _joined(episode: Episode) -> dict[str, Any]:
    """Nothing of a joined referral is lost: it can be read here, beside the one it was joined to."""
    letters = [words(plain) for _, plain in reads.statements(episode, "referral")]
    return _link(episode) | {"letters": letters, "from": episode.from_agency.name}
