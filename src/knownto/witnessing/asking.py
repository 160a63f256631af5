"""Ask a witness what it saw last: a head that we signed once, and cannot take back."""

from knownto.disclosure import posting
from knownto.disclosure.faults import Fault
from knownto.ledger.tree import publics
from knownto.proof import BadHead, head_verifies, read_head
from knownto.witnessing.models import Witness


def last_head(witness: Witness) -> str:
    """The note of the last head that it saw. Raises Failed, and BadHead for what we never signed."""
    answer = posting.ask("GET", f"{witness.where}/head")
    if answer.status != 200:
        raise posting.Failed(Fault.SERVER_ERROR if answer.status >= 500 else Fault.REFUSED)
    try:
        note = answer.body.decode()
    except UnicodeDecodeError:
        raise BadHead("not text") from None
    if not head_verifies(read_head(note), publics()):
        raise BadHead("not signed by us")
    return note
