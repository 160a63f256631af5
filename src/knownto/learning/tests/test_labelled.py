"""A labelled CSV is read by its headings or by a mapping, and its labels reach nobody who is measured."""

from datetime import date

import pytest

from knownto.learning.clustering import clusters, pairs_of
from knownto.learning.labelled import NotLabelled, guessed, read
from knownto.linkage import Evidence, clean

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
    assert found.true_pairs == 1
    first, _, third = found.cleaned
    assert (first.given, first.family, first.born, first.sex) == (("ADA",), ("LUNT",), date(1830, 8, 1), "F")
    assert dict(first.facts)["birth_place"] == "DEVON"
    assert found.facts == {"full_name": "words", "birth_place": "word", "occupation": "word"}
    assert (third.born_from, third.born_to) == (date(1902, 1, 1).toordinal(), date(1902, 12, 31).toordinal())


def test_what_says_who_is_who_is_no_evidence(past):
    found = read(past)
    assert {"unique_id", "cluster"} <= found.labels
    assert not any("Q1-" in str(c.to_json()) for c in found.cleaned)


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
    [('[evidence]\ngiven_names = "vorname"\n', "cluster", "no column vorname"), ("", "", "--cluster")],
)
def test_what_is_not_there_is_said(tmp_path, past, mapping, cluster, says):
    plain = tmp_path / "plain.csv"
    plain.write_text(PAST if mapping else PAST.replace("cluster", "somebody"))
    told = tmp_path / "map.toml"
    told.write_text(mapping)
    with pytest.raises(NotLabelled, match=says):
        read(plain, told if mapping else None, cluster=cluster)


def test_dates_that_are_none_are_compared_as_written(tmp_path):
    rows = "".join(f"{n},p{n},19{n:02}0{n % 9 + 1}31\n" for n in range(1, 90))
    (tmp_path / "slips.csv").write_text("rec_id,cluster,date_of_birth\n" + rows)
    found = read(tmp_path / "slips.csv")
    assert found.facts == {"date_of_birth": "number"}
    assert found.cleaned[0].born is None


def test_another_countrys_postcode_is_a_number(tmp_path):
    (tmp_path / "set.csv").write_text("rec_id,cluster,postcode\n1,a,4011\n2,b,0872\n")
    assert read(tmp_path / "set.csv").facts == {"postcode": "number"}


def test_a_full_name_alone_is_the_name():
    assert guessed(["name", "dob"]).fields["given_names"] == ("name",)


def test_a_chain_does_not_join_what_speaks_against_it():
    bits = {(0, 1): 9.0, (1, 2): 3.0, (0, 2): -30.0}
    assert len(set(clusters(3, bits, lambda x, y: -30.0))) == 2
    assert len(set(clusters(3, {**bits, (0, 2): -1.0}, lambda x, y: -30.0))) == 1


def test_pairs_of_three_are_three():
    assert pairs_of(["a", "b", "a", "a"]) == {(0, 2), (0, 3), (2, 3)}
