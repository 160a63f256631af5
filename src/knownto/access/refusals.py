"""Refusals, named after what was refused. They carry codes and sentences, never anybody's data."""

from knownto.policy import Refuse


class Refused(Exception):
    """Not granted. `code` goes to the ledger; `because` to the worker."""

    def __init__(self, code: str, because: str) -> None:
        super().__init__(code)
        self.code = code
        self.because = because


class NotYours(Refused):
    """Shown as 'not found', so that it cannot be told from what does not exist."""

    def __init__(self, code: str = "not-yours", because: str = "There is nothing here for you.") -> None:
        super().__init__(code, because)


class NoLawfulReason(Refused):
    """The purpose, the work or the family's standing was missing: the worker can put it right."""


class NotPossibleNow(Refused):
    """Not in this state: somebody else was first, or it has lapsed."""


CAN_BE_PUT_RIGHT = {
    "no-lawful-purpose",
    "no-work",
    "family-not-told",
    "no-reason-to-dispense",
    "second-factor",
    "not-found-by-you",
    "no-life-reason",
    "not-sure",
    "not-fresh",
    "glass-suspended",
    "glass-at-once",
    "glass-today",
    "glass-closed",
}


def refused(answer: Refuse) -> Refused:
    """The error for a policy's refusal."""
    kind = NoLawfulReason if answer.code in CAN_BE_PUT_RIGHT else NotYours
    return kind(answer.code, answer.because)
