"""What can be done with the nouns. Each is called inside rows that an act of the module above has opened, by somebody
whom policy allowed, and writes its own ledger entry in that transaction.
"""

from knownto.casework.asking import AlreadyAnswered, NoAnswer, Question, answer, ask, pass_on, remind, seen
from knownto.casework.clocks import go_on, pause, run
from knownto.casework.deciding import Choice, NoRationale, NotFromHere, NotYetKnown, Overtaken, decide
from knownto.casework.meeting import AlreadyOver, Came, NotSaid, Plan, Record, Seat, call, cancel, hold, move_to
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
from knownto.casework.sweeping import sweep
from knownto.casework.telling import tell

__all__ = [
    "AlreadyAnswered", "AlreadyOver", "Came", "Choice", "NoAnswer", "NoRationale", "NotFromHere", "NotSaid",
    "NotYetKnown", "Origin", "Overtaken", "Plan", "Question", "Record", "Seat", "Somebody", "add_somebody", "allocate",
    "answer", "ask", "call", "cancel", "decide", "go_on", "hold", "leave", "move_to", "open_episode", "pass_on",
    "pause", "remind", "run", "say", "seen", "sweep", "take_part", "tell",
]  # fmt: skip
