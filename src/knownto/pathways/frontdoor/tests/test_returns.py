"""What is counted of answers, and what is hidden of it."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from knownto.access.acts import system
from knownto.casework.models import Answer
from knownto.pathways.frontdoor import checking, practices, returns
from knownto.pathways.frontdoor.known import GP_REQUEST, gp_used
from knownto.pathways.frontdoor.practices import HIDDEN
from knownto.pathways.frontdoor.tests.test_checking import agree, answered, ask, opened

FEW = 5


@given(st.lists(st.integers(0, 40), min_size=5, max_size=5))
def test_no_small_number_is_shown_nor_can_be_worked_out_from_the_total(parts):
    shown = practices.hidden(parts, FEW)
    gone = [count for count, said in zip(parts, shown, strict=True) if said == HIDDEN]
    assert not [said for said in shown if said != HIDDEN and 1 <= int(said) <= FEW]
    if len(gone) == 1:  # then the total is that number alone, and is itself not shown
        assert not any(count for count in parts if count not in gone)


def test_a_number_that_is_not_small_is_shown():
    assert practices.hidden([9, 0, 12, 0, 0], FEW) == ["9", "0", "12", "0", "0"]
    assert practices.hidden([9, 3, 12, 0, 0], FEW) == [HIDDEN, HIDDEN, "12", "0", "0"]
    assert practices.said(5, FEW) == HIDDEN and practices.said(6, FEW) == "6" and practices.said(0, FEW) == "0"


def test_each_check_is_counted_once_as_it_stands(viewer_of, borough, now):
    screener, later = viewer_of("screener"), now + timedelta(days=10)
    work = opened(now)
    agree(screener, work, now)
    police, school, fire, housing, gp = ask(screener, work, now, "police", "school", "fire", "housing", "gp")
    answered(police, now, plain={}, answer=Answer.NOTHING_KNOWN)
    answered(school, later, plain={"because": "An order"}, answer=Answer.DECLINED)
    answered(housing, now, plain={"because": "Moved"}, answer=Answer.WITHDRAWN)
    found = {each.agency: each for each in returns.tracker(screener, now.date(), now.date(), later)}
    assert (found["police"].in_time, found["police"].nothing_known) == (1, 1)
    assert (found["school"].late, found["school"].declined) == (1, 1)
    assert found["fire"].no_reply == found["gp"].no_reply == found["housing"].withdrawn == 1
    for each in found.values():
        assert each.in_time + each.late + each.no_reply + each.waiting + each.withdrawn == each.asked == 1
    assert not returns.tracker(screener, later.date(), later.date(), later)
    assert fire.id != gp.id


def test_how_a_practices_answer_was_used_is_counted_once_it_is_said(viewer_of, borough, now):
    screener = viewer_of("screener")
    for _ in range(6):
        work = opened(now)
        agree(screener, work, now)
        [gp] = ask(screener, work, now, "gp")
        answered(gp, now)
        with system("test"):
            assert gp_used(work)
        checking.say_used(by=screener, episode=work.id, ask=gp.id, words="It raised the level", now=now)
        with system("test"):
            assert not gp_used(work)
    day = now.date()
    [month] = practices.report(screener, GP_REQUEST, day, day, now)
    next_day = day + timedelta(days=1)
    assert [month] == practices.report(screener, GP_REQUEST, next_day, next_day, now)  # a period is whole months
    assert (month.sent, month.in_time, month.used) == ("6", "6", "6")
