"""A partnership whose feeds really land, two guardians of two agencies, and people to search as."""

from datetime import timedelta

import pytest

from knownto.feeds import acts as feeds
from knownto.footprint import acts as footprint
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.footprint.tests.partnership import AMY, AMYS_NUMBER, BY
from knownto.footprint.why import Why
from knownto.guarding import acts
from knownto.linkage import Address, Evidence
from knownto.partners import acts as partners


@pytest.fixture(autouse=True)
def _quick_passwords(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.RECEIVED_FOLDER = tmp_path / "received"


def add_desks(now):
    for agency in ("police", "childrens-social-care"):
        route = {"phone": "01632 960107", "hours": "24 hours"}
        partners.add_team(by=BY, now=now, agency=agency, code="guardian-desk", name="Guardian desk", **route)


class Guarded:
    """The partnership with Amy in it, and what guardians do."""

    def __init__(self, town, now):
        self.town, self.now = town, now
        add_desks(now)
        self.police = town.viewer("guardian", "police", "Police Guardian")
        self.council = town.viewer("guardian", name="Council Guardian")
        self.screener = town.viewer("screener", name="Sam Screener")

    def seal(self, sort="person", **changes):
        seal = self.propose(sort, **changes)
        acts.agree(by=self.council, seal=seal, reason="I have spoken to the court", now=self.now)
        return seal

    def propose(self, sort="person", **changes):
        said = {"called": "Heron", "reason": "Court order", "do": "Ring 01632 960107", "evidence": amy()} | changes
        return acts.propose(by=self.police, sort=sort, now=self.now, **said)

    def search(self, by=None, **question):
        asked = Question(**(question or {"given": "Amelia", "family": "Okafor-Lunt", "born": amy().birth_date}))
        why = Why(purpose="child-concern", work="MASH 1", family="told")
        row = footprint.search(by=by or self.screener, question=asked, why=why, now=self.now)
        return footprint.look_at_answer(
            by=by or self.screener, search=_own(by or self.screener, row, self.now), now=self.now
        )

    def send(self, agency, *rows, mode="delta", days=0):
        day = self.town.today - timedelta(days=days)
        data = partnership._csv(list(rows))
        return feeds.take_in(data, agency=agency, mode=mode, as_of=day, by=BY, now=self.now)


def _own(viewer, row, now):
    from knownto.footprint import open_search  # noqa: PLC0415

    return open_search.own(viewer, row.pk, now)


def amy():
    from datetime import date  # noqa: PLC0415

    return Evidence(
        family_name=AMY["family_name"],
        given_names=AMY["given_names"],
        birth_date=date.fromisoformat(AMY["date_of_birth"]),
        sex="F",
        addresses=(Address((AMY["address_line_1"], AMY["town"]), AMY["postcode"]),),
        nhs_number=AMYS_NUMBER["nhs_number"],
        phones=(AMYS_NUMBER["phone"],),
    )


@pytest.fixture
def guarded(db, now):
    found = partnership.borough(now)
    found.tell()
    return Guarded(found, now)
