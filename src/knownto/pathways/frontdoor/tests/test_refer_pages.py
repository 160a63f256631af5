"""Writing a referral, as its writer sees it: page by page, saved, gone on with elsewhere, checked and sent."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework import reads
from knownto.casework.models import Episode, Notice
from knownto.keyring.models import WrappedKey
from knownto.ledger.models import Entry
from knownto.pathways.frontdoor import drafts, questions
from knownto.pathways.frontdoor.models import Draft
from knownto.pathways.frontdoor.referral import Referral
from knownto.pathways.frontdoor.tests.refer import signed_in

CHILD = {
    "given": "Tobias", "family": "Wrenshaw", "born_day": "4", "born_month": "3", "born_year": "2016",
    "address": "4 Tallow Row", "postcode": "QK1 2AB",
}  # fmt: skip
HAPPENED = {"what_happened": "Shouting, a broken door, and Tobias was found hiding in the bath by the officers."}


@pytest.fixture(autouse=True)
def today(now, monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: now)


@pytest.fixture
def officer(borough):
    return signed_in("officer")


@pytest.fixture
def draft(officer):
    """A draft of the officer's, begun as they begin one."""
    response = officer.post(reverse("frontdoor:refer"), {"kind": "child"})
    return re.search(r"[0-9a-f-]{36}", response["Location"])[0]


def at(draft, code="", number=0):
    if number:
        return reverse("frontdoor:refer-each", args=[draft, code, number])
    return reverse("frontdoor:refer-page", args=[draft, code]) if code else _overview(draft)


def _overview(draft):
    return reverse("frontdoor:refer-overview", args=[draft])


def check(draft):
    return reverse("frontdoor:refer-check", args=[draft])


def text(response):
    return response.content.decode()


def test_from_the_first_page_to_the_receipt_by_save_and_continue(officer, draft, now):
    place, seen = at(draft, "urgent"), []
    typed = {
        "urgent": {"urgency_asked": "amber"},
        "child": CHILD,
        "adult": {"given": "Dawn", "family": "Wrenshaw", "role": "parent", "parental_responsibility": "yes"},
        "happened": HAPPENED,
        "voice": {"seen": "heard", "words": "I hide in the bath.", "words_how": "Alone in the kitchen."},
        "life": {"impact": "Does not sleep.", "lived_environment": "No bed of his own."},
        "factors": {"factors": ["substance-misuse"], "effect_substance-misuse": "Asleep after school."},
        "consent": {"consent": "told"},
        "wants": {"wants": "A visit", "level_thought": "3", "level_why": "Third call."},
        "reach": {"writer_phone": "01632 960101", "video": "yes", "video_reference": "BWV-104"},
    }
    while place != check(draft):
        code = place.split("/")[4]
        seen.append(code)
        page = officer.get(place)
        assert page.status_code == 200 and "Wrenshaw" not in re.search("<title>.*</title>", text(page))[0]
        place = officer.post(place, typed[code] | {"go": "on"})["Location"]
    assert seen == list(typed)
    shown = text(officer.get(place))
    assert "I hide in the bath." in shown and "It cannot be sent yet" not in shown
    sent = officer.post(place)
    receipt = text(officer.get(sent["Location"]))
    with system("test"):
        [episode] = Episode.objects.filter(pathway="contact")
        [(_, said)] = reads.statements(episode, "referral")
    assert episode.reference in receipt and str(episode.id) in sent["Location"]
    found = Referral.from_json(said)
    assert found.children[0].evidence.birth_date.isoformat() == "2016-03-04"
    assert found.children[0].lived == {"environment": "No bed of his own."}
    assert [(f.code, f.effect) for f in found.adults[0].factors] == [("substance-misuse", "Asleep after school.")]
    assert (found.level_thought, found.body_worn_video.reference, found.writer) == (3, "BWV-104", "Gareth Pike")


def test_whom_and_what_happened_is_all_that_is_needed(officer, draft):
    officer.post(at(draft, "child", 1), {"given": "Tobias"})
    refused = officer.post(check(draft))
    assert refused.status_code == 200 and "It was not sent" in text(refused)
    with system("test"):
        assert not Episode.objects.exists()
    officer.post(at(draft, "happened"), {"what_happened": "Found alone."})
    assert officer.post(check(draft)).status_code == 302


def test_a_double_click_sends_one_referral_and_shows_one_receipt(officer, draft):
    officer.post(at(draft, "child", 1), CHILD)
    officer.post(at(draft, "happened"), HAPPENED)
    first, second = officer.post(check(draft)), officer.post(check(draft))
    assert first["Location"] == second["Location"]
    with system("test"):
        assert Episode.objects.count() == 1
    assert officer.get(at(draft, "happened"))["Location"] == officer.get(_overview(draft))["Location"]


