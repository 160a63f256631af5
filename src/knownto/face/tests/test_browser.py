"""What people meet: in a real browser, on a phone and at a desk, without JavaScript, and on paper."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from knownto.face.parts import IdleLock
from knownto.face.tests import sample
from knownto.face.tests.stage import Stage

pytestmark = pytest.mark.browser

PAGES = [
    pytest.param("everything", False, id="everything"),
    pytest.param("everything", True, id="everything-wrong"),
    pytest.param("board", False, id="board"),
    pytest.param("paper", False, id="paper"),
]
EVERYTHING = "face_sample/everything.html"


@pytest.fixture
def stage(browser):
    """Make stages, and close them afterwards."""
    made: list[Stage] = []

    def make(**options) -> Stage:
        made.append(Stage(browser, **options))
        return made[-1]

    yield make
    for each in made:
        each.context.close()


def violations(page) -> list[str]:
    return [f"{found['id']}: {found['nodes'][0]['html'][:200]}" for found in Axe().run(page).response["violations"]]


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("name", "wrong"), PAGES)
def test_it_has_nothing_for_axe_to_find(stage, width, name, wrong):
    shown = stage(width=width)
    page = shown.show(f"face_sample/{name}.html", sample.context(wrong=wrong))
    page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
    assert violations(page) == []
    assert shown.complaints == [], "neither the content security policy nor a script complains"


def test_axe_finds_what_is_wrong(stage):
    page = stage().show(EVERYTHING)
    page.evaluate("document.querySelector('label[for=id_family_name]').remove()")
    assert any(found.startswith("label") for found in violations(page))


def test_the_stage_hears_the_policy_complain(stage):
    shown = stage()
    shown.show(EVERYTHING).evaluate(
        "document.body.insertAdjacentElement('beforeend', document.createElement('style')).textContent='p{}'"
    )
    assert any("Content Security Policy" in said for said in shown.complaints)


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("name", "wrong"), PAGES)
def test_it_fits_a_phone_without_scrolling_sideways(stage, javascript, name, wrong):
    page = stage(width=320, javascript=javascript).show(f"face_sample/{name}.html", sample.context(wrong=wrong))
    assert page.viewport_size == {"width": 320, "height": 900}
    sideways = page.locator("html").bounding_box()
    inside = page.locator("main").bounding_box()
    assert sideways["width"] <= 320 and inside["x"] >= 0 and inside["x"] + inside["width"] <= 320
    if javascript:
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_without_javascript_every_question_and_menu_is_there(stage):
    page = stage(javascript=False, width=320).show(EVERYTHING)
    for visible in ("#id_reference", "#id_password", "text=My work", "text=Sign out"):
        expect(page.locator(visible).first).to_be_visible()
    for hidden in (".govuk-password-input__toggle", ".govuk-service-navigation__toggle", "#idle-warning"):
        expect(page.locator(hidden)).to_be_hidden()


def test_with_javascript_an_answer_reveals_its_question(stage):
    page = stage().show(EVERYTHING)
    expect(page.locator("#id_reference")).to_be_hidden()
    page.get_by_label("To prevent a crime").check()
    expect(page.locator("#id_reference")).to_be_visible()


def test_none_of_these_clears_the_rest(stage):
    page = stage().show(EVERYTHING)
    page.get_by_label("Injury").check()
    page.get_by_label("None of these").check()
    expect(page.get_by_label("Injury")).not_to_be_checked()


def test_the_error_summary_takes_the_focus_and_leads_to_the_fault(stage):
    page = stage().show(EVERYTHING, sample.context(wrong=True))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Date of birth must be a real date").press("Enter")
    expect(page.locator("#id_born_day")).to_be_focused()


def test_a_password_can_be_seen_and_hidden_again(stage):
    page = stage().show(EVERYTHING)
    page.locator("#id_password").fill("correct horse")
    page.get_by_role("button", name="Show password").click()
    expect(page.locator("#id_password")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide password").click()
    expect(page.locator("#id_password")).to_have_attribute("type", "password")


def test_the_keyboard_reaches_the_main_content_first(stage):
    page = stage().show("face_sample/board.html")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_every_stop_of_the_keyboard_can_be_seen(stage):
    page = stage().show(EVERYTHING)
    page.evaluate("document.activeElement.blur()")
    look = "each => getComputedStyle(each).boxShadow + getComputedStyle(each).backgroundColor"
    plain = page.locator(".kt-header__button").evaluate(look)
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "kt-header__button":
            break
    focused = page.locator(":focus").evaluate(look)
    assert focused != plain and "255, 221, 0" in focused


def test_signing_out_is_a_post(stage):
    shown = stage()
    shown.show(EVERYTHING).get_by_role("button", name="Sign out").click()
    assert shown.posted == ["/out"]


def test_an_idle_screen_warns_then_locks(stage):
    shown = stage()
    shown.page.clock.install()
    page = shown.show(EVERYTHING, sample.context() | {"idle_lock": IdleLock(after=900, lock="/lock", warn=60)})
    page.clock.run_for(839_000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.clock.run_for(11_000)
    expect(page.get_by_role("dialog")).to_contain_text("will lock in 50 seconds")
    page.clock.run_for(51_000)
    page.wait_for_url("**/lock")


def test_somebody_who_is_there_stays_signed_in_and_the_server_hears_of_it(stage):
    shown = stage()
    shown.page.clock.install()
    page = shown.show(EVERYTHING)
    page.clock.run_for(850_000)
    page.get_by_role("button", name="Stay signed in").click()
    page.clock.run_for(60_000)
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.url.endswith("/") and shown.posted == ["/still"]


def test_typing_keeps_the_screen_open(stage):
    shown = stage()
    shown.page.clock.install()
    page = shown.show(EVERYTHING)
    page.locator("#id_story").focus()
    for _ in range(4):
        page.clock.run_for(600_000)
        page.keyboard.type("a")
    assert page.url.endswith("/")


def test_htmx_fetches_parts_of_a_page_under_the_policy(stage):
    shown = stage()
    page = shown.show("face_sample/board.html")
    expect(page.locator("#live")).to_have_text("Fetched a moment ago")
    assert shown.complaints == [] and page.locator("style").count() == 0


def test_marks_survive_high_contrast(stage):
    page = stage(forced_colors="active").show(EVERYTHING)
    fill = page.locator(".kt-svg-mark").first.evaluate("each => getComputedStyle(each).fill")
    background = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    count = page.locator(".kt-svg-count").first.evaluate("each => getComputedStyle(each).fill")
    assert fill != background and count != fill


def test_paper_has_the_tables_and_nothing_to_click(stage):
    page = stage().show("face_sample/paper.html")
    page.emulate_media(media="print")
    expect(page.locator("[data-print]")).to_be_hidden()
    expect(page.get_by_text("April 2026: 12 contacts").last).to_be_visible()
    expect(page.get_by_text("Official - sensitive")).to_be_visible()


def test_every_page_prints_without_its_menu(stage):
    page = stage().show(EVERYTHING)
    page.emulate_media(media="print")
    for gone in (".govuk-service-navigation", ".kt-header__out", ".govuk-button", ".govuk-phase-banner"):
        expect(page.locator(gone).first).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
