"""The panels of what was decided, and of the work that this came from, led to or was joined with."""

from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.casework.models import Decision, Episode
from knownto.casework.pathway import POWERS
from knownto.casework.register import pathway
from knownto.firewall import audiences
from knownto.pathways.frontdoor.pages.letters import blocks_of
from knownto.pathways.frontdoor.pages.panels import Panel

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
        "came_from": [_told(each, viewer) for each in _before(episode)],
        "joined_to": _link(episode.joined_to, viewer) if episode.joined_to else None,
        "led_to": [_link(each, viewer) for each in episode.led_to.order_by("opened_at")],
        "joined": [_told(each, viewer) for each in episode.joined.order_by("opened_at")],
    }
    if not any(around.values()):
        return None
    return Panel(70, "Work that belongs to it", "frontdoor/episode_around.html", around | {"now": now})


def _before(episode: Episode) -> list[Episode]:
    """What it came of, the nearest first."""
    found, at = [], episode.parent
    while at is not None:
        found.append(at)
        at = at.parent
    return found


def _link(episode: Episode, viewer: Viewer) -> dict[str, Any]:
    """It, in a line; with its address where the viewer takes part in it too."""
    path = pathway(episode.pathway)
    return {
        "id": episode.id if reads.parts_of(viewer, episode) else None,
        "reference": episode.reference,
        "what": path.name,
        "state": path.state(episode.state).name,
        "at": episode.opened_at,
    }


def _told(episode: Episode, viewer: Viewer) -> dict[str, Any]:
    """It, with what was written in it and why it was decided so: whoever works on what came of it needs both.

    So nothing of a joined referral is lost either: it can be read here, beside the one it was joined to.
    """
    reader = audiences.on_page(viewer)
    letters = [block for _, plain in reads.statements(episode, "referral") for block in blocks_of(plain, reader)]
    decided = reads.decisions(episode)[-1:]
    why = [plain["rationale"] for _, plain in decided]
    return _link(episode, viewer) | {"letters": letters, "why": why, "from": episode.from_agency.name}
