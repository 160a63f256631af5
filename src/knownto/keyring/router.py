"""Wrapped keys live in their own database, and nothing else does."""

from typing import Any


class KeysApart:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "keys" if model.__name__ == "WrappedKey" else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        return (db == "keys") == (app_label == "keyring")
