"""Signing in: by a sign-in name that is stored only as a blind key, with a second factor whose seed is sealed."""

import base64
import time
from typing import Any, ClassVar

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.internal.ratelimit import consume
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.signals import authentication_failed as wrong_code
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.backends import ModelBackend
from django.dispatch import receiver
from django.http import HttpRequest

from knownto.access import clock
from knownto.keyring import acts as keyring
from knownto.ledger.acts import Actor, record
from knownto.partners.models import Worker, sign_in_token
from knownto.site import sessions
from knownto.site.limits import known_browser

NOBODY = Actor(None, "", "nobody")
APP = "allauth.account"  # whose rates count
TOO_MANY = "Too many tries. Wait five minutes, then try again."


class BySealedName(ModelBackend):
    """Finds the worker by the blind key of what was typed; an unknown name costs as much time as a wrong password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Worker | None:
        if not username or password is None:
            return None
        worker = Worker.objects.filter(sign_in=sign_in_token(username)).select_related("agency").first()
        if worker is None:
            Worker().set_password(password)
            return None
        return worker if worker.check_password(password) and self.user_can_authenticate(worker) else None

    def get_user(self, user_id: Any):
        worker = Worker.objects.select_related("agency").filter(pk=user_id).first()
        return worker if worker and self.user_can_authenticate(worker) else None


class Accounts(DefaultAccountAdapter):
    """Signing in and out. Nobody signs up: accounts are opened by an administrator."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": "The sign-in name or the password is not right.",
        "incorrect_password": "The password is not right.",
        "enter_current_password": "Enter the password you use now.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }
    said: ClassVar[dict[str, str]] = {
        "account/messages/password_changed.txt": "Your password has been changed.",
        "mfa/messages/totp_activated.txt": "Your second factor is set up.",
        "mfa/messages/totp_deactivated.txt": "Your second factor has been removed. Set up another to go on.",
        "mfa/messages/recovery_codes_generated.txt": "New recovery codes have been made.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Worker) -> None:
        """Every sign-in with a password ends here, with or without the second factor's stage."""
        used = {r["method"] for r in get_authentication_records(request, user)}
        second = "mfa" in used
        sessions.begin(request, user, how="password and code" if second else "password only", second_factor=second)

    def logout(self, request: HttpRequest) -> None:
        sessions.end(request, why="signed-out")

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try: by the browser when it is known for this worker, otherwise by name and address."""
        worker = _called(credentials.get("username"))
        browser = known_browser(request, worker.pk if worker else None)
        action = "login_failed_here" if browser else "login_failed"
        key = browser or self._name_and_address(request, credentials)
        self._login_failed_rl_usage = consume(request, app=APP, action=action, key=key)
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")

    def _name_and_address(self, request: HttpRequest, credentials: dict[str, Any]) -> str:
        return f"{sign_in_token(credentials.get('username') or '')} {self.get_client_ip(request)}"

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """What was typed is not kept: it is often a password in the wrong box. An account it names is, by its id."""
        worker = _called(credentials.get("username"))
        failed(request, worker, "password")

    def reauthenticate(self, user: Worker, password: str) -> bool:
        request = context.request
        browser = known_browser(request, user.pk) or str(user.pk)
        if not consume(request, app=APP, action="login_failed_here", key=f"again {browser}"):
            raise self.validation_error("too_many_login_attempts")
        right = user.check_password(password)
        if not right:
            failed(request, user, "password again")
        return right

    def is_reauthentication_required(self, *, app: str, **_: Any) -> bool:
        """Not within five minutes of having proved the strongest thing that the worker has."""
        worker = context.request.user
        needed = "mfa" if has_second_factor(worker) else "password"
        made = [r["at"] for r in get_authentication_records(context.request, worker) if r["method"] == needed]
        return not made or time.time() - made[-1] > settings.ACCOUNT_REAUTHENTICATION_TIMEOUT

    def get_reauthentication_methods(self, user: Any) -> list[dict]:
        """Whoever has a second factor proves that one: a password seen over a shoulder must not replace it."""
        methods = super().get_reauthentication_methods(user)
        wanted = "mfa_reauthenticate" if has_second_factor(user) else "reauthenticate"
        return [m for m in methods if m["id"] == wanted]

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *_: Any, **__: Any
    ) -> None:
        if message_template in self.said:
            messages.add_message(request, messages.SUCCESS, self.said[message_template])

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return settings.LOGIN_REDIRECT_URL


FACTOR = "second factor"  # the place that its secrets are sealed for


class SecondFactors(DefaultMFAAdapter):
    """Seeds and recovery codes sealed at rest."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "That code is not right. Enter the newest code that your app shows.",
        "too_many_login_attempts": TOO_MANY,
    }

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring.wrap(text.encode(), context=FACTOR)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.unwrap(base64.b64decode(encrypted_text), context=FACTOR).decode()

    def get_totp_label(self, user: Worker) -> str:
        return "worker"

    def build_totp_svg(self, url: str) -> str:
        """A picture without inline style, which the content security policy would refuse."""
        code = segno.make(url, error="m")
        said = "QR code for your authenticator app"
        return code.svg_inline(scale=5, border=4, light="#fff", title=said, omitsize=True)


def has_second_factor(worker: Any) -> bool:
    return SecondFactors().is_mfa_enabled(worker, types=["totp"])


def failed(request: HttpRequest, worker: Worker | None, what: str) -> None:
    """Record a wrong try: what was wrong, where it came from (sealed), and which account it was about."""
    where = Accounts(request).get_client_ip(request)
    about = [str(worker.pk)] if worker else []
    record(kind="sign-in-failed", by=NOBODY, about=about, because=what, detail={"from": where}, now=clock.now())


@receiver(wrong_code)
def _wrong_code(request: HttpRequest, user: Worker, **_: Any) -> None:
    failed(request, user, "code")


def _called(typed: Any) -> Worker | None:
    return Worker.objects.filter(sign_in=sign_in_token(typed)).first() if typed else None
