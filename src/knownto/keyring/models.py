"""Wrapped keys (in their own database), and the row that seals itself."""

import json
from uuid import UUID

from django.db import models

from knownto.keyring.sealing import DataKey


class Wrapped(models.Model):
    """A data key wrapped by a numbered master key. Nothing else about the record is here."""

    id = models.UUIDField(primary_key=True)
    master = models.SmallIntegerField()
    wrapped = models.BinaryField()

    class Meta:
        abstract = True


class WrappedKey(Wrapped):
    """A data key of the ordinary domain (see `acts`)."""


class GuardedKey(Wrapped):
    """A data key of the domain of sealed people, wrapped by a master key of that domain (see `guard`)."""


class Destroyed(models.Model):
    """A key that there was, and when it was destroyed. The database writes it down with the deletion."""

    id = models.UUIDField(primary_key=True)
    at = models.DateTimeField(db_index=True)


class Generation(models.Model):
    """A set of blind keys, and the number of the index key that they are made with. Beside them, so that both change in
    one transaction. See `generations`.

    While it is replaced, there are blind keys of two at once: those of `coming` are put beside them, or, once asking
    goes by the new ones, those of `leaving` taken out; `after` is the record that was done last.
    """

    name = models.CharField(primary_key=True, max_length=20)
    current = models.SmallIntegerField(default=1)
    coming = models.SmallIntegerField(default=0)
    leaving = models.SmallIntegerField(default=0)
    after = models.BigIntegerField(default=0)


class SealedRow(models.Model):
    """A row whose personal part is one sealed JSON document, bound to this row and its version."""

    key = models.UUIDField(editable=False)
    version = models.PositiveIntegerField(default=1)
    sealed = models.BinaryField()

    class Meta:
        abstract = True

    def seal_into(self, plain: dict, key: DataKey) -> None:
        """Seal `plain` into this row (which must have its primary key) under `key`. Does not save."""
        self.key = key.id
        data = json.dumps(plain, separators=(",", ":"), ensure_ascii=False).encode()
        self.sealed = key.seal(data, **self._place())

    def open_with(self, key: DataKey) -> dict:
        """The plain document. Raises Tampered."""
        return json.loads(key.open(self.sealed, **self._place()))

    def _place(self) -> dict:
        row = self.pk if isinstance(self.pk, UUID) else int(self.pk)
        return {"table": self._meta.db_table, "column": "sealed", "row": row, "version": self.version}
