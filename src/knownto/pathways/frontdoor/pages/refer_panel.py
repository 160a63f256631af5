"""The panel of what was referred: every answer, and what the referrer added or put right since."""

from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.pathways.frontdoor.pages.panels import Panel
from knownto.pathways.frontdoor.pages.people import words
from knownto.pathways.frontdoor.pages.shown import Block, blocks
from knownto.pathways.frontdoor.referral import Referral

SAID = {"referral": "Referral", "more": "Added by the referrer", "correction": "Put right by the referrer"}


def referral(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What was written, by whom and when, in the writer's own words: the child's among them."""
    if "referral" not in entered.sections:
        return None
    said = reads.statements(entered.episode, *SAID)
    names = reads.names([row.worker for row, _ in said])
    letters = [
        {"kind": SAID[row.kind], "at": row.at, "by": names.get(row.worker, ""), **_content(row.kind, plain)}
        for row, plain in said
    ]
    return Panel(30, "What was referred", "frontdoor/refer_panel.html", {"letters": letters, "now": now})


def _content(kind: str, plain: dict[str, Any]) -> dict[str, Any]:
    return {"blocks": _blocks(plain)} if kind == "referral" else {"words": plain["words"]}


def _blocks(plain: dict[str, Any]) -> list[Block]:
    """One that was written when the form was another is shown all the same, answer by answer."""
    try:
        return blocks(Referral.from_json(plain))
    except (TypeError, ValueError):
        return [Block("What was written", words(plain))]
