"""Ten thousand documents on their way out of a house with something to hide: none says where.

Families with a protected address, an old one, a school, a surgery, a telephone; every renderer that the product has;
what people write in every form in which they write it. The oracle knows words that are in no other sentence, and
shares nothing with what it tests. Taken out, or broken, the firewall is seen to be gone, and nothing is let through.

KNOWNTO_DOCUMENTS says how many (CI some hundreds; a campaign 10,000), KNOWNTO_SEED of which chance.
"""

import os
from collections import Counter
from datetime import datetime, timedelta

import pytest

from knownto.access.acts import Viewer, system
from knownto.access.refusals import NotPossibleNow
from knownto.casework import reads
from knownto.firewall import audiences, looking
from knownto.pathways.frontdoor import kept_back, paper
from proof_tests.outgoing import RENDERERS, Renderer, case, pdf, to_the_father
from proof_tests.protected_families import found_in

DOCUMENTS = int(os.environ.get("KNOWNTO_DOCUMENTS", "600"))
PDF_EVERY = 40  # laying out takes a quarter of a second


def leaks(officer: Viewer, now: datetime, documents: int, renderers: tuple[Renderer, ...] = RENDERERS) -> Counter[str]:
    """How many documents of each renderer said where; every family gets each renderer once."""
    found: Counter[str] = Counter()
    for number in range(max(1, documents // len(renderers))):
        one = case(number, officer, now + timedelta(minutes=number))
        with system("proof"):
            for render in (*renderers, *([pdf] if number % PDF_EVERY == 0 and paper.can_make() else [])):
                made = render(one)
                found[render.__name__] += bool(list(found_in(made, one.family)))
    return found


@pytest.fixture
def officer(viewer_of):
    return viewer_of("officer")


def test_no_document_says_where(officer, now):
    found = leaks(officer, now, DOCUMENTS)
    assert not +found, f"said where: {dict(+found)}"


def test_nothing_goes_to_the_person_it_is_kept_from(officer, now):
    assert not +leaks(officer, now, DOCUMENTS // 10, (to_the_father,))


def test_whoever_may_see_it_does(viewer_of, now):
    """A firewall that hid everything from everybody would pass every other test here."""
    one = case(1, viewer_of("hub.manager"), now)
    with system("proof"):
        shown = kept_back.known_for(reads.people([one.work])[one.work.id], audiences.on_page(one.officer))
    assert list(found_in(str(shown), one.family)) and all(each.warning for each in shown)


PDF = {"pdf"} if paper.can_make() else set()
FILES = {"copy", "page_for_print", "on_paper", "exported", "workbook", *PDF}
STRUCTURED = FILES | {"check", "household", "card", "page_of_letter"}
IN_WORDS = FILES | {"asked", "letter", "status"}
TELL_NOTHING = {"message", "notices", "log"}  # of anybody, checked or not: nothing that could be taken out


def test_of_every_renderer_it_is_said_what_is_seen_when_its_check_is_gone():
    assert {each.__name__ for each in RENDERERS} | PDF == STRUCTURED | IN_WORDS | TELL_NOTHING


@pytest.mark.parametrize(("taken_out", "leak"), [
    ("of_people", STRUCTURED), ("in_texts", IN_WORDS), ("both", STRUCTURED | IN_WORDS),
])  # fmt: skip
def test_without_the_check_every_renderer_that_it_guards_says_where(officer, now, monkeypatch, taken_out, leak):
    if taken_out in ("of_people", "both"):
        monkeypatch.setattr(looking, "of_people", lambda people, said: {key: [] for key in people})
    if taken_out in ("in_texts", "both"):
        monkeypatch.setattr(looking, "in_texts", lambda texts: {key: [] for key in texts})
    found = set(+leaks(officer, now, 12 * len(RENDERERS), RENDERERS))
    missed = {"both": leak - found}.get(taken_out, set())
    assert found & leak, "nothing was seen to be gone"
    assert not missed, f"not seen to be gone: {missed}"


@pytest.mark.parametrize("broken", ["hit", "of_people", "in_texts", "opened"])
def test_broken_it_lets_nothing_through(officer, now, monkeypatch, broken):
    made = [case(number, officer, now + timedelta(minutes=number)) for number in range(4)]

    def fails(*_: object, **__: object) -> None:
        raise ConnectionError

    monkeypatch.setattr(looking, broken, fails)
    for one in made:
        with system("proof"):
            for render in RENDERERS:
                try:
                    said = render(one)
                except (NotPossibleNow, ValueError):  # it was stopped: that is as well
                    continue
                assert not list(found_in(said, one.family)), render.__name__
