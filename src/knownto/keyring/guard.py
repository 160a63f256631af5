"""The key domain of sealed people: master keys, data keys and index key of their own.

The ordinary domain knows nothing of it. Its master keys are in another file, or with another key service, which is
asked where files land, where looks are worked out and by the guardians' pages, and by no search; its wrapped keys are
in a table of their own; and its blind index is keyed apart, so that whoever holds all of the ordinary keys cannot even
work out what to look for.
"""

from functools import cache
from pathlib import Path

from django.conf import settings

from knownto.keyring.asking import Service
from knownto.keyring.domain import Domain
from knownto.keyring.keeper import GUARDS_USE, Asked, Keeper
from knownto.keyring.master import make_key_file
from knownto.keyring.models import GuardedKey


def make_guard_key_file() -> None:
    """Write a fresh file of the guards' master keys beside the ordinary one. Does nothing where there is one."""
    make_key_file(Path(settings.GUARD_KEY_FILE))


@cache
def asked() -> Asked:
    """Whoever holds this domain's master keys."""
    if settings.GUARD_KEYS_SOCKET:
        return Service(settings.GUARD_KEYS_SOCKET)
    return Keeper(Path(settings.GUARD_KEY_FILE), GUARDS_USE)


GUARDED = Domain(GuardedKey, asked, one_set="guarded")
create, fetch, open_rows, shred = GUARDED.create, GUARDED.fetch, GUARDED.open_rows, GUARDED.shred
token, tokens = GUARDED.token, GUARDED.tokens
