"""What can be done with the nouns. Each is called inside rows that an act of the module above has opened, by somebody
whom policy allowed, and writes its own ledger entry in that transaction.
"""

from knownto.casework.asking import (
    AlreadyAnswered,
    NoAnswer,
    Question,
    answer,
    answer_read,
    ask,
    pass_on,
    remind,
    seen,
    take,
)
from knownto.casework.clocks import run
from knownto.casework.deciding import Choice, NoRationale, NotFromHere, NotYetKnown, Overtaken, decide
from knownto.casework.meeting import AlreadyOver, Came, NotSaid, Plan, Record, Seat, call, cancel, hold, invite, move_to
from knownto.casework.opening import (
    Origin,
    Somebody,
    add_somebody,
    allocate,
    leave,
    open_episode,
    say,
    take_part,
)
from knownto.casework.pausing import NotPaused, go_on, pause
from knownto.casework.sweeping import sweep
from knownto.casework.telling import tell

__all__ = [
    "AlreadyAnswered", "AlreadyOver", "Came", "Choice", "NoAnswer", "NoRationale", "NotFromHere", "NotPaused",
    "NotSaid", "NotYetKnown", "Origin", "Overtaken", "Plan", "Question", "Record", "Seat", "Somebody",
    "add_somebody", "allocate", "answer", "answer_read", "ask", "call", "cancel", "decide", "go_on", "hold",
    "invite", "leave", "move_to", "open_episode", "pass_on", "pause", "remind", "run", "say", "seen", "sweep",
    "take", "take_part", "tell",
]  # fmt: skip
