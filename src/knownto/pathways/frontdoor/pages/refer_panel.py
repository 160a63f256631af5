"""The panel of what was referred: every answer, and what the referrer added or put right since."""

from datetime import datetime
from typing import Any

from knownto.access.acts import Viewer
from knownto.casework import reads
from knownto.casework.entering import Entered
from knownto.firewall import audiences
from knownto.firewall.audiences import Audience
from knownto.pathways.frontdoor.pages.letters import blocks_of
from knownto.pathways.frontdoor.pages.panels import Panel

SAID = {"referral": "Referral", "more": "Added by the referrer", "correction": "Put right by the referrer"}


def referral(entered: Entered, viewer: Viewer, now: datetime) -> Panel | None:
    """What was written, by whom and when, in the writer's own words: the child's among them."""
    if "referral" not in entered.sections:
        return None
    said = reads.statements(entered.episode, *SAID)
    names = reads.names([row.worker for row, _ in said])
    reader = audiences.on_page(viewer)
    letters = [
        {"kind": SAID[row.kind], "at": row.at, "by": names.get(row.worker, ""), **_content(row.kind, plain, reader)}
        for row, plain in said
    ]
    return Panel(30, "What was referred", "frontdoor/refer_panel.html", {"letters": letters, "now": now})


def _content(kind: str, plain: dict[str, Any], reader: Audience) -> dict[str, Any]:
    return {"blocks": blocks_of(plain, reader)} if kind == "referral" else {"words": plain["words"]}
