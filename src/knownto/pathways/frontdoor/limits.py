"""The front door's time limits, read from `limits.toml` (or the file that KNOWNTO_LIMITS names)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

from knownto.casework.pathway import Limit, Tell
from knownto.worktime import Rule, Unit

LATE = (Tell("amber", "owner"), Tell("red", "owner"), Tell("red", "manager"))
# Who is told of a limit that is not simply the owner's: the one who waits, the referrer's supervisor, the night.
TELLS: dict[str, tuple[Tell, ...]] = {
    "answer-red": (Tell("amber", "asked"), Tell("red", "asked"), Tell("red", "asker")),
    "answer-amber": (Tell("amber", "asked"), Tell("red", "asked"), Tell("red", "asker")),
    "answer-green": (Tell("amber", "asked"), Tell("red", "asked"), Tell("red", "asker")),
    "gp-reply": (Tell("amber", "asked"), Tell("red", "asked"), Tell("red", "asker")),
    "outcome-seen": (Tell("red", "asked"), Tell("red", "supervisor")),
    "police-protection": (*LATE, Tell("amber", "manager"), Tell("red", "night")),
    "harm-unmet": (*LATE, Tell("red", "night")),
    "strategy": (*LATE, Tell("amber", "manager"), Tell("red", "night")),
    "considered": (Tell("amber", "owner"), Tell("red", "supervisor")),
    "supervisor-review": (Tell("amber", "owner"), Tell("red", "supervisor")),
}


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(settings.LIMITS_FILE).read_text(encoding="utf-8"))


def limits(*codes: str) -> tuple[Limit, ...]:
    """Those limits. Raises KeyError for one that the setting does not have: better no start than no time limit."""
    return tuple(_limit(code, _table()[code]) for code in codes)


def _limit(code: str, said: dict[str, Any]) -> Limit:
    rule = Rule(said["amount"], Unit(said["unit"]), said["authority"], said.get("statutory", False))
    warn = Rule(said["warn_amount"], Unit(said["warn_unit"]), said["authority"]) if "warn_amount" in said else None
    return Limit(code, said["name"], rule, warn, TELLS.get(code, LATE))
