"""Signing in: by a sign-in name that is stored only as a blind key, with a second factor whose seed is sealed."""

import base64
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from knownto.keyring import acts as keyring
from knownto.partners.models import Worker, sign_in_token


class BySealedName(ModelBackend):
    """Finds the worker by the blind key of what was typed; an unknown name costs as much time as a wrong password."""

    def authenticate(self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any):
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
    """Nobody signs up: accounts are opened by an administrator."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class SecondFactors(DefaultMFAAdapter):
    """Seeds and recovery codes sealed at rest."""

    def encrypt(self, text: str) -> str:
        return base64.b64encode(keyring.wrap(text.encode(), context="second factor")).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return keyring.unwrap(base64.b64decode(encrypted_text), context="second factor").decode()

    def get_totp_label(self, user: Worker) -> str:
        return "worker"
