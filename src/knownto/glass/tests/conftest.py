"""The partnership of the footprint's tests at this very moment: a glass is held to the database's own clock."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils.timezone import localdate

from knownto.access import clock
from knownto.access.acts import system
from knownto.footprint import open_search
from knownto.footprint.question import Question
from knownto.footprint.tests import partnership
from knownto.glass import breaking
from knownto.glass.breaking import Said
from knownto.glass.models import Break
from knownto.ledger.acts import Actor
from knownto.partners import acts as partners

BY = Actor(None, "", "system")
AMY = Question(given="Amelia", family="Okafor-Lunt", born=localdate().replace(2016, 2, 3))
SAID = Said("child-in-danger", "incident 104", sure=True, fresh=True)


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def town(db):
    """Its feeds landed; a privacy office, a police supervisor and her team."""
    found = partnership.borough(clock.now())
    found.tell()
    return seat(found)


def seat(found):
    """Whoever breaks the glass there, and who answers for them."""
    partners.add_team(
        by=BY, now=found.now, agency="childrens-social-care", code="information-governance", name="Privacy",
        phone="01632 960208", hours="9am to 5pm", email="privacy@example.org",
    )  # fmt: skip
    found.officer = _seated(found, "officer", "police", "response")
    found.sergeant = _seated(found, "supervisor", "police", "response", "Sergeant")
    found.privacy = _seated(found, "privacy-officer", "childrens-social-care", "information-governance")
    found.chair = found.viewer("conference-chair")
    return found


def _seated(found, role, agency, team, name="Test Worker"):
    from knownto.access.viewer import viewer_of

    worker = partners.open_account(
        by=BY, now=found.now, sign_in_name=f"{role}.{agency}.{team}.{name}", name=f"{name} {role}", agency=agency,
        roles=[role], password="three words apart", team=team,
    )  # fmt: skip
    return viewer_of(worker, second_factor=True)


@pytest.fixture
def broken(town):
    """Breaks the glass for Amy, as the officer unless told otherwise."""

    def glass(by=None, now=None, said=SAID, question=AMY):
        by, now = by or town.officer, now or clock.now()
        made = breaking.search(by=by, question=question, said=said, now=now)
        opened = open_search.own(by, made.id, now)
        return breaking.break_glass(by=by, search=opened, place=1, said=said, now=now)

    return glass


def shift(glass: Break, by: timedelta) -> None:
    """Let that much time have passed since it was broken: the owner of the database moves it, for nobody else may."""
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE; SET LOCAL session_replication_role = replica")
        cursor.execute("SELECT set_config('knownto.access', 'system:test', true)")
        cursor.execute("UPDATE glass_break SET at = at - %s, until = until - %s WHERE id = %s", [by, by, glass.pk])
        cursor.execute("SELECT set_config('knownto.access', '', true)")
        cursor.execute("SET LOCAL session_replication_role = origin; SET ROLE knownto_app")
    with system("test"):
        glass.refresh_from_db()
