"""Ten thousand documents on their way out of a house with something to hide: none says where.

Families with a protected address, an old one, a school, a surgery, a telephone; every renderer that the product has;
what people write in every form in which they write it. The oracle knows words that are in no other sentence, and
shares nothing with what it tests. Taken out, or broken, the firewall is seen to be gone, and nothing is let through.

KNOWNTO_DOCUMENTS says how many (CI some hundreds; a campaign 10,000), KNOWNTO_SEED of which chance.
"""

import os
import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils.timezone import localdate

from knownto.access.acts import SYSTEM, Viewer, system
from knownto.access.refusals import NotPossibleNow
from knownto.casework import acts, mail, reads
from knownto.casework.models import Episode, Notice
from knownto.face.parts import Row
from knownto.firewall import acts as firewall
from knownto.firewall import audiences, checks, looking
from knownto.firewall.acts import Setting
from knownto.firewall.contents import Protected, Subject
from knownto.firewall.models import Reach
from knownto.footprint import told
from knownto.identity.answers import HeldRecord
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.linkage import Address, Evidence, clean
from knownto.partners.models import Team
from knownto.pathways.frontdoor import asked_of, checking, feedback, kept_back, laying_out, paper
from knownto.pathways.frontdoor.documenting import Wanted, document_of
from knownto.pathways.frontdoor.exports import making, mapping, rows
from knownto.pathways.frontdoor.pages import letters, people
from knownto.pathways.frontdoor.referral import Adult, Child, Referral
from proof_tests import renderings
from proof_tests.protected_families import Family, Somebody, as_text, family, found_in, written

DOCUMENTS = int(os.environ.get("KNOWNTO_DOCUMENTS", "600"))
SEED = os.environ.get("KNOWNTO_SEED", "a safe address")
PDF_EVERY = 40  # laying out takes a quarter of a second
POLICE = Actor(None, "police", "officer")
COUNCIL = Actor(None, "childrens-social-care", "screener")
REACHES = ((Reach.ANYBODY, ""), (Reach.AGENCY, "police"))


@dataclass(frozen=True)
class Case:
    """A family, the work about it, and whoever must not learn where it is: an officer, or whom they could tell."""

    family: Family
    work: Episode
    reach: Reach
    officer: Viewer
    chance: random.Random
    now: datetime


def case(number: int, officer: Viewer, now: datetime) -> Case:
    """The family with that number, protected, and a referral that says everything."""
    chance = random.Random(f"{SEED} {number}")
    of = _as_the_product_has_them(family(chance, number))
    reach, agency = REACHES[number % len(REACHES)]
    hidden = (Subject(of.mother, (of.school,), (of.surgery,)), Subject(of.child, (of.school,)))
    why = Protected(hidden, whom=(of.father,), why="He said that he will find them.")
    firewall.set_up(setting=Setting(why, reach, now.date(), agency=agency), by=SYSTEM, now=now)
    with system("proof"):
        team = Team.objects.get(agency="police", code="response")
        about = [acts.Somebody("subject", of.child, {"school": of.school}), acts.Somebody("parent", of.mother)]
        origin = acts.Origin("police", team)
        work = acts.open_episode(by=POLICE, pathway_code="contact", origin=origin, about=about, now=now)
        plain = referral(of, chance).to_json()
        acts.say(episode=work, kind="referral", plain=plain, by=POLICE, now=now)
        outcome = {"words": written(chance, of), "kind": "advice", "name": "Advice", "at": now.isoformat()}
        acts.say(episode=work, kind="outcome", plain=outcome, by=COUNCIL, now=now)
    return Case(of, work, reach, officer, chance, now)


def _as_the_product_has_them(of: Family) -> Family:
    return replace(of, mother=_evidence(of.mother), child=_evidence(of.child), father=_evidence(of.father))


def _evidence(somebody: Somebody) -> Evidence:
    homes = tuple(Address(*each) for each in somebody.addresses)
    return Evidence(**asdict(somebody) | {"addresses": homes})


def referral(of: Family, chance: random.Random) -> Referral:
    """Whoever wrote it knew everything, and wrote it everywhere."""
    return Referral(
        children=(Child(of.child, school=of.school, seen="heard", words=written(chance, of), impact="Afraid"),),
        adults=(Adult(of.mother, views=written(chance, of)), Adult(of.father, role="source-of-harm")),
        what_happened=f"Shouting was heard. {written(chance, of)} The door was broken.",
        household_notes=written(chance, of),
        where=written(chance, of),
        worries=f"{written(chance, of)}\n{written(chance, of)}",
        writer="PC Pike",
    )


def copy(case: Case) -> str:
    """What an agency's own system is given."""
    what = case.chance.choice(("referral", "outcome"))
    return as_text(document_of(case.work, Wanted(what, "police", case.now, case.now)).to_json())


def page_for_print(case: Case) -> str:
    return laying_out.html_of(document_of(case.work, Wanted("outcome", "police", case.now, case.now)))


def on_paper(case: Case) -> str:
    """A document that an officer takes along."""
    reader = audiences.on_paper(case.officer)
    return laying_out.html_of(document_of(case.work, Wanted("referral", "police", case.now, case.now, reader=reader)))


def pdf(case: Case) -> str:
    """The words as they are laid out, and what the file itself holds beside them."""
    made = document_of(case.work, Wanted("referral", "police", case.now, case.now))
    page = laying_out.html_of(made)
    pages = paper.HTML(string=page, url_fetcher=paper.FetchesNothing()).render().pages
    raw = _unpacked(laying_out.pdf_of(made))
    beside = [needle for needle in case.family.needles if any(each in raw for each in renderings.of_text(needle))]
    return " ".join([*(text for each in pages for text in _texts(each._page_box)), *beside])