def test_what_is_typed_is_saved_by_itself_right_or_wrong(officer, draft):
    typed = CHILD | {"born_year": "16"}
    answer = officer.post(at(draft, "child", 1), typed, headers={"X-Autosave": "1"})
    assert answer.json() == {"saved": "09:30"}
    elsewhere = signed_in("officer")
    assert 'value="Tobias"' in text(elsewhere.get(at(draft, "child", 1)))
    kept = elsewhere.post(at(draft, "child", 1), typed)
    assert kept.status_code == 200 and "must have a year of 4 numbers" in text(kept)
    assert 'value="Wrenshaw"' in text(kept)


def test_an_answer_can_be_taken_back(officer, draft):
    officer.post(at(draft, "urgent"), {"urgency_asked": "red", "significant_harm": "on"})
    officer.post(at(draft, "urgent"), {"urgency_asked": "green"})
    viewer = _viewer("officer")
    assert drafts.own(viewer, draft).written.once["significant_harm"] == ""


def test_another_child_is_one_button_and_can_be_taken_out_again(officer, draft):
    after = officer.post(at(draft, "child", 1), CHILD | {"go": "another"})
    assert after["Location"] == at(draft, "child", 2)
    assert "Is the worry about this child too?" in text(officer.get(after["Location"]))
    officer.post(after["Location"], {"given": "Iris", "worry": "sibling"})
    assert officer.get(at(draft, "voice", 2)).status_code == 200
    taken_out = reverse("frontdoor:refer-remove", args=[draft, "child", 2])
    assert "Iris" in text(officer.get(taken_out))
    officer.post(taken_out)
    assert officer.get(at(draft, "voice", 2)).status_code == 404
    assert "Iris" not in text(officer.get(check(draft)))


def test_a_page_left_empty_for_one_more_child_is_nobody(officer, draft):
    officer.post(at(draft, "child", 1), CHILD)
    after = officer.post(at(draft, "child", 2), {})
    assert after["Location"] == at(draft, "adult", 1)
    assert len(drafts.own(_viewer("officer"), draft).written.children) == 1


def test_the_same_pages_are_not_asked_of_everybody(officer, draft, borough):
    assert "body-worn video" in text(officer.get(at(draft, "reach")))
    school = signed_in("school.lead")
    begun = school.post(reverse("frontdoor:refer"), {"kind": "adult"})["Location"]
    own = re.search(r"[0-9a-f-]{36}", begun)[0]
    assert "body-worn video" not in text(school.get(at(own, "reach")))
    assert school.get(at(own, "voice", 1)).status_code == 404
    assert school.get(at(own, "wishes")).status_code == 200


def test_nobody_else_can_open_save_send_or_destroy_a_draft(officer, draft):
    for other in ("police.hub", "screener", "police.supervisor"):
        client = signed_in(other)
        for address in (_overview(draft), at(draft, "child", 1), check(draft)):
            assert client.get(address).status_code == 404
            assert client.post(address, CHILD).status_code == 404
        away = reverse("frontdoor:draft-throw-away", args=[draft])
        assert client.post(away).status_code == 404 and "Tobias" not in text(client.get(reverse("frontdoor:drafts")))
    assert officer.get(_overview(draft)).status_code == 200


def test_a_draft_is_sealed_at_rest(officer, draft):
    officer.post(at(draft, "child", 1), CHILD)
    with system("test"), connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM frontdoor_draft d")
        [(row,)] = cursor.fetchall()
    for word in ("Tobias", "Wrenshaw", "Tallow", b"Tobias".hex()):
        assert word not in row
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM frontdoor_draft")
        assert cursor.fetchone() == (0,)  # outside an act there is no row at all


def test_a_draft_thrown_away_is_gone_with_its_key(officer, draft, django_capture_on_commit_callbacks):
    with system("test"):
        key = Draft.objects.get(pk=draft).key
    away = reverse("frontdoor:draft-throw-away", args=[draft])
    assert "cannot be brought back" in text(officer.get(away))
    with django_capture_on_commit_callbacks(execute=True):
        officer.post(away)
    assert officer.get(_overview(draft)).status_code == 404
    assert not WrappedKey.objects.using("keys").filter(pk=key).exists()


def test_a_draft_that_nobody_finishes_is_destroyed_and_its_writer_told_before(officer, draft, now):
    drafts.sweep(now + timedelta(days=11))
    with system("test"):
        assert not Notice.objects.filter(kind="draft-ends").exists()
    for _ in range(2):
        drafts.sweep(now + timedelta(days=13))
    with system("test"):
        assert Notice.objects.filter(kind="draft-ends", to_worker=_viewer("officer").worker_id).count() == 1
        assert Draft.objects.count() == 1
    assert drafts.sweep(now + timedelta(days=15)) == 1
    assert officer.get(_overview(draft)).status_code == 404


