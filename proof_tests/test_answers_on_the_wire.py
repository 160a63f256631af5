"""That what judges an answer on the wire would notice each fault, and that the requests are the same for a seed."""

import pytest

from proof_tests.answers_on_the_wire import Secrets, faults, in_logs
from proof_tests.hostile_requests import KINDS, MARK, SECRET, Asked, Known, requests

USUAL = b"\r\n".join((
    b"HTTP/1.1 404 Not Found", b"Content-Security-Policy: default-src 'none'", b"X-Content-Type-Options: nosniff",
    b"X-Frame-Options: DENY", b"Referrer-Policy: no-referrer", b"Permissions-Policy: camera=()",
    b"Cross-Origin-Resource-Policy: same-origin", b"Cross-Origin-Opener-Policy: same-origin", b"", b"No such page",
))  # fmt: skip
PLANTED = {
    "was answered 500": USUAL.replace(b"404 Not Found", b"500 Oh"),
    "shows Traceback (most": USUAL + b"Traceback (most recent call last)",
    "gives back what would be a script": USUAL + MARK.encode(),
    "shows somebody's number, which ends in 19": USUAL + b"NHS 999 000 0019.",
    "has no right x-frame-options": USUAL.replace(b"X-Frame-Options: DENY\r\n", b""),
    "lets unsafe content in": USUAL.replace(b"'none'", b"'none'; script-src 'unsafe-inline'"),
    "was answered twice": USUAL + USUAL,
    "was not answered": b"",
    "was answered with b'nonsense'": b"nonsense",
}


@pytest.mark.parametrize("said", PLANTED)
def test_it_would_notice(said):
    """The negative control of the oracle: one fault in an answer that is right, and that fault alone is named."""
    asked, secrets = Asked("ids", 1, b""), Secrets(frozenset([b"9990000019"]))
    assert faults(asked, USUAL, secrets) == []
    assert faults(asked, PLANTED[said], secrets) == [f"ids-1: {said}"]


def test_it_would_notice_what_the_web_server_gives_back_or_a_log_keeps():
    broken, nobody = Asked("noise", 1, b"", broken=True), Secrets(frozenset())
    assert faults(broken, b"HTTP/1.1 400 Bad Request\r\n\r\nBad Request", nobody) == []
    assert "more than a refusal" in faults(broken, b"HTTP/1.1 400 Bad Request\r\n\r\n" + SECRET.encode(), nobody)[0]
    assert "holds what was sent" in in_logs(b"GET /" + SECRET.encode(), nobody)[0]


def test_the_requests_are_the_same_for_the_same_seed_and_of_every_kind():
    known = Known(["work/<uuid:a>/", "b/<slug:c>/"], ["", "csrftoken=x"], "localhost")
    made = [list(requests(known, 200, "one")) for _ in range(2)]
    assert made[0] == made[1] and {each.kind for each in made[0]} == set(KINDS)
