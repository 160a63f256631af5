"""A labelled CSV is read by its headings, by what stands in it or by a mapping, and its labels reach nobody who is
measured."""

from datetime import date
from random import Random

import pytest

from knownto.learning import evaluating
from knownto.learning.clustering import clusters, matched, pairs_of
from knownto.learning.columns import date_text, guessed, written_date
from knownto.learning.labelled import NotLabelled, read
from knownto.linkage import Evidence, clean
from knownto.linkage.evaluation import OWN, LabelledSet, Method, Score, latest

HEADINGS = "unique_id,cluster,full_name,first_and_surname,first_name,surname,dob,birth_place,postcode_fake,gender"
PAST = f"""{HEADINGS},occupation
Q1-1,Q1,"ada lunt, 1st baroness lunt",ada lunt,ada,lunt,1830-08-01,devon,tq13 8df,female,writer
Q1-2,Q1,ada lunt,ada lunt,ada,lunt,,devon,tq13 8df,,
Q2-1,Q2,bo orr,bo orr,bo,orr,1902,london,,male,politician
"""


@pytest.fixture
def past(tmp_path):
    path = tmp_path / "past.csv"
    path.write_text(PAST)
    return path


def test_usual_headings_need_no_mapping(past):
    found = read(past)
    assert found.person == ["Q1", "Q1", "Q2"]
    assert found.true == {(0, 1)}
    first, _, third = found.cleaned
    assert (first.given, first.family, first.sex) == (("ADA",), ("LUNT",), "F")
    assert dict(first.facts)["birth_place"] == "DEVON"
    assert dict(first.facts)["postcode_fake"] == "TQ13 8DF"
    kinds = {"full_name": "words", "birth_place": "word", "occupation": "word", "postcode_fake": "word", "dob": "date"}
    assert found.facts == kinds
    assert (dict(first.facts)["dob"], dict(third.facts)["dob"]) == ("1830 8 1", "1902 0 0")


def test_what_says_who_is_who_is_no_evidence(past):
    assert not any("Q1-" in str(c.to_json()) for c in read(past).cleaned)


def test_a_mapping_names_other_columns(tmp_path):
    (tmp_path / "set.csv").write_text("nr,wer,vorname,nachname,geboren,ort\n1,a,Ada,Lunt,4/3/1902,Ulm\n2,b,Bo,Orr,,\n")
    (tmp_path / "map.toml").write_text(
        '[columns]\nid = "nr"\n[evidence]\ngiven_names = "vorname"\nfamily_name = ["nachname"]\n'
        'birth_date = "geboren"\n'
        '[facts]\nort = "word"\n[options]\nrules = true\n'
    )
    found = read(tmp_path / "set.csv", tmp_path / "map.toml", cluster="wer")
    plain = clean(Evidence("Lunt", "Ada", birth_date=date(1902, 3, 4), facts=(("ort", "Ulm"),)))
    assert found.rules and found.cleaned[0] == plain


@pytest.mark.parametrize(
    ("mapping", "cluster", "says"),
    [
        ('[evidence]\ngiven_names = "vorname"\n', "cluster", "no column vorname"),
        ("", "", "--cluster"),
        ("", "wer", "no column wer. It has unique_id"),
    ],
)
def test_what_is_not_there_is_said(tmp_path, mapping, cluster, says):
    plain = tmp_path / "plain.csv"
    plain.write_text(PAST if mapping else PAST.replace("cluster", "somebody"))
    told = tmp_path / "map.toml"
    told.write_text(mapping)
    with pytest.raises(NotLabelled, match=says):
        read(plain, told if mapping else None, cluster=cluster)


def _strange(many: int = 60) -> list[list[str]]:
    """Rows of a file whose headings say nothing: code, first name, last name, day of birth, postcode, person."""
    chance = Random(3)
    given = ("Oliver", "Amelia", "George", "Isla", "Mohammed", "Priya")
    family = ("Smith", "Jones", "Taylor", "Brown", "Patel", "Khan")
    return [
        [
            f"AX-{n:05}",
            chance.choice(given),
            chance.choice(family),
            f"{chance.randrange(13, 29)}.{chance.randrange(1, 13)}.19{chance.randrange(40, 99)}",
            f"SW{chance.randrange(1, 20)} {chance.randrange(1, 9)}AB",
            f"k{n % 30}",
        ]
        for n in range(many)
    ]


def test_headings_that_say_nothing_are_told_by_what_stands_there(tmp_path):
    rows = _strange()
    text = "\r\n".join(";".join(f'"{v}"' for v in row) for row in [list("abcdef"), *rows])
    (tmp_path / "strange.csv").write_bytes(b"\xef\xbb\xbf" + text.encode())
    found = read(tmp_path / "strange.csv", cluster="f")
    meaning = found.meaning
    assert meaning.fields == {"given_names": ("b",), "family_name": ("c",)}
    assert found.facts == {"d": "date", "e": "word"}
    assert "numbers rows" in meaning.aside["a"], "a code that nobody has twice could tell who is who"
    assert found.true_pairs == 30
    assert any(line == "d: a date" for line in meaning.told())


