"""What is left of a seal that is over goes a year later: who it was, why, and who looked for them.

The piece of work stays, with its dates and without a word of anybody; and so does the ledger.
"""

from datetime import datetime, timedelta

from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert, Seal, State
from knownto.keyring import guard

KEPT = timedelta(days=365)  # after it was lifted or turned down: local rule, for whoever asks why


def forget_past(now: datetime) -> int:
    """Destroy what was sealed of those that ended longer ago than that. Gives how many."""
    with guards_own():
        over = Seal.objects.filter(state__in=(State.LIFTED, State.TURNED_DOWN), episode__closed_at__lt=now - KEPT)
        rows = list(over.select_for_update(of=("self",)))
        looks = list(Alert.objects.filter(seal__in=rows))
        Alert.objects.filter(pk__in=[row.pk for row in looks]).delete()
        Seal.objects.filter(pk__in=[row.pk for row in rows]).delete()
        guard.shred(row.key for row in [*rows, *looks])
    return len(rows)
