"""What was let across, for those who answer for it. Call inside an act that opened the rows."""

from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, check
from knownto.disclosure import receipts
from knownto.disclosure.models import Disclosure


def by_receipt(viewer: Viewer, receipt: str) -> Disclosure | None:
    """The disclosure of that receipt, however it was typed; None when there is none. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    stored = receipts.read(receipt)
    return Disclosure.objects.filter(receipt=stored).first() if stored else None


def of_person(viewer: Viewer, person: UUID, most: int = 100) -> list[Disclosure]:
    """What was let across about that person, the latest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Disclosure.objects.filter(person=person).order_by("-at")[:most])


def of_worker(viewer: Viewer, worker: UUID, most: int = 100) -> list[Disclosure]:
    """What that worker was shown, the latest first. Raises a Refused."""
    check(viewer, Request(Permission.WHO_LOOKED))
    return list(Disclosure.objects.filter(worker=worker).order_by("-at")[:most])
