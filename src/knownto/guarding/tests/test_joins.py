"""Who a sealed person was before: for two named people together, and for nobody, and nothing else."""

import json
import pickle
from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from knownto.access.refusals import NotPossibleNow, NotYours
from knownto.footprint.answers import Found, NothingKnown
from knownto.footprint.tests.partnership import AMY
from knownto.guarding import acts, halves, joins, reads, watching
from knownto.guarding.entering import guards_own
from knownto.guarding.models import Alert, Half, Join, JoinKey, Kept, Seal
from knownto.guarding.tests.conftest import Guarded
from knownto.guarding.tests.test_landing import sent
from knownto.guarding.tests.test_pages import browser, text_of, today  # noqa: F401 (fixtures)
from knownto.identity import acts as identity
from knownto.keyring import guard
from knownto.linkage import Address, Evidence

# Amy, as the court has called her since: her birth date and first name are her own, the rest is new.
NEW = Evidence(
    family_name="Winterbourne",
    given_names="Amelia",
    birth_date=date.fromisoformat(AMY["date_of_birth"]),
    sex="F",
    addresses=(Address(("4 Larch Court", "Otherham"), "QK9 1AB"),),
    nhs_number="9990000204",
)
OLD = Evidence(family_name=AMY["family_name"], given_names="Amelia", birth_date=NEW.birth_date)
WORDS = "The file is in the strong room"


class Split:
    """A split seal, and the two who are named on it, each with a key of their own."""

    def __init__(self, guarded: Guarded) -> None:
        self.guarded, self.now = guarded, guarded.now
        self.one, self.two = guarded.police, guarded.council
        self.seal = guarded.seal("adoption", evidence=NEW)
        self.papers = {by: joins.make_key(by=by, now=self.now) for by in (self.one, self.two)}

    def written(self) -> "Split":
        joins.write(by=self.one, seal=self.seal, old=OLD, words=WORDS, now=self.now)
        return self

    def gives(self, by, paper=None, now=None):
        said = {"paper": self.papers[by] if paper is None else paper, "reason": "A doctor rang"}
        joins.give_half(by=by, seal=self.seal, now=now or self.now, **said)

    def reads(self, by, paper=None, now=None):
        said = {"paper": self.papers[by] if paper is None else paper, "reason": "A doctor rang"}
        return joins.read(by=by, seal=self.seal, now=now or self.now, **said)


@pytest.fixture
def split(guarded):
    return Split(guarded)


def test_two_read_together_who_somebody_was(split):
    split.written().gives(split.two)
    told = split.reads(split.one)
    assert (told.old.family_name, told.words) == (AMY["family_name"], WORDS)
    split.gives(split.one)
    assert split.reads(split.two).old == told.old


def test_one_alone_reads_nothing(split):
    split.written()
    with pytest.raises(NotPossibleNow) as refused:
        split.reads(split.one)
    assert refused.value.code == "one-half"
    split.gives(split.one)  # one's own half is not the other's
    with pytest.raises(NotPossibleNow) as refused:
        split.reads(split.one)
    assert refused.value.code == "one-half"


def test_a_half_serves_once_and_for_an_hour(split):
    split.written().gives(split.two)
    with pytest.raises(NotPossibleNow):
        split.reads(split.one, now=split.now + joins.STANDS)
    split.reads(split.one, now=split.now + joins.STANDS - timedelta(seconds=1))
    with pytest.raises(NotPossibleNow):
        split.reads(split.one)


def test_the_key_on_paper_is_needed_and_no_other_will_do(split):
    split.written().gives(split.two)
    for paper in (split.papers[split.two], halves.new_paper(), "not a key", ""):
        with pytest.raises(halves.NotTheKey):
            split.reads(split.one, paper=paper)
        with pytest.raises(halves.NotTheKey):
            split.gives(split.one, paper=paper)


def test_whoever_is_not_named_reads_nothing_and_is_asked_nothing(split):
    third = split.written().guarded.town.viewer("guardian", "hospital", "A third guardian")
    split.gives(split.two)
    paper = joins.make_key(by=third, now=split.now)
    for act in (joins.give_half, joins.read):
        with pytest.raises(NotYours):
            act(by=third, seal=split.seal, paper=paper, reason="Curious", now=split.now)
    assert reads.seal(third, split.seal, split.now).join is None


def everything_guarded() -> str:
    """All that the guards' tables hold, opened with every key that any server has."""
    with guards_own():
        rows = [*Seal.objects.all(), *Join.objects.all(), *Kept.objects.all(), *Alert.objects.all()]
        plain = json.dumps(guard.open_rows(rows), default=str)
        clear = [list(model.objects.values_list()) for model in (Half, JoinKey, Join)]
    hexed = [bytes.fromhex(each).decode("latin-1") for each in _hexes(plain)]
    return plain + repr(pickle.dumps([repr(clear), hexed]))


def _hexes(plain: str) -> list[str]:
    [join] = [each for each in json.loads(plain) if "halves" in each]
    return [join["join"], *(half["half"] for half in join["halves"].values())]


def test_the_database_with_every_servers_keys_does_not_say_who_they_were(split, monkeypatch):
    split.written().gives(split.two)
    assert "Winterbourne" in everything_guarded()  # the new identity is what the guards' keys are for
    assert AMY["family_name"] not in everything_guarded() and WORDS not in everything_guarded()
    with guards_own():
        Join.objects.all().delete()
    monkeypatch.setattr(halves, "seal_with", lambda both, what, about: what)  # a fault: it is sealed by nobody
    split.written()
    assert WORDS in everything_guarded()


