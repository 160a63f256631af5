"""Why a parcel did not arrive: codes of ours. What the other side said is never kept: it could hold anything."""

from enum import StrEnum


class Fault(StrEnum):
    """The value is kept on the parcel; `WORDS` says it in a sentence."""

    NO_ENDPOINT = "no-endpoint"
    NO_ADDRESS = "no-address"
    NOT_ALLOWED = "not-allowed"
    UNREACHABLE = "unreachable"
    TLS = "tls"
    TIMED_OUT = "timed-out"
    BROKEN_OFF = "broken-off"
    REDIRECTED = "redirected"
    BUSY = "busy"
    REFUSED = "refused"
    NOT_ACCEPTED = "not-accepted"
    SERVER_ERROR = "server-error"
    TOO_LONG = "too-long"
    NO_ACK = "no-ack"
    WRONG_ACK = "wrong-ack"
    NOT_TAKEN = "not-taken"
    CANNOT_WRITE = "cannot-write"


WORDS = {
    Fault.NO_ENDPOINT: "No record system is set up for this agency",
    Fault.NO_ADDRESS: "The server's name leads nowhere",
    Fault.NOT_ALLOWED: "The server's name leads into a private network",
    Fault.UNREACHABLE: "No connection could be made",
    Fault.TLS: "The server's certificate is not to be trusted",
    Fault.TIMED_OUT: "The server took too long",
    Fault.BROKEN_OFF: "The connection broke off",
    Fault.REDIRECTED: "The server pointed somewhere else, which is not followed",
    Fault.BUSY: "The server asked us to wait",
    Fault.REFUSED: "The server refused us",
    Fault.NOT_ACCEPTED: "The server does not accept this copy",
    Fault.SERVER_ERROR: "The server failed",
    Fault.TOO_LONG: "The server's answer is too long",
    Fault.NO_ACK: "The server answered without acknowledging the copy",
    Fault.WRONG_ACK: "Something else was acknowledged than was sent",
    Fault.NOT_TAKEN: "The copy lies in their folder and is not acknowledged",
    Fault.CANNOT_WRITE: "Their folder cannot be written to",
}

# What is wrong with one copy, or is nobody's fault, says nothing about whether the others would arrive.
OF_THE_PARCEL = frozenset({Fault.NOT_ACCEPTED, Fault.WRONG_ACK, Fault.NOT_TAKEN})
