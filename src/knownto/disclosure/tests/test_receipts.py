"""A receipt survives being read out: what was misheard is not somebody else's receipt."""

from hypothesis import given
from hypothesis import strategies as st

from knownto.disclosure import receipts

BODIES = st.text(receipts.ALPHABET, min_size=8, max_size=8)


def test_it_reads_back_what_it_made():
    receipt = receipts.new()
    assert receipts.read(receipt) == receipt


def test_it_reads_lower_case_without_dashes_and_letters_heard_for_digits():
    receipt = receipts.written("10AB20CD")
    assert receipts.read(receipt.lower().replace("-", " ").replace("1", "l").replace("0", "o")) == receipt


@given(BODIES, st.integers(0, 7), st.sampled_from(receipts.ALPHABET))
def test_it_refuses_any_one_wrong_character(body, at, other):
    receipt = receipts.written(body)
    wrong = body[:at] + other + body[at + 1 :]
    assert (receipts.read(f"{wrong}{receipt[-1]}") == receipt) == (wrong == body)
    assert wrong == body or receipts.read(f"{wrong}{receipt[-1]}") == ""


@given(BODIES, st.integers(0, 6))
def test_it_refuses_two_exchanged_neighbours(body, at):
    swapped = body[:at] + body[at + 1] + body[at] + body[at + 2 :]
    assert (receipts.read(swapped + receipts.written(body)[-1]) != "") == (swapped == body)


def test_it_refuses_what_is_no_receipt():
    assert [receipts.read(text) for text in ("", "7Q4F", "!" * 9, "Z" * 9)] == ["", "", "", ""]
