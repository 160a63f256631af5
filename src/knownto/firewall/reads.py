"""The protections that stand or stood, for those who answer for them; each look is recorded."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from knownto.access.acts import Permission, Request, Viewer, asking, rows_open
from knownto.access.refusals import NotYours
from knownto.firewall import audiences, looking
from knownto.firewall.contents import Protected
from knownto.firewall.looking import Standing
from knownto.firewall.models import Protection, Step
from knownto.keyring import acts as keyring
from knownto.partners import reads as partners

MOST = 500


@dataclass(frozen=True)
class Done:
    """One thing that was done about it: what, by whom, when, why."""

    kind: str
    by: str
    at: datetime
    why: str


@dataclass(frozen=True)
class Shown:
    """A protection as those who answer for it read it."""

    row: Protection
    plain: Protected
    asked_by: str = ""
    history: tuple[Done, ...] = ()

    @property
    def must_not_reach(self) -> str:
        return Standing(self.row, self.plain).must_not_reach

    @property
    def names(self) -> str:
        return ", ".join(each.name for each in self.plain.subjects)

    def to_look_at(self, today: date) -> bool:
        """What it rests on has run out, or somebody asks to lift it: a person must decide."""
        over = self.row.until is not None and self.row.until < today
        return self.row.lifted_at is None and (over or self.row.lift_asked_at is not None)


def standing(viewer: Viewer, now: datetime) -> list[Shown]:
    """Those that stand, what somebody must look at first. Raises a Refused."""
    with asking(viewer, Request(Permission.WHEREABOUTS), kind="protections-seen", now=now), \
         rows_open("system:firewall", viewer.agency):  # fmt: skip
        stand = Protection.objects.filter(lifted_at=None).select_related("agency", "team")
        rows = list(stand.order_by("-set_at")[:MOST])
        opened = zip(rows, keyring.open_rows(rows), strict=True)
        found = [each for row, p in opened if _may_see(each := Shown(row, Protected.from_json(p)), viewer)]
    return sorted(found, key=lambda each: not each.to_look_at(now.date()))


def one(viewer: Viewer, protection: UUID, now: datetime) -> Shown:
    """One, with its history. Raises NotYours, a Refused."""
    about = [f"protection:{protection}"]
    with asking(viewer, Request(Permission.WHEREABOUTS), kind="protection-seen", about=about, now=now), \
         rows_open("system:firewall", viewer.agency):  # fmt: skip
        row = Protection.objects.select_related("agency", "team").filter(pk=protection).first()
        if row is None:
            raise NotYours
        [plain] = keyring.open_rows([row])
        if not _may_see(Shown(row, Protected.from_json(plain)), viewer):
            raise NotYours
        steps = list(Step.objects.filter(protection=row).order_by("at", "id"))
        names = partners.names([*(step.by for step in steps), row.lift_asked_by])
        said = keyring.open_rows(steps)
        history = tuple(
            Done(step.get_kind_display(), names.get(step.by, "Knownto, from a recorded fact"), step.at, each["why"])
            for step, each in zip(steps, said, strict=True)
        )
        return Shown(row, Protected.from_json(plain), names.get(row.lift_asked_by, ""), history)


def _may_see(shown: Shown, viewer: Viewer) -> bool:
    """Whoever it is kept from is not shown that there is anything."""
    reader = audiences.on_page(viewer)
    return not Standing(shown.row, shown.plain).keeps_from(reader, looking.kept_from_name(viewer.name), ())
