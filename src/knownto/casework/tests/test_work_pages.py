"""The lists of work, the ask that a team answers, and notices: as those see them who are and are not meant to."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from knownto.access import clock
from knownto.access.acts import system
from knownto.casework import acts
from knownto.casework.models import Answer, Ask, Notice
from knownto.casework.tests.conftest import fresh
from knownto.disclosure.models import Disclosure
from knownto.ledger.models import About, Entry


def text(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode())).replace("&#x27;", "'")


def disclosed(ask):
    with system("test"):
        return Disclosure.objects.get(work=ask.episode_id)


def told(**wanted):
    with system("test"):
        return Notice.objects.get(**wanted)


@pytest.fixture
def today(casework):
    """The same work, at this very moment: pages go by the database's clock."""
    casework.now = clock.now()
    return casework


def test_a_team_sees_its_work_with_the_names_and_the_distance(today, signed_in):
    episode = today.contact(urgency="red")
    page = text(signed_in("screener").get(reverse("casework:team")))
    assert "Tobias Wrenshaw" in page and episode.reference in page and "Take it in hand (red)" in page
    assert " in 59 minutes" in page and "Nobody yet" in page


def test_what_is_late_says_so_in_a_word_and_is_found_by_the_filter(today, signed_in):
    today.contact(now=today.now - timedelta(days=9))
    fresh = today.contact(urgency="red")
    page = text(signed_in("screener").get(reverse("casework:team"), {"when": "late"}))
    assert "Overdue" in page and "overdue by" in page and fresh.reference not in page
    assert fresh.reference in text(signed_in("screener").get(reverse("casework:team"), {"when": "nonsense"}))


def test_another_team_does_not_see_it_and_the_look_is_in_the_ledger(today, signed_in):
    episode = today.contact()
    assert episode.reference not in text(signed_in("officer").get(reverse("casework:team")))
    seen = About.objects.filter(subject=f"episode:{episode.id}", entry__kind="view-work")
    assert not seen.exists()
    signed_in("screener").get(reverse("casework:team"))
    assert seen.count() == 1


def test_whoever_is_asked_sees_whom_it_is_about_and_not_who_else(today, signed_in):
    from knownto.linkage import Evidence

    episode = today.contact()
    with system("test"):
        sister = acts.Somebody("sibling", Evidence(family_name="Wrenshaw", given_names="Philippa"))
        acts.add_somebody(episode=episode, somebody=sister, by=today.actor(), now=today.now)
    ask = today.ask(episode)
    listed = text(signed_in("police.hub").get(reverse("casework:team")))
    opened = text(signed_in("police.hub").get(reverse("casework:ask", args=[ask.id])))
    assert "Tobias Wrenshaw" in listed and "Tobias Wrenshaw" in opened and "4 March 2016" in opened
    assert "Philippa" not in listed + opened and "Tallow Row" not in opened
    assert "Children Act 2004" in opened and "01632 960201" in opened  # by what law, and whom to ring


def test_an_ask_is_answered_and_crosses_as_a_disclosure_under_the_agreement(today, signed_in):
    ask = today.ask(today.contact())
    browser = signed_in("police.hub")
    sent = {"answer": "answered", "known": "Two calls in May, both about noise."}
    assert browser.post(reverse("casework:ask", args=[ask.id]), sent).status_code == 302
    crossed = disclosed(ask)
    assert (crossed.how, crossed.from_agency, crossed.to_agency) == ("answer", "police", "childrens-social-care")
    assert crossed.agreements and crossed.agreements[0].startswith("police ")
    page = text(signed_in("screener").get(reverse("casework:ask", args=[ask.id])))
    assert "Two calls in May" in page and "Ian Lusk" in page
    assert ask.reference not in text(browser.get(reverse("casework:team")))


def test_a_refusal_needs_its_reason_and_is_a_record_of_not_sharing(today, signed_in):
    ask = today.ask(today.contact())
    browser, address = signed_in("police.hub"), reverse("casework:ask", args=[ask.id])
    assert "Enter why you cannot share it" in text(browser.post(address, {"answer": "declined"}))
    browser.post(address, {"answer": "declined", "because": "A live operation."})
    assert disclosed(ask).how == "not-shared"


def test_each_question_of_a_sheet_is_answered_by_itself_and_none_is_not_enough(today, signed_in):
    wanted = [
        {"code": "calls", "label": "Calls to the address", "hint": "Since March"},
        {"code": "dv", "label": "Abuse"},
    ]
    ask = today.ask(today.contact(), more={"fields": wanted})
    browser, address = signed_in("police.hub"), reverse("casework:ask", args=[ask.id])
    page = text(browser.get(address))
    assert "Calls to the address" in page and "Since March" in page
    assert "Answer at least one" in text(browser.post(address, {"answer": "answered"}))
    browser.post(address, {"answer": "answered", "field_calls": "Two in May"})
    with system("test"):
        from knownto.casework.words import opened

        assert opened([Ask.objects.get(pk=ask.pk)])[0]["answers"] == {"calls": "Two in May"}
    answered = text(signed_in("screener").get(address))
    assert "Calls to the address" in answered and "Two in May" in answered


