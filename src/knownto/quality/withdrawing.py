"""Records that nobody may count any more are taken out of what was counted, as if they had never come.

Called inside rows that are open, by whoever takes the records out. Points of earlier weeks stay as they were told.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, Q

from knownto.feeds.models import File
from knownto.feeds.withholding import Whole
from knownto.quality import own
from knownto.quality.limits import limits
from knownto.quality.models import Check, Finding, Number, Phase, Steady


def withdraw(taken: Iterable[Whole]) -> None:
    """Count those records no more: a check that runs begins anew, and the latest ones are put right."""
    of: dict[str, list[Whole]] = defaultdict(list)
    for whole in taken:
        of[whole.agency].append(whole)
    for agency, wholes in of.items():
        for check in Check.objects.select_for_update().filter(agency=agency, finished_at=None):
            _begin_anew(check)
        for check in _latest(agency):
            _without(check, wholes)


def _latest(agency: str) -> list[Check]:
    """The latest check, and the latest that compared: what is shown, and whose findings are held."""
    done = Check.objects.select_for_update().filter(agency=agency).exclude(finished_at=None).order_by("-begun_at")
    found = {check.pk: check for check in (done.first(), done.filter(against=True).first()) if check}
    return list(found.values())


def _begin_anew(check: Check) -> None:
    Finding.objects.filter(check_of=check).delete()
    Number.objects.filter(check_of=check).delete()
    check.phase, check.after, check.records, check.missing, check.settling = Phase.READING, 0, 0, {}, 0
    check.save()


def _without(check: Check, wholes: list[Whole]) -> None:
    """As if it had not met them. Whoever's file came after it began is in no count of it, or is counted anew soon."""
    came = set(
        File.objects.filter(pk__in={w.file for w in wholes}, received_at__lte=check.begun_at).values_list(
            "pk", flat=True
        )
    )
    met = [whole for whole in wholes if whole.file in came]
    ids = [whole.id for whole in wholes]
    Finding.objects.filter(Q(record__in=ids) | Q(other__in=ids), check_of=check).delete()
    counted = Finding.objects.filter(check_of=check).values("code").annotate(n=Count("record", distinct=True))
    check.counts, check.records = dict(counted.values_list("code", "n")), check.records - len(met)
    gaps = [gap for whole in met for gap in own.gaps(whole.evidence, check.as_of)]
    of, without = Counter(field for field, _ in gaps), Counter(field for field, missing in gaps if missing)
    left = {field: [count[0] - without[field], count[1] - of[field]] for field, count in check.missing.items()}
    check.missing = {field: count for field, count in left.items() if count[1] > 0}
    check.settling = max(0, check.settling - (_settling(check, ids) if check.against else 0))
    check.save()


def _settling(check: Check, ids: list[int]) -> int:
    """How many of them had said something new too lately to be compared."""
    since = check.begun_at - timedelta(days=limits().steady_days)
    return Steady.objects.filter(record__in=ids, since__gt=since).count()
