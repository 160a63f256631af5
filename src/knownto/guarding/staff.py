"""The conflict register: workers and who they live with, as blind tokens alone, so that no look at them goes unseen.

Nobody can read it, whatever their office: what was typed is turned into tokens of the guards' own index and forgotten.
Only an exact fact matches, for there is nothing to compare with.
"""

from collections.abc import Iterable
from datetime import datetime

from knownto import linkage
from knownto.access.acts import Permission, Request, Viewer, asking
from knownto.guarding import desk
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Staff
from knownto.keyring import guard
from knownto.linkage import Cleaned, Evidence

MOST = 40  # tokens of one worker's household


class TooMany(ValueError):
    """More people than a household has: a register of the neighbourhood would tell of everybody's looks."""


def declare(*, by: Viewer, people: list[Evidence], now: datetime) -> None:
    """Put oneself and one's household in the register, in the place of what one had said before. Raises TooMany."""
    found = sorted({token for each in people for token in _tokens(linkage.clean(each))})
    if len(found) > MOST:
        raise TooMany
    with asking(by, Request(Permission.OWN_ACCOUNT), kind="guard-declared", now=now), guards_own(by):
        owner = _owner(by)
        Staff.objects.filter(owner=owner).delete()
        Staff.objects.bulk_create(Staff(token=token, owner=owner) for token in found)
        desk.register(now)


def declared(viewer: Viewer) -> bool:
    """Has this worker said anything? Their own page shows that, and no more: not even they can read it."""
    with guards_own(viewer):
        return Staff.objects.filter(owner=_owner(viewer)).exists()


def owners(people: Iterable[Evidence]) -> set[int]:
    """Who declared any of those, as blind tokens. Inside the guards' own rows."""
    tokens = {token for each in people for token in _tokens(linkage.clean(each))}
    return set(Staff.objects.filter(token__in=tokens).values_list("owner", flat=True)) if tokens else set()


def _owner(viewer: Viewer) -> int:
    return guard.token("staff owner", str(viewer.worker_id))


def _tokens(cleaned: Cleaned) -> set[int]:
    names = f"{' '.join(cleaned.given[:1])}|{' '.join(cleaned.family)}"
    named = bool(cleaned.given and cleaned.family)
    facts = [("staff nhs", cleaned.nhs_number)]
    facts += [("staff phone", phone) for phone in cleaned.phones]
    facts += [("staff home", home) for home in linkage.address_keys(cleaned)]
    facts += [("staff born", f"{names}|{cleaned.birth}")] if named and cleaned.birth else []
    facts += [("staff postcode", f"{names}|{code}") for code in sorted(cleaned.postcodes)] if named else []
    return {guard.token(kind, value) for kind, value in facts if value}