def test_finish_later_leads_to_the_drafts_which_lead_back(officer, draft):
    later = officer.post(at(draft, "child", 1), CHILD | {"go": "later"})
    assert later["Location"] == reverse("frontdoor:drafts")
    shown = text(officer.get(later["Location"]))
    assert "Tobias Wrenshaw" in shown and _overview(draft) in shown


def test_what_would_be_missed_is_said_and_led_to_and_does_not_stop_it(officer, draft):
    officer.post(at(draft, "child", 1), CHILD)
    officer.post(at(draft, "happened"), HAPPENED)
    shown = text(officer.get(check(draft)))
    assert "What this child says, or why nobody could hear it." in shown
    assert f"{at(draft, 'voice', 1)}?then=check" in shown
    back = officer.post(f"{at(draft, 'voice', 1)}?then=check", {"words_why_not": "Three weeks old."})
    assert back["Location"] == check(draft)
    assert "What this child says, or why" not in text(officer.get(check(draft)))
    assert officer.post(check(draft)).status_code == 302


def test_an_unborn_child_and_one_without_a_name_go_through(officer, draft):
    officer.post(at(draft, "child", 1), {"unborn": "on", "born_day": "1", "born_month": "2", "born_year": "2027"})
    officer.post(at(draft, "child", 2), {"age": "6", "school": "Mill Lane Primary"})
    officer.post(at(draft, "happened"), HAPPENED)
    assert "Expected about" not in text(officer.get(check(draft)))
    place = officer.post(check(draft))["Location"]
    shown = text(officer.get(place.replace("receipt/", "")))
    assert "Unborn child" in shown and "Expected about 1 February 2027" in shown and "Name not known" in shown


def test_danger_is_met_by_numbers_to_ring(officer, draft):
    for shown in (text(officer.get(reverse("frontdoor:refer"))), text(officer.get(at(draft, "urgent")))):
        assert "999" in shown and "01632 960201" in shown and "01632 960206" in shown


def test_what_i_sent_shows_where_it_stands_and_takes_more(officer, draft):
    officer.post(at(draft, "child", 1), CHILD)
    officer.post(at(draft, "happened"), HAPPENED)
    place = officer.post(check(draft))["Location"].replace("receipt/", "")
    listed = text(officer.get(reverse("frontdoor:sent")))
    assert "Tobias Wrenshaw" in listed and "Nobody in the hub has it in hand yet" in listed
    sheet = officer.get(reverse("frontdoor:sent") + "?as=csv")
    assert sheet["Content-Type"].startswith("text/csv") and "Tobias" not in text(sheet)
    assert officer.post(place + "say/", {"kind": "more", "words": ""}).status_code == 200
    officer.post(place + "say/", {"kind": "more", "words": "There is a sister."})
    assert "There is a sister." in text(officer.get(place))
    for other in ("school.lead", "screener", "police.hub"):
        client = signed_in(other)
        assert client.get(place).status_code == client.post(place + "say/", {"kind": "more", "words": "x"}).status_code
        assert client.get(place).status_code == 404


def test_each_draft_begun_sent_or_destroyed_is_in_the_ledger_and_no_keystroke(officer, draft):
    for words in ("a", "ab"):
        officer.post(at(draft, "happened"), {"what_happened": words}, headers={"X-Autosave": "1"})
    officer.post(reverse("frontdoor:draft-throw-away", args=[draft]))
    kinds = list(Entry.objects.order_by("id").values_list("kind", flat=True))
    assert [kind for kind in kinds if kind.startswith("draft")] == ["draft-begun", "draft-thrown-away"]


def _viewer(sign_in):
    from knownto.access.viewer import viewer_of
    from knownto.partners.reads import by_sign_in_name

    return viewer_of(by_sign_in_name(sign_in), second_factor=True)


TRAINING = "https://learning.example/aware"


def test_the_page_with_the_prompt_leads_to_its_training_where_there_is_any(officer, draft, monkeypatch):
    page = at(draft, "life", 1)
    officer.post(at(draft, "child", 1), CHILD | {"go": "on"})
    assert "Learn to use the AWARE prompt" not in officer.get(page).content.decode()
    monkeypatch.setattr(questions, "aware_training", lambda: TRAINING)
    assert f'href="{TRAINING}"' in officer.get(page).content.decode()
    assert TRAINING not in officer.get(at(draft, "happened")).content.decode()


def test_training_is_an_https_address_or_nothing(monkeypatch):
    assert questions.aware_training() == ""
    for bad in ("http://learning.example", "javascript:alert(1)"):
        monkeypatch.setattr(questions, "_file", lambda bad=bad: {"aware": {"training": bad}})
        with pytest.raises(ValueError, match="https"):
            questions.aware_training()
