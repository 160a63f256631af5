"""Wrapped keys live in their own database, and nothing else does: which index key made what is beside what it made."""

from typing import Any

WRAPPED = frozenset({"WrappedKey", "GuardedKey", "Destroyed"})


class KeysApart:
    def db_for_read(self, model: Any, **hints: Any) -> str | None:
        return "keys" if model.__name__ in WRAPPED else None

    db_for_write = db_for_read

    def allow_migrate(self, db: str, app_label: str, model_name: str | None = None, **hints: Any) -> bool:
        beside = hints.get("beside_the_data") or model_name == "generation"
        return (db == "keys") == (app_label == "keyring" and not beside)