def test_the_second_of_two_who_answer_is_told_and_keeps_what_they_wrote(today, signed_in):
    ask = today.ask(today.contact())
    address = reverse("casework:ask", args=[ask.id])
    browser = signed_in("police.hub")
    assert browser.get(address).status_code == 200
    with system("test"):
        acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=today.actor("police.hub"), now=today.now)
    response = browser.post(address, {"answer": "answered", "known": "I had written this"})
    page = text(response)
    assert "answered in the meantime" in page and "I had written this" in page and "Nothing known" in page


@pytest.mark.parametrize("name", ["officer", "school.lead", "chair", "investigator"])
def test_an_ask_of_another_team_looks_like_none_at_all(today, signed_in, name):
    ask = today.ask(today.contact())
    browser = signed_in(name)
    for route in ("ask", "pass-on", "withdraw"):
        assert browser.get(reverse(f"casework:{route}", args=[ask.id])).status_code == 404
    for route in ("ask", "take", "remind", "give-back"):
        assert browser.post(reverse(f"casework:{route}", args=[ask.id]), {"answer": "nothing-known"}).status_code == 404
    fresh(ask)
    assert ask.answered_at is None and ask.seen_at is None


def test_it_is_taken_given_back_and_passed_on_within_the_agency(today, signed_in):
    ask = today.ask(today.contact())
    browser = signed_in("police.hub")
    browser.post(reverse("casework:take", args=[ask.id]))
    assert ask.reference in text(browser.get(reverse("casework:work")))
    browser.post(reverse("casework:give-back", args=[ask.id]))
    fresh(ask)
    assert ask.to_worker is None
    address = reverse("casework:pass-on", args=[ask.id])
    page = browser.get(address).content.decode()
    assert "Child abuse investigation" in page and "Assessment" not in page
    team = today.worker("investigator").team
    clock = ask.clock_id
    browser.post(address, {"team": team.pk, "because": "It is an enquiry of theirs"})
    fresh(ask)
    assert ask.to_team_id == team.pk and ask.clock_id == clock
    assert signed_in("investigator").get(reverse("casework:ask", args=[ask.id])).status_code == 200
    assert browser.get(reverse("casework:ask", args=[ask.id])).status_code == 404


def test_whoever_asked_sees_whether_it_was_seen_reminds_once_an_hour_and_takes_it_back(today, signed_in):
    ask = today.ask(today.contact())
    asker, address = signed_in("screener"), reverse("casework:ask", args=[ask.id])
    assert "Not seen yet" in text(asker.get(reverse("casework:asked"))) and "Not seen yet" in text(asker.get(address))
    signed_in("police.hub").get(address)
    assert "Seen, not answered yet" in text(asker.get(reverse("casework:asked")))
    asker.post(reverse("casework:remind", args=[ask.id]))
    again = asker.post(reverse("casework:remind", args=[ask.id]), follow=True)
    assert "less than an hour ago" in text(again)
    fresh(ask)
    assert ask.reminded == 1
    withdraw = reverse("casework:withdraw", args=[ask.id])
    assert "Enter why it is no longer needed" in text(asker.post(withdraw, {}))
    asker.post(withdraw, {"because": "The school told us"})
    assert ask.reference not in text(asker.get(reverse("casework:asked")))
    assert "taken back" not in text(asker.get(address)) and "No longer needed" in text(asker.get(address))
    assert told(ask=ask, kind="withdrawn").to_team == ask.to_team


def test_a_notice_leads_to_its_work_and_is_then_no_longer_new(today, signed_in):
    ask = today.ask(today.contact())
    browser = signed_in("police.hub")
    page = browser.get(reverse("casework:notices"))
    assert "Somebody asks your team for something" in text(page) and "Tobias" not in text(page)
    notice = told(ask=ask)
    assert browser.get(reverse("casework:notice", args=[notice.pk])).url == reverse("casework:ask", args=[ask.id])
    assert "Nothing new" in text(browser.get(reverse("casework:notices")))
    assert ask.reference in text(browser.get(reverse("casework:notices"), {"read": "yes"}))
    assert signed_in("officer").get(reverse("casework:notice", args=[notice.pk])).status_code == 404


def test_marking_as_read_touches_only_ones_own(today, signed_in):
    today.ask(today.contact())
    theirs = told(kind="asked")
    mine = told(kind="sent-to-you")
    signed_in("screener").post(reverse("casework:notices"), {"notice": [theirs.pk, mine.pk, "x"]})
    fresh(theirs)
    fresh(mine)
    assert mine.seen_at and mine.seen_by and theirs.seen_at is None


