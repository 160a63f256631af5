"""Sessions at rest: the stored id is a digest and the content is sealed, so a stolen table opens nothing."""

import base64

from django.contrib.sessions.backends.db import SessionStore as Stock
from django.db import transaction
from django.utils import timezone

from knownto.keyring.acts import secret_digest, unwrap, wrap
from knownto.keyring.sealing import Tampered


class SessionStore(Stock):
    """Django's own session store, keyed by a digest of the cookie and sealed to it."""

    def _row_key(self) -> str:
        return secret_digest(self.session_key or "")[:40]

    def _get_session_from_db(self):
        try:
            return self.model.objects.get(session_key=self._row_key(), expire_date__gt=timezone.now())
        except self.model.DoesNotExist:
            self._session_key = None
            return None

    def exists(self, session_key: str) -> bool:
        return self.model.objects.filter(session_key=secret_digest(session_key)[:40]).exists()

    def create_model_instance(self, data):
        row = super().create_model_instance(data)
        row.session_key = self._row_key()
        return row

    def save(self, must_create: bool = False) -> None:
        """In one transaction with the sealing of it."""
        with transaction.atomic():
            super().save(must_create)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=secret_digest(key)[:40]).delete()

    def encode(self, session_dict) -> str:
        plain = self.serializer().dumps(session_dict)
        return base64.b64encode(wrap(plain, context=self._context())).decode()

    def _context(self) -> str:
        """Bound to the row: one worker's session put into the place of another's opens nothing."""
        return f"session {self._row_key()}"

    def decode(self, session_data: str) -> dict:
        try:
            return self.serializer().loads(unwrap(base64.b64decode(session_data), context=self._context()))
        except (Tampered, ValueError):
            return {}  # an unreadable session is no session: its holder signs in again
