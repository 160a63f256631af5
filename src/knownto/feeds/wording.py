"""What is said of a file, in sentences: why it was refused or held, what was put aside, what is worth knowing."""

from collections.abc import Iterator
from typing import Any

from knownto.feeds.faults import FILE, HOLDS, NOT_AGREED, NOTICES, ROW
from knownto.feeds.limits import limits
from knownto.feeds.models import File, State

OUTCOMES = {
    State.RECEIVED: "It has been received and is waiting to be checked.",
    State.CHECKING: "It is being checked.",
    State.LANDING: "It has been checked and is being saved.",
    State.HELD: "It is held: nothing of it is used until somebody of your agency decides.",
    State.LANDED: "It has landed: what it says can be found from now on.",
    State.REFUSED: "It was refused: nothing of it was taken, and what you sent before stays as it was.",
    State.TURNED_AWAY: "It was turned away by your agency: nothing of it was taken.",
    State.SAME: "It is the same as a file that you sent before, so it changed nothing.",
    State.CHECKED: "It was checked only: nothing of it was taken.",
}


def outcome(file: File) -> str:
    """What came of it, in a sentence."""
    return OUTCOMES[State(file.state)]


def reasons(file: File, sealed: dict[str, Any]) -> list[str]:
    """Why it was refused or held. `sealed` is its opened part: the figures are there."""
    figures = sealed.get("said", {})
    return [(FILE.get(code) or HOLDS[code]).format(what=figures.get(code, "")) for code in file.codes]


def put_aside(file: File) -> list[str]:
    """How many rows have which fault."""
    counted = sorted(file.faults.items(), key=lambda item: -item[1])
    return [f"{count} × {_plain(code)}" for code, count in counted if code in ROW or code in NOT_AGREED]


def _plain(code: str) -> str:
    return (ROW.get(code) or NOT_AGREED[code]).format(what="those in the contract")


def notices(file: File) -> Iterator[str]:
    """What is worth knowing though it was accepted."""
    for code, count in file.notices.items():
        yield f"{count} {NOTICES[code].format(months=limits().months_held)}"
