"""An officer looks up his former partner's child: through every page, and everything that leads on from it.

He knows the child's name, birth date, numbers and the old address, and has a true piece of work to give. Where she
lives now, her telephone, and what stands for them - her household, her brother's address, the district, the school
that sends her - must not reach him: not in an answer, a footprint, paper, a sheet, a header or an error.
The same walk by a colleague sees it, or the walk would see nothing.
"""

import re
from dataclasses import replace
from datetime import date

import pytest
from django.urls import reverse
from django.utils.timezone import localdate

from knownto.access.acts import system
from knownto.firewall import acts as firewall
from knownto.firewall import contents, looking
from knownto.firewall.models import Reach
from knownto.linkage import Evidence
from knownto.partners.models import Agency
from proof_tests import two_worlds
from proof_tests.two_worlds import Session, Somebody, World, known, told

OFFICER, COLLEAGUE = "officer.former partner", "officer.colleague"
NAMES = {OFFICER: "Piers Ashdown", COLLEAGUE: "Norma Field"}
WHOM = (Evidence(given_names="Piers", family_name="Ashdown", birth_date=date(1984, 2, 2)),)
CHILD = Somebody("Maud", "Ashdown", date(2013, 5, 9), "4 Larch Court", "QK6 8RT", "9990000026", "07700 900321")
MOTHER = replace(CHILD, given="Imogen", born=date(1985, 3, 3), nhs_number="9990000034", phone="07700 900654")
BROTHER = replace(CHILD, given="Ned", born=date(2018, 8, 1), nhs_number="9990000042", phone="")
SCHOOL = "Mill Lane Primary"
WHERE = tuple(map(re.compile, (
    r"larch court", r"qk6\s*8rt", r"07700\s*900\s*(321|654)", r"\+?44\s*7700\s*900\s*(321|654)", r"mill lane primary",
    r"\bqk6\b",  # a district of three houses
)))  # fmt: skip


def with_them(world: World) -> None:
    """Partners hold all three, of one household; and their whereabouts are kept from him."""
    for number, each in enumerate((CHILD, MOTHER, BROTHER)):
        known(world, each, f"{number}")
        world.town.knows("school", f"S{number}", each.row(), "attendance_concern", "school-01", 4)
    told(world)
    for name, called in NAMES.items():
        world.workers[name] = world.town.worker("officer", "police", called)


def protected(world: World, reach: Reach = Reach.PERSON) -> None:
    subjects = tuple(contents.Subject(each.evidence, schools=(SCHOOL,)) for each in (CHILD, MOTHER, BROTHER))
    what = contents.Protected(subjects, whom=WHOM, why="He said that he will find them.")
    setting = firewall.Setting(what, reach, localdate(world.now))
    firewall.set_up(setting=setting, by=two_worlds.BY, now=world.now)


def walk(world: World, name: str) -> None:
    """Everything that he can ask for, and everything that each answer leads to."""
    him = Session(world, name)
    for whom in (CHILD, MOTHER, BROTHER):
        him.searches(whom, everything=True)
        him.asks_elsewhere(whom)
    glass(him)
    him.every_route("after")


def glass(him: Session) -> None:
    """A life depends on it, he says: the whole of her is opened to him, for an hour."""
    facts = dict(CHILD.asked())["name and birth date"]
    said = {"reason": "child-in-danger", "words": "Incident 4", "sure": "on"}
    answer = him.client.post(reverse("glass:start"), facts | said)
    him.see("glass", answer)
    if answer.status_code == 302:
        him.get(answer.headers["Location"], "glass: opened")


def says_where(world: World, name: str) -> list[str]:
    """What he was shown of where they are, but for what he had typed himself."""
    found = []
    for (who, what), body in world.seen.items():
        if who != name or what.endswith(": work"):
            continue
        text = " ".join(body.decode("utf-8", "replace").lower().split())
        typed = {"phone": "07700", "address": "larch qk6", "name and postcode": "qk6"}
        mine = next((words for how, words in typed.items() if f"by {how}" in what), "")
        found += [f"{what}: {where.pattern}" for where in WHERE if where.search(text) and not _his_own(where, mine)]
    return found


def _his_own(where: re.Pattern[str], typed: str) -> bool:
    return any(word in where.pattern for word in typed.split())


@pytest.fixture
def lives(db, settings, tmp_path, monkeypatch):
    """One world at one moment: what he saw, and what his colleague did."""
    return two_worlds.at_one_moment(settings, tmp_path, monkeypatch)


def test_he_learns_nowhere_where_they_are_and_his_colleague_does(lives):
    world = lives(with_them, protected, lambda w: walk(w, OFFICER), lambda w: walk(w, COLLEAGUE))
    found = says_where(world, OFFICER)
    assert not found, "\n".join(found)
    assert len([key for key in world.seen if key[0] == OFFICER]) > 60
    assert not [key for key, body in world.seen.items() if body.startswith(b"500")]
    hers = says_where(world, COLLEAGUE)
    for what in ("footprint 1: mill lane", "glass: opened: larch", "glass: opened: mill lane"):
        assert any(what in each for each in hers), f"the walk does not see {what}"


def named_for_itself(world: World) -> None:
    """The agency that sends her is that one school."""
    with system("proof"):
        Agency.objects.filter(code="school").update(name=SCHOOL)


def asks_for_her(world: World) -> None:
    for name in NAMES:
        Session(world, name).searches(CHILD)


def of_the_school(world: World, name: str) -> set[str]:
    """What footprints of hers say of the school, by its row."""
    pages = [body.decode() for (who, what), body in world.seen.items() if who == name and "footprint 1" in what]
    rows = [row for page in pages for row in re.findall(r"<tr[ >].*?</tr>", page, re.S) if SCHOOL in row]
    return {said for said in ("Contact in the last 12 months", "Not shared for this purpose")
            for row in rows if said in row}  # fmt: skip


def test_an_agency_that_is_itself_the_school_says_nothing_of_her_to_him(lives):
    world = lives(with_them, named_for_itself, protected, asks_for_her)
    assert of_the_school(world, OFFICER) == {"Not shared for this purpose"}
    assert of_the_school(world, COLLEAGUE) == {"Contact in the last 12 months"}


def test_with_the_check_asleep_he_learns_it(lives, monkeypatch):
    monkeypatch.setattr(looking, "kept_from_name", lambda name: set())
    world = lives(with_them, protected, lambda w: walk(w, OFFICER))
    found = says_where(world, OFFICER)
    assert any("footprint 1: mill lane" in each for each in found) and any("opened: larch" in each for each in found)
