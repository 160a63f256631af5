"""Records into people, without chains."""

from knownto.linkage import Comparison, clean, compare, group, load_model
from knownto.linkage.tests.tables import person

MODEL = load_model()


def _scores(bits: dict[str, float]):
    """Bits by pair, such as {"ab": 20}; anything else is far apart."""

    def score(x: str, y: str) -> Comparison:
        found = bits.get(x + y, bits.get(y + x, -20.0))
        return Comparison(found, 0.5, ())

    return score


def _group(letters: str, bits: dict[str, float], together=(), apart=(), held=()):
    found = group(letters, _scores(bits), {tuple(t) for t in together}, {tuple(a) for a in apart}, MODEL, held)
    return sorted("".join(sorted(g)) for g in found)


def test_records_that_all_agree_are_one_person():
    assert _group("abc", {"ab": 20, "bc": 20, "ac": 20}) == ["abc"]


def test_a_chain_whose_ends_contradict_each_other_is_not_one_person():
    assert _group("abc", {"ab": 20, "bc": 18}) == ["ab", "c"]


def test_a_long_chain_of_weak_ends_is_cut():
    weak = {"ab": 20, "bc": 19, "cd": 18, "ac": 1, "ad": 1, "bd": 1}
    assert _group("abcd", weak) == ["abc", "d"] or _group("abcd", weak) == ["ab", "cd"]


def test_two_whose_numbers_differ_are_not_one_person_through_a_third():
    """A pair that the rule for numbers puts at -2.93 waits for a person, and speaks against its group too."""
    assert MODEL.possible < -2.93 < MODEL.against
    assert _group("abc", {"ab": 20, "bc": 19, "ac": -2.93}) == ["ab", "c"]


def test_a_sparse_record_between_two_full_ones_still_joins_them():
    assert _group("abc", {"ab": 20, "bc": 19, "ac": 2}) == ["abc"]


def test_what_a_person_linked_stays_linked():
    assert _group("abc", {"ab": -3}, together=["ab"]) == ["ab", "c"]


def test_what_a_person_forbade_stays_apart_even_through_another():
    assert _group("abc", {"ab": 30, "bc": 30, "ac": 25}, apart=["ac"]) in (["ab", "c"], ["a", "bc"])


def test_a_forbidden_link_wins_over_a_decided_one():
    assert _group("abc", {}, together=["ab", "bc"], apart=["ac"]) == ["ab", "c"]


def test_a_link_made_before_holds_down_to_the_lower_threshold():
    assert _group("ab", {"ab": 9}) == ["a", "b"]
    assert _group("ab", {"ab": 9}, held=[("b", "a")]) == ["ab"]
    assert _group("ab", {"ab": 6}, held=[("b", "a")]) == ["a", "b"]


def test_a_family_of_twins_and_father_and_son_stays_four_people():
    home = "pc=QK1 2AB;l=3 Mill Lane;f=Wheatcroft"
    held = {
        "father": f"g=Tobias;b=1985-05-17;{home}",
        "son": f"g=Tobias;b=2012-03-11;{home}",
        "twin": f"g=Imogen;b=2012-03-11;{home}",
        "mother": f"g=Sarah;b=1987-01-09;{home}",
        "son again": f"g=Toby;b=2012-03-11;{home}",
        "no date": f"g=Tobias;{home}",
    }
    cleaned = {k: clean(person(v)) for k, v in held.items()}
    found = group(cleaned, lambda x, y: compare(cleaned[x], cleaned[y], MODEL), set(), set(), MODEL)
    assert frozenset({"son", "son again"}) in found
    assert len(found) == 5
