"""The guardian desk in a browser: who looked is read, rung back and answered, on a screen and on a telephone."""

from datetime import date

import pytest

from knownto.access import clock
from knownto.access.viewer import viewer_of
from knownto.footprint import acts as footprint
from knownto.footprint.question import Question
from knownto.footprint.why import Why
from knownto.guarding import acts, watching
from knownto.linkage import Evidence
from knownto.partners.reads import by_sign_in_name
from tests.browser.served.conftest import presses, readable

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
HER = Evidence("Hollins-Adair", "Imogen", birth_date=date(2015, 6, 4), sex="F", nhs_number="9990000018")


def somebody(name):
    return viewer_of(by_sign_in_name(name), second_factor=True)


@pytest.fixture
def looked(borough_committed):
    """A sealed child, for whom the screener has just searched; and a seal that waits for a second person."""
    now = clock.now()
    said = {"sort": "adoption", "do": "Ring back, and tell nothing.", "reason": "A placement order.", "now": now}
    seal = acts.propose(by=somebody("guardian"), called="Heron", evidence=HER, **said)
    acts.agree(by=somebody("guardian.council"), seal=seal, reason="I have seen the order.", now=now)
    acts.propose(by=somebody("guardian"), called="Wren", evidence=HER, **(said | {"sort": "whereabouts"}))
    question = Question(given="Imogen", family="Hollins-Adair", born=HER.birth_date)
    footprint.search(by=somebody("screener"), question=question, why=Why("child-concern", "C-104"), now=now)
    watching.catch_up(now)
    return seal


def test_a_guardian_reads_who_looked_and_says_what_they_did(visit, looked):
    page = visit("guardian.council", width=320)
    page.goto("/guarding/")
    readable(page)
    page.get_by_role("link", name="today").first.click()
    page.get_by_text("Say what you did by").wait_for()
    readable(page)
    page.get_by_label("Rang them, and told nothing").check()
    page.get_by_label("What was said, and what was agreed?").fill("A wrong number of theirs.")
    presses(page, "Record it")
    assert "Imogen" not in page.content() and "Rang them, and told nothing" in page.content()


DESK = ("", "seals/", "records/", "propose/", "seal/{0}/", "seal/{0}/propose-lift/", "register/")


def test_every_page_of_the_desk_can_be_read(visit, looked):
    for width in (1280, 320):
        page = visit("guardian", width=width)
        for path in DESK:
            page.goto(f"/guarding/{path.format(looked)}")
            readable(page)


def test_shift_three_times_empties_the_page_and_keeps_what_was_written(visit, looked):
    page = visit("guardian")
    page.goto("/guarding/register/")
    before = page.title()
    page.get_by_label("Family name").first.fill("Hollins-Adair")
    page.keyboard.type("ABC")
    page.keyboard.press("Shift")
    page.keyboard.press("Shift")
    page.keyboard.press("x")
    assert page.title() == before
    with page.expect_request(lambda request: request.method == "POST" and "Hollins-Adair" in (request.post_data or "")):
        for _ in range(3):
            page.keyboard.press("Shift")
    page.wait_for_url("**/locked/**")
    page.get_by_text("locked").first.wait_for()
    assert "Hollins" not in page.content() + page.title() + page.url
