"""The steps of a worker who signs in with a password of their own and a code from an app."""

import base64
import hashlib
import hmac
import struct
import time
from typing import Self

from tests.browser.asking import Asker

PASSWORD = "lantern walnut semaphore"
PERIOD = 30  # seconds that a code lasts


def code_at(secret: str, moment: float) -> str:
    """The six figures that an authenticator app shows at that moment (RFC 6238, SHA-1, 30 seconds)."""
    counted = struct.pack(">Q", int(moment) // PERIOD)
    digest = hmac.digest(base64.b32decode(secret), counted, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def code_now(secret: str) -> str:
    """The code of now; towards its end, the next one, waited for: a busy machine takes a while to type."""
    left = PERIOD - time.time() % PERIOD
    if left < 8:
        time.sleep(left)
    return code_at(secret, time.time())


class NewWorker(Asker):
    """Somebody with a first password in their hand."""

    secret: str = ""
    recovery: tuple[str, ...] = ()

    def when_she_signs_in(self, name: str, password: str) -> Self:
        return self.goes_to("/sign-in/").fills(login=name, password=password).clicks("Sign in")

    def when_she_chooses_her_own_password(self, first: str) -> Self:
        self.then_she_reads("Somebody else chose the password")
        return self.fills(oldpassword=first, password1=PASSWORD, password2=PASSWORD).clicks("Change password")

    def when_she_sets_up_her_app(self) -> Self:
        self.clicks("Set up your second factor")
        self.page.get_by_text("I cannot use the picture").click()
        self.secret = self.page.locator("details .kt-code").inner_text().strip()
        return self.fills(code=code_now(self.secret)).clicks("Continue")

    def when_she_keeps_her_recovery_codes(self) -> Self:
        self.then_she_reads("Each of these works once")
        self.recovery = tuple(self.page.locator(".kt-codes .kt-code").all_inner_texts())
        assert len(self.recovery) >= 8
        return self.clicks("I have kept them")

    def when_she_signs_out(self) -> Self:
        with self.page.expect_navigation():
            self.page.locator(".kt-header__button").click()
        return self

    def when_she_gives_the_code(self, code: str) -> Self:
        return self.fills(code=code).clicks("Continue")