def test_pairs_stand_for_labels_and_two_files_are_linked_between(tmp_path):
    rows = _strange()
    for name, some in (("a.csv", rows[:30]), ("b.csv", rows[30:])):
        (tmp_path / name).write_text("\n".join("\t".join(row[:5]) for row in [["id", *"bcde"], *some]))
    listed = [("left", "right"), *((x[0], y[0]) for x, y in zip(rows[:30], rows[30:], strict=True))]
    (tmp_path / "pairs.csv").write_text("\n".join(",".join(pair) for pair in listed))
    found = read(tmp_path / "a.csv", beside=tmp_path / "b.csv", pairs=tmp_path / "pairs.csv")
    assert found.true == {(n, n + 30) for n in range(30)}
    assert found.asked({(0, 1), (0, 31), (30, 31)}) == {(0, 31)}
    with pytest.raises(NotLabelled, match="not those of any column"):
        read(tmp_path / "a.csv", pairs=tmp_path / "b.csv")


def test_what_is_missing_is_missing_however_it_is_written(tmp_path):
    (tmp_path / "set.csv").write_text("rec_id,cluster,surname,dob\nr1,a,NULL,n/a\nr2,,Orr,1902-03-04\nr3,,Orr,\n")
    found = read(tmp_path / "set.csv")
    assert found.cleaned[0].family == () and found.cleaned[0].facts == ()
    assert found.true == set(), "two rows without a label are not one person"


def test_febrl_ids_say_who_is_who(tmp_path):
    (tmp_path / "f.csv").write_text("rec_id, surname\nrec-1-org, lunt\nrec-1-dup-0, lunt\nrec-2-org, orr\n")
    assert read(tmp_path / "f.csv").true == {(0, 1)}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("1902-03-04", (1902, 3, 4)),
        ("19020304", (1902, 3, 4)),
        ("4/3/1902", (1902, 3, 4)),
        ("3/24/1902", (1902, 3, 24)),
        ("4 Mar 1902", (1902, 3, 4)),
        ("19021332", None),
        ("lunt", None),
    ],
)
def test_dates_as_people_write_them(text, told):
    assert written_date(text) == told


def test_a_date_in_parts_or_with_slips_is_still_compared():
    assert date_text(["1902", "", "04"]) == "1902 0 4"
    assert date_text(["19021332"]) == "1902 13 32"
    assert date_text(["3/4/1902"], month_first=True) == "1902 3 4"


def test_another_countrys_postcode_is_a_number():
    rows = [{"postcode": "4011", "cluster": "a"}, {"postcode": "0872", "cluster": "b"}]
    assert guessed(rows).facts == {"postcode": "number"}


def test_a_full_name_alone_is_the_name():
    assert guessed([{"name": "Ada Lunt", "dob": "1902-03-04"}]).fields["given_names"] == ("name",)


def test_a_chain_does_not_join_what_speaks_against_it():
    bits = {(0, 1): 9.0, (1, 2): 3.0, (0, 2): -30.0}
    assert len(set(clusters(3, bits, lambda x, y: -30.0))) == 2
    assert len(set(clusters(3, {**bits, (0, 2): -1.0}, lambda x, y: -30.0))) == 1


def test_of_two_files_nobody_is_linked_twice():
    bits = {(0, 2): 9.0, (0, 3): 5.0, (1, 3): 1.0, (1, 2): -1.0}
    assert matched(2, 4, bits, lambda x, y: bits[x, y], -20.0) == [0, 1, 0, 1]


@pytest.mark.parametrize(("bits", "people"), [(-18.0, [0, 0]), (-20.0, [0, 1])])
def test_who_is_left_over_is_one_of_few(bits, people):
    assert matched(1, 2, {}, lambda x, y: bits, -20.0) == people


def test_pairs_of_three_are_three():
    assert pairs_of(["a", "b", "a", "a"]) == {(0, 2), (0, 3), (2, 3)}


def test_a_set_is_kept_beside_what_was_measured_before(tmp_path):
    to = tmp_path / "evaluation.json"
    to.write_text(OWN.read_text(encoding="utf-8"), encoding="utf-8")
    before = latest(to)
    ours, peer = (Method(name, Score(f1, f1, f1), None) for name, f1 in (("ours", 0.5), ("peer", 0.9)))
    evaluating.keep(to, LabelledSet("A new one", "made here", 2, 1, ours, (peer,), 0.91, False))
    after = latest(to)
    assert [one.name for one in after.sets] == [*(one.name for one in before.sets), "A new one"]
    told = next(target for target in after.targets if target.what == evaluating.BEATEN)
    assert not told.met and told.figure.endswith(f"of {sum(bool(one.peers) for one in after.sets)}")
    assert after.whole == before.whole