def _texts(box: Any) -> Iterator[str]:
    yield getattr(box, "text", "")
    for child in getattr(box, "children", ()):
        yield from _texts(child)


def _unpacked(made: bytes) -> bytes:
    parts = [made]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", made, re.S):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def exported(case: Case) -> str:
    """A file for Mosaic, Connect or supervision."""
    code = case.chance.choice(("mosaic", "connect", "supervision"))
    shape = mapping.mapping(code, "police").shape
    reader = audiences.on_paper(case.officer)
    of = case.chance.choice(("decided", "referred"))
    found = rows.lines([case.work], of=of, system=shape.system, reader=reader)
    return making.to_csv(making.shaped(shape, found)).decode()


def check(case: Case) -> str:
    """A partner is asked what it knows: whom it is about, and the worry, as somebody typed it."""
    sheet = asked_of.sheets()["police"]
    known = reads.people([case.work])[case.work.id]
    shown = kept_back.known_for(known, audiences.to_agency("police"))
    whom = "\n".join(checking.told(each.known, sheet, address=True) for each in shown)
    return _asked(case, f"{whom}\n\n{written(case.chance, case.family)}")


def asked(case: Case) -> str:
    return _asked(case, f"Please visit. {written(case.chance, case.family)}")


def _asked(case: Case, words: str) -> str:
    """What reached them: nothing, where it was stopped."""
    team = Team.objects.get(agency="police", code="response")
    try:
        row = acts.ask(episode=case.work, question=acts.Question("check", team, words, purpose="child-concern"),
                       by=COUNCIL, by_team=None, now=case.now)  # fmt: skip
    except NotPossibleNow:
        return ""
    return {ask.pk: plain for ask, plain in reads.asks(case.work)}[row.pk]["question"]


def letter(case: Case) -> str:
    """What the referrer is told of a decision, in somebody's own words."""
    decision = SimpleNamespace(id=case.work.id, kind="advice", number=1, level=2, at=case.now)
    entry = ledger.record(kind="proof", by=COUNCIL, now=case.now)
    before = {row.pk for row, _ in reads.statements(case.work, "outcome")}
    words = f"The team will visit. {written(case.chance, case.family)}"
    try:
        feedback.tell_outcome(episode=case.work, decision=decision, words=words, by=COUNCIL, entry=entry, now=case.now)
    except NotPossibleNow:
        return ""
    return as_text([plain for row, plain in reads.statements(case.work, "outcome") if row.pk not in before])


def message(case: Case) -> str:
    """A notice by mail."""
    team = Team.objects.get(agency="police", code="response")
    said = mail.message(team, [Notice(pk=1, kind="asked", reference=case.work.reference)])
    return f"{said.subject}\n{said.body}"


def household(case: Case) -> str:
    """What the tracker tells of somebody, on paper and to the officer's own agency: records, district, household."""
    held = [HeldRecord(1, "gp", each, clean(each)) for each in (case.family.mother, case.family.child)]
    [kept] = told.kept([held], audiences.on_paper(case.officer))
    records = " ".join(as_text(each.evidence.to_json()) for each in kept.records)
    return f"{records} {told.told(kept.records, localdate(case.now))}"


def card(case: Case) -> str:
    """Whom it is about, on the page of the work: for an officer whose whole agency must not learn it."""
    if case.reach != Reach.AGENCY:
        return ""
    kept = kept_back.known_for(reads.people([case.work])[case.work.id], audiences.on_page(case.officer))
    shown = [people.person(each, "child-concern", case.work.reference, localdate(case.now)) for each in kept]
    return str(shown)


def page_of_letter(case: Case) -> str:
    """The people of the referral on its page (what is said in words there is the last wall's)."""
    if case.reach != Reach.AGENCY:
        return ""
    said = referral(case.family, case.chance)
    blocks = letters.blocks_for(Referral(children=said.children, adults=said.adults), audiences.on_page(case.officer))
    words = {each.words for each in said.children} | {each.views for each in said.adults}
    return str([row for block in blocks for row in block.rows if isinstance(row, Row) and row.value not in words])


def to_the_father(case: Case) -> str:
    """Somebody tells him something, and thinks of nothing."""
    reader = audiences.to_person(case.family.father)
    return checks.without(f"Your child is well. {written(case.chance, case.family)}", reader)


Renderer = Callable[[Case], str]
RENDERERS: tuple[Renderer, ...] = (
    copy, page_for_print, on_paper, exported, check, asked, letter, message, household, card, page_of_letter,
)  # fmt: skip


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


STRUCTURED = {"copy", "page_for_print", "on_paper", "exported", "check", "household", "card", "page_of_letter"}
IN_WORDS = {"copy", "page_for_print", "on_paper", "exported", "asked", "letter"}


@pytest.mark.parametrize(("taken_out", "leak"), [
    ("of_people", STRUCTURED), ("in_texts", IN_WORDS), ("both", STRUCTURED | IN_WORDS),
])  # fmt: skip
def test_without_the_check_every_renderer_that_it_guards_says_where(officer, now, monkeypatch, taken_out, leak):
    if taken_out in ("of_people", "both"):
        monkeypatch.setattr(looking, "of_people", lambda people, said: {key: [] for key in people})
    if taken_out in ("in_texts", "both"):
        monkeypatch.setattr(looking, "in_texts", lambda texts: {key: [] for key in texts})
    found = set(+leaks(officer, now, 12 * len(RENDERERS), tuple(each for each in RENDERERS)))
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
