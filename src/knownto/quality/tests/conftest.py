"""Four agencies that hold the same people, really sealed and really matched, and a clock that tests turn."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from knownto.access import acts as access
from knownto.feeds.models import Contact, Feed, File, Record
from knownto.identity import acts as identity
from knownto.identity.tests.conftest import DAY, NOW, Partners
from knownto.linkage import Address, Evidence
from knownto.partners.models import Agency
from knownto.quality import acts
from knownto.quality.limits import limits
from knownto.quality.models import Check, Finding

OTHERS = ("hospital", "school", "housing")
AGENCIES = ("police", *OTHERS)


def person(n: int, **changes) -> Evidence:
    """Somebody who can be told from everybody else: a rare name, a date, a home and an NHS number of their own."""
    said = Evidence(
        family_name=f"{_letters(n)}wick",
        given_names=f"{_letters(n + 7)}ana",
        birth_date=date(2012, 1, 2) + timedelta(days=31 * n),
        sex="F",
        addresses=(Address((f"{n + 1} Harbour Street",), f"QK{n % 9 + 1} {n // 26 % 9 + 1}A{chr(65 + n % 8)}"),),
        phones=(f"07700 9{n:05}",),
    )
    return replace(said, **changes)


def _letters(n: int) -> str:
    return "".join(chr(65 + (n * k + 3 * k) % 26) for k in (1, 5, 11)).title()


class Borough(Partners):
    """Partners whose files landed, whose records were matched, and whose quality was checked."""

    now = NOW

    def send(self, *several, agency="police", category="missing", **changes):
        self.file.pop(agency, None)
        ids = super().send(*several, agency=agency, **changes)
        self.received(agency)
        for record in ids:
            self.contact(record, agency, category)
        feed, _ = Feed.objects.get_or_create(agency_id=agency)
        Feed.objects.filter(pk=feed.pk).update(last_as_of=DAY, last_landed_at=self.now)
        return ids

    def received(self, agency):
        File.objects.filter(pk=self.file[agency].pk).update(received_at=self.now)

    def change(self, record, **changes):
        """Said anew, in a file of its own."""
        agency = Record.objects.get(pk=record).agency_id
        Record.objects.filter(pk=record).update(file=self._file(agency))
        self.received(agency)
        super().change(record, **changes)

    def contact(self, record, agency, category="missing", **more):
        said = {"started_on": DAY, "last_on": DAY, "open": False, "as_of": DAY} | more
        Contact.objects.create(
            record_id=record,
            agency_id=agency,
            token=record,
            category=category,
            team="t",
            file=self.file[agency],
            **said,
        )

    def others(self, *several, **changes):
        """The same, held by every other agency."""
        for agency in OTHERS:
            self.send(*several, agency=agency, **changes)

    def wait(self, days):
        """Time goes by, and each agency sends a file at the end of it."""
        self.now += timedelta(days=days)
        self.check()

    def check(self):
        """Whatever was sent has landed a moment ago, is matched, and is looked through."""
        self.now += timedelta(minutes=1)
        Feed.objects.update(last_landed_at=self.now)
        self.now += timedelta(minutes=1)
        identity.catch_up(now=self.now)
        acts.catch_up(now=self.now)

    def found(self, agency="police") -> set:
        """(code, record, other) of what the newest check of an agency found."""
        newest = Check.objects.filter(agency=agency).order_by("-begun_at").first()
        return set(Finding.objects.filter(check_of=newest).values_list("code", "record", "other"))

    def differing(self, agency="police") -> set:
        """(code, record) of what differs from others, whether or not it may be listed."""
        compared = Check.objects.filter(agency=agency, against=True).order_by("-begun_at").first()
        found = Finding.objects.filter(check_of=compared, code__in=DIFFERING)
        return set(found.values_list("code", "record"))


DIFFERING = ("born-differs", "family-differs", "given-differs", "nhs-superseded", "upn-superseded")


@pytest.fixture
def borough(db):
    with access.system("test"):
        made = Borough()
        for agency in AGENCIES:
            Agency.objects.create(code=agency, name=agency, connected=True)
        yield made


@pytest.fixture
def figures(settings):
    """`figures(least=1)`: other figures in force, until the test ends."""

    def change(**said):
        for name, value in said.items():
            setattr(settings, f"QUALITY_{name.upper()}", value)
        limits.cache_clear()

    yield change
    limits.cache_clear()


__all__ = ["AGENCIES", "DAY", "NOW", "OTHERS", "Borough", "person"]
