"""Everything that the product sends or shows, each of one family's work, as text that can be read for what it must not
hold. Nothing here says what that is: `protected_families` knows.
"""

import os
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

from django.utils.timezone import localdate

from knownto.access.acts import SYSTEM, Viewer, system
from knownto.access.refusals import NotPossibleNow
from knownto.assurance import reads as ledger_reads
from knownto.casework import acts, mail, reads
from knownto.casework.models import Episode, Notice
from knownto.face.parts import Row
from knownto.firewall import acts as firewall
from knownto.firewall import audiences, checks
from knownto.firewall.acts import Setting
from knownto.firewall.contents import Protected, Subject
from knownto.firewall.models import Reach
from knownto.footprint import told
from knownto.identity.answers import HeldRecord
from knownto.ledger import acts as ledger
from knownto.ledger.acts import Actor
from knownto.ledger.models import Entry
from knownto.linkage import Address, Evidence, clean
from knownto.partners.models import Team
from knownto.pathways.frontdoor import asked_of, checking, feedback, kept_back, laying_out, own_referrals
from knownto.pathways.frontdoor.documenting import Wanted, document_of
from knownto.pathways.frontdoor.exports import making, mapping, rows
from knownto.pathways.frontdoor.pages import letters, people
from knownto.pathways.frontdoor.referral import Adult, Child, Referral
from knownto.pathways.frontdoor.tests.unpacking import unpacked
from proof_tests import renderings
from proof_tests.protected_families import Family, Somebody, as_text, family, written

SEED = os.environ.get("KNOWNTO_SEED", "a safe address")
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
        told = acts.Question("outcome", team, "Read what was decided.")
        acts.ask(episode=work, question=told, by=COUNCIL, by_team=None, now=now)
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
    """The file as a reader's program has it: the words of its pages, and whatever lies in it beside them."""
    made = unpacked(laying_out.pdf_of(document_of(case.work, Wanted("referral", "police", case.now, case.now))))
    low = made.lower()
    beside = [needle for needle in case.family.needles if any(each in low for each in renderings.of_text(needle))]
    return " ".join([*_pages(made), *beside])


def _pages(made: bytes) -> Iterator[str]:
    """The text of the pages, once for each font's own table of letters: which font writes what is not asked."""
    written = [bytes.fromhex(each.decode()) for each in re.findall(rb"<([0-9a-fA-F]{4,})>", b"".join(_shown(made)))]
    glyphs = [(each[at], each[at + 1]) for each in written for at in range(0, len(each) - 1, 2)]
    for table in re.findall(rb"beginbfchar(.*?)endbfchar", made, re.S):
        pairs = re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table)
        letters = {tuple(bytes.fromhex(g.decode())): bytes.fromhex(c.decode()).decode("utf-16-be") for g, c in pairs}
        yield "".join(letters.get(glyph, "\u25a1") for glyph in glyphs)


def _shown(made: bytes) -> list[bytes]:
    return re.findall(rb"BT(.*?)ET", made, re.S)


def exported(case: Case) -> str:
    """A file for Mosaic, Connect or supervision."""
    return making.to_csv(_export(case)).decode()


def workbook(case: Case) -> str:
    """The same as a workbook: each cell of each sheet, shown or not, and every other part that it is made of."""
    with ZipFile(BytesIO(making.to_xlsx(_export(case), "Contacts"))) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist())


def _export(case: Case) -> making.Export:
    shape = mapping.mapping(case.chance.choice(("mosaic", "connect", "supervision")), "police").shape
    of, reader = case.chance.choice(("decided", "referred")), audiences.on_paper(case.officer)
    return making.shaped(shape, rows.lines([case.work], of=of, system=shape.system, reader=reader))


def status(case: Case) -> str:
    """What an agency's own system is answered when it asks where its referral stands."""
    found = own_referrals.of_agency_system("police", case.work.reference, case.now)
    return str(found)


def notices(case: Case) -> str:
    """What stands on the lists of those who must be told of something."""
    return str(list(Notice.objects.filter(episode=case.work).values()))


def log(case: Case) -> str:
    """What the ledger's readers and its witnesses are given of it all."""
    found = Entry.objects.filter(about__subject=f"episode:{case.work.pk}").prefetch_related("about")
    return f"{ledger_reads.lines(found)} {list(found.values())}"


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
    copy, page_for_print, on_paper, exported, workbook, status, check, asked, letter, message, notices, log, household,
    card, page_of_letter,
)  # fmt: skip