def test_a_copied_join_is_no_other_seals(split):
    split.written()
    other = split.guarded.seal("witness", called="Rook")
    with guards_own():
        Join.objects.update(seal=other)
    with pytest.raises(halves.NotTheKey):
        joins.give_half(by=split.one, seal=other, paper=split.papers[split.one], reason="x", now=split.now)


def test_what_is_written_is_not_written_over_until_a_key_is_lost(split):
    split.written()
    with pytest.raises(NotPossibleNow) as refused:
        split.written()
    assert refused.value.code == "written"
    split.papers[split.two] = joins.make_key(by=split.two, now=split.now)
    with pytest.raises(NotPossibleNow):
        split.gives(split.two)
    split.written().gives(split.two)
    assert split.reads(split.one).words == WORDS


def test_nothing_is_joined_without_both_keys_nor_where_nothing_is_split(guarded):
    seal = guarded.seal("adoption", evidence=NEW)
    joins.make_key(by=guarded.police, now=guarded.now)
    plain = guarded.seal("person", called="Rook")
    for which, code in ((seal, "no-keys"), (plain, "no-split")):
        with pytest.raises(NotPossibleNow) as refused:
            joins.write(by=guarded.police, seal=which, old=OLD, words="", now=guarded.now)
        assert refused.value.code == code


def test_a_lifted_seal_leaves_no_join(split):
    split.written()
    with guards_own():
        key = Join.objects.get().key
    acts.propose_lift(by=split.one, seal=split.seal, reason="Over", now=split.now)
    acts.lift(by=split.two, seal=split.seal, reason="Over", now=split.now)
    with guards_own():
        assert not Join.objects.exists() and not guard.fetch([key])


def test_the_old_identity_stays_where_it_is_and_no_search_of_it_reaches_the_new(split):
    """Same first name, same birth date: enough to ask the desk of anybody else's record, and never of theirs."""
    watching.catch_up(split.now)
    assert isinstance(split.guarded.search(), Found)
    split.guarded.send("hospital", sent(AMY, split.guarded.town.today))  # the old name again, from a new partner
    identity.catch_up(now=split.now)
    watching.catch_up(split.now)
    with guards_own():
        assert not Kept.objects.exists() and not Alert.objects.exists()
    assert not reads.seal(split.one, split.seal, split.now).others
    assert isinstance(split.guarded.search(nhs_number=NEW.nhs_number), NothingKnown)
    watching.catch_up(split.now)
    with guards_own():
        assert Alert.objects.count() == 1


def test_without_the_rule_of_two_identities_the_old_name_reaches_the_desk(split, monkeypatch):
    """The fault, planted: the desk is told of a search for the old name, and so who is who."""
    monkeypatch.setattr("knownto.guarding.matching.says_of", lambda asked, new: True)
    split.guarded.search()
    watching.catch_up(split.now)
    with guards_own():
        assert Alert.objects.count() == 1


def test_a_record_that_may_be_of_them_is_for_those_named_alone(split):
    mistyped = {"given_names": "Amelia", "family_name": "Winterborne", "date_of_birth": "2016-02-13", "sex": "F"}
    split.guarded.send("hospital", sent(mistyped | {"postcode": "QK9 1AB"}, split.guarded.town.today))
    third = split.guarded.town.viewer("guardian", "hospital", "A third guardian")
    [waits] = reads.waiting(split.one, split.now)
    assert not reads.waiting(third, split.now) and not reads.waiting(third, split.now, waits.id)
    with pytest.raises(NotYours):
        acts.say_whether(by=third, kept=waits.id, is_them=False, now=split.now)
    acts.say_whether(by=split.one, kept=waits.id, is_them=True, now=split.now)


def test_the_database_shows_joins_to_guards_alone(split):
    split.written().gives(split.two)
    with connection.cursor() as cursor:
        for table in ("guarding_join", "guarding_half", "guarding_joinkey"):
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 (our own names)
            assert cursor.fetchone() == (0,)


def test_two_guardians_write_and_read_it_on_their_pages(today, browser):  # noqa: F811
    first, second = browser("guardian", "police"), browser("guardian")
    seal = first.post(reverse("guarding:propose"), PROPOSED).headers["Location"]
    second.post(f"{seal}agree/", {"reason": "I rang the court"})
    assert "Make a key of your own" in text_of(first.get(seal))
    papers = {each: _paper(each.post(reverse("guarding:key"))) for each in (first, second)}
    assert papers[first] not in text_of(first.get(reverse("guarding:key")))
    first.post(f"{seal}join/", {"family": "Okafor-Lunt", "words": WORDS})
    second.post(f"{seal}join/half/", {"paper": papers[second], "reason": "A doctor rang"})
    wrong = first.post(f"{seal}join/read/", {"paper": papers[second], "reason": "A doctor rang"})
    assert "this one does not open it" in text_of(wrong) and papers[second] not in text_of(wrong)
    right = first.post(f"{seal}join/read/", {"paper": papers[first], "reason": "A doctor rang"})
    assert WORDS in text_of(right) and "Okafor-Lunt" in text_of(right)
    said = text_of(first.get(seal))
    assert "Read who they were" in said and WORDS not in said and "Okafor-Lunt" not in said


def _paper(response) -> str:
    return text_of(response).split("<strong>")[-1].split("</strong>")[0]


PROPOSED = {
    "sort": "adoption",
    "called": "Heron",
    "given": "Amelia",
    "family": "Winterbourne",
    "born_day": "3",
    "born_month": "2",
    "born_year": "2016",
    "do": "Ring 01632 960107",
    "reason": "The court's order of May",
}