def test_the_sheet_of_a_list_runs_nothing(today, signed_in):
    from knownto.linkage import Evidence

    today.contact(child=Evidence(given_names="=cmd|' /C calc'!A0", family_name="Wren"))
    response = signed_in("screener").get(reverse("casework:team"), {"as": "csv"})
    said = response.content.decode()
    assert response["Content-Type"].startswith("text/csv") and "Reference,What" in said
    assert "'=cmd" in said and ",=cmd" not in said and '"=cmd' not in said


def test_an_empty_list_says_what_that_means(today, signed_in):
    browser = signed_in("gp")
    assert "Nothing has your name on it" in text(browser.get(reverse("casework:work")))
    assert "owes nobody" in text(browser.get(reverse("casework:team")))
    assert "You wait for nobody" in text(browser.get(reverse("casework:asked")))


def test_pages_of_a_long_list_follow_one_another_and_lose_nothing(today):
    from knownto.access.viewer import viewer_of
    from knownto.casework.owing import When, Whose, owed

    made = {today.contact(now=today.now - timedelta(minutes=n)).id for n in range(7)}
    ask = today.ask(today.contact(), to=today.worker().team)
    viewer = viewer_of(today.worker(), second_factor=True)
    seen = []
    for page in (1, 2, 3):
        found = owed(viewer, Whose.TEAM, When.ALL, page=page, size=3, now=today.now)
        seen += found.items
        assert found.more == (page < 3)
    assert {item.page_of for item in seen if not item.ask} >= made and ask.id in {item.ask for item in seen}
    assert [item.due for item in seen] == sorted(item.due for item in seen) and len(seen) == len(set(seen))


def test_a_list_asks_the_database_as_often_for_fifty_as_for_five(today):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from knownto.access.viewer import viewer_of
    from knownto.casework.owing import When, Whose, owed

    viewer = viewer_of(today.worker(), second_factor=True)
    counted = []
    for _ in range(2):
        for _ in range(12):
            today.ask(today.contact(), to=today.worker().team)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            owed(viewer, Whose.TEAM, When.ALL, now=today.now)
        counted.append(len(asked))
    assert counted[0] == counted[1]


def test_no_address_or_title_tells_of_anybody(today, signed_in):
    ask = today.ask(today.contact())
    for name, route, args in (("police.hub", "ask", [ask.id]), ("screener", "team", []), ("screener", "asked", [])):
        page = signed_in(name).get(reverse(f"casework:{route}", args=args)).content.decode()
        title = re.search(r"<title>(.*?)</title>", page, re.S)[1]
        hrefs = " ".join(re.findall(r'(?:href|action)="([^"]*)"', page))
        assert "Wrenshaw" not in title + hrefs and "Tobias" not in title + hrefs


def test_what_is_refused_is_recorded_and_what_is_read_too(today, signed_in):
    ask = today.ask(today.contact())
    signed_in("officer").get(reverse("casework:ask", args=[ask.id]))
    assert Entry.objects.filter(kind="refusal", because="not-yours").exists()
    signed_in("police.hub").get(reverse("casework:ask", args=[ask.id]))
    assert About.objects.filter(subject=f"ask:{ask.id}", entry__kind="ask-opened").count() == 1


def test_what_has_rules_of_its_own_is_not_answered_on_the_page_for_everything(today, signed_in):
    """Only a supervisor looks at a referral of their team, on the page for that."""
    episode = today.contact()
    ask = today.ask(episode, to=today.worker("police.supervisor").team, kind="supervision", purpose="")
    own = f"/front-door/supervise/{episode.id}/"
    for name in ("officer", "police.supervisor"):
        browser, address = signed_in(name), reverse("casework:ask", args=[ask.id])
        listed = own in browser.get(reverse("casework:team")).content.decode()
        assert listed == (name == "police.supervisor")  # to nobody else is it work
        page = browser.get(address).content.decode()
        assert own in page and "Your answer" not in page
        browser.post(address, {"answer": "answered", "known": "Fine"})
        assert fresh(ask).answered_at is None


def test_what_has_come_back_lately_is_shown_to_whoever_asked(today, signed_in):
    ask, taken_back = today.ask(today.contact()), today.ask(today.contact())
    with system("test"):
        acts.answer(ask=ask, answer=Answer.NOTHING_KNOWN, plain={}, by=today.actor("police.hub"), now=today.now)
        more = {"plain": {"because": "Not needed"}, "by": today.actor(), "now": today.now}
        acts.answer(ask=taken_back, answer=Answer.WITHDRAWN, **more)
    page = text(signed_in("screener").get(reverse("casework:asked")))
    assert "Come back in the last 7 days" in page and ask.reference in page and "Nothing known" in page
    assert taken_back.reference not in page
    assert ask.reference not in text(signed_in("officer").get(reverse("casework:asked")))
