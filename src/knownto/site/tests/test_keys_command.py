"""`knownto keys`: what it says of which keys there are, and the three steps of the cookies' secret."""

import re

import pytest
from django.core.signing import BadSignature, Signer

from knownto.site import command
from knownto.site.commands import keys
from knownto.site.embedded import cookie_secret

COOKIE = "a known browser"


def signer(secrets):
    """As the product signs and reads cookies with what is in the file."""
    first, *others = secrets.split()
    return Signer(key=first, fallback_keys=others)


def test_a_new_cookie_secret_comes_in_and_the_old_one_goes_with_every_cookie_good_meanwhile(tmp_path, settings):
    settings.VAR = tmp_path
    cookie, old = signer(cookie_secret(tmp_path)).sign(COOKIE), cookie_secret(tmp_path)
    for step in ("new", "wrap-anew"):
        before = signer(cookie_secret(tmp_path))  # a web process that was not started anew yet
        assert command.main(["keys", step, "cookies"]) == 0
        after = signer(cookie_secret(tmp_path))
        assert after.unsign(cookie) == before.unsign(cookie) == COOKIE
        assert before.unsign(after.sign(COOKIE)) == after.unsign(before.sign(COOKIE)) == COOKIE
    late = signer(cookie_secret(tmp_path)).sign(COOKIE)
    assert command.main(["keys", "drop", "cookies"]) == 0
    assert signer(cookie_secret(tmp_path)).unsign(late) == COOKIE and old not in cookie_secret(tmp_path)
    with pytest.raises(BadSignature):
        signer(cookie_secret(tmp_path)).unsign(cookie)


def test_status_names_every_kind_of_key_and_no_key(db, capsys):
    assert keys.status() == 0
    lines = capsys.readouterr().out.splitlines()
    said = dict(line.split(": ", 1) for line in lines)
    assert list(said) == [*keys.KINDS, "key service", "guards' key service"]
    assert all(re.fullmatch(r"\d+( \([\d,]+ sealed with it\))?", said[name]) for name in keys.KINDS), said
