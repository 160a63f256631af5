"""Searches closed before their time: what they found is not to be looked at any more."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from knownto.footprint.models import Search
from knownto.keyring import acts as keyring


def close_about(people: Sequence[UUID]) -> None:
    """Close the searches that lead to any of those people. Inside rows that are open."""
    found = Search.objects.filter(Q(people__overlap=list(people)) | Q(reached__overlap=list(people)))
    keys = list(found.exclude(sealed=b"").values_list("key", flat=True))
    found.update(sealed=b"", people=[], reached=[])
    keyring.shred(keys)
