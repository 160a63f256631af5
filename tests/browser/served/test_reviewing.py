"""A reviewer's keyboard in a real browser: pair after pair with one key each, with and without script."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from knownto.access import clock
from knownto.access.acts import system
from knownto.identity import acts, queue
from knownto.identity.models import Review, Ruling
from knownto.identity.tests.conftest import AMINA, Partners
from knownto.linkage import Address
from knownto.town.living import found
from tests.browser.served.conftest import presses, readable, types

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, databases=["default", "keys"])]
NAMES = ("Amina", "Blessing", "Chidi", "Dayo", "Emeka", "Folake")


@pytest.fixture
def pairs(committed, settings):
    """Six pairs of which the model is not sure, and a mother who lives with the first."""
    settings.DEMO = False
    now = clock.now()
    found("small", now=now - timedelta(days=30))
    with system("test"):
        partners = Partners()
        for number, name in enumerate(NAMES):
            born, home = (
                AMINA.birth_date.replace(month=number + 1),
                Address((f"{number + 3} Harbour Street",), "QK1 2AB"),
            )
            one = replace(AMINA, given_names=name, birth_date=born, addresses=(home,), phones=("07700 900123",))
            partners.send(one, agency="police")
            partners.send(replace(one, given_names=name + "h", birth_date=None), agency="hospital")
        partners.send(
            replace(one, given_names="Ngozi", birth_date=AMINA.birth_date.replace(year=1985)), agency="school"
        )
        acts.catch_up(now=now)
        queue.keep_all(now=now)
        assert Review.objects.filter(closed_at=None).count() >= len(NAMES)


def reference(page) -> str:
    return page.locator(".kt-pair__facts").inner_text().partition(".")[0]


def rulings() -> list[str]:
    with system("test"):
        return list(Ruling.objects.filter(undone_at=None).order_by("at").values_list("kind", flat=True))


def test_a_reviewer_clears_pairs_with_one_key_each(pairs, visit):
    page = visit("reviewer")
    page.goto("/who-is-who/")
    readable(page)
    presses(page, "Open the next pair")
    readable(page)
    first = reference(page)
    types(page, "1")
    expect(page.get_by_text("Recorded: one person.")).to_be_visible()
    assert reference(page) != first
    types(page, "2")
    expect(page.get_by_text("Recorded: two people, for now.")).to_be_visible()
    page.keyboard.press("3")  # certain: wants a reason first, and puts the cursor there
    expect(page.get_by_label("Why?")).to_be_focused()
    page.get_by_label("Why?").select_option("siblings")
    page.keyboard.press("Escape")
    types(page, "3")
    expect(page.get_by_text("Recorded: two people, for certain.")).to_be_visible()
    assert rulings() == ["together", "apart", "never"]
    before = reference(page)
    types(page, "u")
    expect(page.get_by_text("Undone. Here is that pair again.")).to_be_visible()
    assert reference(page) != before and rulings() == ["together", "apart"]
    readable(page)


def test_typing_a_reason_answers_nothing(pairs, visit):
    page = visit("reviewer")
    page.goto("/who-is-who/next/")
    page.get_by_label("In your own words").press_sequentially("Seen 3 times, 12 u")
    expect(page.get_by_role("heading", name="Are these one person?")).to_be_visible()
    assert rulings() == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_buttons_do_the_same_without_script(pairs, visit, width):
    page = visit("reviewer.health", width, javascript=False)
    page.goto("/who-is-who/next/")
    first = reference(page)
    presses(page, "3 Two people, for certain")
    expect(page.get_by_text("Say why: choose a reason, or write one").first).to_be_visible()
    assert reference(page) == first
    page.get_by_label("Why?").select_option("namesakes")
    presses(page, "3 Two people, for certain")
    assert reference(page) != first and rulings() == ["never"]
    presses(page, "5 Skip: not this one, not now")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    presses(page, "U Undo my last answer")
    assert reference(page) != first and rulings() == []


@pytest.mark.parametrize("width", [1280, 320])
def test_every_page_is_readable(pairs, visit, width):
    page = visit("lead.reviewer", width)
    page.goto("/who-is-who/next/")
    readable(page)
    types(page, "1")
    presses(page, "History", "link")
    readable(page)
    for address in ("", "decisions/", "wrong-links/", "evaluation/"):
        page.goto(f"/who-is-who/{address}")
        readable(page)
